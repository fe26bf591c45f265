//! Several calls for one job. To hooks, limits and retries each is a call of its own.

use std::cell::Cell;

use super::progress::Progress;
use super::{AnswerOf, Client};
use crate::config::Options;
use crate::decode::Data;
use crate::endpoints::{Endpoint, Operation};
use crate::error::{Error, ErrorKind, Outcome};
use crate::json;
use crate::models::FromValue;
use crate::path::Path;
use crate::transport::{Event, Stage, Transport};
use crate::value::{Value, parse};

/// How many requests an organisation has in a minute.
const RATE_LIMIT: u32 = 240;

/// Makes calls with the same options.
pub struct Calls<'a, T> {
    client: &'a Client,
    transport: &'a T,
    options: &'a Options,
    /// How far the last call has come: whoever ends the job from outside gives back what it holds.
    progress: &'a Progress,
    /// How many calls there were.
    count: Cell<u32>,
}

/// What a call of a job gave: as JSON, and as plain values.
#[derive(Clone)]
pub struct Given {
    /// The JSON, which matches its model.
    pub json: String,
    /// The same as a plain value.
    pub value: Value,
}

impl<'a, T: Transport> Calls<'a, T> {
    /// Calls of a client.
    pub const fn new(client: &'a Client, transport: &'a T, options: &'a Options, progress: &'a Progress) -> Self {
        Self { client, transport, options, progress, count: Cell::new(0) }
    }

    /// Makes one.
    async fn make(&self, operation: &Operation) -> Result<AnswerOf<T>, Error> {
        self.progress.begin();
        self.count.set(self.count.get() + 1);
        let mut told = Told::begin(self, operation);
        let result = self.client.call(told.id, self.transport, operation, self.options, self.progress).await;
        told.end(result.as_ref().err());
        result
    }

    /// Makes one of a declared operation, with the account group that the options name.
    pub async fn ask(&self, endpoint: &Endpoint, id: Option<&str>, body: Option<String>) -> Result<Given, Error> {
        self.given(endpoint, id, &[], body).await
    }

    /// Makes one that takes more parameters.
    pub async fn ask_for(&self, endpoint: &Endpoint, id: Option<&str>, parameters: &[(&'static str, &str)]) -> Result<Given, Error> {
        self.given(endpoint, id, parameters, None).await
    }

    async fn given(
        &self,
        endpoint: &Endpoint,
        id: Option<&str>,
        parameters: &[(&'static str, &str)],
        body: Option<String>,
    ) -> Result<Given, Error> {
        let known = |name: &str| endpoint.options.parameters.iter().any(|parameter| parameter.name == name);
        let mut query: Vec<_> = self.options.query.iter().filter(|(name, _)| known(name)).cloned().collect();
        query.extend(parameters.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let operation = endpoint.operation(id, &query, body).as_json();
        let answer = self.make(&operation).await?;
        let json = if let Data::Json(json) = answer.data { json } else { String::new() };
        let value = parse(&json);
        Ok(Given { json, value })
    }

    /// The account group that the calls are made in.
    pub fn aid(&self) -> Option<&str> {
        self.options.query.iter().find(|(name, _)| *name == "aid").map(|(_, aid)| aid.as_str())
    }

    /// Where the API is.
    pub fn host(&self) -> &str {
        &self.client.configuration().host
    }

    /// How many calls were made.
    pub fn count(&self) -> u32 {
        self.count.get()
    }

    /// The transport, for time and chance.
    pub const fn transport(&self) -> &T {
        self.transport
    }

    /// How many requests the API answers in a minute, as far as it is known.
    pub fn per_minute(&self) -> u32 {
        self.client.rate_limit().limit.unwrap_or(RATE_LIMIT)
    }

    /// Until when the next call will wait, in milliseconds since the epoch, if the rate limit is used up.
    pub fn waits_until(&self) -> Option<u64> {
        let rate_limit = self.client.rate_limit();
        rate_limit.reset_at.filter(|at| rate_limit.remaining == Some(0) && *at > self.transport.now())
    }

    /// Waits.
    pub async fn pause(&self, milliseconds: u32) {
        if milliseconds > 0 {
            self.transport.sleep(milliseconds).await;
        }
    }
}

impl Given {
    /// The items of a list in it, each as JSON.
    pub fn items(&self, list: &str) -> Vec<&str> {
        let members = json::object(&self.json).unwrap_or_default();
        let items = json::member(&members, list).and_then(|(_, raw)| json::list(raw)).unwrap_or_default();
        items.into_iter().map(|(_, raw)| raw).collect()
    }

    /// As its model. What is no such thing is as little what the API documents as any other body.
    pub fn typed<M: FromValue>(&self) -> Result<M, Error> {
        M::from_value(&Path::Argument("answer"), &self.value).map_err(|error| {
            let path = error.path().unwrap_or_default().to_owned();
            Error::new(ErrorKind::Decode { path, status: 200 }, format!("An answer cannot be used: {}", error.message), Outcome::Unknown)
        })
    }
}

/// A call that whoever watches was told of; however it ends, also by being dropped, the end is told once.
struct Told<'a, T: Transport> {
    id: u32,
    began: u64,
    transport: &'a T,
    operation: &'a Operation,
    progress: &'a Progress,
    is_over: bool,
}

impl<'a, T: Transport> Told<'a, T> {
    fn begin(calls: &Calls<'a, T>, operation: &'a Operation) -> Self {
        let (id, transport, progress) = (calls.client.next_call_id(), calls.transport, calls.progress);
        transport.emit(Event::of(id, operation, Stage::Start));
        Self { id, began: transport.now(), transport, operation, progress, is_over: false }
    }

    fn end(&mut self, error: Option<&Error>) {
        self.is_over = true;
        self.tell(error.map(|_| self.progress.outcome()), error);
    }

    fn tell(&self, outcome: Option<Outcome>, error: Option<&Error>) {
        let Self { id, began, transport, operation, progress, .. } = self;
        let stage = Stage::End {
            attempts: progress.attempts.get(),
            queued: progress.queued.get(),
            milliseconds: transport.now().saturating_sub(*began),
            outcome,
        };
        transport.emit_with(Event::of(*id, operation, stage), error);
    }
}

impl<T: Transport> Drop for Told<'_, T> {
    fn drop(&mut self) {
        if !self.is_over {
            self.tell(Some(self.progress.outcome()), None);
        }
    }
}
