//! The async context of a call, where whatever is the application's is done: `pkg-template/context.js` says why.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{self, Poll, Waker};

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
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
    pub fn call(this: &Context, report: &Report, run: &Function, argument: &JsValue) -> Work;
    #[wasm_bindgen(method)]
    pub fn notify(this: &Context, hook: &Function, event: &JsValue);
    /// Tells the hook of a request, which may give a function that sends it.
    #[wasm_bindgen(method, js_name = notify)]
    pub fn announce(this: &Context, hook: &Function, event: &JsValue, is_request: bool);
    #[wasm_bindgen(method)]
    pub fn reached(this: &Context, report: &Report) -> Work;
    #[wasm_bindgen(method)]
    pub fn sleep(this: &Context, report: &Report, milliseconds: u32) -> Work;
    #[wasm_bindgen(method)]
    pub fn fetch(
        this: &Context,
        report: &Report,
        fetch: Option<&Function>,
        url: &str,
        init: &RequestInit,
        controller: Option<&AbortController>,
    ) -> Work;
    // Without `Option` each exception would leave a slot of the table of externrefs behind, see convert.rs.
    #[wasm_bindgen(method, catch)]
    pub fn aborted(this: &Context, report: &Report, signal: &JsValue) -> Result<Option<Work>, JsValue>;
    #[wasm_bindgen(method)]
    pub fn end(this: &Context);

    pub type Work;
    #[wasm_bindgen(method)]
    fn cancel(this: &Work);

    #[wasm_bindgen(js_name = watchTraps)]
    pub fn watch_traps(handler: &Closure<dyn Fn(JsValue, Option<usize>)>);
}

/// What JavaScript calls once when a piece of work is done: with what came of it, and whether that is a failure.
pub type Report = Closure<dyn Fn(JsValue, bool)>;

/// Where the report of a piece of work arrives.
#[derive(Default)]
struct Inbox {
    outcome: Cell<Option<Result<JsValue, JsValue>>>,
    waker: Cell<Option<Waker>>,
}

/// A report with its inbox. JavaScript keeps it no longer than the work takes, so the next work can have it: to make a
/// closure, or a promise with the two that await it, costs more than all else of a piece of work.
struct Reporter {
    report: Report,
    inbox: Rc<Inbox>,
}

thread_local! {
    /// Those that no work has.
    static IDLE: Cell<Vec<Reporter>> = const { Cell::new(Vec::new()) };
}

impl Reporter {
    fn take() -> Self {
        let mut idle = IDLE.take();
        let reporter = idle.pop();
        IDLE.set(idle);
        reporter.unwrap_or_else(Self::new)
    }

    fn new() -> Self {
        let inbox = Rc::<Inbox>::default();
        let arrives = Rc::clone(&inbox);
        let report = Closure::new(move |value, is_failure| {
            arrives.outcome.set(Some(if is_failure { Err(value) } else { Ok(value) }));
            if let Some(waker) = arrives.waker.take() {
                waker.wake();
            }
        });
        Self { report, inbox }
    }

    fn give_back(self) {
        self.inbox.outcome.take();
        self.inbox.waker.take();
        let mut idle = IDLE.take();
        idle.push(self);
        IDLE.set(idle);
    }
}

/// What comes of a piece of work. Dropped before, it cancels the work.
pub struct Done {
    work: Work,
    reporter: Option<Reporter>,
    is_over: bool,
}

impl Done {
    /// Begins a piece of work, and waits for what comes of it.
    pub fn of(begin: impl FnOnce(&Report) -> Work) -> Self {
        let reporter = Reporter::take();
        Self { work: begin(&reporter.report), reporter: Some(reporter), is_over: false }
    }

    /// The same for work that may not begin.
    pub fn try_of(begin: impl FnOnce(&Report) -> Result<Option<Work>, JsValue>) -> Result<Option<Self>, JsValue> {
        let reporter = Reporter::take();
        match begin(&reporter.report) {
            Ok(Some(work)) => Ok(Some(Self { work, reporter: Some(reporter), is_over: false })),
            other => {
                reporter.give_back();
                other.map(|_| None)
            }
        }
    }
}

impl Future for Done {
    type Output = Result<JsValue, JsValue>;

    fn poll(mut self: Pin<&mut Self>, context: &mut task::Context<'_>) -> Poll<Self::Output> {
        let Some(Reporter { inbox, .. }) = &self.reporter else { return Poll::Pending };
        let Some(outcome) = inbox.outcome.take() else {
            inbox.waker.set(Some(context.waker().clone()));
            return Poll::Pending;
        };
        self.is_over = true;
        Poll::Ready(outcome)
    }
}

impl Drop for Done {
    fn drop(&mut self) {
        if !self.is_over {
            self.work.cancel();
        }
        if let Some(reporter) = self.reporter.take() {
            reporter.give_back();
        }
    }
}
