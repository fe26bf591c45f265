//! The one path that every call takes: wait for its turn, ask for the token, send, decide on a retry, decode or map the
//! error.

use std::mem;
use std::rc::Rc;

use super::{Answer, AnswerOf, Client};
use crate::config::{Settings, Token};
use crate::decode::{Checked, Data, Drift, checked};
use crate::endpoints::Operation;
use crate::error::{Cause, Error, Outcome};
use crate::http::{Method, Request, Response};
use crate::json;
use crate::limiter::Place;
use crate::rate_limit::{Pace, RateLimit};
use crate::retry::{self, Ending};
use crate::tokens::{Issued, Renewal};
use crate::transport::{Event, Failure, Input, Moment, Need, Transport};

const TOKEN_PATH: &str = "configuration.accessToken";

/// One call, with all its attempts. Dropped, it gives back what it holds of what the calls of its client share.
pub struct Call<T: Transport> {
    pub(super) client: Rc<Client<T>>,
    id: u32,
    pub(super) settings: Settings,
    pub(super) operation: Operation,
    pub(super) method: Method,
    /// When it began, and when it was told of something last.
    began: Option<u64>,
    now: u64,
    /// How many requests were sent.
    pub(super) attempts: u32,
    /// What became of all of them together.
    pub(super) outcome: Outcome,
    retries: u32,
    may_renew: bool,
    /// The token that came in place of a refused one.
    renewed: Option<Issued>,
    /// Every token that was sent: none may show in what comes back.
    pub(super) sent: Vec<Token>,
    state: State<T>,
}

/// What a call waits for.
enum State<T: Transport> {
    /// To begin, or to begin again.
    Start,
    /// A place.
    Queued(Place<T>),
    /// The next window of the rate limit.
    Window(Place<T>),
    /// The token; the number is how many renewals there had been.
    Token(Attempt<T>, u32),
    /// The answer.
    Answer(Attempt<T>, Issued),
    /// Another token than the refused one, for which the error stands else.
    Renewal(Error, Issued),
    /// Nothing any more.
    Over,
}

/// An attempt that is under way.
struct Attempt<T: Transport> {
    /// Held until the attempt is over.
    _place: Place<T>,
    began: u64,
    /// Milliseconds that it may take; 0 for no limit.
    limit: u32,
}

/// What a call does next.
pub enum Step<T: Transport> {
    /// It needs something, within so many milliseconds; 0 for no limit.
    Needs(Need, u32),
    /// It is over.
    Ends(Result<AnswerOf<T>, Error>),
}

impl<T: Transport> Call<T> {
    pub(super) fn new(client: Rc<Client<T>>, id: u32, operation: Operation, settings: Settings) -> Self {
        Self {
            id,
            method: operation.request.method,
            operation,
            began: None,
            now: 0,
            client,
            attempts: 0,
            outcome: Outcome::NotSent,
            retries: 0,
            may_renew: true,
            renewed: None,
            sent: Vec::new(),
            settings,
            state: State::Start,
        }
    }

    /// By what [`Transport::wake`] calls it.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The outside world.
    pub fn transport(&self) -> &T {
        &self.client.transport
    }

    /// Goes on with what came of the last need. `now` is in milliseconds since the epoch; the clock may be wrong, but
    /// never goes back.
    pub fn next(&mut self, now: u64, input: Input<'_, T::Body>) -> Step<T> {
        self.now = now;
        self.began.get_or_insert(now);
        if self.client.is_closed.get() || matches!(input, Input::Closed { .. }) {
            if matches!(self.state, State::Answer(..)) {
                self.give_up(!matches!(input, Input::Closed { begun: false }));
            }
            return self.fail(self.closed());
        }
        match (mem::replace(&mut self.state, State::Over), input) {
            (State::Start, _) => self.begin(),
            (State::Queued(_), Input::Elapsed) => self.fail(self.late(self.outcome, true, "was still waiting for its turn")),
            (State::Queued(place), _) => self.queue(place),
            (State::Window(place), _) => self.take(place),
            (State::Token(attempt, generation), Input::Token(given)) => match self.read_token(given) {
                Ok(token) => self.send(attempt, Issued { token: Some(token), generation }),
                Err(error) => self.fail(error),
            },
            (State::Answer(attempt, issued), Input::Answer(response)) => self.answered(attempt.began, response, issued),
            (State::Answer(..), Input::Failed(failure)) => self.unanswered(failure),
            (State::Token(attempt, _), _) => self.silent(&attempt, Outcome::NotSent, "got no token from accessToken"),
            (State::Answer(attempt, _), _) => self.silent(&attempt, Outcome::Unknown, "got no answer"),
            (State::Renewal(error, refused), Input::Token(given)) => match self.read_token(given) {
                Ok(token) => match self.client.tokens.renew(token, &refused) {
                    Some(renewed) => self.again_with(renewed),
                    None => self.fail(error),
                },
                // Why there is no other token says more than that the old one was refused.
                Err(why) => self.fail(match why.cause.clone() {
                    Some(cause) => error.because(cause),
                    None => error,
                }),
            },
            (State::Renewal(error, _), _) => self.fail(error),
            (State::Over, _) => self.fail(self.closed()),
        }
    }

