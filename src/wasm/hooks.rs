//! The application's hooks.

use js_sys::{Function, Object, Promise};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::convert;
use crate::config::HOOKS;
use crate::error::Error;
use crate::rate_limit::RateLimit;
use crate::transport::{Event, Moment};

/// The functions by which an application watches its calls.
pub struct Hooks([Option<Function>; HOOKS.len()]);

impl Hooks {
    /// Takes the functions out of the settings of a client.
    pub fn take(settings: &Object, path: &str) -> Result<Self, Error> {
        let mut functions = [const { None }; HOOKS.len()];
        for (name, slot) in HOOKS.into_iter().zip(&mut functions) {
            *slot = convert::take_function(settings, path, name)?;
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

/// What a hook sees.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Seen<'a> {
    operation: &'static str,
    method: &'static str,
    path: &'a str,
    attempt: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    milliseconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wait: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate_limit: Option<RateLimit>,
}

fn describe(Event { moment, operation, method, path, attempt }: Event<'_>) -> JsValue {
    let (status, milliseconds, wait, rate_limit) = match moment {
        Moment::Request => (None, None, None, None),
        Moment::Response { status, milliseconds } => (Some(status), Some(milliseconds), None, None),
        Moment::Retry { status, wait } => (status, None, Some(wait), None),
        Moment::RateLimit { status, wait, rate_limit } => (status, None, wait, Some(rate_limit)),
    };
    convert::to_js(&Seen { operation, method: method.as_str(), path, attempt, status, milliseconds, wait, rate_limit })
}
