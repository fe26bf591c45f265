//! A job under way, for whoever answers it: one text after another, until it has ended.

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::world::{Failure, Pending, Question, Told, World};
use super::{Start, run};
use crate::admin::{AsValue, Object, json};
use crate::error::{Error, ErrorKind, Outcome, Three};
use crate::input::{self, Parts, Value};
use crate::json::quote;
use crate::path::{Path, Step};
use crate::value::parse;

/// How many requests an organisation has in a minute.
const RATE_LIMIT: u32 = 240;

/// A job under way.
pub struct Running {
    desk: Rc<Desk>,
    job: Pending<'static, Result<Option<String>, Failure>>,
}

/// Where a question lies until it is answered.
#[derive(Default)]
struct Desk {
    question: Cell<Option<String>>,
    answer: Cell<Option<Result<String, Failure>>>,
    now: Cell<u64>,
    rate_limit: Cell<u32>,
    calls: Cell<u32>,
    failures: Cell<usize>,
}

impl Running {
    /// Begins a job, as its JSON says ([`Start::read`]): nothing is done before the first [`resume`](Self::resume).
    pub fn new(start: String) -> Self {
        let desk = Rc::<Desk>::default();
        desk.rate_limit.set(RATE_LIMIT);
        let world = Rc::clone(&desk);
        Self { desk, job: Box::pin(async move { run(world.as_ref(), &Start::read(&start)?).await }) }
    }

    /// Goes on with an answer; the first time there is none. Gives the next question as JSON, `{ ask, … }`: `done` with a `value`,
    /// `failed` with the `class` and the `fields` of an error, and `told`, which is the failure number `place`, are the last one.
    ///
    /// An answer that is a failure is `{ status, outcome, message, isFinal, again, isLate, chance }`.
    pub fn resume(&mut self, answer: Option<&str>, is_failure: bool, now: u64, rate_limit: Option<u32>) -> String {
        let desk = &self.desk;
        desk.now.set(now);
        desk.rate_limit.set(rate_limit.unwrap_or(desk.rate_limit.get()));
        desk.answer.set(answer.map(|answer| if is_failure { Err(desk.failure(answer)) } else { Ok(answer.to_owned()) }));
        match self.job.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => desk.question.take().unwrap_or_default(),
            Poll::Ready(Ok(json)) => format!("{{\"ask\":\"done\",\"value\":{}}}", json.as_deref().unwrap_or("null")),
            Poll::Ready(Err(Failure::Told(told))) => format!("{{\"ask\":\"told\",\"place\":{}}}", told.place),
            Poll::Ready(Err(Failure::Own(error))) => {
                format!("{{\"ask\":\"failed\",\"class\":\"{}\",\"fields\":{}}}", error.class(), fields(&error))
            }
        }
    }
}

impl Desk {
    /// A failure that is the answer.
    fn failure(&self, json: &str) -> Failure {
        let place = self.failures.replace(self.failures.get() + 1);
        let value = parse(json);
        let path = Path::Argument("failure");
        let read = || {
            let mut parts = Parts::of(&path, input::any_object(&path, &value)?);
            let outcome = parts.part("outcome", input::text);
            let told = Told {
                place,
                status: parts.part("status", |path, value| input::count(path, value, 0, 999)),
                outcome: Outcome::ALL.into_iter().find(|known| outcome.as_deref() == Some(known.name())).unwrap_or(Outcome::Unknown),
                message: parts.part("message", input::text).unwrap_or_default(),
                is_final: parts.part("isFinal", input::flag).unwrap_or_default(),
                again: parts.part("again", |path, value| input::count(path, value, 0, 65_000)),
                is_late: parts.part("isLate", input::flag).unwrap_or_default(),
                chance: parts.part("chance", |path, value| input::count(path, value, 0, 999)).unwrap_or_default(),
            };
            parts.done()?;
            Ok(told)
        };
        match read() {
            Ok(told) => Failure::Told(Rc::new(told)),
            Err(error) => Failure::Own(error),
        }
    }
}

impl World for Desk {
    fn ask<'a>(&'a self, question: Question<'a>) -> Pending<'a, Result<String, Failure>> {
        if matches!(question, Question::Call { .. }) {
            self.calls.set(self.calls.get() + 1);
        }
        self.question.set(Some(question.json()));
        Box::pin(poll_fn(|_| self.answer.take().map_or(Poll::Pending, Poll::Ready)))
    }

