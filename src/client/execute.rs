//! The one course of every call, from top to bottom: a permit, the token, the request, a decision, and again.

use std::mem;
use std::rc::Rc;

use futures_lite::future::or;

use super::limiter::{Limiter, Spent};
use super::progress::Progress;
use super::tokens::{Question, Refreshes};
use super::{Answer, AnswerOf, Client};
use crate::config::{AccessToken, Options, Settings, Token};
use crate::decode::{self, Checked, Data, Drift, Links};
use crate::endpoints::{Content, Operation};
use crate::error::{Error, TimeSetting};
use crate::http::{Request, Response};
use crate::path::Path;
use crate::rate_limit::{Pace, RateLimit};
use crate::retry::{self, Ending, Wait};
use crate::transport::{Event, Failure, Stage, Transport};

/// One call, with all its attempts.
pub(super) struct Call<'a, T> {
    id: u32,
    pub(super) client: &'a Client,
    transport: &'a T,
    pub(super) operation: &'a Operation,
    pub(super) settings: &'a Settings,
    /// The limiter of its key.
    limiter: Rc<Limiter>,
    /// Where its token comes from, and whether that is the client's.
    access_token: &'a AccessToken,
    has_own_token: bool,
    pub(super) progress: &'a Progress,
    /// Milliseconds that attempts and backoff took.
    spent: u64,
    retries: u32,
    may_renew: bool,
    /// How many refreshes there had been when its token was asked for.
    refreshes: u32,
    /// The token that came in place of a refused one.
    renewed: Option<Token>,
    /// Every token that was sent, the longest first: none may show in what comes back.
    pub(super) sent: Vec<Token>,
}

/// A call's place in its limiter, whether it waits or is under way. However it is left, the store hears of it.
struct Place<'a, T: Transport> {
    limiter: Rc<Limiter>,
    transport: &'a T,
    settings: &'a Settings,
    progress: &'a Progress,
}

impl<T: Transport> Drop for Place<'_, T> {
    fn drop(&mut self) {
        self.progress.release();
        self.limiter.report_to(self.transport, self.settings);
    }
}

/// An answer, with what it says of the pace, and the token that was sent.
struct Answered<B> {
    response: Response<B>,
    pace: Pace,
    token: Option<Token>,
}

/// An attempt that gave no success.
struct Failed {
    error: Error,
    /// How it ended; none where sending again is out of the question.
    ending: Option<Ending>,
    /// The token that it was sent with.
    token: Option<Token>,
}

impl<'a, T: Transport> Call<'a, T> {
    pub(super) fn new(
        id: u32,
        client: &'a Client,
        transport: &'a T,
        operation: &'a Operation,
        options: &'a Options,
        progress: &'a Progress,
    ) -> Self {
        Self {
            id,
            client,
            transport,
            operation,
            settings: &options.settings,
            limiter: client.limiter(&options.settings.rate_limit_key, transport.now()),
            access_token: options.access_token.as_ref().unwrap_or(&client.configuration.access_token),
            has_own_token: options.access_token.is_some(),
            progress,
            spent: 0,
            retries: 0,
            may_renew: true,
            refreshes: 0,
            renewed: None,
            sent: Vec::new(),
        }
    }

