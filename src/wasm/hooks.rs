//! The application's hooks.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::convert;
use crate::config::HOOKS;
use crate::error::Error;
use crate::transport::{Event, Moment};

/// The functions by which an application watches its calls.
pub struct Hooks([Option<Function>; HOOKS.len()]);

impl Hooks {
    /// Takes the functions, in the order of their names.
    pub fn read(hooks: [JsValue; HOOKS.len()]) -> Result<Self, Error> {
        let mut functions = [const { None }; HOOKS.len()];
        for ((hook, name), slot) in hooks.into_iter().zip(HOOKS).zip(&mut functions) {
            *slot = convert::function(&format!("configuration.{name}"), hook)?;
        }
        Ok(Self(functions))
    }

    /// Calls the hook of an event. What it throws or rejects with changes nothing.
    pub fn tell(&self, event: Event<'_>) {
        let [on_request, on_response, on_retry, on_rate_limit] = &self.0;
        let hook = match event.moment {
            Moment::Request => on_request,
            Moment::Response { .. } => on_response,
            Moment::Retry { .. } => on_retry,
            Moment::RateLimit { .. } => on_rate_limit,
        };
        let Some(hook) = hook else { return };
        let answer = hook.call1(&JsValue::UNDEFINED, &describe(event));
        if let Some(promise) = answer.ok().and_then(|answer| answer.dyn_into::<Promise>().ok()) {
            spawn_local(async move { drop(JsFuture::from(promise).await) });
        }
    }
}

fn describe(event: Event<'_>) -> JsValue {
    let object = Object::new();
    // Setting a property of a new plain object cannot fail.
    let put = |name: &str, value: JsValue| drop(Reflect::set(&object, &name.into(), &value));
    put("operation", event.operation.into());
    put("method", event.method.as_str().into());
    put("path", event.path.into());
    put("attempt", event.attempt.into());
    let put_some = |name: &str, value: Option<JsValue>| value.into_iter().for_each(|value| put(name, value));
    match event.moment {
        Moment::Request => {}
        Moment::Response { status, milliseconds } => {
            put("status", status.into());
            put("milliseconds", (milliseconds as f64).into());
        }
        Moment::Retry { status, wait } => {
            put_some("status", status.map(JsValue::from));
            put("wait", wait.into());
        }
        Moment::RateLimit { status, wait, rate_limit } => {
            put_some("status", status.map(JsValue::from));
            put_some("wait", wait.map(JsValue::from));
            put("rateLimit", convert::to_js(&rate_limit));
        }
    }
    object.into()
}
