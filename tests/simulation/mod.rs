//! A world for the core: a server by script, a clock that runs only when everything waits, chance that is told.

#![allow(dead_code)]

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use offsets::Bytes;
use serde_json::{Value, json};
use thousandeyes_admin::client::{AnswerOf, Call, Client, Step};
use thousandeyes_admin::config::Configuration;
use thousandeyes_admin::endpoints::Endpoint;
use thousandeyes_admin::error::{Error, Outcome};
use thousandeyes_admin::http::{Request, Response};
use thousandeyes_admin::json::{ToJson, item};
use thousandeyes_admin::transport::{Event, Failure, Input, Moment, Need, Transport};

#[path = "../offsets/mod.rs"]
#[allow(clippy::duplicate_mod, reason = "some tests use it by way of `decoding`, too")]
mod offsets;

/// What a call gives.
pub type Answer = AnswerOf<World>;

/// What JavaScript sees of something.
pub fn seen(value: &impl ToJson) -> Value {
    serde_json::from_str(&value.to_json()).unwrap()
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

/// What happens at a time.
#[derive(Clone)]
struct Happening {
    at: u64,
    /// The call, and which of its needs it is for; of several calls all that wait for the same.
    waits: Vec<(usize, u32)>,
    what: What,
}

#[derive(Clone)]
enum What {
    Go,
    Elapsed,
    Token(Result<Value, &'static str>),
    Served(Script),
    /// From outside: the call is given up.
    GivenUp(usize),
    Closed,
}

#[derive(Default)]
struct State {
    now: Cell<u64>,
    happenings: RefCell<Vec<Happening>>,
    woken: RefCell<Vec<u32>>,
    scripts: RefCell<VecDeque<Script>>,
    /// The last script counts for all further requests.
    last: RefCell<Option<Script>>,
    /// The token that the application gives, and what it gives when asked to refresh.
    tokens: RefCell<[VecDeque<Result<Value, &'static str>>; 2]>,
    log: RefCell<Vec<(u64, Request)>>,
    asked: RefCell<Vec<bool>>,
    events: RefCell<Vec<String>>,
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
        let settings = settings.to_string();
        Rc::new(Client::new(Configuration::read(item(&settings).unwrap(), provided).unwrap(), self.clone()))
    }

    /// Runs all calls to their ends, in virtual time; panics where they wait for nothing.
    pub fn run(&self, calls: Vec<Call<World>>) -> Vec<Result<Answer, Error>> {
        self.watch(calls, &[]).into_iter().map(Option::unwrap).collect()
    }

    /// Like `run`, but some calls are given up after so many milliseconds: those give nothing.
    pub fn run_impatiently(&self, calls: Vec<Call<World>>, limits: &[u64]) -> Vec<Option<Result<Answer, Error>>> {
        let what = |(index, limit): (usize, &u64)| (*limit, What::GivenUp(index));
        self.watch(calls, &limits.iter().enumerate().map(what).collect::<Vec<_>>())
    }

    /// Like `run`, but their client is closed after so many milliseconds.
    pub fn run_until_closed(&self, calls: Vec<Call<World>>, limit: u64) -> Vec<Result<Answer, Error>> {
        self.watch(calls, &[(limit, What::Closed)]).into_iter().map(Option::unwrap).collect()
    }

    fn watch(&self, calls: Vec<Call<World>>, interventions: &[(u64, What)]) -> Vec<Option<Result<Answer, Error>>> {
        for (after, what) in interventions {
            self.schedule(*after, vec![], what.clone());
        }
        let mut runs: Vec<Run> = calls.into_iter().map(Run::new).collect();
        for index in 0..runs.len() {
            self.step(&mut runs, index, Input::Go);
        }
        while runs.iter().any(|run| run.call.is_some()) {
            let mut happenings = self.0.happenings.take();
            happenings.sort_by_key(|happening| happening.at);
            assert!(!happenings.is_empty(), "the calls wait for nothing");
            let Happening { at, waits, what } = happenings.remove(0);
            *self.0.happenings.borrow_mut() = happenings;
            self.0.now.set(self.0.now.get().max(at));
            match what {
                What::GivenUp(index) => runs[index].end(None),
                What::Closed => (0..runs.len()).for_each(|index| self.step(&mut runs, index, Input::Closed { begun: true })),
                _ => {
                    for (index, need) in waits {
                        if runs[index].need == need {
                            self.happen(&mut runs, index, &what);
                        }
                    }
                }
            }
            self.wake(&mut runs);
        }
        self.0.happenings.borrow_mut().clear();
        runs.into_iter().map(|run| run.result).collect()
    }

    fn happen(&self, runs: &mut [Run], index: usize, what: &What) {
        match what.clone() {
            What::Token(Ok(token)) => self.step(runs, index, Input::Token(Ok(&token.to_string()))),
            What::Token(Err(reason)) => self.step(runs, index, Input::Token(Err(Rc::new(reason)))),
            What::Served(Script::Answer(response)) => self.step(runs, index, Input::Answer(response.map(Bytes))),
            What::Served(Script::Fail(outcome)) => {
                self.step(runs, index, Input::Failed(Failure { outcome, broken: false, cause: Rc::new("refused") }));
            }
            What::Served(Script::Broken) => {
                self.step(runs, index, Input::Failed(Failure { outcome: Outcome::Unknown, broken: true, cause: Rc::new("broken") }));
            }
            What::Served(Script::Late(milliseconds, later)) => {
                self.schedule(milliseconds, vec![(index, runs[index].need)], What::Served(*later));
            }
            What::Served(Script::Hang) | What::GivenUp(_) | What::Closed => {}
            What::Go => self.step(runs, index, Input::Go),
            What::Elapsed => self.step(runs, index, Input::Elapsed),
        }
    }

    fn step(&self, runs: &mut [Run], index: usize, input: Input<'_, Bytes>) {
        let run = &mut runs[index];
        let Some(call) = &mut run.call else { return };
        run.need += 1;
        run.is_asleep = false;
        run.is_under_way = false;
        let wait = vec![(index, run.need)];
        match call.next(self.0.now.get(), input) {
            Step::Ends(result) => run.end(Some(result)),
            Step::Needs(need, limit) => {
                if limit > 0 {
                    self.schedule(limit.into(), wait.clone(), What::Elapsed);
                }
                match need {
                    Need::Wake => run.is_asleep = true,
                    Need::Sleep(milliseconds) => self.schedule(milliseconds.into(), wait, What::Go),
                    Need::Token { refresh } => self.ask(wait, refresh),
                    Need::Answer(request) => {
                        run.is_under_way = true;
                        self.serve(wait, request);
                    }
                }
            }
        }
        let under_way = runs.iter().filter(|run| run.is_under_way && run.call.is_some()).count();
        self.0.most_under_way.set(self.0.most_under_way.get().max(under_way));
    }

    fn wake(&self, runs: &mut [Run]) {
        while let Some(id) = self.0.woken.borrow_mut().pop() {
            let index = runs.iter().position(|run| run.is_asleep && run.call.as_ref().is_some_and(|call| call.id() == id));
            if let Some(index) = index {
                self.step(runs, index, Input::Go);
            }
        }
    }

    fn schedule(&self, after: u64, waits: Vec<(usize, u32)>, what: What) {
        self.0.happenings.borrow_mut().push(Happening { at: self.0.now.get() + after, waits, what });
    }

    fn serve(&self, wait: Vec<(usize, u32)>, request: Request) {
        self.0.log.borrow_mut().push((self.0.now.get(), request));
        let next = self.0.scripts.borrow_mut().pop_front();
        if next.is_some() {
            self.0.last.borrow_mut().clone_from(&next);
        }
        let script = next.or_else(|| self.0.last.borrow().clone()).unwrap();
        self.schedule(0, wait, What::Served(script));
    }

    /// As in life, the application takes its time; those who need another token at the same time share one question.
    fn ask(&self, wait: Vec<(usize, u32)>, refresh: bool) {
        let mut happenings = self.0.happenings.borrow_mut();
        let asked = happenings.iter_mut().find(|happening| refresh && matches!(happening.what, What::Token(_)));
        if let Some(asked) = asked {
            asked.waits.extend(wait);
            return;
        }
        drop(happenings);
        self.0.asked.borrow_mut().push(refresh);
        let mut tokens = self.0.tokens.borrow_mut();
        let list = &mut tokens[usize::from(refresh)];
        let token = if list.len() > 1 { list.pop_front() } else { list.front().cloned() };
        self.schedule(5, wait, What::Token(token.unwrap_or(Ok(Value::Null))));
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

/// A call that is still to begin.
pub fn execute<E: Endpoint + 'static>(client: &Rc<Client<World>>, endpoint: E) -> Call<World> {
    client.call(endpoint.operation(), client.configuration().settings.clone())
}

/// A call on its way.
struct Run {
    /// None when it is over.
    call: Option<Call<World>>,
    /// Counts its needs: what comes for an earlier one comes too late.
    need: u32,
    is_asleep: bool,
    is_under_way: bool,
    result: Option<Result<Answer, Error>>,
}

impl Run {
    fn new(call: Call<World>) -> Self {
        Self { call: Some(call), need: 0, is_asleep: false, is_under_way: false, result: None }
    }

    fn end(&mut self, result: Option<Result<Answer, Error>>) {
        if self.call.take().is_some() {
            self.need += 1;
            self.result = result;
        }
    }
}

impl Transport for World {
    type Body = Bytes;

    fn random(&self) -> f64 {
        0.5
    }

    fn wake(&self, call: u32) {
        self.0.woken.borrow_mut().insert(0, call);
    }

    fn observe(&self, event: Event<'_>) {
        let moment = match event.moment {
            Moment::Request => "request".to_owned(),
            Moment::Response { status, milliseconds } => format!("response {status} in {milliseconds}"),
            Moment::Retry { status, wait } => format!("retry after {status:?} in {wait}"),
            Moment::RateLimit { status, wait, .. } => format!("rate limit {status:?} wait {wait:?}"),
        };
        self.0.events.borrow_mut().push(format!("{} {} #{}: {moment}", event.method.as_str(), event.path(), event.attempt));
    }
}
