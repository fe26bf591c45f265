//! One window of a rate limit: what answers told of it, and what the store said that several limiters share it by.

use crate::rate_limit::RateLimit;
use crate::retry::WAIT_LIMIT;
use crate::transport::Grant;

/// How long a window is that nobody told the end of.
const WINDOW: u64 = 60_000;
/// The store's word is kept for so long at least, so that nobody asks without a pause.
const LEAST_WAIT: u64 = 50;

/// What is known of the window.
#[derive(Clone, Copy, Default)]
pub struct Window {
    pub told: RateLimit,
    /// What is left of it by our own count.
    left: Option<u32>,
    /// When it was told last, and when it ends, by the local clock.
    pub learned: u64,
    pub ends: u64,
    /// Until then the store lets none go.
    shut_until: u64,
    /// How many limiters share it, as the store said last.
    sharers: u32,
}

/// Who counts the requests of a window.
#[derive(Clone, Copy, PartialEq)]
pub enum Counting {
    /// This limiter, for itself alone.
    Own,
    /// The store.
    Store,
    /// This limiter, which keeps to its share, as the store is gone: with each of its requests, each of the others sends one.
    Share,
}

impl Window {
    /// Until when no request may go.
    pub fn shut_until(&self, counting: Counting, now: u64) -> u64 {
        let is_spent = !self.is_over(now) && self.left.is_some_and(|left| left < self.weight(counting));
        let by_count = if is_spent { self.ends } else { 0 };
        if counting == Counting::Store { self.shut_until.max(by_count) } else { by_count }
    }

    /// Counts a request that goes beside so many.
    pub fn take(&mut self, counting: Counting, beside: usize, now: u64) {
        if counting == Counting::Store {
            return;
        }
        if self.is_over(now) {
            self.left = self.told.limit;
            if counting == Counting::Share && self.left.is_some() {
                // Nobody told this window. What was under way when it began counts in it.
                (self.learned, self.ends) = (0, now.saturating_add(WINDOW));
                self.lose(beside);
            }
        }
        self.spend(self.weight(counting));
    }

    /// The time has come at which it was to open.
    pub const fn open(&mut self, opens: u64) {
        if self.ends == opens {
            self.ends = 0;
        }
        if self.shut_until == opens {
            self.shut_until = 0;
        }
    }

    /// Learns from an answer that came at `now`; `until_reset` is in milliseconds. `spent` says that it was refused for
    /// the rate limit's sake.
    ///
    /// A window is a minute, so whatever an answer says, no other call is held back for longer: one odd answer, or one
    /// from a server whose clock is unlike ours, must not silence a client.
    pub fn learn(&mut self, told: RateLimit, until_reset: Option<u64>, now: u64, spent: bool) {
        let ends = now.saturating_add(until_reset.unwrap_or(0).min(WAIT_LIMIT));
        // Answers may overtake each other: one of an older window says nothing about this one. A limit of none at all is
        // no limit that could be waited for.
        if told.known && told.limit != Some(0) && (told.reset_at >= self.told.reset_at || self.is_over(now)) {
            // One that nobody told before began by our own count.
            let same = (told.reset_at == self.told.reset_at || self.learned == 0) && !self.is_over(now);
            self.left = if same { told.remaining.min(self.left) } else { told.remaining };
            self.ends = ends;
            self.told = told;
            self.learned = now;
        }
        if spent && until_reset.is_some() {
            self.left = Some(0);
            self.ends = if self.is_over(now) { ends } else { self.ends.max(ends) };
            self.learned = now;
        }
    }

    /// The store said whether a request may go.
    pub fn share(&mut self, Grant { granted, wait, limiters }: Grant, now: u64) {
        self.sharers = limiters;
        if !granted {
            self.shut_until = now.saturating_add(wait.clamp(LEAST_WAIT, WAIT_LIMIT));
        }
    }

    /// The store is gone, and so many requests are under way: what the others have under way is in no answer yet.
    pub fn lose(&mut self, under_way: usize) {
        self.spend((under_way as u32).saturating_mul(self.weight(Counting::Share)));
    }

    /// Whether it has ended. A clock that was set back tells nothing of it.
    const fn is_over(&self, now: u64) -> bool {
        self.ends <= now || now < self.learned
    }

    /// How many requests are gone with one of ours.
    fn weight(&self, counting: Counting) -> u32 {
        if counting == Counting::Share { self.sharers.max(1) } else { 1 }
    }

    fn spend(&mut self, count: u32) {
        self.left = self.left.map(|left| left.saturating_sub(count));
    }
}
