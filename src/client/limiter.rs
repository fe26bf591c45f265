//! Lets requests go in turn: a set number at a time, and none into a window of the rate limit that is spent.
//!
//! Nobody runs in between: a permit that is given back nudges the first of those who wait, and that call, when it is
//! polled, lets go whoever may. So a call never depends on a timer of another one's.

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use futures_lite::future::or;

use super::progress::Progress;
use super::window::{Counting, Gate, Window};
use crate::config::{Configuration, Priority, Settings};
use crate::rate_limit::RateLimit;
use crate::retry::WAIT_LIMIT;
use crate::transport::{Report, Transport};

/// Shared by all calls of a client.
pub struct Limiter {
    /// How many requests may be under way at a time; none where calls must not wait for one another.
    permits: Option<usize>,
    taken: Cell<usize>,
    queue: Cell<Queue>,
    /// Whether a spent window holds calls back.
    keeps_window: bool,
    /// The window of calls that name no other key, and those of the others.
    window: Rc<Window>,
    others: Cell<Vec<Rc<Window>>>,
    /// Whether a store is asked, which other limiters ask, too.
    has_store: bool,
    /// Since when the store has been gone.
    lost: Cell<Option<u64>>,
    /// What the store knows this limiter by.
    id: Cell<u32>,
}

/// Spreads those who wait for the same time, in milliseconds.
const SPREAD: u64 = 1_000;
/// No call waits for the store for longer.
const STORE_LIMIT: u32 = 1_000;
/// A store that is gone is asked again after so many milliseconds.
const STORE_PAUSE: u64 = 5_000;

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
struct Waiter {
    window: Rc<Window>,
    state: Cell<State>,
    waker: Cell<Option<Waker>>,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Waiting,
    /// It shall look whether it may go.
    Nudged,
    /// It shall ask the store, and waits for what that says.
    Asking,
    /// Only the window holds it back.
    Held,
    /// It may go.
    Granted,
}

/// The right to have a request under way. The next in the queue gets it when it is dropped.
pub struct Permit {
    limiter: Rc<Limiter>,
    window: Rc<Window>,
}

/// The window is spent, and the call has no time to wait for the next one.
pub struct Spent;

impl Limiter {
    /// The limiter of a client; unless its calls share, none waits for another one.
    pub fn new(configuration: &Configuration, shares: bool) -> Rc<Self> {
        let window = Window::new(&configuration.settings.rate_limit_key);
        let (taken, queue, others, lost, id) = Default::default();
        Rc::new(Self {
            permits: shares.then_some(configuration.max_concurrency),
            taken,
            queue,
            keeps_window: configuration.rate_limiter,
            window,
            others,
            has_store: configuration.rate_limiter && configuration.has_store,
            lost,
            id,
        })
    }

    /// What the last answer told that was for the client's own key.
    pub fn rate_limit(&self) -> RateLimit {
        self.window.rate_limit()
    }

    /// The window of a key. Those that nobody uses are forgotten.
    pub fn window(&self, key: &Option<String>, now: u64) -> Rc<Window> {
        if *key == self.window.key {
            return Rc::clone(&self.window);
        }
        let mut others = self.others.take();
        others.retain(|window| Rc::strong_count(window) > 1 || !window.is_unused(now));
        let known = others.iter().find(|window| window.key == *key).cloned();
        let window = known.unwrap_or_else(|| {
            let window = Window::new(key);
            others.push(Rc::clone(&window));
            window
        });
        window.used.set(now);
        self.others.set(others);
        window
    }

