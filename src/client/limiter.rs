//! Lets requests go in turn: a set number at a time, and none into a window of the rate limit that is spent.
//!
//! Nobody runs in between: a permit that is given back nudges the first of those who wait, and that call, when it is
//! polled, lets go whoever may. So a call never depends on a timer of another one's.

use std::cell::Cell;
use std::future::poll_fn;
use std::mem;
use std::rc::Rc;
use std::task::{Poll, Waker};

use futures_lite::future::or;

use super::progress::Progress;
use super::window::Window;
use crate::config::{Configuration, Priority, Settings};
use crate::rate_limit::RateLimit;
use crate::retry::WAIT_LIMIT;
use crate::transport::{Report, Transport};

/// Shared by all calls of a client that have the same `rateLimitKey`.
pub struct Limiter {
    /// The key; empty where there is none.
    pub key: String,
    /// When a call began that has the key.
    pub used: Cell<u64>,
    /// The limiter of another key.
    pub next: Cell<Option<Rc<Limiter>>>,
    /// How many requests may be under way at a time; none where calls must not wait for one another.
    permits: Option<usize>,
    taken: Cell<usize>,
    queue: Cell<Box<Queue>>,
    /// Whether a spent window holds calls back.
    keeps_window: bool,
    window: Window,
    /// How many of those go: the others still ask the store.
    under_way: Cell<usize>,
}

/// Spreads those who wait for the same time, in milliseconds.
const SPREAD: u64 = 1_000;
/// No call waits for the store for longer.
const STORE_LIMIT: u32 = 2_000;

/// The calls that wait, in the order of asking.
#[derive(Default)]
struct Queue {
    interactive: Vec<Rc<Waiter>>,
    bulk: Vec<Rc<Waiter>>,
    /// How many interactive calls went while a bulk call waited.
    passed: u32,
}

/// One bulk call in so many still goes.
const BULK_SHARE: u32 = 10;

/// A call that waits.
#[derive(Default)]
struct Waiter {
    state: Cell<State>,
    waker: Cell<Option<Waker>>,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum State {
    #[default]
    Waiting,
    /// It shall look whether it may go.
    Nudged,
    /// Only the window holds it back.
    Held,
    /// It may go as far as permits are concerned; the store has to be asked.
    Asks,
    /// It may go.
    Granted,
}

/// The right to have a request under way. The next in the queue gets it when it is dropped.
pub struct Permit(Rc<Limiter>);

/// The window is spent, and the call has no time to wait for the next one.
pub struct Spent;

impl Limiter {
    /// A limiter for the calls of a key; unless they share, none waits for another one.
    pub fn new(key: &str, configuration: &Configuration, shares: bool) -> Rc<Self> {
        let (used, next, taken, queue, under_way) = Default::default();
        let Configuration { max_concurrency, rate_limiter: keeps_window, has_store, .. } = *configuration;
        let window = Window::new(has_store && keeps_window);
        let permits = shares.then_some(max_concurrency);
        Rc::new(Self { key: key.to_owned(), used, next, permits, taken, queue, keeps_window, window, under_way })
    }

    /// What the last answer told.
    pub fn rate_limit(&self) -> RateLimit {
        self.window.told.get()
    }

