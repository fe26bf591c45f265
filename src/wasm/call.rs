//! A call as `pkg-template/driver.js` sees it: it is told what came of the last need, and says what is next.

use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::body::{Bytes, value};
use super::driver::Platform;
use crate::client::{Answer, Call as Core, Step};
use crate::error::{Cause, Outcome};
use crate::http::Response;
use crate::json::ToJson;
use crate::transport::{Failure, Input, Need};

#[wasm_bindgen]
extern "C" {
    pub type Run;
    #[wasm_bindgen(method, js_name = needsWaking)]
    fn needs_waking(this: &Run, limit: u32);
    #[wasm_bindgen(method, js_name = needsSleep)]
    fn needs_sleep(this: &Run, milliseconds: u32);
    #[wasm_bindgen(method, js_name = needsToken)]
    fn needs_token(this: &Run, limit: u32, refresh: bool);
    #[wasm_bindgen(method, js_name = needsAnswer)]
    fn needs_answer(this: &Run, limit: u32, head: &str, body: Option<&str>);
    #[wasm_bindgen(method)]
    fn succeeds(this: &Run, value: JsValue);
    #[wasm_bindgen(method, js_name = succeedsWithHttpInfo)]
    fn succeeds_with_http_info(this: &Run, data: JsValue, answer: &str);
    #[wasm_bindgen(method)]
    fn fails(this: &Run, error: JsValue);
}

/// One call. Its methods return at once; what they say, they say by a method of the run. `now` is the time of the
/// monotonic clock: to be told costs less than to ask.
#[wasm_bindgen(skip_typescript)]
pub struct Call {
    core: Core<Platform>,
    /// Whether the promise gives the whole answer.
    with_http_info: bool,
}

impl Call {
    /// A call that is still to begin.
    pub fn new(core: Core<Platform>, with_http_info: bool) -> Self {
        Self { core, with_http_info }
    }

    fn next(&mut self, run: &Run, now: f64, input: Input<'_, Bytes>) {
        match self.core.next(self.core.transport().time(now), input) {
            Step::Needs(Need::Wake, limit) => run.needs_waking(limit),
            Step::Needs(Need::Sleep(milliseconds), _) => run.needs_sleep(milliseconds),
            Step::Needs(Need::Token { refresh }, limit) => run.needs_token(limit, refresh),
            Step::Needs(Need::Answer(request), limit) => {
                run.needs_answer(limit, &request.head(), request.body.as_deref());
            }
            Step::Ends(Ok(answer)) => self.succeed(run, answer),
            Step::Ends(Err(error)) => run.fails(error.into()),
        }
    }

    fn succeed(&self, run: &Run, answer: Answer<JsValue>) {
        let json = self.with_http_info.then(|| answer.to_json());
        match (value(answer.data), json) {
            (Ok(data), None) => run.succeeds(data),
            (Ok(data), Some(json)) => run.succeeds_with_http_info(data, &json),
            (Err(error), _) => run.fails(error),
        }
    }
}

#[wasm_bindgen]
impl Call {
    /// It shall begin, was woken, or has slept enough.
    #[wasm_bindgen(skip_typescript)]
    pub fn go(&mut self, run: &Run, now: f64) {
        self.next(run, now, Input::Go);
    }

    /// The time for the need is over.
    #[wasm_bindgen(skip_typescript)]
    pub fn elapsed(&mut self, run: &Run, now: f64) {
        self.next(run, now, Input::Elapsed);
    }

    /// The client was closed, before the last need was met at all or while it was.
    #[wasm_bindgen(skip_typescript)]
    pub fn closed(&mut self, run: &Run, now: f64, begun: bool) {
        self.next(run, now, Input::Closed { begun });
    }

    /// The application gave a token: the JSON of it, or nothing where it is no string.
    #[wasm_bindgen(skip_typescript)]
    pub fn token(&mut self, run: &Run, now: f64, token: String) {
        self.next(run, now, Input::Token(Ok(&token)));
    }

    /// The application gave none.
    #[wasm_bindgen(skip_typescript, js_name = noToken)]
    pub fn no_token(&mut self, run: &Run, now: f64, cause: JsValue) {
        self.next(run, now, Input::Token(Err(Rc::new(cause))));
    }

    /// The answer is there; the first line of its head is the reason phrase.
    #[wasm_bindgen(skip_typescript)]
    pub fn answered(&mut self, run: &Run, now: f64, status: u16, head: &str, body: Uint8Array) {
        self.next(run, now, Input::Answer(Response::new(status, head, Bytes::new(body))));
    }

    /// There will be no answer; `outcome` is the word of `pkg-template/driver.js` for what it means.
    #[wasm_bindgen(skip_typescript)]
    pub fn failed(&mut self, run: &Run, now: f64, cause: JsValue, outcome: String) {
        let (outcome, broken) = match outcome.as_str() {
            "unsendable" => (Outcome::NotSent, true),
            "broken" => (Outcome::Unknown, true),
            "not-sent" => (Outcome::NotSent, false),
            _ => (Outcome::Unknown, false),
        };
        self.next(run, now, Input::Failed(Failure { outcome, broken, cause: Rc::new(cause) as Cause }));
    }
}