    /// Waits for a permit, and for the next window where this one is spent: `may_wait` is asked whether the call can wait
    /// so many milliseconds for it; without a number it is told that the store is gone. The permit is in `progress` then,
    /// and meanwhile the place in the queue.
    pub async fn acquire<T: Transport>(
        self: &Rc<Self>,
        transport: &T,
        window: &Rc<Window>,
        settings: &Settings,
        progress: &Progress,
        may_wait: impl Fn(Option<u64>) -> bool,
    ) -> Result<(), Spent> {
        let waiter = self.enqueue(window, settings.priority, progress);
        let mut told = None;
        loop {
            if waiter.becomes(|state| state != State::Waiting).await == State::Nudged {
                self.look(&waiter, transport.now());
            }
            match waiter.state.get() {
                State::Granted => {
                    progress.permit.set(progress.turn.take().map(Turn::into_permit));
                    return Ok(());
                }
                State::Asking => {
                    let report = self.report(transport, window, settings, Some(settings.priority));
                    let too_late = async {
                        transport.sleep(STORE_LIMIT).await;
                        None
                    };
                    let grant = or(transport.share(&report), too_late).await;
                    let now = transport.now();
                    if let Some(grant) = grant {
                        window.share(grant, now);
                        self.lost.take();
                    } else if self.lost.replace(Some(now)).is_none() {
                        may_wait(None);
                    }
                    waiter.asked(State::Nudged);
                }
                State::Held => {
                    let counting = self.counting(window, transport.now());
                    let (opens, ends) = window.opens(counting);
                    let left = opens.saturating_sub(transport.now()).min(WAIT_LIMIT);
                    let spread = if counting == Counting::Store { left.min(SPREAD) } else { SPREAD };
                    let wait = left.saturating_add((transport.random() * spread as f64) as u64);
                    // Once for each window, however often the call looks.
                    if told.replace(ends) != Some(ends) {
                        if !may_wait(Some(wait)) {
                            return Err(Spent);
                        }
                        self.report_to(transport, window, settings);
                    }
                    let window_opens = async {
                        transport.sleep(u32::try_from(wait).unwrap_or(u32::MAX)).await;
                        // The timer counts, whatever the clock says meanwhile.
                        window.open(opens);
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

    /// Tells the store how things stand: a request has ended, or a call waits.
    pub fn report_to<T: Transport>(&self, transport: &T, window: &Window, settings: &Settings) {
        if self.has_store && self.lost.get().is_none() {
            transport.report(&self.report(transport, window, settings, None));
        }
    }

    fn report<'a, T: Transport>(&self, transport: &T, window: &'a Window, settings: &Settings, priority: Option<Priority>) -> Report<'a> {
        if self.id.get() == 0 {
            self.id.set((transport.random() * f64::from(u32::MAX)) as u32);
        }
        let queue = self.queue.take();
        let waits = |waiter: &&Rc<Waiter>| std::ptr::eq(&*waiter.window, window) && waiter.state.get() != State::Asking;
        let waiting = queue.interactive.iter().filter(waits).count();
        self.queue.set(queue);
        // Whoever asks beside this call may have been granted its request by now.
        let asking = window.asking.get().saturating_sub(priority.is_some().into());
        let under_way = window.under_way.get().saturating_add(asking);
        let report = Report { limiter: self.id.get(), priority, under_way, waiting, timeout: settings.timeout, ..Report::default() };
        window.describe(report, transport.now())
    }

    fn enqueue(self: &Rc<Self>, window: &Rc<Window>, priority: Priority, progress: &Progress) -> Rc<Waiter> {
        let waiter = Rc::new(Waiter { window: Rc::clone(window), state: Cell::new(State::Nudged), waker: Cell::default() });
        progress.turn.set(Some(Turn { limiter: Rc::clone(self), waiter: Rc::clone(&waiter) }));
        if self.permits.is_some() {
            let mut queue = self.queue.take();
            queue.lane(priority).push(Rc::clone(&waiter));
            self.queue.set(queue);
        }
        waiter
    }

    /// A call looks whether it may go, or whoever else is before it.
    fn look(&self, waiter: &Waiter, now: u64) {
        waiter.state.set(State::Waiting);
        if self.permits.is_some() {
            self.grant(now);
        } else {
            self.enter(waiter, now);
        }
    }

    /// Learns from an answer that came at `now`, see [`Window::learn`].
    pub fn learn(&self, window: &Window, told: RateLimit, until_reset: Option<u64>, now: u64, spent: bool) {
        window.learn(told, until_reset, now, spent);
        self.nudge();
    }

    /// Who counts the requests. While one call tries a store that is gone, the others go on without it.
    fn counting(&self, window: &Window, now: u64) -> Counting {
        match self.lost.get() {
            _ if !self.has_store => Counting::Own,
            Some(since) if window.asking.get() > 0 || now.checked_sub(since).is_some_and(|gone| gone < STORE_PAUSE) => Counting::Share,
            _ => Counting::Store,
        }
    }

    fn gate(&self, window: &Window, now: u64) -> Gate {
        if self.keeps_window { window.gate(self.counting(window, now), now) } else { Gate::Open }
    }

    /// A call goes, asks the store, or is held back.
    fn enter(&self, waiter: &Waiter, now: u64) -> State {
        let window = &waiter.window;
        let state = match self.gate(window, now) {
            Gate::Open => {
                window.take(self.counting(window, now), now);
                State::Granted
            }
            Gate::Ask => {
                window.asking.set(window.asking.get().saturating_add(1));
                State::Asking
            }
            Gate::Shut => State::Held,
        };
        waiter.state.set(state);
        state
    }

    /// Whether something would come of it if a call entered.
    fn may_enter(&self, waiter: &Waiter, now: u64) -> bool {
        let window = &waiter.window;
        let waits_for_word = self.counting(window, now) == Counting::Store && window.asking.get() > 0;
        waiter.state.get() != State::Asking && !waits_for_word && self.gate(window, now) != Gate::Shut
    }

    fn free(&self) -> usize {
        self.permits.map_or(usize::MAX, |permits| permits.saturating_sub(self.taken.get()))
    }

    /// Lets go whoever may. Those whom only the window holds back are told so.
    fn grant(&self, now: u64) {
        let mut queue = self.queue.take();
        let mut woken = Vec::new();
        while self.free() > 0
            && let Some(waiter) = queue.first(|waiter| self.may_enter(waiter, now))
        {
            if self.enter(&waiter, now) == State::Granted {
                queue.pass(&waiter);
                self.taken.set(self.taken.get().saturating_add(1));
            }
            woken.push(waiter);
        }
        woken.extend(queue.hold_back(self.free(), |window| self.gate(window, now) == Gate::Shut));
        self.queue.set(queue);
        woken.iter().for_each(|waiter| waiter.wake());
    }

    /// The first who waits shall look whether it may go, and who else may.
    fn nudge(&self) {
        let queue = self.queue.take();
        let first = queue.first(|waiter| waiter.state.get() != State::Asking).filter(|_| self.free() > 0);
        self.queue.set(queue);
        if let Some(waiter) = first {
            waiter.state.set(State::Nudged);
            waiter.wake();
        }
    }

    fn release(&self, window: &Window) {
        window.under_way.set(window.under_way.get().saturating_sub(1));
        self.taken.set(self.taken.get().saturating_sub(1));
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

    /// Whose turn it is among some of them.
    fn first(&self, is_one: impl Fn(&Waiter) -> bool) -> Option<Rc<Waiter>> {
        let next = |lane: &[Rc<Waiter>]| lane.iter().find(|waiter| is_one(waiter)).cloned();
        let bulk_is_due = self.passed >= BULK_SHARE - 1;
        let (one, other) = if bulk_is_due { (&self.bulk, &self.interactive) } else { (&self.interactive, &self.bulk) };
        next(one).or_else(|| next(other))
    }

    /// It goes.
    fn pass(&mut self, first: &Rc<Waiter>) {
        let bulk = self.bulk.len();
        self.remove(first);
        let lets_bulk_wait = bulk > 0 && self.bulk.len() == bulk;
        self.passed = if lets_bulk_wait { self.passed.saturating_add(1) } else { 0 };
    }

    /// Those of the first so many of each window who do not know yet that it holds them back.
    fn hold_back(&self, count: usize, is_shut: impl Fn(&Window) -> bool) -> Vec<Rc<Waiter>> {
        let all = || self.interactive.iter().chain(&self.bulk);
        all().for_each(|waiter| waiter.window.held.set(0));
        let first = all().filter(|waiter| {
            let held = &waiter.window.held;
            held.set(held.get().saturating_add(1));
            held.get() <= count && waiter.state.get() != State::Asking && is_shut(&waiter.window)
        });
        first.filter(|waiter| waiter.state.replace(State::Held) != State::Held).cloned().collect()
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

    /// It asks the store no more.
    fn asked(&self, state: State) {
        self.window.asking.set(self.window.asking.get().saturating_sub(1));
        self.state.set(state);
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
        Permit { limiter: Rc::clone(&self.limiter), window: Rc::clone(&self.waiter.window) }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Self { limiter, waiter } = self;
        let mut queue = limiter.queue.take();
        queue.remove(waiter);
        limiter.queue.set(queue);
        match waiter.state.get() {
            // It went, or waited behind others.
            State::Waiting => return,
            State::Granted => limiter.release(&waiter.window),
            State::Asking => waiter.asked(State::Waiting),
            State::Nudged | State::Held => {}
        }
        limiter.nudge();
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.limiter.release(&self.window);
    }
}