    /// Waits for a permit, and for the next window where this one is spent: `may_wait` is asked whether the call can wait
    /// so many milliseconds for it, and is told when the store is gone. The permit is in `progress` then, and meanwhile the
    /// place in the queue.
    pub async fn acquire<T: Transport>(
        self: &Rc<Self>,
        transport: &T,
        settings: &Settings,
        progress: &Progress,
        may_wait: impl Fn(u64, bool) -> bool,
    ) -> Result<(), Spent> {
        let mut waiter = self.enqueue(settings.priority, progress, false);
        let mut told = None;
        loop {
            if waiter.becomes(|state| state != State::Waiting).await == State::Nudged {
                self.look(&waiter, transport.now());
            }
            match waiter.state.get() {
                state @ (State::Granted | State::Asks) => {
                    let mut may_go = state == State::Granted;
                    let now = transport.now();
                    // Unless the store was lost after the permit was given.
                    if !may_go && !self.window.counts(now) {
                        let grant = transport.share(&self.report(settings, Some(settings.priority), now), STORE_LIMIT).await;
                        let now = transport.now();
                        if let Some(grant) = grant {
                            may_go = self.window.share(grant, now);
                        } else if self.window.lose(self.under_way.get(), now) {
                            may_wait(0, true);
                        }
                    }
                    if may_go {
                        progress.permit.set(progress.turn.take().map(Turn::into_permit));
                        return Ok(());
                    }
                    // Back to where it was in the queue.
                    waiter = self.enqueue(settings.priority, progress, true);
                }
                State::Held => {
                    let now = transport.now();
                    let opens = self.window.shut_until(now);
                    let left = opens.saturating_sub(now).min(WAIT_LIMIT);
                    let wait = left.saturating_add((transport.random() * left.min(SPREAD) as f64) as u64);
                    // Once for each window, however often the call looks.
                    if told.replace(self.window.ends.get()) != Some(self.window.ends.get()) {
                        if !may_wait(wait, false) {
                            return Err(Spent);
                        }
                        self.report_to(transport, settings);
                    }
                    let window_opens = async {
                        transport.sleep(u32::try_from(wait).unwrap_or(u32::MAX)).await;
                        // The timer counts, whatever the clock says meanwhile.
                        self.window.open(opens);
                        waiter.state.set(State::Nudged);
                    };
                    let may_go = async {
                        waiter.becomes(|state| !matches!(state, State::Held | State::Waiting)).await;
                    };
                    or(may_go, window_opens).await;
                }
                State::Waiting | State::Nudged => {}
            }
        }
    }

    /// Tells the store how things stand: a request has ended, or a call waits, or does so no more.
    pub fn report_to<T: Transport>(&self, transport: &T, settings: &Settings) {
        let now = transport.now();
        if !self.window.counts(now) {
            transport.report(&self.report(settings, None, now));
        }
    }

    /// What the store is told; with a priority, that a call asks.
    fn report(&self, settings: &Settings, priority: Option<Priority>, now: u64) -> Report<'_> {
        let queue = self.queue.take();
        let waiting = queue.interactive.len();
        self.queue.set(queue);
        let Window { told, least, ends, learned, .. } = &self.window;
        let told = RateLimit { remaining: least.get(), ..told.get() };
        let reset_in = if learned.get() > 0 { ends.get().saturating_sub(now) } else { 0 };
        let limiter = std::ptr::from_ref(self).addr();
        Report { key: &self.key, limiter, priority, under_way: self.under_way.get(), waiting, timeout: settings.timeout, told, reset_in }
    }

    fn enqueue(self: &Rc<Self>, priority: Priority, progress: &Progress, is_first: bool) -> Rc<Waiter> {
        let waiter = Rc::new(Waiter { state: Cell::new(State::Nudged), ..Waiter::default() });
        if self.permits.is_some() {
            let mut queue = self.queue.take();
            let lane = queue.lane(priority);
            let mut last = Rc::clone(&waiter);
            if is_first {
                // The others move up by one.
                lane.iter_mut().for_each(|waiting| mem::swap(waiting, &mut last));
            }
            lane.push(last);
            self.queue.set(queue);
        }
        // A place that it had is given back.
        progress.turn.set(Some(Turn { limiter: Rc::clone(self), waiter: Rc::clone(&waiter) }));
        waiter
    }

    /// A call looks whether it may go, or whoever else is before it.
    fn look(&self, waiter: &Waiter, now: u64) {
        waiter.state.set(State::Waiting);
        if self.permits.is_some() {
            self.grant(now);
        } else {
            waiter.state.set(self.take(now));
        }
    }

    /// Learns from an answer that came at `now`, see [`Window::learn`].
    pub fn learn(&self, told: RateLimit, until_reset: Option<u64>, now: u64, spent: bool) {
        self.window.learn(told, until_reset, now, spent);
        self.nudge();
    }

    /// Takes one request of the window, if there is one left.
    fn take(&self, now: u64) -> State {
        if self.keeps_window && self.window.shut_until(now) > now {
            return State::Held;
        }
        let is_counted = self.window.take(self.under_way.get(), now);
        add(&self.taken, 1);
        if is_counted { State::Granted } else { State::Asks }
    }

