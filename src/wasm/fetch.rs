//! [`Transport`] over `fetch`.
//!
//! gloo-net builds the request. Its `send` is not used: it panics, and so never settles, where `fetch` rejects with
//! anything but an `Error` of this realm or answers anything but a `Response`. Here every step takes a `Result`, and
//! what `fetch` answers is read by its form.

use std::rc::Rc;

use gloo_net::http::RequestBuilder;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use serde_json::Value;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestRedirect};

use crate::error::{Cause, Outcome};
use crate::http::{Headers, Method, Request, Response};
use crate::transport::{Event, Failure, Transport};

use super::hooks::Hooks;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch, catch)]
    fn global_fetch(request: &web_sys::Request) -> Result<JsValue, JsValue>;

    /// Unlike `Date.now` it never jumps when the clock is set.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn monotonic() -> f64;

    /// As js-sys has it, but a property that throws is a value here, not the end of the module's work.
    #[wasm_bindgen(js_namespace = Object, js_name = entries, catch)]
    fn own_entries(object: &JsValue) -> Result<JsValue, JsValue>;
}

const NO_RESPONSE: &str = "fetch answered something that is not a Response";

/// `fetch`, the platform's or an injected one, and the application's other functions.
pub struct Fetch {
    fetch: Option<Function>,
    access_token: Option<Function>,
    hooks: Hooks,
    /// When the monotonic clock began, in milliseconds since the epoch.
    origin: f64,
}

/// Aborts the request when the future that owns it is dropped: by a timeout, by the caller's signal, by `close()`.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Fetch {
    pub fn new(fetch: Option<Function>, access_token: Option<Function>, hooks: Hooks) -> Self {
        Self { fetch, access_token, hooks, origin: js_sys::Date::now() - monotonic() }
    }

    async fn exchange(&self, request: Request, sent: &mut bool) -> Result<Response, JsValue> {
        let guard = AbortOnDrop(AbortController::new()?);
        let request = build(request, &guard.0)?;
        *sent = true;
        let answer = match &self.fetch {
            Some(fetch) => fetch.call1(&JsValue::UNDEFINED, &request)?,
            None => global_fetch(&request)?,
        };
        let answer = settle(answer).await?;
        if !answer.is_object() {
            return Err(no_response());
        }
        let body = read_body(&answer).await?;
        Ok(Response {
            status: Reflect::get(&answer, &"status".into())?.as_f64().ok_or_else(no_response)? as u16,
            reason: Reflect::get(&answer, &"statusText".into())?.as_string().unwrap_or_default(),
            headers: read_headers(&answer)?,
            body,
        })
    }
}

impl Transport for Fetch {
    async fn send(&self, request: Request) -> Result<Response, Failure> {
        let mut sent = false;
        self.exchange(request, &mut sent).await.map_err(|cause| Failure {
            outcome: if sent && !never_left(&cause) { Outcome::Unknown } else { Outcome::NotSent },
            broken: !sent || is_no_response(&cause),
            cause: Rc::new(cause),
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
            settle(provide.call1(&JsValue::UNDEFINED, &why)?).await
        };
        let token = token.await.map_err(|cause| Rc::new(cause) as Cause)?;
        Ok(token.as_string().map_or(Value::Null, Value::String))
    }
}

fn build(request: Request, controller: &AbortController) -> Result<web_sys::Request, JsValue> {
    let mut builder = RequestBuilder::new(&absolute(&request.url)?)
        .method(match request.method {
            Method::Get => gloo_net::http::Method::GET,
            Method::Post => gloo_net::http::Method::POST,
            Method::Put => gloo_net::http::Method::PUT,
            Method::Delete => gloo_net::http::Method::DELETE,
        })
        .redirect(RequestRedirect::Manual)
        .abort_signal(Some(&controller.signal()));
    for (name, value) in request.headers.iter() {
        builder = builder.header(name, value);
    }
    let built = match request.body {
        Some(body) => builder.body(body),
        None => builder.build(),
    };
    built.map(Into::into).map_err(|error| match error {
        gloo_net::Error::JsError(error) => js_sys::Error::new(&error.message).into(),
        _ => JsValue::UNDEFINED,
    })
}

/// gloo-net panics on an address that `Request` refuses, so it is resolved first, where a refusal is a value.
pub fn absolute(url: &str) -> Result<String, JsValue> {
    let base = Reflect::get(&js_sys::global(), &"location".into()).ok().filter(JsValue::is_object);
    let base = base.and_then(|location| Reflect::get(&location, &"href".into()).ok()).and_then(|href| href.as_string());
    let url = match base {
        Some(base) => web_sys::Url::new_with_base(url, &base),
        None => web_sys::Url::new(url),
    };
    url.map(|url| url.href())
}

/// Awaits a value that may or may not be a promise.
async fn settle(value: JsValue) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&value)).await
}

