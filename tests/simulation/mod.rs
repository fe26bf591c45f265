//! A world for the core: a server by script, a clock that runs only when everything waits, chance that is told.

#![allow(dead_code)]

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use futures_executor::LocalPool;
use futures_util::future::{FutureExt, LocalBoxFuture};
use futures_util::task::LocalSpawnExt;
use serde_json::{Value, json};
use tape::Bytes;
use thousandeyes_admin::client::{AnswerOf, Client};
use thousandeyes_admin::config::Configuration;
use thousandeyes_admin::endpoints::Endpoint;
use thousandeyes_admin::error::{Cause, Error, Outcome};
use thousandeyes_admin::http::{Request, Response};
use thousandeyes_admin::transport::{Event, Failure, Moment, Transport};

#[path = "../tape/mod.rs"]
mod tape;

/// What a call gives.
pub type Answer = AnswerOf<World>;

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

#[derive(Default)]
struct State {
    now: Cell<u64>,
    timers: RefCell<Vec<(u64, Waker)>>,
    scripts: RefCell<VecDeque<Script>>,
    /// The last script counts for all further requests.
    last: RefCell<Option<Script>>,
    /// The token that the application gives, and what it gives when asked to refresh.
    tokens: RefCell<[VecDeque<Result<Value, &'static str>>; 2]>,
    log: RefCell<Vec<(u64, Request)>>,
    asked: RefCell<Vec<bool>>,
    events: RefCell<Vec<String>>,
    under_way: Cell<usize>,
    most_under_way: Cell<usize>,
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

    /// The tokens that the application gives, one each time; the last stays.
    pub fn with_tokens(self, plain: &[Result<&'static str, &'static str>], refreshed: &[Result<&'static str, &'static str>]) -> Self {
        let list = |tokens: &[Result<&'static str, &'static str>]| tokens.iter().map(|token| token.map(Value::from)).collect();
        *self.0.tokens.borrow_mut() = [list(plain), list(refreshed)];
        self
    }

    /// The local clock is so many milliseconds off.
    pub fn with_clock_at(self, now: u64) -> Self {
        self.0.now.set(now);
        self
    }

    pub fn client(&self, settings: Value) -> Rc<Client<World>> {
        let provided = !self.0.tokens.borrow()[0].is_empty();
        let mut settings = settings;
        if !provided && settings.get("accessToken").is_none() {
            settings["accessToken"] = json!("secret");
        }
        Rc::new(Client::new(Configuration::read(&settings.into(), provided).unwrap(), self.clone()))
    }

    /// Runs all futures to their ends, in virtual time; panics where they wait for nothing.
    pub fn run<O: 'static>(&self, futures: Vec<LocalBoxFuture<'static, O>>) -> Vec<O> {
        let mut pool = LocalPool::new();
        let results = Rc::new(RefCell::new(Vec::new()));
        let count = futures.len();
        for (index, future) in futures.into_iter().enumerate() {
            let results = Rc::clone(&results);
            pool.spawner().spawn_local(future.map(move |result| results.borrow_mut().push((index, result)))).unwrap();
        }
        loop {
            pool.run_until_stalled();
            if results.borrow().len() == count {
                break;
            }
            let next = self.0.timers.borrow().iter().map(|(at, _)| *at).min().expect("the calls wait for nothing");
            self.0.now.set(self.0.now.get().max(next));
            let (due, later) = self.0.timers.take().into_iter().partition(|(at, _)| *at <= next);
            *self.0.timers.borrow_mut() = later;
            let due: Vec<(u64, Waker)> = due;
            due.into_iter().for_each(|(_, waker)| waker.wake());
        }
        drop(pool);
        let mut results = Rc::try_unwrap(results).ok().unwrap().into_inner();
        results.sort_by_key(|(index, _)| *index);
        results.into_iter().map(|(_, result)| result).collect()
    }

