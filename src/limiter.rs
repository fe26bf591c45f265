//! Lets requests go in turn: a set number at a time, and none into a window of the rate limit that is spent.

use std::cell::Cell;
use std::collections::VecDeque;
use std::rc::Rc;

use futures_channel::oneshot;

use crate::rate_limit::RateLimit;

/// Shared by all calls of a client.
pub struct Limiter {
    /// How many requests may be under way at a time.
    places: usize,
    taken: Cell<usize>,
    queue: Cell<VecDeque<oneshot::Sender<Place>>>,
    window: Cell<Window>,
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

/// The right to have a request under way; the next in the queue gets it when it is dropped.
pub struct Place {
    limiter: Option<Rc<Limiter>>,
}

impl Limiter {
    /// A limiter with so many places.
    pub fn new(places: usize) -> Rc<Self> {
        Rc::new(Self { places, taken: Cell::default(), queue: Cell::default(), window: Cell::default() })
    }

    /// What the last answer told.
    pub fn rate_limit(&self) -> RateLimit {
        self.window.get().told
    }

    /// A place, if one is free.
    pub fn free_place(self: &Rc<Self>) -> Option<Place> {
        let free = self.taken.get() < self.places;
        free.then(|| {
            self.taken.set(self.taken.get().saturating_add(1));
            Place { limiter: Some(Rc::clone(self)) }
        })
    }

    /// Waits for a place, in the order of asking. All are taken, or one would be free.
    pub async fn place(self: &Rc<Self>) -> Place {
        let (sender, receiver) = oneshot::channel();
        let mut queue = self.queue.take();
        queue.push_back(sender);
        self.queue.set(queue);
        match receiver.await {
            Ok(place) => place,
            // The queue lives as long as the limiter, and a place is all that takes a sender out of it.
            Err(oneshot::Canceled) => std::future::pending().await,
        }
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
    pub fn learn(&self, told: RateLimit, until_reset: Option<u64>, now: u64, spent: bool) {
        let mut window = self.window.get();
        // Answers may overtake each other: one of an older window says nothing about this one.
        if told.known && (told.reset_at >= window.told.reset_at || window.ends <= now) {
            let same = told.reset_at == window.told.reset_at && now < window.ends;
            window.left = if same { told.remaining.min(window.left) } else { told.remaining };
            window.ends = now.saturating_add(until_reset.unwrap_or(0));
            window.told = told;
        }
        if spent && let Some(wait) = until_reset {
            window.left = Some(0);
            window.ends = window.ends.max(now.saturating_add(wait));
        }
        self.window.set(window);
    }
}

impl Limiter {
    fn next(&self) -> Option<oneshot::Sender<Place>> {
        let mut queue = self.queue.take();
        let next = queue.pop_front();
        self.queue.set(queue);
        next
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(mut limiter) = self.limiter.take() else { return };
        while let Some(next) = limiter.next() {
            // Whoever gave up waiting hands the place back, and the next is asked.
            match next.send(Place { limiter: Some(limiter) }).map_err(|mut unwanted| unwanted.limiter.take()) {
                Err(Some(back)) => limiter = back,
                _ => return,
            }
        }
        limiter.taken.set(limiter.taken.get().saturating_sub(1));
    }
}
