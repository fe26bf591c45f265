//! Several calls for one job. To hooks, limits and retries each is a call of its own.

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

/// Makes calls with the same options.
pub struct Calls<'a, T> {
    client: &'a Client,
    transport: &'a T,
    options: &'a Options,
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
    pub const fn new(client: &'a Client, transport: &'a T, options: &'a Options) -> Self {
        Self { client, transport, options }
    }

    /// Makes one.
    pub async fn make(&self, operation: &Operation) -> Result<AnswerOf<T>, Error> {
        let progress = Progress::default();
        let mut told = Told::begin(self, operation, &progress);
        let result = self.client.call(told.id, self.transport, operation, self.options, &progress).await;
        told.end(result.as_ref().err());
        result
    }

    /// Makes one of a declared operation, with the account group that the options name.
    pub async fn ask(&self, endpoint: &Endpoint, id: Option<&str>, body: Option<String>) -> Result<Given, Error> {
        let known = |name: &str| endpoint.options.parameters.iter().any(|parameter| parameter.name == name);
        let query: Vec<_> = self.options.query.iter().filter(|(name, _)| known(name)).cloned().collect();
        let operation = endpoint.operation(id, &query, body).as_json();
        let answer = self.make(&operation).await?;
        let json = if let Data::Json(json) = answer.data { json } else { String::new() };
        let value = parse(&json);
        Ok(Given { json, value })
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
    fn begin(calls: &Calls<'a, T>, operation: &'a Operation, progress: &'a Progress) -> Self {
        let (id, transport) = (calls.client.next_call_id(), calls.transport);
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