    /// Ends a request that was sent, or was about to be.
    fn give_up(&mut self, sent: bool) {
        if sent {
            self.outcome = Outcome::Unknown;
        } else {
            self.attempts = self.attempts.saturating_sub(1);
        }
    }

    fn begin(&mut self) -> Step<T> {
        self.queue(self.client.limiter.place(self.id))
    }

    fn queue(&mut self, place: Place<T>) -> Step<T> {
        if place.is_granted() {
            return self.take(place);
        }
        self.state = State::Queued(place);
        Step::Needs(Need::Wake, self.left().map_or(0, |left| left.max(1)))
    }

    /// Takes a request of the window, or waits for the next one.
    fn take(&mut self, place: Place<T>) -> Step<T> {
        let Client { limiter, transport, configuration, .. } = &*self.client;
        if !self.has_time_for(0) {
            return self.fail(self.late(self.outcome, true, "was still waiting for its turn"));
        }
        if configuration.max_concurrency.is_some()
            && let Err(left) = limiter.take(self.now)
        {
            let wait = u32::try_from(left).unwrap_or(u32::MAX).saturating_add((transport.random() * 1000.0) as u32);
            let has_time = self.has_time_for(wait);
            self.observe(Moment::RateLimit { status: None, wait: has_time.then_some(wait), rate_limit: limiter.rate_limit() });
            if !has_time {
                return self.fail(self.late(self.outcome, true, "cannot get its turn before the rate limit is reset, so not"));
            }
            self.state = State::Window(place);
            return Step::Needs(Need::Sleep(wait), 0);
        }
        let attempt = Attempt { _place: place, began: self.now, limit: self.limit() };
        match self.renewed.clone().or_else(|| self.client.tokens.fixed()) {
            Some(issued) => self.send(attempt, issued),
            None => {
                let limit = attempt.limit;
                self.state = State::Token(attempt, self.client.tokens.generation());
                Step::Needs(Need::Token { refresh: false }, limit)
            }
        }
    }

    fn read_token(&self, given: Result<&str, Cause>) -> Result<Token, Error> {
        let raw = given.map_err(|cause| Error::wrong_value(TOKEN_PATH, "failed: see the cause.").because(cause))?;
        match json::item(raw) {
            Some(item) => Token::new(TOKEN_PATH, item),
            None => Err(Error::wrong_type(TOKEN_PATH, "must give a string, or a promise of one.")),
        }
    }

    /// The request without a token.
    fn request(&self) -> Request {
        let Request { method, url, headers, body } = &self.operation.request;
        let mut headers = headers.clone();
        for (name, value) in self.settings.headers.iter() {
            headers.add(name, value);
        }
        Request { method: *method, url: [&self.client.configuration.host, url.as_str()].concat(), headers, body: body.clone() }
    }

    fn send(&mut self, attempt: Attempt<T>, issued: Issued) -> Step<T> {
        let mut request = self.request();
        if let Some(token) = &issued.token {
            request.headers.add("Authorization", &token.authorization());
            if !self.sent.contains(token) {
                // The longest first, because a shorter one may be the beginning of it.
                let mut next = token.clone();
                for sent in &mut self.sent {
                    if next.is_longer_than(sent) {
                        mem::swap(sent, &mut next);
                    }
                }
                self.sent.push(next);
            }
        }
        self.attempts = self.attempts.saturating_add(1);
        self.observe(Moment::Request);
        let limit = match attempt.limit {
            0 => 0,
            limit => limit.saturating_sub(elapsed(attempt.began, self.now)).max(1),
        };
        self.state = State::Answer(Attempt { began: self.now, ..attempt }, issued);
        Step::Needs(Need::Answer(request), limit)
    }
}

/// What came of an attempt.
impl<T: Transport> Call<T> {
    /// An answer, whether it is a success or not. Either way the limiter learns from it.
    fn answered(&mut self, began: u64, response: Response<T::Body>, issued: Issued) -> Step<T> {
        let now = self.now;
        self.observe(Moment::Response { status: response.status, milliseconds: now.saturating_sub(began) });
        let Pace { rate_limit, until_reset, retry_after } = Pace::read(&response.headers, now);
        let refused = response.status == 429;
        let asked = retry_after.or(until_reset.filter(|_| refused));
        self.client.limiter.learn(rate_limit, if refused { asked } else { until_reset }, now, refused);
        if response.is_success() {
            self.outcome = Outcome::Unknown;
            let answer = self.decode(response, rate_limit);
            return answer.map_or_else(|error| self.fail(error), |answer| Step::Ends(Ok(answer)));
        }
        let ending = Some(Ending::Answer { status: response.status, asked });
        let error = self.refused(response, rate_limit);
        self.failed(error, ending, Some(issued))
    }

