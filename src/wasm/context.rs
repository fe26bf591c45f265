//! The async context of a call, where whatever is the application's is done: `pkg-template/context.js` says why.

use std::pin::{Pin, pin};
use std::task;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestInit};

#[wasm_bindgen(module = "/pkg-template/context.js")]
extern "C" {
    pub type Context;
    #[wasm_bindgen(constructor)]
    pub fn new() -> Context;
    #[wasm_bindgen(method, getter)]
    pub fn origin(this: &Context) -> JsValue;
    #[wasm_bindgen(method)]
    pub fn guard(this: &Context, promise: &Promise, key: usize) -> Promise;
    #[wasm_bindgen(method)]
    pub fn fail(this: &Context, error: &JsValue);
    #[wasm_bindgen(method)]
    pub fn call(this: &Context, run: &Function, argument: &JsValue) -> Work;
    #[wasm_bindgen(method)]
    pub fn notify(this: &Context, hook: &Function, event: &JsValue);
    #[wasm_bindgen(method)]
    pub fn reached(this: &Context) -> Work;
    #[wasm_bindgen(method)]
    pub fn sleep(this: &Context, milliseconds: u32) -> Work;
    #[wasm_bindgen(method)]
    pub fn fetch(this: &Context, fetch: Option<&Function>, url: &str, init: &RequestInit, controller: Option<&AbortController>) -> Work;
    // Without `Option` each exception would leave a slot of the table of externrefs behind, see convert.rs.
    #[wasm_bindgen(method, catch)]
    pub fn aborted(this: &Context, signal: &JsValue) -> Result<Option<Work>, JsValue>;
    #[wasm_bindgen(method)]
    pub fn end(this: &Context);

    // It has a `then` as promises have.
    #[derive(Clone)]
    pub type Work;
    #[wasm_bindgen(method)]
    fn cancel(this: &Work);

    #[wasm_bindgen(js_name = watchTraps)]
    pub fn watch_traps(handler: &Closure<dyn Fn(JsValue, Option<usize>)>);
}

impl Work {
    /// Waits for what comes of the work.
    pub fn done(self) -> Done {
        Done { future: JsFuture::from(self.clone().unchecked_into::<Promise>()), work: self, is_over: false }
    }
}

/// What comes of a piece of work. Dropped before, it cancels the work: a promise that is never settled would keep the
/// memory of its listeners for ever.
pub struct Done {
    work: Work,
    future: JsFuture,
    is_over: bool,
}

impl Future for Done {
    type Output = Result<JsValue, JsValue>;

    fn poll(mut self: Pin<&mut Self>, context: &mut task::Context<'_>) -> task::Poll<Self::Output> {
        let poll = pin!(&mut self.future).poll(context);
        self.is_over = poll.is_ready();
        poll
    }
}

impl Drop for Done {
    fn drop(&mut self) {
        if !self.is_over {
            self.work.cancel();
        }
    }
}
