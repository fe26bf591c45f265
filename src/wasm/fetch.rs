//! [`Transport`] over `fetch`.
//!
//! The request itself is made and read in `pkg-template/fetch.js`, with one crossing each way. gloo-net would cost a
//! crossing for every step, and its `send` panics, and so never settles, where `fetch` rejects with anything but an `Error`
//! of this realm or answers anything but a `Response`.

use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::body::Bytes;
use super::hooks::Hooks;
use crate::error::{Cause, Outcome};
use crate::http::{Headers, Request, Response};
use crate::transport::{Event, Failure, Transport};
use crate::value::Value;

#[wasm_bindgen(module = "/pkg-template/fetch.js")]
extern "C" {
    type Exchange;
    #[wasm_bindgen(constructor, catch)]
    fn new(method: &str, url: &str, headers: &str, body: Option<&str>) -> Result<Exchange, JsValue>;
    #[wasm_bindgen(method)]
    fn send(this: &Exchange, fetch: Option<&Function>) -> Promise;
    #[wasm_bindgen(method)]
    fn abort(this: &Exchange);

    type Received;
    #[wasm_bindgen(method, getter)]
    fn status(this: &Received) -> u16;
    #[wasm_bindgen(method, getter)]
    fn reason(this: &Received) -> String;
    #[wasm_bindgen(method, getter)]
    fn headers(this: &Received) -> String;
    #[wasm_bindgen(method, getter)]
    fn body(this: &Received) -> js_sys::Uint8Array;

    #[wasm_bindgen(js_name = canCall)]
    pub fn can_call(url: &str) -> bool;
    fn outcome(error: &JsValue) -> String;
}

#[wasm_bindgen]
extern "C" {
    /// Unlike `Date.now` it never jumps when the clock is set.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn monotonic() -> f64;
}

/// `fetch`, the platform's or an injected one, and the application's other functions.
pub struct Fetch {
    fetch: Option<Function>,
    access_token: Option<Function>,
    hooks: Hooks,
    /// When the monotonic clock began, in milliseconds since the epoch.
    origin: f64,
}

/// Ends the exchange when the future that owns it is dropped: by a timeout, by the caller's signal, by `close()`.
struct AbortOnDrop(Exchange);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Fetch {
    pub fn new(fetch: Option<Function>, access_token: Option<Function>, hooks: Hooks) -> Self {
        Self { fetch, access_token, hooks, origin: js_sys::Date::now() - monotonic() }
    }
}

fn lines(headers: &Headers) -> String {
    let mut lines = String::new();
    for (name, value) in headers.iter() {
        for part in [if lines.is_empty() { "" } else { "\n" }, name, ": ", value] {
            lines += part;
        }
    }
    lines
}

impl Transport for Fetch {
    type Body = Bytes;

    async fn send(&self, request: Request) -> Result<Response<Bytes>, Failure> {
        let exchange = Exchange::new(request.method.as_str(), &request.url, &lines(&request.headers), request.body.as_deref())
            .map_err(|cause| Failure { outcome: Outcome::NotSent, broken: true, cause: Rc::new(cause) })?;
        let exchange = AbortOnDrop(exchange);
        let received = JsFuture::from(exchange.0.send(self.fetch.as_ref())).await.map_err(|cause| {
            let (outcome, broken) = match outcome(&cause).as_str() {
                "broken" => (Outcome::Unknown, true),
                "not-sent" => (Outcome::NotSent, false),
                _ => (Outcome::Unknown, false),
            };
            Failure { outcome, broken, cause: Rc::new(cause) }
        })?;
        let received: Received = received.unchecked_into();
        Ok(Response {
            status: received.status(),
            reason: received.reason(),
            headers: received.headers().lines().filter_map(|line| line.split_once(": ")).collect(),
            body: Bytes(received.body()),
        })
    }

    async fn sleep(&self, milliseconds: u32) {
        TimeoutFuture::new(milliseconds).await;
    }

    fn now(&self) -> u64 {
        (self.origin + monotonic()) as u64
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }

    fn observe(&self, event: Event<'_>) {
        self.hooks.tell(event);
    }

    async fn access_token(&self, refresh: bool) -> Result<Value, Cause> {
        let token = async {
            let provide = self.access_token.as_ref().ok_or(JsValue::UNDEFINED)?;
            let why = Object::new();
            Reflect::set(&why, &"refresh".into(), &refresh.into())?;
            // It may or may not be a promise.
            JsFuture::from(Promise::resolve(&provide.call1(&JsValue::UNDEFINED, &why)?)).await
        };
        let token = token.await.map_err(|cause| Rc::new(cause) as Cause)?;
        Ok(token.as_string().map_or(Value::Null, Value::Text))
    }
}
