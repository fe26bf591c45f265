//! A world for the core: a server by script, a clock that runs only when everything waits, chance that is told.

#![allow(dead_code)]

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, Wake, Waker};

use given::given;
use offsets::Bytes;
use serde::Serialize;
use serde_json::{Value, json};

use thousandeyes_admin::client::{AnswerOf, Client, Progress, Sharing};
use thousandeyes_admin::config::{Configuration, Options};
use thousandeyes_admin::endpoints::{Endpoint, Operation, users};
use thousandeyes_admin::error::{Cause, Error, Outcome};
use thousandeyes_admin::http::{Request, Response};
use thousandeyes_admin::transport::{Event, Failure, Grant, Report, Stage, TokenFuture, Transport};

use store::{Mode, Store};

pub mod store;

#[path = "../given/mod.rs"]
#[allow(clippy::duplicate_mod, reason = "some tests use it directly, too")]
mod given;
#[path = "../offsets/mod.rs"]
#[allow(clippy::duplicate_mod, reason = "some tests use it by way of `decoding`, too")]
mod offsets;

/// What a call gives.
pub type Answer = AnswerOf<World>;

/// An operation on something with an id, if it takes one; if it sends something, that is empty.
pub fn operation(endpoint: &Endpoint, id: &str) -> Operation {
    endpoint.operation(endpoint.takes_id().then_some(id), &[], endpoint.body.is_some().then(|| "{}".to_owned()))
}

