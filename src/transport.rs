//! The outside world of a call: the network, time, chance, the application's token, and whoever watches.

use std::future::Future;
use std::pin::Pin;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::config::Priority;
use crate::decode::RawBody;
use crate::endpoints::Operation;
use crate::error::{Cause, Error, Outcome};
use crate::http::{Method, Request, Response};
use crate::json::Fields;
use crate::rate_limit::RateLimit;

/// Why there is no answer.
#[derive(Clone)]
pub struct Failure {
    /// `NotSent` only where that is certain.
    pub outcome: Outcome,
    /// Whether the transport itself is unfit, so that sending again is in vain.
    pub is_final: bool,
    /// What is wrong and what helps, where more is known than that there is no answer.
    pub advice: Option<String>,
    /// What the platform said.
    pub cause: Cause,
}

/// What is told of a call while it runs: no token, no body.
#[derive(Debug, Clone, PartialEq)]
pub struct Event<'a> {
    /// Which call of the client it is.
    pub call_id: u32,
    /// The name of the method in JavaScript.
    pub operation: &'static str,
    /// The method.
    pub method: Method,
    /// The path below the base URL, without a query, unless it may hold what nobody should see.
    pub path: Option<&'a str>,
    /// The path with names in place of what differs, where it is known.
    pub template: Option<&'a str>,
    /// What happens.
    pub stage: Stage,
}

impl<'a> Event<'a> {
    /// An event of a call.
    pub fn of(call_id: u32, operation: &'a Operation, stage: Stage) -> Self {
        let Operation { name, request, template, tells_path, .. } = operation;
        let path = request.url.split('?').next().filter(|_| *tells_path);
        Self { call_id, operation: name, method: request.method, path, template: template.as_deref(), stage }
    }
}

impl Serialize for Event<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("callId", &self.call_id)?;
        fields.serialize_entry("operation", self.operation)?;
        fields.serialize_entry("method", self.method.as_str())?;
        fields.serialize_some("path", self.path)?;
        fields.serialize_some("template", self.template)?;
        match &self.stage {
            Stage::Start => {}
            Stage::Request { attempt } => fields.serialize_entry("attempt", attempt)?,
            Stage::Response { attempt, status, milliseconds, rate_limit, key } => {
                fields.serialize_entry("attempt", attempt)?;
                fields.serialize_entry("status", status)?;
                fields.serialize_entry("milliseconds", milliseconds)?;
                fields.serialize_entry("rateLimit", rate_limit)?;
                fields.serialize_some("rateLimitKey", Some(key.as_str()).filter(|key| !key.is_empty()))?;
            }
            Stage::Retry { attempt, status, wait } => {
                fields.serialize_entry("attempt", attempt)?;
                fields.serialize_some("status", status.as_ref())?;
                fields.serialize_entry("wait", wait)?;
            }
            Stage::RateLimit { attempt, status, wait, rate_limit, is_store_lost } => {
                fields.serialize_entry("attempt", attempt)?;
                fields.serialize_some("status", status.as_ref())?;
                fields.serialize_some("wait", wait.as_ref())?;
                fields.serialize_entry("rateLimit", rate_limit)?;
                fields.serialize_some("store", is_store_lost.then_some("lost"))?;
            }
            Stage::End { attempts, queued, milliseconds, outcome } => {
                fields.serialize_entry("attempts", attempts)?;
                fields.serialize_entry("queued", queued)?;
                fields.serialize_entry("milliseconds", milliseconds)?;
                fields.serialize_some("outcome", outcome.map(Outcome::name))?;
            }
        }
        fields.end()
    }
}