    fn now(&self) -> u64 {
        self.now.get()
    }

    fn rate_limit(&self) -> u32 {
        self.rate_limit.get()
    }

    fn calls(&self) -> u32 {
        self.calls.get()
    }
}

fn quoted(text: &str) -> String {
    let mut json = String::new();
    quote(&mut json, text);
    json
}

/// The properties of an error. Users stand in them as they came, whatever they have that no model knows.
fn fields(error: &Error) -> String {
    let mut text = json(error);
    let (names, three) = match &error.kind {
        ErrorKind::Conflict(three) => (["base", "theirs", "mine"], three),
        ErrorKind::Unexpected(three) => (["before", "asked", "got"], three),
        _ => return text,
    };
    text.pop();
    let Three(first, second, third) = three.as_ref();
    for (name, user) in names.into_iter().zip([first, second, third]) {
        text += &format!(",\"{name}\":{user}");
    }
    text + "}"
}

/// The properties of the errors that jobs decide on, but for whole users, as `Serialize` gives them. (That knows all errors, and
/// so would bring a serialiser and all that an answer has.)
impl AsValue for Error {
    fn as_value(&self) -> Value {
        let fields = Object::default()
            .text("message", &self.message)
            .text("outcome", self.outcome.name())
            .put("retryable", Value::Flag(self.retryable))
            .maybe("hint", self.hint.as_deref());
        match &self.kind {
            ErrorKind::Type(item) | ErrorKind::Value(item) => {
                let mut errors = Vec::new();
                for error in item.field.as_slice() {
                    let mut path = Vec::new();
                    for step in &error.path {
                        path.push(match step {
                            Step::Property(name) => Value::Text(name.clone()),
                            Step::Index(index) => Value::Number(*index as f64),
                        });
                    }
                    let error = Object::default()
                        .put("path", Value::List(path))
                        .maybe("code", error.code.as_deref())
                        .text("message", &error.message);
                    errors.push(error.done());
                }
                fields.text("path", &item.path).put("fieldErrors", Value::List(errors))
            }
            ErrorKind::Decode { path, status } => fields.text("path", path).number("statusCode", (*status).into()),
            ErrorKind::Guarded(guards) => fields.put("guards", guards.as_value()),
            _ => fields,
        }
        .done()
    }
}

impl Question<'_> {
    fn json(&self) -> String {
        match self {
            Question::Call { call, id, body, expand } => {
                let mut arguments = id.map(quoted).unwrap_or_default();
                if let Some(body) = body {
                    if id.is_some() {
                        arguments.push(',');
                    }
                    arguments += body;
                }
                let expand = expand.map(|expand| format!(",\"expand\":[{}]", quoted(expand))).unwrap_or_default();
                format!(
                    "{{\"ask\":\"call\",\"api\":\"{}\",\"operation\":\"{}\",\"takesAid\":{},\"writes\":{},\"arguments\":[{arguments}]{expand}}}",
                    call.api, call.operation, call.takes_aid, call.writes
                )
            }
            Question::Pause(milliseconds) => format!("{{\"ask\":\"pause\",\"milliseconds\":{milliseconds}}}"),
            Question::Change(user) => format!("{{\"ask\":\"change\",\"user\":{user}}}"),
            Question::Read => "{\"ask\":\"read\"}".to_owned(),
            Question::Append(line) => format!("{{\"ask\":\"append\",\"line\":{}}}", quoted(line)),
            Question::Progress(done, total) => format!("{{\"ask\":\"progress\",\"done\":{done},\"total\":{total}}}"),
            Question::Step(result) => format!("{{\"ask\":\"step\",\"result\":{}}}", result.unwrap_or("null")),
        }
    }
}

/// What a function of the application answered to [`Question::Change`].
pub(super) fn changed(answer: &str) -> (Value, bool) {
    match crate::value::parse_input(answer) {
        Value::List(items) => {
            let mut items = items.into_iter();
            (items.next().unwrap_or(Value::Null), items.next() == Some(Value::Flag(true)))
        }
        _ => (Value::Null, false),
    }
}