/// What JavaScript sees of something.
pub fn seen(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

/// 2027-01-15 08:00:00 UTC: the local clock at the start.
pub const START: u64 = 1_800_000_000_000;

/// What the server does with a request.
#[derive(Clone)]
pub enum Script {
    Answer(Response),
    Fail(Outcome),
    /// The transport cannot work at all.
    Broken,
    Hang,
    /// The same, so many milliseconds later.
    Late(u64, Box<Script>),
}

pub fn answer(status: u16, body: impl Into<Vec<u8>>) -> Script {
    Script::Answer(Response { status, body: body.into(), ..Response::default() })
}

pub fn answer_with(status: u16, headers: &[(&str, &str)], body: &str) -> Script {
    Script::Answer(Response { status, body: body.into(), headers: headers.iter().copied().collect(), ..Response::default() })
}

/// A call on its way, and how far it has come.
pub struct Running {
    future: Pin<Box<dyn Future<Output = Result<Answer, Error>>>>,
    pub progress: Rc<Progress>,
    is_woken: Arc<Woken>,
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What happens while calls run.
#[derive(Clone, Copy)]
enum Intervention {
    /// The call by that index is given up.
    GiveUp(usize),
    Close,
    /// Somebody sets the local clock back, by so many milliseconds.
    SetBack(u64),
}

/// What the server does with a request that comes at a time.
type Serve = Box<dyn FnMut(u64) -> Script>;

struct Timer {
    at: Cell<u64>,
    has_fired: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

/// Clears a timer that is not waited for any more.
struct Cleared<'a>(&'a State, Rc<Timer>);

impl Drop for Cleared<'_> {
    fn drop(&mut self) {
        self.0.timers.borrow_mut().retain(|timer| !Rc::ptr_eq(timer, &self.1));
    }
}

#[derive(Default)]
struct State {
    now: Cell<u64>,
    timers: RefCell<Vec<Rc<Timer>>>,
    scripts: RefCell<VecDeque<Script>>,
    /// The last script counts for all further requests.
    last: RefCell<Option<Script>>,
    /// In place of a script: what the server does at a time.
    serve: RefCell<Option<Serve>>,
    /// The token that the application gives, and what it gives when asked to refresh.
    tokens: RefCell<[VecDeque<Result<Value, &'static str>>; 2]>,
    log: RefCell<Vec<(u64, Request)>>,
    asked: RefCell<Vec<bool>>,
    events: RefCell<Vec<String>>,
    under_way: Cell<usize>,
    most_under_way: Cell<usize>,
    client: RefCell<Option<Rc<Client>>>,
    store: RefCell<Store>,
    /// Where chance is, if it is any.
    chance: Cell<Option<u64>>,
    /// Of every call.
    wakers: RefCell<Vec<Weak<Woken>>>,
}

/// The transport; clones share one world.
#[derive(Clone, Default)]
pub struct World(Rc<State>);

impl World {
    pub fn new(scripts: impl IntoIterator<Item = Script>) -> Self {
        let world = Self::default();
        world.0.now.set(START);
        world.0.scripts.borrow_mut().extend(scripts);
        world
    }

    /// A server that keeps count of something.
    pub fn serving<S: Default + 'static>(serve: impl Fn(u64, &mut S) -> Script + 'static) -> Self {
        let world = Self::new([]);
        let mut state = S::default();
        *world.0.serve.borrow_mut() = Some(Box::new(move |now| serve(now, &mut state)));
        world
    }

    /// The tokens that the application gives, one each time; the last stays.
    pub fn with_tokens(self, plain: &[Result<&'static str, &'static str>], refreshed: &[Result<&'static str, &'static str>]) -> Self {
        let list = |tokens: &[Result<&'static str, &'static str>]| tokens.iter().map(|token| token.map(Value::from)).collect();
        *self.0.tokens.borrow_mut() = [list(plain), list(refreshed)];
        self
    }

    /// Chance is another number each time, and the same numbers in each run.
    pub fn with_chance(self) -> Self {
        self.0.chance.set(Some(1));
        self
    }

    /// The store by which limiters share a window.
    pub fn store(&self) -> std::cell::RefMut<'_, Store> {
        self.0.store.borrow_mut()
    }

    /// The store does so from that many milliseconds after the start.
    pub fn with_store(self, modes: &[(u64, Mode)]) -> Self {
        self.store().modes = modes.iter().map(|(after, mode)| (START + after, *mode)).collect();
        self
    }

    /// The local clock says so.
    pub fn with_clock_at(self, now: u64) -> Self {
        self.set_clock(now);
        self
    }

    /// Somebody sets the local clock; timers do not care.
    pub fn set_clock(&self, now: u64) {
        let before = self.0.now.replace(now);
        for timer in self.0.timers.borrow().iter() {
            timer.at.set(timer.at.get() - before + now);
        }
    }

    pub fn client(&self, settings: Value) -> Rc<Client> {
        self.client_sharing(settings, Sharing::Waiting)
    }

    pub fn client_sharing(&self, mut settings: Value, sharing: Sharing) -> Rc<Client> {
        let is_provided = !self.0.tokens.borrow()[0].is_empty();
        if settings.get("accessToken").is_none() {
            settings["accessToken"] = if is_provided { json!({ "$function": true }) } else { json!("the-secret") };
        }
        let client = Rc::new(Client::new(Configuration::read(&given(&settings)).unwrap(), sharing));
        *self.0.client.borrow_mut() = Some(Rc::clone(&client));
        client
    }

    /// A call that is still to begin.
    pub fn running(&self, client: &Rc<Client>, operation: Operation, options: Options) -> Running {
        let progress = Rc::new(Progress::default());
        let (world, client, told) = (self.clone(), Rc::clone(client), Rc::clone(&progress));
        let id = client.next_call_id();
        let future = Box::pin(async move { client.call(id, &world, &operation, &options, &told).await });
        let is_woken = Arc::new(Woken(AtomicBool::new(true)));
        self.0.wakers.borrow_mut().push(Arc::downgrade(&is_woken));
        Running { future, progress, is_woken }
    }

    /// Runs all calls to their ends, in virtual time; panics where they wait for nothing.
    pub fn run(&self, calls: Vec<Running>) -> Vec<Result<Answer, Error>> {
        self.watch(calls, vec![]).into_iter().map(Option::unwrap).collect()
    }

    /// Like `run`, but some calls are given up after so many milliseconds: those give nothing.
    pub fn run_impatiently(&self, calls: Vec<Running>, limits: &[u64]) -> Vec<Option<Result<Answer, Error>>> {
        self.watch(calls, limits.iter().copied().enumerate().map(|(index, limit)| (limit, Intervention::GiveUp(index))).collect())
    }

    /// Like `run`, but their client is closed after so many milliseconds.
    pub fn run_until_closed(&self, calls: Vec<Running>, limit: u64) -> Vec<Result<Answer, Error>> {
        self.watch(calls, vec![(limit, Intervention::Close)]).into_iter().map(Option::unwrap).collect()
    }

    /// Like `run`, but after so many milliseconds the local clock is set back by so many.
    pub fn run_and_set_back(&self, calls: Vec<Running>, after: u64, by: u64) -> Vec<Result<Answer, Error>> {
        self.watch(calls, vec![(after, Intervention::SetBack(by))]).into_iter().map(Option::unwrap).collect()
    }

    /// How many wakers of calls are still kept somewhere.
    pub fn kept_wakers(&self) -> usize {
        self.0.wakers.borrow().iter().filter(|waker| waker.strong_count() > 0).count()
    }

    /// Each intervention comes after so many milliseconds.
    fn watch(&self, calls: Vec<Running>, interventions: Vec<(u64, Intervention)>) -> Vec<Option<Result<Answer, Error>>> {
        let began = self.now();
        let mut interventions: Vec<_> = interventions.into_iter().map(|(after, what)| (began + after, what)).collect();
        let mut results: Vec<_> = calls.iter().map(|_| None).collect();
        let mut running: Vec<_> = calls.into_iter().map(Some).collect();
        loop {
            while poll_all(&mut running, &mut results) {}
            if running.iter().all(Option::is_none) {
                return results;
            }
            let timer = self.0.timers.borrow().iter().map(|timer| timer.at.get()).min();
            let intervention = interventions.iter().map(|(at, _)| *at).min();
            let at = timer.into_iter().chain(intervention).min().expect("the calls wait for nothing");
            self.0.now.set(self.now().max(at));
            let (due, later): (Vec<_>, Vec<_>) = interventions.into_iter().partition(|(due, _)| *due <= at);
            interventions = later;
            for timer in self.0.timers.borrow().iter().filter(|timer| timer.at.get() <= at) {
                timer.has_fired.set(true);
                if let Some(waker) = timer.waker.take() {
                    waker.wake();
                }
            }
            for (_, what) in due {
                match what {
                    Intervention::GiveUp(index) => running[index] = None,
                    Intervention::Close => self.0.client.borrow().as_ref().unwrap().close(),
                    Intervention::SetBack(by) => self.set_clock(self.now() - by),
                }
            }
        }
    }

    /// However the clock is set meanwhile, it counts from here.
    async fn wait(&self, milliseconds: u64) {
        let timer = Rc::new(Timer { at: Cell::new(self.now() + milliseconds), has_fired: Cell::new(false), waker: RefCell::default() });
        self.0.timers.borrow_mut().push(Rc::clone(&timer));
        let _cleared = Cleared(&self.0, Rc::clone(&timer));
        poll_fn(|context| {
            if timer.has_fired.get() {
                return Poll::Ready(());
            }
            *timer.waker.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }

    /// Makes one call with a new client.
    pub fn call(&self, operation: Operation, settings: Value) -> Result<Answer, Error> {
        let client = self.client(settings);
        self.run(vec![self.execute(&client, operation)]).remove(0)
    }

    /// A call with the client's own settings that is still to begin.
    pub fn execute(&self, client: &Rc<Client>, operation: Operation) -> Running {
        self.execute_with(client, operation, &json!({}))
    }

    /// A call with options that is still to begin.
    pub fn execute_with(&self, client: &Rc<Client>, operation: Operation, options: &Value) -> Running {
        let options = client.configuration().options(&given(options), users::GET_USER.options).unwrap();
        self.running(client, operation, options)
    }

    /// The requests, each with the milliseconds since the start at which it was sent.
    pub fn log(&self) -> Vec<(u64, Request)> {
        self.0.log.borrow().iter().map(|(at, request)| (at - START.min(*at), request.clone())).collect()
    }

    pub fn sent(&self) -> usize {
        self.0.log.borrow().len()
    }

    /// Milliseconds since the epoch.
    pub fn now(&self) -> u64 {
        self.0.now.get()
    }

    pub fn elapsed(&self) -> u64 {
        self.0.now.get() - START
    }

    /// How often the application was asked for its token; true where it was to refresh it.
    pub fn asked(&self) -> Vec<bool> {
        self.0.asked.borrow().clone()
    }

    pub fn events(&self) -> Vec<String> {
        self.0.events.borrow().clone()
    }

    pub fn most_under_way(&self) -> usize {
        self.0.most_under_way.get()
    }
}

/// Polls the calls that were woken; whether there were any.
fn poll_all(running: &mut [Option<Running>], results: &mut [Option<Result<Answer, Error>>]) -> bool {
    let mut any = false;
    for (place, result) in running.iter_mut().zip(results) {
        let Some(call) = place else { continue };
        if !call.is_woken.0.swap(false, Ordering::Relaxed) {
            continue;
        }
        any = true;
        let waker = Waker::from(Arc::clone(&call.is_woken));
        if let Poll::Ready(ended) = call.future.as_mut().poll(&mut Context::from_waker(&waker)) {
            *result = Some(ended);
            *place = None;
        }
    }
    any
}

/// A request under way.
struct UnderWay<'a>(&'a State);

impl<'a> UnderWay<'a> {
    fn new(state: &'a State) -> Self {
        state.under_way.set(state.under_way.get() + 1);
        state.most_under_way.set(state.most_under_way.get().max(state.under_way.get()));
        Self(state)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.under_way.set(self.0.under_way.get() - 1);
    }
}

impl Transport for World {
    type Body = Bytes;

    fn now(&self) -> u64 {
        World::now(self)
    }

    fn random(&self) -> f64 {
        let Some(last) = self.0.chance.get() else { return 0.5 };
        let next = last.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0.chance.set(Some(next));
        (next >> 11) as f64 / (1_u64 << 53) as f64
    }

    async fn share(&self, report: &Report<'_>, limit: u32) -> Option<Grant> {
        self.store().record(report, self.now());
        let mode = self.store().mode(self.now());
        match mode {
            Mode::Up(milliseconds) if milliseconds < u64::from(limit) => {
                self.wait(milliseconds).await;
                let now = self.now();
                Some(self.store().share(report, now))
            }
            Mode::Gone => {
                self.store().forget();
                None
            }
            _ => {
                self.wait(limit.into()).await;
                None
            }
        }
    }

    fn report(&self, report: &Report<'_>) {
        let now = self.now();
        self.store().record(report, now);
        if matches!(self.store().mode(now), Mode::Up(_)) {
            self.store().share(report, now);
        }
    }

    fn emit(&self, event: Event<'_>) {
        let (attempt, what) = match event.stage {
            Stage::Start | Stage::End { .. } => return,
            Stage::Request { attempt } => (attempt, "request".to_owned()),
            Stage::Response { attempt, status, milliseconds, .. } => (attempt, format!("response {status} in {milliseconds}")),
            Stage::Retry { attempt, status, wait } => (attempt, format!("retry after {status:?} in {wait}")),
            Stage::RateLimit { attempt, is_store_lost: true, .. } => (attempt, "store lost".to_owned()),
            Stage::RateLimit { attempt, status, wait, .. } => (attempt, format!("rate limit {status:?} wait {wait:?}")),
        };
        self.0.events.borrow_mut().push(format!("{} {} #{attempt}: {what}", event.method.as_str(), event.path.unwrap_or_default()));
    }

    fn emit_failed(&self, event: Event<'_>, _: &Error) {
        self.emit(event);
    }

    async fn emitted(&self) {}

    /// As in life, the application takes its time.
    fn token(&self, refresh: bool) -> TokenFuture {
        self.0.asked.borrow_mut().push(refresh);
        let token = {
            let mut tokens = self.0.tokens.borrow_mut();
            let list = &mut tokens[usize::from(refresh)];
            if list.len() > 1 { list.pop_front() } else { list.front().cloned() }
        };
        let world = self.clone();
        Box::pin(async move {
            world.wait(5).await;
            match token.unwrap_or(Ok(Value::Null)) {
                Ok(token) => Ok(token.as_str().map(str::to_owned)),
                Err(reason) => Err(Rc::new(reason) as Cause),
            }
        })
    }

    async fn send(&self, request: Request) -> Result<Response<Bytes>, Failure> {
        self.0.log.borrow_mut().push((self.now(), request));
        let _under_way = UnderWay::new(&self.0);
        let next = self.0.scripts.borrow_mut().pop_front();
        if next.is_some() {
            self.0.last.borrow_mut().clone_from(&next);
        }
        let served = self.0.serve.borrow_mut().as_mut().map(|serve| serve(self.now()));
        let mut script = served.or(next).or_else(|| self.0.last.borrow().clone()).unwrap();
        let failure = |outcome, is_final, cause: &'static str| Failure { outcome, is_final, advice: None, cause: Rc::new(cause) };
        loop {
            match script {
                Script::Answer(response) => return Ok(response.map(Bytes)),
                Script::Fail(outcome) => return Err(failure(outcome, false, "refused")),
                Script::Broken => return Err(failure(Outcome::Unknown, true, "broken")),
                Script::Hang => std::future::pending().await,
                Script::Late(milliseconds, later) => {
                    self.wait(milliseconds).await;
                    script = *later;
                }
            }
        }
    }

    async fn sleep(&self, milliseconds: u32) {
        self.wait(milliseconds.into()).await;
    }
}
