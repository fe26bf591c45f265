//! What jobs ask for, and what they are answered.

use std::pin::Pin;
use std::rc::Rc;

use crate::admin::AsValue;
use crate::endpoints::Endpoint;
use crate::error::{Error, ErrorKind, Outcome};
use crate::models::FromValue;
use crate::path::Path;
use crate::value::{Value, parse};

/// What is to come.
pub type Pending<'a, V> = Pin<Box<dyn Future<Output = V> + 'a>>;

/// The world of a job: the API, the application, time.
pub trait World {
    /// Asks for something; the answer is a text, mostly JSON.
    fn ask<'a>(&'a self, question: Question<'a>) -> Pending<'a, Result<String, Failure>>;

    /// The time, in milliseconds since the epoch.
    fn now(&self) -> u64;

    /// How many requests the API answers in a minute, as far as it is known.
    fn rate_limit(&self) -> u32;

    /// How many calls were made.
    fn calls(&self) -> u32;
}

/// An operation that jobs use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// The client's property with the class that has it.
    pub api: &'static str,
    /// Its name.
    pub operation: &'static str,
    /// Whether it knows account groups.
    pub takes_aid: bool,
    /// Whether it changes something: such a call is sent once and soon, or not at all, as it was decided by what was read just before.
    pub writes: bool,
}

impl Call {
    /// One that is declared.
    pub const fn of(api: &'static str, endpoint: &Endpoint) -> Self {
        Self { api, operation: endpoint.name, takes_aid: endpoint.options.takes_aid(), writes: endpoint.writes() }
    }
}

/// What a job asks for.
#[derive(Clone, Copy)]
pub enum Question<'a> {
    /// A call of the API: the operation, an id, what is sent as JSON, what the answer shall hold beside.
    Call {
        /// The operation.
        call: Call,
        /// The id.
        id: Option<&'a str>,
        /// What is sent, as JSON.
        body: Option<&'a str>,
        /// What the answer shall hold beside the thing itself.
        expand: Option<&'a str>,
    },
    /// That so many milliseconds pass.
    Pause(u32),
    /// What is to become of a user (JSON), as a request. The answer is `[request, whether it took time]`.
    Change(&'a str),
    /// The text of the journal.
    Read,
    /// That a text is added to the journal, for good.
    Append(&'a str),
    /// Nothing: it is told how much is done, of how much.
    Progress(u32, u32),
    /// Whether to go on: the answer is `true` where it is not. It is told what became of a step (JSON), if one has ended.
    Step(Option<&'a str>),
}

/// Why a job fails.
#[derive(Clone, Debug)]
pub enum Failure {
    /// By its own decision.
    Own(Error),
    /// By what it asked for: the world keeps what that failed with.
    Told(Rc<Told>),
}

/// What became of something that was asked for.
#[derive(Debug)]
pub struct Told {
    /// By which the world knows it again.
    pub place: usize,
    /// The status of the answer that was no success.
    pub status: Option<u32>,
    /// What became of the request.
    pub outcome: Outcome,
    /// What happened, for people.
    pub message: String,
    /// Whether it is of no use to ask for anything more.
    pub is_final: bool,
    /// Whether the same may be asked for again, and in how many milliseconds at the earliest: it was not carried out, or can be
    /// carried out twice.
    pub again: Option<u32>,
    /// Whether it was not sent because it would have come late.
    pub is_late: bool,
    /// A number by chance, below a thousand.
    pub chance: u32,
}

/// How often a write is tried.
pub struct Tries {
    retries: u32,
    most: u32,
}

impl Tries {
    /// Of a write that may be retried so often. One that would have come late is no retry: the world lets it wait in the end.
    pub const fn of(most: u32) -> Self {
        Self { retries: 0, most }
    }

    /// In how many milliseconds it may be tried again, if so. Those that failed together do not come back together.
    pub fn pause(&mut self, failure: &Failure) -> Option<u32> {
        let Failure::Told(told) = failure else { return None };
        let again = told.again?;
        if told.is_late {
            return Some(again);
        }
        if self.retries == self.most {
            return None;
        }
        let backoff = 500_u32.saturating_mul(2_u32.saturating_pow(self.retries)).min(8_000);
        self.retries += 1;
        let spread = backoff / 2 * told.chance / 1000;
        Some(again.saturating_add(if again > 0 { spread } else { 0 }).max(backoff / 2 + spread))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Own(error)
    }
}

impl Failure {
    /// The status of an answer that was no success.
    pub fn status(&self) -> Option<u32> {
        match self {
            Failure::Told(told) => told.status,
            Failure::Own(_) => None,
        }
    }

    /// Whether it is of no use to ask for anything more.
    pub fn is_final(&self) -> bool {
        matches!(self, Failure::Told(told) if told.is_final)
    }

    /// What became of the request.
    pub fn outcome(&self) -> Outcome {
        match self {
            Failure::Told(told) => told.outcome,
            Failure::Own(error) => error.outcome,
        }
    }

    /// What happened, for people.
    pub fn message(&self) -> &str {
        match self {
            Failure::Told(told) => &told.message,
            Failure::Own(error) => &error.message,
        }
    }
}

/// What a call gave: as JSON, and as a plain value.
#[derive(Debug, Clone)]
pub struct Given {
    /// The JSON.
    pub json: String,
    /// The same as a plain value.
    pub value: Value,
}

impl Given {
    /// As its model. What is no such thing is as little what the API documents as any other body.
    pub fn typed<M: FromValue>(&self) -> Result<M, Failure> {
        M::from_value(&Path::Argument("answer"), &self.value).map_err(unusable)
    }
}

/// What cannot be used of an answer: what became of the request, it does not tell.
pub fn unusable(error: Error) -> Failure {
    let path = error.path().unwrap_or_default().to_owned();
    let message = format!("An answer cannot be used: {}", error.message);
    Error::new(ErrorKind::Decode { path, status: 200 }, message, Outcome::Unknown).into()
}

// What is waited for is boxed, here and in other jobs: otherwise each place that waits has the whole course of the wait in it.
impl dyn World + '_ {
    /// Makes a call.
    pub fn call<'a>(&'a self, call: Call, id: Option<&'a str>, body: Option<&'a str>) -> Pending<'a, Result<Given, Failure>> {
        self.expanded(call, id, body, None)
    }

    /// Makes a call whose answer shall hold more.
    pub fn expanded<'a>(
        &'a self,
        call: Call,
        id: Option<&'a str>,
        body: Option<&'a str>,
        expand: Option<&'a str>,
    ) -> Pending<'a, Result<Given, Failure>> {
        Box::pin(async move {
            let json = self.ask(Question::Call { call, id, body, expand }).await?;
            Ok(Given { value: parse(&json), json })
        })
    }

    /// Tells what became of a step, and whether nothing more is wanted.
    pub async fn stops(&self, result: Option<&impl AsValue>) -> Result<bool, Failure> {
        let told = result.map(crate::admin::json);
        Ok(self.ask(Question::Step(told.as_deref())).await? == "true")
    }
}
