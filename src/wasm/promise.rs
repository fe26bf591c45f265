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
use super::pages::Reading;
use super::platform::Platform;
use crate::client::{Answer, Progress};
use crate::config::Options;
use crate::endpoints::{self, ACCOUNT_GROUP_OPTIONS, Content, Endpoint, Operation};
use crate::error::{Error, ErrorKind, FailedCall, Outcome};
use crate::input::Value;
use crate::path::Path;
use crate::transport::{Event, Stage, Transport};
use crate::value::json_by;

/// What the promise of a call gives.
pub enum Giving {
    /// The data alone.
    Data,
    /// The data with what came beside it.
    WithHttpInfo,
    /// The items of a page.
    Page(Rc<Reading>),
}

/// A call that is to be made.
pub struct Call {
    pub operation: Operation,
    pub options: Options,
    pub giving: Giving,
}

/// Begins a call. Whatever is wrong, also with the arguments, rejects the promise.
pub fn call(client: &ApiClient, endpoint: &Endpoint, arguments: &[&JsValue], options: &JsValue, giving: Giving) -> Promise {
    begin_if(client, prepared(client, endpoint, arguments, options), giving)
}

/// Any other request.
pub fn request(client: &ApiClient, request: &JsValue, options: &JsValue, giving: Giving) -> Promise {
    let read = || {
        let input = Input::settings(&Path::Argument("options"), options)?;
        let options = client.client.configuration().options(&input.value, &ACCOUNT_GROUP_OPTIONS)?;
        let request = Input::read(&Path::Argument("request"), request)?;
        let operation = endpoints::request(&request.value, &options.query, stringify)?;
        Ok((operation, options, input))
    };
    begin_if(client, read(), giving)
}

/// An operation and its options, checked and as they came.
type Prepared = (Operation, Options, Input);

fn begin_if(client: &ApiClient, prepared: Result<Prepared, Error>, giving: Giving) -> Promise {
    match prepared {
        Ok((operation, options, input)) => begin(client, Call { operation, options, giving }, &input),
        Err(error) => rejected(&error),
    }
}

/// The promise of a call that is wrong.
pub fn rejected(error: &Error) -> Promise {
    Promise::reject(&to_js_error(error, &Context::new().origin()))
}

/// The JSON of a value; JavaScript writes numbers as everybody expects them.
pub fn stringify(value: &Value) -> Option<String> {
    let print = |number: f64| js_sys::JSON::stringify(&number.into()).ok().and_then(|text| text.as_string()).unwrap_or_default();
    Some(json_by(value, print))
}

/// The arguments are an id, where the operation takes one, then what is sent, if it sends something.
fn prepared(client: &ApiClient, endpoint: &Endpoint, arguments: &[&JsValue], options: &JsValue) -> Result<Prepared, Error> {
    let input = Input::settings(&Path::Argument("options"), options)?;
    let options = client.client.configuration().options(&input.value, endpoint.options)?;
    let mut arguments = arguments.iter();
    let mut read = |path| arguments.next().map(|argument| Input::read(&path, argument)).transpose();
    let id = if endpoint.takes_id() { read(Path::Argument("id"))? } else { None };
    let id = id.map(|id| endpoint.read_id(&id.value)).transpose()?;
    let mut body = None;
    if let Some(form) = &endpoint.body {
        let path = Path::Body(form.argument);
        body = read(path)?.map(|body| (form.read)(&path, &body.value)).transpose()?;
    }
    let operation = endpoint.operation(id.as_deref(), &options.query, body);
    Ok((operation, options, input))
}

/// Begins a call that is right so far; `input` are its options as they came.
pub fn begin(client: &ApiClient, call: Call, input: &Input) -> Promise {
    let Call { operation, options, giving } = call;
    let context = Context::new();
    let aborted = match input.apart("signal").map(|signal| Done::try_of(|report| context.aborted(report, signal))).transpose() {
        Ok(aborted) => aborted.flatten(),
        Err(_) => {
            let error =
                Error::wrong_type(&Path::Argument("options").property("signal"), "cannot be listened to: its addEventListener throws.");
            return Promise::reject(&to_js_error(&error, &context.origin()));
        }
    };
    let access_token = input.function("accessToken");
    let all_headers = matches!((&giving, operation.content), (Giving::WithHttpInfo, _) | (_, Content::Any));
    let transport = Platform { context, functions: Rc::clone(&client.functions), access_token, all_headers };
    let course = Rc::new(Course {
        client: client.share(),
        giving,
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
        let answer = task.answer();
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
    client: ApiClient,
    giving: Giving,
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

    async fn answer(&self) -> Result<JsValue, JsValue> {
        let Self { client, giving, id, operation, options, transport, progress, .. } = self;
        let call = client.client.call(*id, transport, operation, options, progress);
        let answer = match giving {
            Giving::Page(reading) => {
                let closed = async {
                    reading.closed().await;
                    None
                };
                or(closed, async { Some(call.await) }).await
            }
            _ => Some(call.await),
        };
        match answer {
            Some(Ok(answer)) => self.value_of(answer),
            Some(Err(error)) => Err(self.failed(&error)),
            None => Err(JsValue::UNDEFINED),
        }
    }

    fn failed(&self, error: &Error) -> JsValue {
        to_js_error(error, &self.transport.context.origin())
    }

    fn value_of(&self, answer: Answer<JsValue>) -> Result<JsValue, JsValue> {
        match &self.giving {
            Giving::Data => value(answer.data),
            Giving::WithHttpInfo => {
                let whole = Object::new();
                let beside = to_js(&answer);
                set_property(&whole, "data", &value(answer.data)?);
                Ok(Object::assign(&whole, beside.unchecked_ref()).into())
            }
            Giving::Page(reading) => {
                let turned = reading.turn(&self.client, &value(answer.data)?, answer.next_link.as_deref());
                turned.map_err(|mut error| {
                    error.call = Some(FailedCall { operation: self.operation.name, attempts: self.progress.attempts.get() });
                    self.failed(&error)
                })
            }
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
