//! How far a call has come, for those who end it from outside.

use std::cell::Cell;

use super::limiter::{Permit, Turn};
use crate::error::Outcome;
use crate::http::Method;

/// How far a call has come. It outlives the call's future: whoever drops that still knows what became of the request.
#[derive(Default)]
pub struct Progress {
    /// How many requests were sent.
    pub attempts: Cell<u32>,
    /// What became of all of them together, but for the one that is under way.
    settled: Cell<Outcome>,
    /// Whether a request is under way.
    pub is_under_way: Cell<bool>,
    /// Milliseconds of waiting for a turn.
    pub queued: Cell<u64>,
    /// The place in the queue: here, so that it is given back even where the future is lost.
    pub turn: Cell<Option<Turn>>,
    /// The permit, held during an attempt, and here for the same reason.
    pub permit: Cell<Option<Permit>>,
}

impl Progress {
    /// What became of what was sent.
    pub fn outcome(&self) -> Outcome {
        if self.is_under_way.get() { Outcome::Unknown } else { self.settled.get() }
    }

    /// Gives back what it holds of what calls share.
    pub fn release(&self) {
        self.turn.take();
        self.permit.take();
    }

    /// An attempt is over. A read changes nothing, so its last attempt tells all; of a write the worst one counts.
    pub fn settle(&self, method: Method, outcome: Outcome) {
        self.is_under_way.set(false);
        self.settled.set(if method.is_safe() { outcome } else { outcome.max(self.settled.get()) });
    }
}
