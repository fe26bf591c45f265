//! Lets requests go in turn: a set number at a time, and none into a window of the rate limit that is spent.

use std::cell::Cell;
use std::collections::VecDeque;
use std::rc::Rc;

use crate::rate_limit::RateLimit;
use crate::retry::WAIT_LIMIT;
use crate::transport::Transport;

/// Shared by all calls of a client.
pub struct Limiter<T> {
    transport: Rc<T>,
    /// How many requests may be under way at a time.
    places: usize,
    taken: Cell<usize>,
    queue: Cell<VecDeque<Waiting>>,
    window: Cell<Window>,
}

/// A call in the queue.
struct Waiting {
    call: u32,
    is_granted: Rc<Cell<bool>>,
}

/// The window of the rate limit as far as answers told it.
#[derive(Clone, Copy, Default)]
struct Window {
    told: RateLimit,
    /// What is left of it by our own count.
    left: Option<u32>,
    /// When it ends, by the local clock.
    ends: u64,
}

/// The right to have a request under way, or a place in the queue for it. The next in the queue gets it when it is
/// dropped.
pub struct Place<T: Transport> {
    limiter: Rc<Limiter<T>>,
    is_granted: Rc<Cell<bool>>,
}

impl<T: Transport> Limiter<T> {
    /// A limiter with so many places.
    pub fn new(places: usize, transport: Rc<T>) -> Rc<Self> {
        Rc::new(Self { transport, places, taken: Cell::default(), queue: Cell::default(), window: Cell::default() })
    }

    /// What the last answer told.
    pub fn rate_limit(&self) -> RateLimit {
        self.window.get().told
    }

    /// A place for a call; where none is free the call is woken, in the order of asking.
    pub fn place(self: &Rc<Self>, call: u32) -> Place<T> {
        let is_free = self.taken.get() < self.places;
        let is_granted = Rc::new(Cell::new(is_free));
        if is_free {
            self.taken.set(self.taken.get().saturating_add(1));
        } else {
            let mut queue = self.queue.take();
            queue.push_back(Waiting { call, is_granted: Rc::clone(&is_granted) });
            self.queue.set(queue);
        }
        Place { limiter: Rc::clone(self), is_granted }
    }

    /// Takes one request of the window, or says how many milliseconds there are until a new one.
    pub fn take(&self, now: u64) -> Result<(), u64> {
        let mut window = self.window.get();
        if window.ends <= now {
            window.left = window.told.limit;
        }
        match window.left {
            Some(0) => Err(window.ends.saturating_sub(now)),
            left => {
                window.left = left.map(|left| left.saturating_sub(1));
                self.window.set(window);
                Ok(())
            }
        }
    }

    /// Learns from an answer that came at `now`; `until_reset` is in milliseconds. `spent` says that it was refused for
    /// the rate limit's sake.
    ///
    /// A window is a minute, so whatever an answer says, no call is held back for longer: one odd answer, or one from a
    /// server whose clock is unlike ours, must not silence a client.
    pub fn learn(&self, told: RateLimit, until_reset: Option<u64>, now: u64, spent: bool) {
        let mut window = self.window.get();
        let ends = now.saturating_add(until_reset.unwrap_or(0).min(WAIT_LIMIT));
        // Answers may overtake each other: one of an older window says nothing about this one. A limit of none at all is
        // no limit that could be waited for.
        if told.known && told.limit != Some(0) && (told.reset_at >= window.told.reset_at || window.ends <= now) {
            let same = told.reset_at == window.told.reset_at && now < window.ends;
            window.left = if same { told.remaining.min(window.left) } else { told.remaining };
            window.ends = ends;
            window.told = told;
        }
        if spent && until_reset.is_some() {
            window.left = Some(0);
            window.ends = window.ends.max(ends);
        }
        self.window.set(window);
    }

    /// Gives a place back, or rather to the next who still wants it.
    fn release(&self) {
        let mut queue = self.queue.take();
        let next = std::iter::from_fn(|| queue.pop_front()).find(|next| Rc::strong_count(&next.is_granted) > 1);
        self.queue.set(queue);
        match next {
            Some(Waiting { call, is_granted }) => {
                is_granted.set(true);
                self.transport.wake(call);
            }
            None => self.taken.set(self.taken.get().saturating_sub(1)),
        }
    }
}

impl<T: Transport> Place<T> {
    /// Whether the request may go.
    pub fn is_granted(&self) -> bool {
        self.is_granted.get()
    }
}

impl<T: Transport> Drop for Place<T> {
    fn drop(&mut self) {
        if self.is_granted() {
            self.limiter.release();
        }
    }
}