async fn call(target: &JsValue, method: &str) -> Result<Option<JsValue>, JsValue> {
    match Reflect::get(target, &method.into())?.dyn_into::<Function>() {
        Ok(function) => settle(function.call0(target)?).await.map(Some),
        Err(_) => Ok(None),
    }
}

/// A `Response` has `arrayBuffer`; a stand-in may have `text` or `json` alone.
async fn read_body(answer: &JsValue) -> Result<Vec<u8>, JsValue> {
    if let Some(buffer) = call(answer, "arrayBuffer").await? {
        return bytes(&buffer);
    }
    if let Some(text) = call(answer, "text").await? {
        return Ok(text.as_string().unwrap_or_default().into_bytes());
    }
    match call(answer, "json").await? {
        Some(value) => Ok(js_sys::JSON::stringify(&value)?.as_string().unwrap_or_default().into_bytes()),
        None => Ok(Vec::new()),
    }
}

/// The constructor throws on a buffer that was given away, and takes a number for a length.
fn bytes(buffer: &JsValue) -> Result<Vec<u8>, JsValue> {
    if !buffer.is_object() || Reflect::get(buffer, &"byteLength".into())?.as_f64().is_none() {
        return Err(no_response());
    }
    let constructor = Reflect::get(&js_sys::global(), &"Uint8Array".into())?.dyn_into::<Function>()?;
    Ok(Reflect::construct(&constructor, &Array::of1(buffer))?.dyn_into::<Uint8Array>()?.to_vec())
}

fn read_headers(answer: &JsValue) -> Result<Headers, JsValue> {
    let headers = Reflect::get(answer, &"headers".into())?;
    if !headers.is_object() {
        return Ok(Headers::new());
    }
    let entries = match Reflect::get(&headers, &"entries".into())?.dyn_into::<Function>() {
        Ok(entries) => entries.call0(&headers)?,
        Err(_) => own_entries(&headers)?,
    };
    let part = |entry: &JsValue, index| Ok::<_, JsValue>(Reflect::get_u32(entry, index)?.as_string().unwrap_or_default());
    let read = |entry: JsValue| Ok((part(&entry, 0)?.to_ascii_lowercase(), part(&entry, 1)?));
    js_sys::try_iter(&entries)?.ok_or_else(no_response)?.map(|entry| read(entry?)).collect()
}

fn no_response() -> JsValue {
    js_sys::TypeError::new(NO_RESPONSE).into()
}

fn is_no_response(error: &JsValue) -> bool {
    error.dyn_ref::<js_sys::TypeError>().is_some_and(|error| error.message() == NO_RESPONSE)
}

/// Node tells of connections that were never made; browsers tell nothing.
fn never_left(error: &JsValue) -> bool {
    let cause = Reflect::get(error, &"cause".into()).unwrap_or(JsValue::UNDEFINED);
    let code = Reflect::get(&cause, &"code".into()).ok().and_then(|code| code.as_string()).unwrap_or_default();
    matches!(code.as_str(), "ECONNREFUSED" | "ENOTFOUND" | "EAI_AGAIN" | "EHOSTUNREACH" | "ENETUNREACH" | "UND_ERR_CONNECT_TIMEOUT")
}
