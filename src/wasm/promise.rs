//! The promise of a call: begun in the caller's context, ended by the call's course, by its signal, or by a trap.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::{Rc, Weak};

use futures_lite::future::{or, yield_now};
use js_sys::{Object, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::api_client::ApiClient;
use super::body::value;
use super::context::{Context, Done, watch_traps};
use super::convert::{Input, set_property, to_js};
use super::error::to_js_error;
use super::platform::Platform;
use crate::client::{Answer, Client, Progress};
use crate::config::Options;
use crate::endpoints::Operation;
use crate::error::{Error, ErrorKind, Outcome};
use crate::path::Path;
use crate::transport::{Event, Stage, Transport};

/// What the promise of a call gives: the data alone.
pub const DATA: bool = false;
/// What the promise of a call gives: the data with what came beside it.
pub const WITH_HTTP_INFO: bool = true;

/// Makes an operation from its arguments and the account group that the options name.
pub type Prepare<'a> = &'a dyn Fn(Option<String>) -> Result<Operation, Error>;

/// Begins a call. Whatever is wrong, also with the arguments, rejects the promise.
pub fn call(client: &ApiClient, options: &JsValue, with_aid: bool, with_http_info: bool, prepare: Prepare<'_>) -> Promise {
    let context = Context::new();
    match prepared(client, options, with_aid, prepare) {
        Ok((operation, options, input)) => begin(client, context, operation, options, &input, with_http_info),
        Err(error) => Promise::reject(&to_js_error(&error, &context.origin())),
    }
}

fn prepared(client: &ApiClient, options: &JsValue, with_aid: bool, prepare: Prepare<'_>) -> Result<(Operation, Options, Input), Error> {
    let input = Input::settings(&Path::Argument("options"), options)?;
    let options = client.client.configuration().options(&input.value, with_aid)?;
    let operation = prepare(options.aid.clone())?;
    Ok((operation, options, input))
}

fn begin(client: &ApiClient, context: Context, operation: Operation, options: Options, input: &Input, with_http_info: bool) -> Promise {
    let aborted = match input.apart("signal").map(|signal| Done::try_of(|report| context.aborted(report, signal))).transpose() {
        Ok(aborted) => aborted.flatten(),
        Err(_) => {
            let error =
                Error::wrong_type(&Path::Argument("options").property("signal"), "cannot be listened to: its addEventListener throws.");
            return Promise::reject(&to_js_error(&error, &context.origin()));
        }
    };
    let access_token = input.function("accessToken");
    let transport = Platform { context, functions: Rc::clone(&client.functions), access_token, all_headers: with_http_info };
    let course = Rc::new(Course {
        client: Rc::clone(&client.client),
        id: client.client.next_call_id(),
        began: transport.now(),
        operation,
        options,
        transport,
        progress: Progress::default(),
        is_over: Cell::default(),
    });
    course.transport.emit(course.event(Stage::Start));
    let task = Rc::clone(&course);
    let promise = future_to_promise(watched(Rc::clone(&course), async move {
        let answer = task.answer(with_http_info);
        let ended = match aborted {
            None => answer.await,
            Some(aborted) => {
                // An abort in the turn of the call is known a moment later: nothing is sent before.
                let answer = async {
                    yield_now().await;
                    answer.await
                };
                // What is not over yet is dropped, which cancels it.
                or(async { Err(aborted.await.err().unwrap_or_default()) }, answer).await
            }
        };
        task.end(ended.as_ref().err());
        ended
    }));
    change_courses(|courses| courses.push(Rc::downgrade(&course)));
    course.transport.context.guard(&promise, course.key())
}

/// A call under way, for whatever ends it.
struct Course {
    client: Rc<Client>,
    id: u32,
    began: u64,
    operation: Operation,
    options: Options,
    transport: Platform,
    progress: Progress,
    is_over: Cell<bool>,
}

impl Course {
    /// What it is known by while it is under way.
    fn key(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    async fn answer(&self, with_http_info: bool) -> Result<JsValue, JsValue> {
        let Self { client, id, operation, options, transport, progress, .. } = self;
        match client.call(*id, transport, operation, options, progress).await {
            Ok(answer) => value_of(answer, with_http_info),
            Err(error) => Err(to_js_error(&error, &transport.context.origin())),
        }
    }

    /// The call is over: tells so once, with the error if there is one.
    fn end(&self, error: Option<&JsValue>) {
        if self.is_over.replace(true) {
            return;
        }
        change_courses(|courses| courses.retain(|course| !std::ptr::eq(course.as_ptr(), self)));
        let Self { transport, progress, .. } = self;
        let stage = Stage::End {
            attempts: progress.attempts.get(),
            queued: progress.queued.get(),
            milliseconds: transport.now().saturating_sub(self.began),
            outcome: error.map(|_| progress.outcome()),
        };
        if let Some(hook) = transport.functions.hook(&stage) {
            let event = to_js(&self.event(stage));
            if let Some(error) = error {
                set_property(&event, "error", error);
            }
            transport.context.notify(hook, &event);
        }
        transport.context.end();
    }

    fn event(&self, stage: Stage) -> Event<'_> {
        Event::of(self.id, &self.operation, stage)
    }
}

fn value_of(answer: Answer<JsValue>, with_http_info: bool) -> Result<JsValue, JsValue> {
    if !with_http_info {
        return value(answer.data);
    }
    let whole = Object::new();
    let beside = to_js(&answer);
    set_property(&whole, "data", &value(answer.data)?);
    Ok(Object::assign(&whole, beside.unchecked_ref()).into())
}

thread_local! {
    /// The call that is polled, or was last.
    static POLLED: Cell<Option<Rc<Course>>> = const { Cell::new(None) };
    /// All that are under way.
    static COURSES: Cell<Vec<Weak<Course>>> = const { Cell::new(Vec::new()) };
}

/// A future that leaves a note of whose it is while it is polled, for [`end_trapped`]. When it is over the note stays: its
/// promise is still to be settled.
async fn watched<O>(course: Rc<Course>, future: impl Future<Output = O>) -> O {
    let mut future = pin!(future);
    poll_fn(|context| {
        POLLED.set(Some(Rc::clone(&course)));
        let poll = future.as_mut().poll(context);
        if poll.is_pending() {
            POLLED.take();
        }
        poll
    })
    .await
}

/// Sees to it that a trap ends the call that it came in, and none but that.
pub fn watch_for_traps() {
    thread_local! {
        static HANDLER: Closure<dyn Fn(JsValue, Option<usize>)> = Closure::new(end_trapped);
    }
    HANDLER.with(watch_traps);
}

/// Ends the call by a key, or else the one that is polled.
fn end_trapped(cause: JsValue, key: Option<usize>) {
    let polled = POLLED.take();
    let course = match key {
        Some(key) => change_courses(|courses| courses.iter().filter_map(Weak::upgrade).find(|course| course.key() == key)),
        None => polled,
    };
    // None where a task is polled once more that was lost in a trap before.
    let Some(course) = course else { return };
    course.progress.release();
    let message = format!(
        "{} failed inside the WebAssembly of thousandeyes-admin: see the cause, then reload the page or restart the process.",
        course.operation.name
    );
    // What became of the request, nobody can tell.
    let error = Error::new(ErrorKind::Internal, message, Outcome::Unknown).because(Rc::new(cause));
    let error = to_js_error(&error, &course.transport.context.origin());
    course.end(Some(&error));
    course.transport.context.fail(&error);
}

fn change_courses<R>(change: impl FnOnce(&mut Vec<Weak<Course>>) -> R) -> R {
    let mut courses = COURSES.take();
    let result = change(&mut courses);
    COURSES.set(courses);
    result
}
