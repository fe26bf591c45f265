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
use crate::config::Priority;
use crate::rate_limit::RateLimit;
use crate::retry::WAIT_LIMIT;
use crate::transport::Transport;

/// Shared by all calls of a client.
pub struct Limiter {
    /// How many requests may be under way at a time; none where calls must not wait for one another.
    permits: Option<usize>,
    taken: Cell<usize>,
    queue: Cell<Queue>,
    /// Whether a spent window holds calls back.
    keeps_window: bool,
    window: Cell<Window>,
}

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
    /// It may go.
    Granted,
}

/// The window of the rate limit as far as answers told it.
#[derive(Clone, Copy, Default)]
struct Window {
    told: RateLimit,
    /// What is left of it by our own count.
    left: Option<u32>,
    /// When it was told last, and when it ends, by the local clock.
    learned: u64,
    ends: u64,
}

/// The right to have a request under way. The next in the queue gets it when it is dropped.
pub struct Permit {
    /// None where permits are not counted.
    limiter: Option<Rc<Limiter>>,
}

/// The window is spent, and the call has no time to wait for the next one.
pub struct Spent;

impl Limiter {
    /// A limiter with so many permits; with none, no call waits for another one.
    pub fn new(permits: Option<usize>, keeps_window: bool) -> Rc<Self> {
        let (taken, queue, window) = Default::default();
        Rc::new(Self { permits, taken, queue, keeps_window, window })
    }

    /// What the last answer told.
    pub fn rate_limit(&self) -> RateLimit {
        self.window.get().told
    }

    /// Waits for a permit, and for the next window where this one is spent: `may_wait` is asked whether the call can wait
    /// so many milliseconds for it. The permit is in `progress` then, and meanwhile the place in the queue.
    pub async fn acquire<T: Transport>(
        self: &Rc<Self>,
        transport: &T,
        priority: Priority,
        progress: &Progress,
        may_wait: impl Fn(u64) -> bool,
    ) -> Result<(), Spent> {
        let waiter = self.enqueue(priority, progress);
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
                State::Held => {
                    let Window { ends, .. } = self.window.get();
                    let left = ends.saturating_sub(transport.now()).min(WAIT_LIMIT);
                    let wait = left.saturating_add((transport.random() * 1000.0) as u64);
                    // Once for each window, however often the call looks.
                    if told.replace(ends) != Some(ends) && !may_wait(wait) {
                        return Err(Spent);
                    }
                    let window_ends = async {
                        transport.sleep(u32::try_from(wait).unwrap_or(u32::MAX)).await;
                        // The timer counts, whatever the clock says meanwhile.
                        self.end_window(ends);
                        waiter.state.set(State::Nudged);
                    };
                    let may_go = async {
                        waiter.becomes(|state| matches!(state, State::Granted | State::Nudged)).await;
                    };
                    or(may_go, window_ends).await;
                }
                State::Waiting | State::Nudged => {}
            }
        }
    }

    fn enqueue(self: &Rc<Self>, priority: Priority, progress: &Progress) -> Rc<Waiter> {
        let waiter = Rc::new(Waiter { state: Cell::new(State::Nudged), ..Waiter::default() });
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
            waiter.state.set(if self.take(now) { State::Granted } else { State::Held });
        }
    }

    /// Learns from an answer that came at `now`; `until_reset` is in milliseconds. `spent` says that it was refused for
    /// the rate limit's sake.
    ///
    /// A window is a minute, so whatever an answer says, no other call is held back for longer: one odd answer, or one
    /// from a server whose clock is unlike ours, must not silence a client.
    pub fn learn(&self, told: RateLimit, until_reset: Option<u64>, now: u64, spent: bool) {
        let mut window = self.window.get();
        let ends = now.saturating_add(until_reset.unwrap_or(0).min(WAIT_LIMIT));
        // Answers may overtake each other: one of an older window says nothing about this one. A limit of none at all is
        // no limit that could be waited for.
        if told.known && told.limit != Some(0) && (told.reset_at >= window.told.reset_at || window.is_over(now)) {
            let same = told.reset_at == window.told.reset_at && !window.is_over(now);
            window.left = if same { told.remaining.min(window.left) } else { told.remaining };
            window.ends = ends;
            window.told = told;
            window.learned = now;
        }
        if spent && until_reset.is_some() {
            window.left = Some(0);
            window.ends = if window.is_over(now) { ends } else { window.ends.max(ends) };
            window.learned = now;
        }
        self.window.set(window);
        self.nudge();
    }

    /// The window that ended then is over.
    fn end_window(&self, ends: u64) {
        let mut window = self.window.get();
        if window.ends == ends {
            window.left = window.told.limit;
            window.ends = 0;
            self.window.set(window);
        }
    }

    /// Takes one request of the window, if there is one left.
    fn take(&self, now: u64) -> bool {
        let mut window = self.window.get();
        if !self.keeps_window {
            return true;
        }
        if window.is_over(now) {
            window.left = window.told.limit;
        }
        let is_left = window.left != Some(0);
        window.left = window.left.map(|left| left.saturating_sub(1));
        self.window.set(window);
        is_left
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
            if !self.take(now) {
                woken.extend(queue.hold_back(self.free()));
                break;
            }
            queue.pass(&waiter);
            self.taken.set(self.taken.get().saturating_add(1));
            waiter.state.set(State::Granted);
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
        self.taken.set(self.taken.get().saturating_sub(1));
        self.nudge();
    }
}

impl Window {
    /// Whether it has ended. A clock that was set back tells nothing of it.
    const fn is_over(&self, now: u64) -> bool {
        self.ends <= now || now < self.learned
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
        Permit { limiter: self.limiter.permits.map(|_| Rc::clone(&self.limiter)) }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.limiter.permits.is_none() {
            return;
        }
        let mut queue = self.limiter.queue.take();
        queue.remove(&self.waiter);
        self.limiter.queue.set(queue);
        match self.waiter.state.get() {
            // It went, or waited behind others.
            State::Waiting => {}
            State::Granted => self.limiter.release(),
            State::Nudged | State::Held => self.limiter.nudge(),
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(limiter) = &self.limiter {
            limiter.release();
        }
    }
}