/// What happens in the course of a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// The call begins.
    Start,
    /// A request is about to be sent.
    Request {
        /// Which request of the call it is, from 1.
        attempt: u32,
    },
    /// An answer is there.
    Response {
        /// Which request of the call it answers, from 1.
        attempt: u32,
        /// The status.
        status: u16,
        /// How long it took.
        milliseconds: u64,
        /// The limit as it tells it.
        rate_limit: RateLimit,
        /// Whose window that is; empty where nobody said so.
        key: String,
    },
    /// The request will be sent again.
    Retry {
        /// Which request of the call failed, from 1.
        attempt: u32,
        /// The status, if there was an answer.
        status: Option<u16>,
        /// Milliseconds until then.
        wait: u64,
    },
    /// The rate limit is spent: an answer says so, or the call waits for the next window.
    RateLimit {
        /// Which request of the call it is about, from 1.
        attempt: u32,
        /// 429, if it was an answer.
        status: Option<u16>,
        /// Milliseconds until the call goes on; none if it ends here.
        wait: Option<u64>,
        /// The limit as far as it is known.
        rate_limit: RateLimit,
        /// Whether it is about the store: it is gone, so the limiter keeps to its share.
        is_store_lost: bool,
    },
    /// The call is over, however it ended.
    End {
        /// How many requests were sent.
        attempts: u32,
        /// Milliseconds that it waited for its turn.
        queued: u64,
        /// Milliseconds that it took in all.
        milliseconds: u64,
        /// What became of what was sent; none where the call succeeded.
        outcome: Option<Outcome>,
    },
}

/// What the application gives as its token; others may go on waiting for it when the call is over that asked.
pub type TokenFuture = Pin<Box<dyn Future<Output = Result<Option<String>, Cause>>>>;

impl Stage {
    /// The place of its hook in [`crate::config::HOOKS`].
    pub const fn hook(&self) -> usize {
        match self {
            Stage::Start => 0,
            Stage::Request { .. } => 1,
            Stage::Response { .. } => 2,
            Stage::Retry { .. } => 3,
            Stage::RateLimit { .. } => 4,
            Stage::End { .. } => 5,
        }
    }
}

/// What a limiter tells the store by which it shares a window with others.
#[derive(Debug, Clone, PartialEq)]
pub struct Report<'a> {
    /// Whose window it is.
    pub key: &'a str,
    /// Which limiter of this program it is.
    pub limiter: usize,
    /// The limiter wants to send a request, of this priority; none where one has ended.
    pub priority: Option<Priority>,
    /// How many requests of the limiter are under way, or may be at once.
    pub under_way: usize,
    /// How many further interactive calls wait.
    pub waiting: usize,
    /// Milliseconds after which its requests are under way no more; 0 where no limit is known.
    pub timeout: u32,
    /// What the last answer told of the window.
    pub told: RateLimit,
    /// Milliseconds until that window ends; 0 where it has ended, so that only its limit tells something.
    pub reset_in: u64,
}

/// What the store says to a limiter that wants to send a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// It may.
    Granted {
        /// How many limiters share the window.
        limiters: u32,
    },
    /// It may not yet.
    Wait {
        /// Before that it makes no sense to ask again.
        milliseconds: u64,
    },
}

/// The outside world of one call. What runs there of the application's runs in the context of the call.
///
/// Dropping a future ends what it stands for: a request is aborted, a timer is cleared.
pub trait Transport {
    /// How it keeps the body of an answer.
    type Body: RawBody;

    /// Milliseconds since the epoch. The clock may be wrong, or be set while a call runs.
    fn now(&self) -> u64;

    /// A number from 0 up to 1.
    fn random(&self) -> f64;

    /// Tells whoever watches, at once or soon.
    fn emit(&self, event: Event<'_>);

    /// The same, with the error that an attempt failed with.
    fn emit_failed(&self, event: Event<'_>, error: &Error);

    /// Waits until whoever watches has been told all.
    fn emitted(&self) -> impl Future<Output = ()>;

    /// Asks the application for its token; with `refresh` the last one was refused. None is something else than a string.
    fn token(&self, refresh: bool) -> TokenFuture;

    /// Asks the store for a request; none where it fails, or says nothing of use within so many milliseconds.
    fn share(&self, report: &Report<'_>, limit: u32) -> impl Future<Output = Option<Grant>>;

    /// Tells the store that a request has ended.
    fn report(&self, report: &Report<'_>);

    /// Sends a request and reads the answer to its end. Redirects are not followed.
    fn send(&self, request: Request) -> impl Future<Output = Result<Response<Self::Body>, Failure>>;

    /// Waits so many milliseconds.
    fn sleep(&self, milliseconds: u32) -> impl Future<Output = ()>;
}