    pub(super) async fn execute(&mut self) -> Result<AnswerOf<T>, Error> {
        loop {
            let place =
                Place { limiter: Rc::clone(&self.limiter), transport: self.transport, settings: self.settings, progress: self.progress };
            self.take_turn().await?;
            let attempt = self.attempt().await;
            drop(place);
            let failed = match attempt {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            self.progress.settle(self.operation.request.method, failed.error.outcome);
            if self.renews(&failed) {
                self.renew(failed).await?;
            } else {
                self.wait_to_retry(failed).await?;
            }
        }
    }

    /// Waits for a permit, and for the next window where the rate limit is spent.
    async fn take_turn(&self) -> Result<(), Error> {
        let began = self.transport.now();
        let left = self.queue_left();
        let may_wait = |milliseconds: u64, is_store_lost: bool| {
            let has_time = left.is_none_or(|left| self.since(began).saturating_add(milliseconds) < left);
            self.tell_of_limit(self.next_attempt(), None, has_time.then_some(milliseconds), is_store_lost);
            has_time
        };
        let turn = self.limiter.acquire(self.transport, self.settings, self.progress, may_wait);
        let turn = within(self.transport, left, turn).await;
        self.add_to_queued(began);
        match turn {
            Some(Ok(())) => Ok(()),
            Some(Err(Spent)) => Err(self.late(TimeSetting::QueueTimeout, "would have to wait for the rate limit for more than")),
            None => Err(self.late(TimeSetting::QueueTimeout, "was still waiting for its turn after")),
        }
    }

    /// One attempt: the token, the request and its answer, all within the time of an attempt.
    async fn attempt(&mut self) -> Result<AnswerOf<T>, Failed> {
        let (transport, began) = (self.transport, self.transport.now());
        let (limit, setting) = self.attempt_limit();
        let answered = within(transport, limit, self.send()).await;
        self.add_to_spent(began);
        match answered {
            Some(Ok(answered)) => self.judge(answered),
            Some(Err(failed)) => Err(failed),
            None => {
                let what = if self.progress.is_under_way.get() { "got no answer within" } else { "got no token from accessToken within" };
                let error = self.late(setting, what);
                Err(Failed { ending: Some(Ending::NoAnswer(error.outcome)), token: None, error })
            }
        }
    }

    async fn send(&mut self) -> Result<Answered<T::Body>, Failed> {
        let token = self.token().await.map_err(Failed::finally)?;
        let request = self.request(token.as_ref());
        let attempt = self.next_attempt();
        self.emit(Stage::Request { attempt });
        // A hook may abort the call or close the client; then nothing is sent.
        self.transport.emitted().await;
        self.progress.attempts.set(attempt);
        self.progress.is_under_way.set(true);
        let began = self.transport.now();
        match self.transport.send(request).await {
            Ok(response) => {
                let pace = Pace::read(&response.headers, self.transport.now());
                let (status, milliseconds) = (response.status, self.since(began));
                let key = self.settings.rate_limit_key.clone();
                self.emit(Stage::Response { attempt, status, milliseconds, rate_limit: pace.rate_limit, key });
                Ok(Answered { response, pace, token })
            }
            Err(Failure { outcome, is_final, advice, cause }) => {
                let error = self.unreachable(outcome, is_final, advice).because(cause);
                Err(Failed { error, ending: (!is_final).then_some(Ending::NoAnswer(outcome)), token: None })
            }
        }
    }

    /// The token that the request goes with; none where a proxy adds it.
    async fn token(&mut self) -> Result<Option<Token>, Error> {
        self.refreshes = self.client.refreshes.as_ref().map_or(0, Refreshes::count);
        if self.renewed.is_some() {
            return Ok(self.renewed.clone());
        }
        match self.access_token {
            AccessToken::None => Ok(None),
            AccessToken::Fixed(token) => Ok(Some(token.clone())),
            AccessToken::Provided => self.ask(false).await.map(Some),
        }
    }

    /// Asks the application for a token; the question goes on without the call.
    fn ask(&self, refresh: bool) -> Question {
        let token = self.transport.token(refresh);
        let owner = if self.has_own_token { "options" } else { "configuration" };
        Box::pin(async move {
            let root = Path::Argument(owner);
            let path = root.property("accessToken");
            match token.await {
                Ok(Some(token)) => Token::new(&path, &token),
                Ok(None) => Err(Error::wrong_type(&path, "must give a string, or a promise of one.")),
                Err(cause) => Err(Error::wrong_value(&path, "failed: see the cause.").because(cause)),
            }
        })
    }

    fn request(&mut self, token: Option<&Token>) -> Request {
        let Request { method, url, headers, body } = &self.operation.request;
        let mut headers = headers.clone();
        for (name, value) in self.settings.headers.iter() {
            headers.add(name, value);
        }
        if let Some(token) = token {
            headers.add("Authorization", &token.authorization());
            self.remember(token);
        }
        Request { method: *method, url: format!("{}{url}", self.client.configuration.host), headers, body: body.clone() }
    }

    fn remember(&mut self, token: &Token) {
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

    /// What an answer says, to the limiter as to the call.
    fn judge(&self, Answered { response, pace, token }: Answered<T::Body>) -> Result<AnswerOf<T>, Failed> {
        let (status, now) = (response.status, self.transport.now());
        let Pace { rate_limit, until_reset, retry_after } = pace;
        let is_spent = status == 429;
        let asked = retry_after.or(until_reset.filter(|_| is_spent));
        self.limiter.learn(rate_limit, if is_spent { asked } else { until_reset }, now, is_spent);
        if response.is_success() {
            return self.decode(response, rate_limit).map_err(Failed::finally);
        }
        let retry_at = asked.filter(|_| is_spent || status >= 500).map(|asked| now.saturating_add(asked));
        Err(Failed { error: self.refused(response, rate_limit, retry_at), ending: Some(Ending::Answer { status, asked }), token })
    }

    fn decode(&self, response: Response<T::Body>, rate_limit: RateLimit) -> Result<AnswerOf<T>, Error> {
        let Response { status, headers, body, .. } = response;
        let configuration = &self.client.configuration;
        let Checked { data, drift, links } = match self.operation.content {
            Content::Nothing => Checked { data: Data::Nothing, drift: Vec::new(), links: Links::default() },
            Content::Model(model) => decode::checked(&body, model).map_err(|refusal| self.unusable(status, refusal))?,
            Content::Any => decode::any(&body, headers.get("content-type")).map_err(|refusal| self.unusable(status, refusal))?,
        };
        if self.settings.strict
            && let Some(Drift { path, expected, .. }) = drift.first()
        {
            return Err(self.undecodable(path.clone(), status, &format!("{path} is not {expected}")));
        }
        Ok(Answer {
            status_code: status,
            rate_limit,
            location: headers.get("location").map(|location| configuration.rebase(location)),
            self_link: links.this.map(|link| configuration.rebase(&link)),
            next_link: links.next,
            data,
            drift,
            headers,
        })
    }

    /// Whether another token may help. It is asked for once in a call, and does not count as a retry.
    fn renews(&self, failed: &Failed) -> bool {
        matches!(failed, Failed { ending: Some(Ending::Answer { status: 401, .. }), token: Some(_), .. })
            && *self.access_token == AccessToken::Provided
            && self.may_renew
            && self.settings.max_retries > 0
    }

    /// Replaces the token that was refused, or ends the call with that it was.
    async fn renew(&mut self, Failed { error, token, .. }: Failed) -> Result<(), Error> {
        self.may_renew = false;
        let Some(refused) = token else { return Err(error) };
        let began = self.transport.now();
        let renewed = async {
            match &self.client.refreshes {
                Some(refreshes) if !self.has_own_token => refreshes.replace(&refused, self.refreshes, || self.ask(true)).await,
                _ => self.ask(true).await.map_err(|error| error.cause.clone()),
            }
        };
        let renewed = within(self.transport, self.attempt_limit().0, renewed).await;
        self.add_to_spent(began);
        match renewed {
            Some(Ok(token)) if token != refused => {
                self.renewed = Some(token);
                self.tell_of_retry(Stage::Retry { attempt: self.progress.attempts.get(), status: Some(401), wait: 0 }, &error);
                Ok(())
            }
            // Why there is no other token says more than that the old one was refused.
            Some(Err(Some(cause))) => Err(error.because(cause)),
            _ => Err(error),
        }
    }

    /// Waits until the request may be sent again, or ends the call where it must not be.
    async fn wait_to_retry(&mut self, Failed { error, ending, .. }: Failed) -> Result<(), Error> {
        let Some(ending) = ending else { return Err(error) };
        let (attempt, status) = (self.progress.attempts.get(), ending.status());
        let decision = retry::decide(retry::Attempt {
            method: self.operation.request.method,
            ending,
            retries: self.retries,
            max_retries: self.settings.max_retries,
            jitter: self.transport.random(),
        });
        let wait = decision.filter(|wait| self.has_time_for(*wait));
        if status == Some(429) {
            self.tell_of_limit(attempt, status, wait.map(|wait| wait.milliseconds), false);
        }
        let Some(Wait { milliseconds, is_for_turn }) = wait else { return Err(error) };
        self.tell_of_retry(Stage::Retry { attempt, status, wait: milliseconds }, &error);
        self.retries = self.retries.saturating_add(1);
        let began = self.transport.now();
        sleep(self.transport, milliseconds).await;
        if is_for_turn {
            self.add_to_queued(began)
        } else {
            self.add_to_spent(began)
        }
        Ok(())
    }
}

/// Time.
impl<T: Transport> Call<'_, T> {
    fn since(&self, began: u64) -> u64 {
        self.transport.now().saturating_sub(began)
    }

    fn add_to_spent(&mut self, began: u64) {
        self.spent = self.spent.saturating_add(self.since(began));
    }

    fn add_to_queued(&self, began: u64) {
        self.progress.queued.set(self.progress.queued.get().saturating_add(self.since(began)));
    }

    /// Milliseconds that are left for attempts and backoff.
    fn total_left(&self) -> Option<u64> {
        left(self.settings.total_timeout, self.spent)
    }

    /// Milliseconds that are left for waiting for a turn.
    fn queue_left(&self) -> Option<u64> {
        left(self.settings.queue_timeout, self.progress.queued.get())
    }

    fn has_time_for(&self, wait: Wait) -> bool {
        let left = if wait.is_for_turn { self.queue_left() } else { self.total_left() };
        wait.milliseconds <= LONGEST_SLEEP && left.is_none_or(|left| wait.milliseconds < left)
    }

    /// Milliseconds for the next attempt, and the setting that says so.
    fn attempt_limit(&self) -> (Option<u64>, TimeSetting) {
        let timeout = left(self.settings.timeout, 0);
        match (timeout, self.total_left()) {
            (_, Some(left)) if timeout.is_none_or(|timeout| left <= timeout) => (Some(left), TimeSetting::TotalTimeout),
            (timeout, _) => (timeout, TimeSetting::Timeout),
        }
    }
}

/// What is told of the call.
impl<T: Transport> Call<'_, T> {
    fn next_attempt(&self) -> u32 {
        self.progress.attempts.get().saturating_add(1)
    }

