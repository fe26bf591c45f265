//! One request by `fetch`, and its answer read to the end.

use std::rc::Rc;

use gloo_net::http;
use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, RequestInit, RequestRedirect};

use super::body::Bytes;
use super::context::{Context, Done};
use super::convert::to_js;
use super::failure::failure;
use crate::error::Outcome;
use crate::http::{Headers, Request, Response};
use crate::rate_limit::Pace;
use crate::transport::Failure;

#[wasm_bindgen(module = "/pkg-template/platform.js")]
extern "C" {
    /// Where a request may go from here: the whole address, or nothing where there is no such request.
    #[wasm_bindgen(js_name = addressOf)]
    pub fn address_of(url: &str) -> Option<String>;
    #[wasm_bindgen(js_name = Sharing)]
    pub type PlatformSharing;
    #[wasm_bindgen(static_method_of = PlatformSharing, getter, js_class = Sharing)]
    pub fn waits() -> bool;
    pub type Store;
    #[wasm_bindgen(static_method_of = Store)]
    #[allow(clippy::too_many_arguments, reason = "an object is made of them there: to make it here takes half a kilobyte more")]
    pub fn ask(
        store: &Function,
        time: u32,
        key: &str,
        limiter: usize,
        is_bulk: bool,
        under_way: usize,
        waiting: usize,
        timeout: u32,
        limit: u32,
        remaining: u32,
        reset_at: f64,
        reset_in: f64,
    ) -> Function;
    #[wasm_bindgen(js_name = takesSignals)]
    fn takes_signals() -> bool;
}

/// Sends a request with `fetch`, the platform's if none is given. Of a success, unless all are wanted, only those header
/// fields are read that the client goes by.
pub async fn send(context: &Context, fetch: Option<&Function>, request: Request, all_headers: bool) -> Result<Response<Bytes>, Failure> {
    let url = match request.url.starts_with('/').then(|| address_of(&request.url)) {
        Some(Some(url)) => url,
        // An application's own `fetch` may make of a path what it likes; the platform's takes none outside of pages.
        Some(None) if fetch.is_none() => return Err(no_page(&request)),
        _ => request.url.clone(),
    };
    let init = to_js(&request).unchecked_into::<RequestInit>();
    // The token goes to no other host.
    init.set_redirect(RequestRedirect::Manual);
    let controller = takes_signals().then(AbortController::new).and_then(Result::ok);
    init.set_signal(controller.as_ref().map(AbortController::signal).as_ref());
    let answer = Done::of(|report| context.fetch(report, fetch, &url, &init, controller.as_ref())).await;
    let answer = answer.map_err(|error| failure(error, &request, fetch.is_some()))?;
    Ok(read(&answer.unchecked_into(), all_headers))
}

/// What `pkg-template/platform.js` gives: the bytes, and the platform's own Response or what anything else says.
fn read(answer: &Array, all_headers: bool) -> Response<Bytes> {
    let body = Bytes::new(answer.get(0).unchecked_into());
    let Some(status) = answer.get(1).as_f64() else { return platforms(answer.get(1).unchecked_into(), body, all_headers) };
    let text = |parts: &Array, index| parts.get(index).as_string().unwrap_or_default();
    let fields = answer.get(3).unchecked_into::<Array>();
    let fields = fields.iter().map(|pair| pair.unchecked_into::<Array>()).map(|pair| (text(&pair, 0), text(&pair, 1)));
    Response { status: status as u16, reason: text(answer, 2), headers: visible(fields), body }
}

fn platforms(response: web_sys::Response, body: Bytes, all_headers: bool) -> Response<Bytes> {
    let response = http::Response::from(response);
    let (status, fields) = (response.status(), response.headers());
    if matches!(status, 200..300) && !all_headers {
        let headers = Pace::HEADERS.into_iter().filter_map(|name| Some((name, fields.get(name)?))).collect();
        return Response { status, reason: String::new(), headers, body };
    }
    Response { status, reason: response.status_text(), headers: visible(fields.entries()), body }
}

/// All but cookies: they are secrets, which belong in no log.
fn visible(fields: impl Iterator<Item = (String, String)>) -> Headers {
    let fields = fields.map(|(name, value)| (name.to_ascii_lowercase(), value));
    fields.filter(|(name, _)| name != "set-cookie").collect()
}

fn no_page(request: &Request) -> Failure {
    let advice = "a path as host works in a page, or with a fetch of your own. Here give the whole address.".to_owned();
    let cause = js_sys::TypeError::new(&format!("no request can go to {} from here", request.url));
    Failure { outcome: Outcome::NotSent, is_final: true, advice: Some(advice), cause: Rc::new(JsValue::from(cause)) }
}
