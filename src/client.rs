//! The one path that every call takes: wait for its turn, send, decide on a retry, decode or map the error.

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::FutureExt;
use futures_util::future::{Either, Shared, select};
use serde::Serialize;

use crate::config::{Configuration, Settings};
use crate::decode::{self, Decoded, Drift, decode};
use crate::endpoints::Operation;
use crate::error::{self, Error, Kind, Outcome, Refusal};
use crate::http::{Headers, Method, Request, Response};
use crate::limiter::{Limiter, Place};
use crate::models::{Model, ProblemBody};
use crate::rate_limit::{RateLimit, retry_after};
use crate::retry::{self, Ending};
use crate::tape::{Body, Materialised, materialise};
use crate::tokens::{Issued, Tokens};
use crate::transport::{Event, Moment, Transport};

/// A client: a configuration and a transport.
pub struct Client<T> {
    configuration: Configuration,
    transport: Rc<T>,
    tokens: Tokens<T>,
    limiter: Rc<Limiter>,
    close: Cell<Option<oneshot::Sender<()>>>,
    closed: Shared<oneshot::Receiver<()>>,
}

/// A successful answer. Its data are handed over apart: they are a value or text already.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer<V> {
    /// The status.
    #[serde(rename = "statusCode")]
    pub status: u16,
    /// The header fields that the platform lets us see.
    pub headers: Headers,
    /// The rate limit as of this answer.
    pub rate_limit: RateLimit,
    /// Where what was created can be read, on the configured host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Where the object can be read again, on the configured host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub self_link: Option<String>,
    /// What the operation gives.
    #[serde(skip)]
    pub data: Data<V>,
    /// What deviated from the model and was mended.
    pub drift: Vec<Drift>,
}

/// What an operation gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Data<V> {
    /// Nothing.
    Nothing,
    /// A value of the platform that matches the model.
    Value(V),
    /// JSON that matches the model.
    Json(String),
}

/// What an operation of this client gives, with the answer that it came with.
pub type AnswerOf<T> = Answer<<<T as Transport>::Body as Body>::Value>;

impl<T: Transport> Client<T> {
    /// A client for a checked configuration.
    pub fn new(configuration: Configuration, transport: T) -> Self {
        let transport = Rc::new(transport);
        let (close, closed) = oneshot::channel();
        Self {
            tokens: Tokens::new(configuration.access_token.clone(), Rc::clone(&transport)),
            limiter: Limiter::new(configuration.max_concurrency.unwrap_or(usize::MAX)),
            close: Cell::new(Some(close)),
            closed: closed.shared(),
            configuration,
            transport,
        }
    }

    /// The configuration.
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// The rate limit as the last answer told it.
    pub fn rate_limit(&self) -> RateLimit {
        self.limiter.rate_limit()
    }

    /// Ends the calls in flight; later ones fail. A second call does nothing.
    pub fn close(&self) {
        self.close.take();
    }

    /// Runs an operation and gives its successful answer, checked against the model.
    pub async fn execute(&self, operation: Operation, settings: &Settings) -> Result<AnswerOf<T>, Error> {
        let call = Call {
            client: self,
            settings,
            method: operation.request.method,
            path: operation.request.url.split('?').next().unwrap_or_default().to_owned(),
            operation,
            began: self.transport.now(),
            attempts: Cell::default(),
            outcome: Cell::default(),
        };
        let answer = match select(self.closed.clone(), pin!(call.run())).await {
            Either::Left(_) => Err(call.closed()),
            Either::Right((response, _)) => response.and_then(|response| call.decode(response)),
        };
        answer.map_err(|error| call.complete(error))
    }
}

/// A body that was checked against its model.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked<V> {
    /// What it holds.
    pub data: Data<V>,
    /// What deviated from the model and was mended.
    pub drift: Vec<Drift>,
    /// The address of the object's `self` link, as it came.
    pub self_link: Option<String>,
}

/// Checks a body against its model: by the fast path where it can, and else by the one that mends.
pub fn checked<B: Body>(body: &B, model: &'static Model) -> Result<Checked<B::Value>, decode::Refusal> {
    if let Some(Materialised { value, self_link }) = materialise(body, model) {
        return Ok(Checked { data: Data::Value(value), drift: Vec::new(), self_link });
    }
    let Decoded { json, drift, self_link } = decode(body.bytes(), model)?;
    Ok(Checked { data: Data::Json(json), drift, self_link })
}

