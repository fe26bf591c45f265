//! The outside world of the core: `pkg-template/driver.js`, which does what calls need.

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use super::body::Bytes;
use super::call::Call;
use crate::config::HOOKS;
use crate::json::{Object, ToJson};
use crate::rate_limit::Pace;
use crate::transport::{Event, Moment, Transport};

#[wasm_bindgen(module = "/pkg-template/driver.js")]
extern "C" {
    pub type Driver;
    #[wasm_bindgen(constructor)]
    fn new(fetch: Option<JsValue>, access_token: Option<JsValue>, hooks: Array, asked: &str) -> Driver;
    #[wasm_bindgen(method)]
    pub fn start(this: &Driver, call: Call, id: u32, signal: Option<JsValue>, whole: bool) -> Promise;
    #[wasm_bindgen(method)]
    pub fn close(this: &Driver);
    #[wasm_bindgen(method)]
    fn wake(this: &Driver, call: u32);
    #[wasm_bindgen(method)]
    fn tell(this: &Driver, hook: usize, event: &str);

    #[wasm_bindgen(js_name = canCall)]
    pub fn can_call(url: &str) -> bool;
}

#[wasm_bindgen]
extern "C" {
    /// Unlike `Date.now` it never jumps when the clock is set.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn monotonic() -> f64;
}

/// The transport of a client in JavaScript.
pub struct Platform {
    pub driver: Driver,
    /// Which hooks there are.
    watched: [bool; HOOKS.len()],
    /// When the monotonic clock began, in milliseconds since the epoch.
    origin: f64,
}

impl Platform {
    /// With the functions of the application's.
    pub fn new(fetch: Option<JsValue>, access_token: Option<JsValue>, hooks: [Option<JsValue>; HOOKS.len()]) -> Self {
        let watched = hooks.each_ref().map(Option::is_some);
        let hooks: Array = hooks.into_iter().map(Option::unwrap_or_default).collect();
        Self {
            driver: Driver::new(fetch, access_token, hooks, &Pace::HEADERS.join(" ")),
            watched,
            origin: js_sys::Date::now() - monotonic(),
        }
    }

    /// A time of the monotonic clock, in milliseconds since the epoch.
    pub fn time(&self, now: f64) -> u64 {
        (self.origin + now) as u64
    }
}

impl Transport for Platform {
    type Body = Bytes;

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }

    fn wake(&self, call: u32) {
        self.driver.wake(call);
    }

    fn observe(&self, event: Event<'_>) {
        let hook = match event.moment {
            Moment::Request => 0,
            Moment::Response { .. } => 1,
            Moment::Retry { .. } => 2,
            Moment::RateLimit { .. } => 3,
        };
        if self.watched.get(hook) == Some(&true) {
            self.driver.tell(hook, &event.to_json());
        }
    }
}

/// What a hook sees.
impl ToJson for Event<'_> {
    fn write(&self, json: &mut String) {
        let mut event = Object::begin(json);
        event.member("operation", &self.operation);
        event.member("method", &self.method.as_str());
        event.member("path", &self.path());
        event.member("attempt", &self.attempt);
        match &self.moment {
            Moment::Request => {}
            Moment::Response { status, milliseconds } => {
                event.member("status", status);
                event.member("milliseconds", milliseconds);
            }
            Moment::Retry { status, wait } => {
                event.optional("status", status);
                event.member("wait", wait);
            }
            Moment::RateLimit { status, wait, rate_limit } => {
                event.optional("status", status);
                event.optional("wait", wait);
                event.member("rateLimit", rate_limit);
            }
        }
        event.end();
    }
}