    fn free(&self) -> usize {
        self.permits.map_or(usize::MAX, |permits| permits.saturating_sub(self.taken.get()))
    }

    /// Lets go whoever may. Those whom only the window holds back are told so.
    fn grant(&self, now: u64) {
        let mut queue = self.queue.take();
        let mut woken = Vec::new();
        while self.free() > 0
            && let Some(waiter) = queue.first()
        {
            let state = self.take(now);
            if state == State::Held {
                woken.extend(queue.hold_back(self.free()));
                break;
            }
            queue.pass(&waiter);
            waiter.state.set(state);
            woken.push(waiter);
        }
        self.queue.set(queue);
        woken.iter().for_each(|waiter| waiter.wake());
    }

    /// The first who waits shall look whether it may go.
    fn nudge(&self) {
        let queue = self.queue.take();
        let first = queue.first().filter(|_| self.free() > 0);
        self.queue.set(queue);
        if let Some(waiter) = first {
            waiter.state.set(State::Nudged);
            waiter.wake();
        }
    }

    fn release(&self) {
        add(&self.taken, -1);
        self.nudge();
    }
}

impl Queue {
    fn lane(&mut self, priority: Priority) -> &mut Vec<Rc<Waiter>> {
        match priority {
            Priority::Interactive => &mut self.interactive,
            Priority::Bulk => &mut self.bulk,
        }
    }

    /// Whose turn it is.
    fn next_lane(&self) -> Priority {
        let bulk_is_due = self.passed >= BULK_SHARE - 1 && !self.bulk.is_empty();
        if bulk_is_due || self.interactive.is_empty() { Priority::Bulk } else { Priority::Interactive }
    }

    fn first(&self) -> Option<Rc<Waiter>> {
        let lane = if self.next_lane() == Priority::Bulk { &self.bulk } else { &self.interactive };
        lane.first().cloned()
    }

    /// The first goes.
    fn pass(&mut self, first: &Rc<Waiter>) {
        let lets_bulk_wait = self.next_lane() == Priority::Interactive && !self.bulk.is_empty();
        self.remove(first);
        self.passed = if lets_bulk_wait { self.passed.saturating_add(1) } else { 0 };
    }

    /// Those of the first so many who do not know yet that the window holds them back.
    fn hold_back(&self, count: usize) -> Vec<Rc<Waiter>> {
        let first = self.interactive.iter().chain(&self.bulk).take(count);
        let unaware = first.filter(|waiter| waiter.state.replace(State::Held) != State::Held);
        unaware.cloned().collect()
    }

    fn remove(&mut self, waiter: &Rc<Waiter>) {
        self.interactive.retain(|waiting| !Rc::ptr_eq(waiting, waiter));
        self.bulk.retain(|waiting| !Rc::ptr_eq(waiting, waiter));
    }
}

impl Waiter {
    fn wake(&self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// Waits until its state is one of these, and gives that.
    async fn becomes(&self, is_awaited: impl Fn(State) -> bool) -> State {
        poll_fn(|context| {
            let state = self.state.get();
            if is_awaited(state) {
                return Poll::Ready(state);
            }
            self.waker.set(Some(context.waker().clone()));
            Poll::Pending
        })
        .await
    }
}

/// A call's place in the queue. Whoever leaves it lets the next one look.
pub struct Turn {
    limiter: Rc<Limiter>,
    waiter: Rc<Waiter>,
}

impl Turn {
    /// It was the call's turn: the place becomes a permit.
    fn into_permit(self) -> Permit {
        self.waiter.state.set(State::Waiting);
        add(&self.limiter.under_way, 1);
        Permit(Rc::clone(&self.limiter))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut queue = self.limiter.queue.take();
        queue.remove(&self.waiter);
        self.limiter.queue.set(queue);
        match self.waiter.state.get() {
            // It went, or waited behind others.
            State::Waiting => {}
            State::Granted | State::Asks => self.limiter.release(),
            State::Nudged | State::Held => self.limiter.nudge(),
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        add(&self.0.under_way, -1);
        self.0.release();
    }
}

fn add(count: &Cell<usize>, difference: isize) {
    count.set(count.get().saturating_add_signed(difference));
}
