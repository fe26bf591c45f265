//! The promise of a call: begun in the caller's context, ended by the call's course, by its signal, or by a trap.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::{Rc, Weak};

use futures_lite::future::{or, yield_now};
use js_sys::{Array, Function, Object, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::api_client::ApiClient;
use super::body::value;
use super::context::{Context, Done, watch_traps};
use super::convert::{Input, set_property, to_js};
use super::error::to_js_error;
use super::pages::Reading;
use super::platform::Platform;
use crate::client::{Answer, Application, Calls, Job, JobOptions, Pending, Progress, Question, Reply, View, run_job};
use crate::config::Options;
use crate::decode::Data;
use crate::endpoints::{self, ACCOUNT_GROUP_OPTIONS, Content, Endpoint, Operation};
use crate::error::{Error, ErrorKind, FailedCall, Outcome};
use crate::input::Value;
use crate::path::Path;
use crate::transport::{Event, Stage, Transport};

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
fn stringify(value: &Value) -> Option<String> {
    js_sys::JSON::stringify(&to_js(value)).ok()?.as_string()
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
    let all_headers = matches!((&call.giving, call.operation.content), (Giving::WithHttpInfo, _) | (_, Content::Any));
    let transport = Platform::new(client, input, all_headers);
    let one = OneCall { id: client.client.next_call_id(), began: transport.now(), call };
    let course = Rc::new(Course { call: Some(one), ..Course::new(client, transport) });
    let task = Rc::clone(&course);
    start(course, input, async move { task.answer().await })
}

/// Begins a job, which makes calls of its own.
pub fn begin_job(
    client: &ApiClient,
    input: &Input,
    job: Job,
    argument: Value,
    options: (Options, JobOptions),
    application: Option<Function>,
) -> Promise {
    let course = Rc::new(Course { job: Some(job), ..Course::new(client, Platform::new(client, input, false)) });
    let task = Rc::clone(&course);
    let done = async move {
        let (options, own) = options;
        let calls = Calls::new(&task.client.client, &task.transport, &options, &task.progress);
        let asked = Asked { context: &task.transport.context, functions: application };
        match run_job(job, &calls, &asked, &argument, &own).await {
            Ok(json) => value(json.map_or(Data::Nothing, Data::Json)),
            Err(error) => Err(task.failed(&error)),
        }
    };
    start(course, input, done)
}

fn start(course: Rc<Course>, input: &Input, answer: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    let context = &course.transport.context;
    let aborted = match input.apart("signal").map(|signal| Done::try_of(|report| context.aborted(report, signal))).transpose() {
        Ok(aborted) => aborted.flatten(),
        Err(_) => {
            let error =
                Error::wrong_type(&Path::Argument("options").property("signal"), "cannot be listened to: its addEventListener throws.");
            return Promise::reject(&course.failed(&error));
        }
    };
    if let Some(one) = &course.call {
        course.transport.emit(one.event(Stage::Start));
    }
    let task = Rc::clone(&course);
    let promise = future_to_promise(watched(Rc::clone(&course), async move {
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

/// What is under way, for whatever ends it: a call, or a job with calls of its own.
struct Course {
    client: ApiClient,
    transport: Platform,
    progress: Progress,
    call: Option<OneCall>,
    job: Option<Job>,
    is_over: Cell<bool>,
}

/// A call under way.
struct OneCall {
    id: u32,
    began: u64,
    call: Call,
}

impl OneCall {
    fn event(&self, stage: Stage) -> Event<'_> {
        Event::of(self.id, &self.call.operation, stage)
    }
}

impl Course {
    fn new(client: &ApiClient, transport: Platform) -> Self {
        Self { client: client.share(), transport, progress: Progress::default(), call: None, job: None, is_over: Cell::default() }
    }

    /// What it is known by while it is under way.
    fn key(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// The name of the method.
    fn name(&self) -> &'static str {
        let call = self.call.as_ref().map(|one| one.call.operation.name);
        call.or(self.job.map(Job::name)).unwrap_or_default()
    }

    async fn answer(&self) -> Result<JsValue, JsValue> {
        let Some(OneCall { id, call: Call { operation, options, giving }, .. }) = &self.call else { return Ok(JsValue::UNDEFINED) };
        let call = self.client.client.call(*id, &self.transport, operation, options, &self.progress);
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
            Some(Ok(answer)) => self.value_of(answer, giving),
            Some(Err(error)) => Err(self.failed(&error)),
            None => Err(JsValue::UNDEFINED),
        }
    }

    /// An error as JavaScript sees it; what the application itself threw stays what it is.
    fn failed(&self, error: &Error) -> JsValue {
        match (&error.kind, &error.cause) {
            (ErrorKind::Application, Some(cause)) => cause.downcast_ref::<JsValue>().cloned().unwrap_or_default(),
            _ => to_js_error(error, &self.transport.context.origin()),
        }
    }

    fn value_of(&self, answer: Answer<JsValue>, giving: &Giving) -> Result<JsValue, JsValue> {
        match giving {
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
                    error.call = Some(FailedCall { operation: self.name(), attempts: self.progress.attempts.get() });
                    self.failed(&error)
                })
            }
        }
    }

    /// It is over: tells so once, with the error if there is one.
    fn end(&self, error: Option<&JsValue>) {
        if self.is_over.replace(true) {
            return;
        }
        change_courses(|courses| courses.retain(|course| !std::ptr::eq(course.as_ptr(), self)));
        let Self { transport, progress, .. } = self;
        if let Some(one) = &self.call {
            let stage = Stage::End {
                attempts: progress.attempts.get(),
                queued: progress.queued.get(),
                milliseconds: transport.now().saturating_sub(one.began),
                outcome: error.map(|_| progress.outcome()),
            };
            transport.tell_with(one.event(stage), || error.cloned());
        }
        transport.context.end();
    }
}

/// What a job asks of the application, in its context: one function answers all.
struct Asked<'a> {
    context: &'a Context,
    functions: Option<Function>,
}

impl Application for Asked<'_> {
    fn ask<'a>(&'a self, question: Question<'a>) -> Pending<'a, Reply> {
        Box::pin(self.answer(question))
    }
}

impl Asked<'_> {
    async fn answer(&self, question: Question<'_>) -> Result<Reply, Error> {
        let (path, argument) = match question {
            Question::Change(View::Json(json)) => (Path::Body("change"), value(Data::Json(json.to_owned())).unwrap_or_default()),
            Question::Change(View::Value(user)) => (Path::Body("change"), to_js(user)),
            Question::Read => (Path::Argument("read"), JsValue::UNDEFINED),
            Question::Append(line) => (Path::Argument("append"), line.into()),
            Question::Progress(progress) => (Path::Argument("progress"), to_js(progress)),
            Question::Stop(result) => (Path::Argument("stop"), result.map(to_js).unwrap_or_default()),
        };
        let Some(functions) = &self.functions else { return Ok(Reply { value: Value::Null, took_time: false }) };
        let name = match path {
            Path::Body(name) | Path::Argument(name) => name,
            _ => "",
        };
        let question = Array::of2(&name.into(), &argument).into();
        let threw =
            |cause| Error::new(ErrorKind::Application, "A function of the application threw.", Outcome::NotSent).because(Rc::new(cause));
        let answer = Done::of(|report| self.context.call(report, functions, &question)).await.map_err(threw)?;
        let answer = answer.unchecked_into::<Array>();
        Ok(Reply { value: Input::read(&path, &answer.get(0))?.value, took_time: answer.get(1).is_truthy() })
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
        course.name()
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