    fn unanswered(&mut self, Failure { outcome, broken, cause }: Failure) -> Step<T> {
        let ending = (!broken).then_some(Ending::NoAnswer(outcome));
        self.failed(self.unreachable(outcome).because(cause), ending, None)
    }

    /// The time of an attempt is over.
    fn silent(&mut self, attempt: &Attempt<T>, outcome: Outcome, what: &str) -> Step<T> {
        let error = self.late(outcome, attempt.limit != self.settings.timeout, what);
        self.failed(error, Some(Ending::NoAnswer(outcome)), None)
    }

    /// The attempt gave no success; without an `ending`, sending again is out of the question.
    fn failed(&mut self, error: Error, ending: Option<Ending>, token: Option<Issued>) -> Step<T> {
        // A read changes nothing, so its last attempt tells all; of a write the worst attempt counts.
        self.outcome = if self.method.is_safe() { error.outcome } else { error.outcome.max(self.outcome) };
        let Some(ending) = ending else { return self.fail(error) };
        let status = match ending {
            Ending::Answer { status, .. } => Some(status),
            Ending::NoAnswer(_) => None,
        };
        if let (Some(401), Some(refused)) = (status, token)
            && self.may_renew
            && self.settings.max_retries > 0
        {
            self.may_renew = false;
            return match self.client.tokens.renewal(&refused) {
                Renewal::None => self.fail(error),
                Renewal::Renewed(issued) => self.again_with(issued),
                Renewal::Ask => {
                    self.state = State::Renewal(error, refused);
                    Step::Needs(Need::Token { refresh: true }, self.limit())
                }
            };
        }
        let decision = retry::decide(retry::Attempt {
            method: self.method,
            ending,
            retries: self.retries,
            max_retries: self.settings.max_retries,
            jitter: self.client.transport.random(),
        });
        let wait = decision.filter(|wait| self.has_time_for(*wait));
        if status == Some(429) {
            self.observe(Moment::RateLimit { status, wait, rate_limit: self.client.rate_limit() });
        }
        let Some(wait) = wait else { return self.fail(error) };
        self.observe(Moment::Retry { status, wait });
        self.retries = self.retries.saturating_add(1);
        self.state = State::Start;
        Step::Needs(Need::Sleep(wait), 0)
    }

    /// A refused token is replaced once, and the new one is sent from then on. That is no retry of those that are counted.
    fn again_with(&mut self, issued: Issued) -> Step<T> {
        self.renewed = Some(issued);
        self.observe(Moment::Retry { status: Some(401), wait: 0 });
        self.begin()
    }

    fn decode(&self, response: Response<T::Body>, rate_limit: RateLimit) -> Result<AnswerOf<T>, Error> {
        let Response { status, headers, body, .. } = response;
        let configuration = &self.client.configuration;
        let Checked { data, drift, self_link } = match self.operation.model {
            None => Checked { data: Data::Nothing, drift: Vec::new(), self_link: None },
            Some(model) => checked(&body, model).map_err(|refusal| self.unusable(status, refusal))?,
        };
        if self.settings.strict
            && let Some(Drift { path, expected, .. }) = drift.first()
        {
            return Err(self.undecodable(path.clone(), status, &format!("{path} is not {expected}")));
        }
        Ok(Answer {
            status,
            rate_limit,
            location: headers.get("location").map(|location| configuration.rebase(location)),
            self_link: self_link.map(|link| configuration.rebase(&link)),
            data,
            drift,
            headers,
        })
    }

    fn fail(&mut self, error: Error) -> Step<T> {
        self.state = State::Over;
        Step::Ends(Err(self.complete(error)))
    }

    fn observe(&self, moment: Moment) {
        let upcoming = matches!(moment, Moment::RateLimit { status: None, .. });
        let attempt = self.attempts.saturating_add(upcoming.into());
        let Operation { name: operation, request, .. } = &self.operation;
        self.client.transport.observe(Event { moment, operation, method: self.method, url: &request.url, attempt });
    }
}

/// Time.
impl<T: Transport> Call<T> {
    /// Milliseconds that are left of the whole call.
    fn left(&self) -> Option<u32> {
        let gone = elapsed(self.began.unwrap_or(self.now), self.now);
        (self.settings.total_timeout > 0).then(|| self.settings.total_timeout.saturating_sub(gone))
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
}

fn elapsed(since: u64, now: u64) -> u32 {
    u32::try_from(now.saturating_sub(since)).unwrap_or(u32::MAX)
}