/// One call, with all its attempts.
struct Call<'a, T> {
    client: &'a Client<T>,
    settings: &'a Settings,
    operation: Operation,
    method: Method,
    /// The path below the base URL, for hooks.
    path: String,
    began: u64,
    /// How many requests were sent.
    attempts: Cell<u32>,
    /// What became of all of them together.
    outcome: Cell<Outcome>,
}

/// An attempt that gave no success.
struct Failed {
    error: Error,
    /// None where sending again is out of the question.
    ending: Option<Ending>,
    token: Option<Issued>,
}

impl<T: Transport> Call<'_, T> {
    async fn run(&self) -> Result<Response<T::Body>, Error> {
        let mut retries = 0;
        let mut renewed = None;
        let mut may_renew = self.settings.max_retries > 0;
        loop {
            let place = self.turn().await?;
            let failed = match self.attempt(renewed.take()).await {
                Ok(response) => return Ok(response),
                Err(failed) => failed,
            };
            drop(place);
            let Some(ending) = failed.ending else { return Err(failed.error) };
            let status = match ending {
                Ending::Answer { status, .. } => Some(status),
                Ending::NoAnswer(_) => None,
            };
            if let (Some(401), Some(refused), true) = (status, failed.token, may_renew) {
                may_renew = false;
                let Some(token) = self.renew(&refused).await else { return Err(failed.error) };
                renewed = Some(token);
                self.observe(Moment::Retry { status, wait: 0 });
                continue;
            }
            let decision = retry::decide(retry::Attempt {
                method: self.method,
                ending,
                retries,
                max_retries: self.settings.max_retries,
                jitter: self.client.transport.random(),
            });
            let wait = decision.filter(|wait| self.has_time_for(*wait));
            if status == Some(429) {
                self.observe(Moment::RateLimit { status, wait, rate_limit: self.client.rate_limit() });
            }
            let Some(wait) = wait else { return Err(failed.error) };
            self.observe(Moment::Retry { status, wait });
            self.client.transport.sleep(wait).await;
            retries = retries.saturating_add(1);
        }
    }

    /// Waits until the limiter lets a request go.
    async fn turn(&self) -> Result<Place, Error> {
        let Client { limiter, transport, configuration, .. } = self.client;
        let place = match limiter.free_place() {
            Some(place) => Some(place),
            None => self.within(self.left().map_or(0, |left| left.max(1)), limiter.place()).await.filter(|_| self.has_time_for(0)),
        };
        let Some(place) = place else { return Err(self.late(true, "was still waiting for its turn")) };
        if configuration.max_concurrency.is_none() {
            return Ok(place);
        }
        while let Err(left) = limiter.take(transport.now()) {
            let wait = u32::try_from(left).unwrap_or(u32::MAX).saturating_add((transport.random() * 1000.0) as u32);
            let has_time = self.has_time_for(wait);
            self.observe(Moment::RateLimit { status: None, wait: has_time.then_some(wait), rate_limit: limiter.rate_limit() });
            if !has_time {
                return Err(self.late(true, "cannot get its turn before the rate limit is reset, so not"));
            }
            transport.sleep(wait).await;
        }
        Ok(place)
    }

    async fn attempt(&self, renewed: Option<Issued>) -> Result<Response<T::Body>, Failed> {
        let client = self.client;
        let finished = self.outcome.get();
        let sent = Cell::new(false);
        let mut token = None;
        let answer = async {
            let issued = match renewed {
                Some(issued) => issued,
                None => client.tokens.issue().await.map_err(|error| Failed { error, ending: None, token: None })?,
            };
            let request = self.prepare(&issued);
            token = Some(issued);
            sent.set(true);
            self.attempts.set(self.attempts.get().saturating_add(1));
            self.outcome.set(Outcome::Unknown);
            self.observe(Moment::Request);
            let began = client.transport.now();
            let response = client.transport.send(request).await.map_err(|failure| {
                let ending = (!failure.broken).then_some(Ending::NoAnswer(failure.outcome));
                let error = self.unreachable(failure.outcome).because(failure.cause);
                Failed { error, ending, token: None }
            })?;
            let milliseconds = client.transport.now().saturating_sub(began);
            self.observe(Moment::Response { status: response.status, milliseconds });
            Ok(response)
        };
        let limit = self.limit();
        let ended = match self.within(limit, answer).await {
            Some(ended) => ended,
            None => {
                let outcome = if sent.get() { Outcome::Unknown } else { Outcome::NotSent };
                let mut error = self.late(limit != self.settings.timeout, "got no answer");
                error.outcome = outcome;
                Err(Failed { error, ending: Some(Ending::NoAnswer(outcome)), token: None })
            }
        };
        let ended = ended.and_then(|response| self.judge(response, token));
        // A read changes nothing, so its last attempt tells all; of a write the worst attempt counts.
        let outcome = ended.as_ref().map_or_else(|failed| failed.error.outcome, |_| Outcome::Unknown);
        self.outcome.set(if self.method.is_safe() { outcome } else { outcome.max(finished) });
        ended
    }

    /// Success or not; either way the limiter learns from the answer.
    fn judge(&self, response: Response<T::Body>, token: Option<Issued>) -> Result<Response<T::Body>, Failed> {
        let now = self.client.transport.now();
        let rate_limit = RateLimit::read(&response.headers, now);
        let until_reset = rate_limit.until_reset(&response.headers, now);
        let refused = response.status == 429;
        let asked = retry_after(&response.headers, now).or(until_reset.filter(|_| refused));
        self.client.limiter.learn(rate_limit, if refused { asked } else { until_reset }, now, refused);
        if response.is_success() {
            return Ok(response);
        }
        let response = response.map(|body| body.bytes());
        let ending = Some(Ending::Answer { status: response.status, asked });
        let secret = token.as_ref().and_then(|issued| issued.token.as_ref());
        let response = secret.map_or_else(|| response.clone(), |token| token.redact(&response));
        Err(Failed { error: self.refused(response, rate_limit), ending, token })
    }

    fn prepare(&self, issued: &Issued) -> Request {
        let mut request = self.operation.request.clone();
        request.url.insert_str(0, &self.client.configuration.host);
        for (name, value) in self.settings.headers.iter() {
            request.headers.set(name, value);
        }
        if let Some(token) = &issued.token {
            request.headers.set("Authorization", token.authorization());
        }
        request
    }

    /// Another token in place of a refused one; nothing where there is none, which the refusal then stands for.
    async fn renew(&self, refused: &Issued) -> Option<Issued> {
        self.within(self.limit(), self.client.tokens.renew(refused)).await?.ok()?
    }

    fn decode(&self, response: Response<T::Body>) -> Result<AnswerOf<T>, Error> {
        let Response { status, headers, body, .. } = response;
        let configuration = &self.client.configuration;
        let Checked { data, drift, self_link } = match self.operation.model {
            None => Checked { data: Data::Nothing, drift: Vec::new(), self_link: None },
            Some(model) => checked(&body, model).map_err(|refusal| {
                let place = if refusal.path.is_empty() { String::new() } else { format!(" (at {})", refusal.path) };
                self.undecodable(refusal.path, status, format!("the body {}{place}", refusal.problem))
            })?,
        };
        if self.settings.strict
            && let Some(Drift { path, expected, .. }) = drift.first()
        {
            return Err(self.undecodable(path.clone(), status, format!("{path} is not {expected}")));
        }
        Ok(Answer {
            status,
            rate_limit: RateLimit::read(&headers, self.client.transport.now()),
            location: headers.get("location").map(|location| configuration.rebase(location)),
            self_link: self_link.map(|link| configuration.rebase(&link)),
            data,
            drift,
            headers,
        })
    }

    fn observe(&self, moment: Moment) {
        let upcoming = matches!(moment, Moment::RateLimit { status: None, .. });
        let attempt = self.attempts.get().saturating_add(upcoming.into());
        self.client.transport.observe(Event { moment, operation: self.operation.name, method: self.method, path: &self.path, attempt });
    }
}