    /// Makes one call with a new client.
    pub fn call<E: Endpoint + 'static>(&self, endpoint: E, settings: Value) -> Result<Answer, Error> {
        let client = self.client(settings);
        self.run(vec![execute(&client, endpoint)]).remove(0)
    }

    /// The requests, each with the milliseconds since the start at which it was sent.
    pub fn log(&self) -> Vec<(u64, Request)> {
        self.0.log.borrow().iter().map(|(at, request)| (at - START.min(*at), request.clone())).collect()
    }

    pub fn sent(&self) -> usize {
        self.0.log.borrow().len()
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

pub fn execute<E: Endpoint + 'static>(client: &Rc<Client<World>>, endpoint: E) -> LocalBoxFuture<'static, Result<Answer, Error>> {
    let client = Rc::clone(client);
    let settings = client.configuration().settings.clone();
    async move { client.execute(endpoint.operation(), &settings).await }.boxed_local()
}

struct Timer {
    state: Rc<State>,
    at: u64,
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.state.now.get() >= self.at {
            return Poll::Ready(());
        }
        self.state.timers.borrow_mut().push((self.at, context.waker().clone()));
        Poll::Pending
    }
}

struct UnderWay(Rc<State>);

impl UnderWay {
    fn new(state: &Rc<State>) -> Self {
        state.under_way.set(state.under_way.get() + 1);
        state.most_under_way.set(state.most_under_way.get().max(state.under_way.get()));
        Self(Rc::clone(state))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.set(self.0.under_way.get() - 1);
    }
}

impl Transport for World {
    type Body = Bytes;

    async fn send(&self, request: Request) -> Result<Response<Bytes>, Failure> {
        let _under_way = UnderWay::new(&self.0);
        self.0.log.borrow_mut().push((self.0.now.get(), request));
        let next = self.0.scripts.borrow_mut().pop_front();
        if next.is_some() {
            self.0.last.borrow_mut().clone_from(&next);
        }
        let mut script = next.or_else(|| self.0.last.borrow().clone()).unwrap();
        while let Script::Late(milliseconds, later) = script {
            self.sleep(milliseconds as u32).await;
            script = *later;
        }
        match script {
            Script::Answer(response) => Ok(response.map(Bytes)),
            Script::Fail(outcome) => Err(Failure { outcome, broken: false, cause: Rc::new("refused") }),
            Script::Broken => Err(Failure { outcome: Outcome::Unknown, broken: true, cause: Rc::new("broken") }),
            Script::Hang | Script::Late(..) => std::future::pending().await,
        }
    }

    async fn sleep(&self, milliseconds: u32) {
        Timer { state: Rc::clone(&self.0), at: self.0.now.get() + u64::from(milliseconds) }.await;
    }

    fn now(&self) -> u64 {
        self.0.now.get()
    }

    fn random(&self) -> f64 {
        0.5
    }

    async fn access_token(&self, refresh: bool) -> Result<thousandeyes_admin::value::Value, Cause> {
        self.0.asked.borrow_mut().push(refresh);
        // As in life, the application takes its time.
        self.sleep(5).await;
        let mut tokens = self.0.tokens.borrow_mut();
        let list = &mut tokens[usize::from(refresh)];
        let token = if list.len() > 1 { list.pop_front() } else { list.front().cloned() };
        token.unwrap_or(Ok(Value::Null)).map(Into::into).map_err(|reason| Rc::new(reason) as Cause)
    }

    fn observe(&self, event: Event<'_>) {
        let moment = match event.moment {
            Moment::Request => "request".to_owned(),
            Moment::Response { status, milliseconds } => format!("response {status} in {milliseconds}"),
            Moment::Retry { status, wait } => format!("retry after {status:?} in {wait}"),
            Moment::RateLimit { status, wait, .. } => format!("rate limit {status:?} wait {wait:?}"),
        };
        self.0.events.borrow_mut().push(format!("{} {} #{}: {moment}", event.method.as_str(), event.path, event.attempt));
    }
}
