//! One window of a rate limit: what answers told of it, and what the store said that several limiters share it by.

use std::cell::Cell;

use crate::rate_limit::RateLimit;
use crate::retry::WAIT_LIMIT;
use crate::transport::Grant;

/// How long a window is that nobody told the end of.
const WINDOW: u64 = 60_000;
/// The store's word is kept for so long at least, so that nobody asks without a pause.
const LEAST_WAIT: u64 = 50;
/// A store that is gone is asked again after so many milliseconds.
const PAUSE: u64 = 5_000;

/// What is known of the window.
#[derive(Default)]
pub struct Window {
    pub told: Cell<RateLimit>,
    /// The least that answers told is left of it: one may come late.
    pub least: Cell<Option<u32>>,
    /// What is left of it by our own count.
    left: Cell<Option<u32>>,
    /// When it was told last, and when it ends, by the local clock.
    pub learned: Cell<u64>,
    pub ends: Cell<u64>,
    /// Whether a store counts the requests, by which others share the window.
    has_store: bool,
    /// How many limiters share it, as the store said last.
    sharers: Cell<u32>,
    /// Until then the store lets none go.
    shut_until: Cell<u64>,
    /// When the store is asked again that is gone; 0 where it is there.
    ask_at: Cell<u64>,
}

impl Window {
    /// A window of which nothing is known yet.
    pub fn new(has_store: bool) -> Self {
        Self { has_store, ..Self::default() }
    }

    /// Until when no request may go.
    pub fn shut_until(&self, now: u64) -> u64 {
        let counts = self.counts(now) || self.ask_at.get() == 0;
        let is_spent = counts && !self.is_over(now) && self.left.get().is_some_and(|left| left < self.weight());
        // Whoever has used up its share asks the store again before the next window.
        let opens = if self.is_pause(now) { self.ends.get().min(self.ask_at.get()) } else { self.ends.get() };
        self.shut_until.get().max(if is_spent { opens } else { 0 })
    }

    /// Counts a request that goes beside so many; not where the store does that.
    pub fn take(&self, beside: usize, now: u64) -> bool {
        if !self.counts(now) {
            return false;
        }
        if self.is_over(now) {
            self.left.set(self.told.get().limit);
            if self.has_store && self.left.get().is_some() {
                // Nobody told this window. What was under way when it began counts in it.
                self.learned.set(0);
                self.least.set(None);
                self.ends.set(now.saturating_add(WINDOW));
                self.spend(beside);
            }
        }
        self.spend(1);
        true
    }

    /// The time has come at which it was to open.
    pub fn open(&self, opens: u64) {
        if self.ends.get() == opens {
            self.ends.set(0);
        }
        if self.shut_until.get() == opens {
            self.shut_until.set(0);
        }
    }

    /// Learns from an answer that came at `now`; `until_reset` is in milliseconds. `spent` says that it was refused for
    /// the rate limit's sake.
    ///
    /// A window is a minute, so whatever an answer says, no other call is held back for longer: one odd answer, or one
    /// from a server whose clock is unlike ours, must not silence a client.
    pub fn learn(&self, told: RateLimit, until_reset: Option<u64>, now: u64, spent: bool) {
        let ends = now.saturating_add(until_reset.unwrap_or(0).min(WAIT_LIMIT));
        let before = self.told.get().reset_at;
        // Answers may overtake each other: one of an older window says nothing about this one. A limit of none at all is
        // no limit that could be waited for.
        if told.known && told.limit != Some(0) && (told.reset_at >= before || self.is_over(now)) {
            // One that nobody told before began by our own count.
            let same = (told.reset_at == before || self.learned.get() == 0) && !self.is_over(now);
            // Of what is left by the server's word, each takes no more than its share, and one request at least.
            let most = told.remaining.map(|remaining| remaining.checked_next_multiple_of(self.weight()).unwrap_or(u32::MAX));
            self.left.set(if same { most.min(self.left.get()) } else { told.remaining });
            let least = self.least.get().filter(|_| same);
            self.least.set(told.remaining.min(least.or(told.remaining)));
            self.ends.set(ends);
            self.told.set(told);
            self.learned.set(now);
        }
        if spent && until_reset.is_some() {
            self.left.set(Some(0));
            if self.is_over(now) {
                self.least.set(Some(0));
                self.ends.set(ends);
            } else {
                self.ends.set(self.ends.get().max(ends));
            }
            self.learned.set(now);
        }
    }

    /// Whether this limiter counts for itself: without a store, and in the pause before it asks one again that is gone.
    pub fn counts(&self, now: u64) -> bool {
        !self.has_store || self.is_pause(now)
    }

    /// A clock that was set back ends the pause.
    fn is_pause(&self, now: u64) -> bool {
        self.ask_at.get().wrapping_sub(now).wrapping_sub(1) < PAUSE
    }

    /// What the store said; gives whether a request may go.
    pub fn share(&self, grant: Grant, now: u64) -> bool {
        if self.ask_at.replace(0) > 0 {
            // From now on the store knows what the others sent.
            self.left.set(self.least.get());
        }
        match grant {
            Grant::Granted { limiters } => self.sharers.set(limiters),
            Grant::Wait { milliseconds } => self.shut_until.set(now.saturating_add(milliseconds.clamp(LEAST_WAIT, WAIT_LIMIT))),
        }
        matches!(grant, Grant::Granted { .. })
    }

    /// The store is gone, while so many requests are under way; gives whether that is news.
    pub fn lose(&self, under_way: usize, now: u64) -> bool {
        let is_news = self.ask_at.replace(now.saturating_add(PAUSE)) == 0;
        self.shut_until.set(0);
        if is_news {
            // Each of the others has as many under way, which are in no answer yet.
            self.spend(under_way);
        }
        is_news
    }

    /// Whether it has ended. A clock that was set back tells nothing of it.
    fn is_over(&self, now: u64) -> bool {
        self.ends.get() <= now || now < self.learned.get()
    }

    /// How many requests are gone with one of ours: without the store, each of the others sends one, too.
    fn weight(&self) -> u32 {
        if self.ask_at.get() > 0 { self.sharers.get().max(1) } else { 1 }
    }

    fn spend(&self, count: usize) {
        let spent = self.weight().saturating_mul(count as u32);
        self.left.set(self.left.get().map(|left| left.saturating_sub(spent)));
    }
}