    fn tell_of_limit(&self, attempt: u32, status: Option<u16>, wait: Option<u64>, is_store_lost: bool) {
        self.emit(Stage::RateLimit { attempt, status, wait, rate_limit: self.limiter.rate_limit(), is_store_lost });
    }

    fn tell_of_retry(&self, stage: Stage, error: &Error) {
        self.transport.emit_failed(Event::of(self.id, self.operation, stage), error);
    }

    fn emit(&self, stage: Stage) {
        self.transport.emit(Event::of(self.id, self.operation, stage));
    }
}

impl Failed {
    /// Sending again is out of the question.
    const fn finally(error: Error) -> Self {
        Self { error, ending: None, token: None }
    }
}

/// The longest wait of a platform's timer: a longer one would end at once.
const LONGEST_SLEEP: u64 = 2_147_483_647;

/// What is left of a limit; none where there is no limit, which 0 says.
fn left(limit: u32, gone: u64) -> Option<u64> {
    (limit > 0).then(|| u64::from(limit).saturating_sub(gone))
}

async fn sleep<T: Transport>(transport: &T, milliseconds: u64) {
    transport.sleep(u32::try_from(milliseconds.clamp(1, LONGEST_SLEEP)).unwrap_or(u32::MAX)).await;
}

/// What a future gives within so many milliseconds; none if they are over before.
async fn within<T: Transport, O>(transport: &T, limit: Option<u64>, future: impl Future<Output = O>) -> Option<O> {
    let Some(limit) = limit else { return Some(future.await) };
    let in_time = async { Some(future.await) };
    let too_late = async {
        sleep(transport, limit).await;
        None
    };
    or(in_time, too_late).await
}