/// Time.
impl<T: Transport> Call<'_, T> {
    /// Milliseconds that are left of the whole call.
    fn left(&self) -> Option<u32> {
        let gone = self.client.transport.now().saturating_sub(self.began);
        (self.settings.total_timeout > 0).then(|| self.settings.total_timeout.saturating_sub(u32::try_from(gone).unwrap_or(u32::MAX)))
    }

    fn has_time_for(&self, wait: u32) -> bool {
        self.left().is_none_or(|left| wait < left)
    }

    /// Milliseconds for the next attempt; 0 for no limit.
    fn limit(&self) -> u32 {
        match (self.settings.timeout, self.left()) {
            (timeout, None) => timeout,
            (0, Some(left)) => left.max(1),
            (timeout, Some(left)) => timeout.min(left.max(1)),
        }
    }

    /// The work's result, unless the time is over first.
    async fn within<W: Future>(&self, milliseconds: u32, work: W) -> Option<W::Output> {
        let work = pin!(work);
        if milliseconds == 0 {
            return Some(work.await);
        }
        match select(work, pin!(self.client.transport.sleep(milliseconds))).await {
            Either::Left((done, _)) => Some(done),
            Either::Right(_) => None,
        }
    }
}

/// Words.
impl<T: Transport> Call<'_, T> {
    fn refused(&self, response: Response, rate_limit: RateLimit) -> Error {
        let (operation, status) = (self.operation.name, response.status);
        let problem = ProblemBody::read(&response.body);
        let said = problem.summary().map(|summary| format!(": {summary}")).unwrap_or_default();
        let message = match status {
            0 => format!("{operation} was redirected, and redirects are not followed: set host to where the API is."),
            300..=399 => {
                format!("{operation} was redirected with status {status}, and redirects are not followed: set host to where the API is.")
            }
            status => format!("{operation} failed with status {status}{said}"),
        };
        let outcome = match (status, self.method) {
            (408 | 500.., _) => Outcome::Unknown,
            // A create that was answered 404 has been seen to succeed all the same.
            (404, Method::Post) => Outcome::Unknown,
            _ => Outcome::Rejected,
        };
        let hint = match (status, self.operation.permissions) {
            (0 | 300..=399, _) => Some("The host may lack its version, such as /v7, or name one that the API does not have.".into()),
            (401, _) => Some("Check the access token before trying again: repeated failures lock the account.".into()),
            (403, Some(permissions)) => Some(format!(
                "The API documents the permission {permissions} for this: the token's owner may lack it, or may not be in this account group."
            )),
            (403, None) => Some("The token's owner may lack a permission for this, or may not be in this account group.".into()),
            _ => None,
        };
        let kind = Kind::Api(Box::new(Refusal { response, problem, rate_limit }));
        self.error(kind, message, outcome, Ending::Answer { status, asked: None }, hint)
    }

    fn unreachable(&self, outcome: Outcome) -> Error {
        let (operation, host) = (self.operation.name, &self.client.configuration.host);
        let message = format!("{operation} got no answer from {host}: check the network, and that the host is right.");
        self.error(Kind::Connection, message, outcome, Ending::NoAnswer(outcome), None)
    }

    /// The time of an attempt is over, or of the whole call.
    fn late(&self, whole: bool, what: &str) -> Error {
        let (milliseconds, setting) =
            if whole { (self.settings.total_timeout, "totalTimeout") } else { (self.settings.timeout, "timeout") };
        let message = format!("{} {what} within {milliseconds} ms: raise {setting}, or try later.", self.operation.name);
        let outcome = self.outcome.get();
        self.error(Kind::Timeout { milliseconds }, message, outcome, Ending::NoAnswer(outcome), None)
    }

    fn error(&self, kind: Kind, message: String, outcome: Outcome, ending: Ending, hint: Option<String>) -> Error {
        let mut error = Error::new(kind, message, outcome);
        error.retryable = retry::may_repeat(self.method, ending);
        error.hint = hint;
        error
    }

    fn undecodable(&self, path: String, status: u16, problem: String) -> Error {
        let message = format!("{} was answered with status {status}, but {problem}.", self.operation.name);
        Error::new(Kind::Decode { path, status }, message, Outcome::Unknown)
    }

    fn closed(&self) -> Error {
        let message = format!("{} ended because its client is closed: make a new ApiClient.", self.operation.name);
        Error::new(Kind::Closed, message, self.outcome.get())
    }

    /// Adds what the whole call knows to the error of its last attempt.
    fn complete(&self, mut error: Error) -> Error {
        error.call = Some(error::Call { operation: self.operation.name, attempts: self.attempts.get() });
        if !self.method.is_safe() {
            error.outcome = error.outcome.max(self.outcome.get());
            if error.outcome == Outcome::Unknown && error.hint.is_none() {
                error.hint = Some("It may have been carried out all the same: look before you send it again.".to_owned());
            }
        }
        error
    }
}
