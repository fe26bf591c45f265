//! One window of a rate limit: what answers told of it, and what the store said that several limiters share it by.

use std::cell::Cell;
use std::rc::Rc;

use crate::rate_limit::RateLimit;
use crate::retry::WAIT_LIMIT;
use crate::transport::{Grant, Report};

/// A window that nobody told the end of is taken to be as long as the API's.
const WINDOW: u64 = 60_000;
/// The store's word is kept for so long at least, so that nobody asks without a pause.
const LEAST_WAIT: u64 = 50;

/// The window of one key; a client without keys has one.
#[derive(Default)]
pub struct Window {
    /// The `rateLimitKey`.
    pub key: Option<String>,
    counts: Cell<Counts>,
    /// How many requests of it are under way.
    pub under_way: Cell<u32>,
    /// How many calls ask the store at the moment.
    pub asking: Cell<u32>,
    /// How many of those who wait know that it holds them back: a note of whoever lets calls go.
    pub held: Cell<usize>,
    /// When a call began that is for it.
    pub used: Cell<u64>,
}

/// What is known of the window.
#[derive(Clone, Copy, Default)]
struct Counts {
    told: RateLimit,
    /// What is left of it by our own count.
    left: Option<u32>,
    /// When it was told last, and when it ends, by the local clock.
    learned: u64,
    ends: u64,
    /// How many requests the store granted that have not gone yet.
    granted: u32,
    /// Until then it makes no sense to ask the store.
    shut_until: u64,
    /// How many limiters shared it, as the store said last.
    sharers: u32,
}

/// Whether a request may go.
#[derive(Clone, Copy, PartialEq)]
pub enum Gate {
    /// It may go.
    Open,
    /// The store has to be asked first.
    Ask,
    /// None may go now.
    Shut,
}

/// Who counts the requests.
#[derive(Clone, Copy, PartialEq)]
pub enum Counting {
    /// This limiter, for itself alone.
    Own,
    /// The store.
    Store,
    /// This limiter, which keeps to its share, because the store is gone.
    Share,
}

impl Window {
    /// The window of a key.
    pub fn new(key: &Option<String>) -> Rc<Self> {
        Rc::new(Self { key: key.clone(), ..Self::default() })
    }

    /// What the last answer told.
    pub fn rate_limit(&self) -> RateLimit {
        self.counts.get().told
    }

    /// Whether no call has been for it in the last two windows.
    pub fn is_unused(&self, now: u64) -> bool {
        now.saturating_sub(self.used.get()) > 2 * WINDOW
    }

    /// Whether a request may go now.
    pub fn gate(&self, counting: Counting, now: u64) -> Gate {
        let counts = self.counts.get();
        let is_shut = match counting {
            Counting::Store if counts.granted > 0 => return Gate::Open,
            Counting::Store if counts.shut_until <= now => return Gate::Ask,
            Counting::Store => true,
            _ => !counts.is_over(now) && counts.left.is_some_and(|left| left < counts.weight()),
        };
        if is_shut { Gate::Shut } else { Gate::Open }
    }

    /// Counts a request that goes.
    pub fn take(&self, counting: Counting, now: u64) {
        self.under_way.set(self.under_way.get().saturating_add(1));
        let mut counts = self.counts.get();
        let weight = counts.weight();
        counts.granted = counts.granted.saturating_sub(1);
        if counts.is_over(now) {
            counts.left = counts.told.limit;
            if counting != Counting::Own {
                // Nobody told this window. What was under way when it began counts in it.
                (counts.learned, counts.ends) = (0, now.saturating_add(WINDOW));
                let under_way = self.under_way.get().saturating_sub(1).saturating_mul(weight);
                counts.left = counts.left.map(|left| left.saturating_sub(under_way));
            }
        }
        counts.left = counts.left.map(|left| left.saturating_sub(weight));
        self.counts.set(counts);
    }

    /// When it may be open again, and when the window ends, as far as that is known.
    pub fn opens(&self, counting: Counting) -> (u64, u64) {
        let Counts { shut_until, ends, .. } = self.counts.get();
        (if counting == Counting::Store { shut_until } else { ends }, ends)
    }

    /// The time has come at which it was to open.
    pub fn open(&self, opens: u64) {
        let mut counts = self.counts.get();
        for at in [&mut counts.ends, &mut counts.shut_until] {
            if *at == opens {
                *at = 0;
            }
        }
        self.counts.set(counts);
    }

    /// Learns from an answer that came at `now`; `until_reset` is in milliseconds. `spent` says that it was refused for
    /// the rate limit's sake.
    ///
    /// A window is a minute, so whatever an answer says, no other call is held back for longer: one odd answer, or one
    /// from a server whose clock is unlike ours, must not silence a client.
    pub fn learn(&self, told: RateLimit, until_reset: Option<u64>, now: u64, spent: bool) {
        let mut counts = self.counts.get();
        let ends = now.saturating_add(until_reset.unwrap_or(0).min(WAIT_LIMIT));
        // Answers may overtake each other: one of an older window says nothing about this one. A limit of none at all is
        // no limit that could be waited for.
        if told.known && told.limit != Some(0) && (told.reset_at >= counts.told.reset_at || counts.is_over(now)) {
            // One that nobody told before began by our own count.
            let same = (told.reset_at == counts.told.reset_at || counts.learned == 0) && !counts.is_over(now);
            // Of those who share a window, what is under way counts in a new one.
            let others = self.under_way.get().saturating_sub(1).saturating_mul(counts.sharers);
            let fresh = told.remaining.map(|remaining| remaining.saturating_sub(others));
            counts.left = if same && counts.left.is_some() { told.remaining.min(counts.left) } else { fresh };
            counts.ends = ends;
            counts.told = told;
            counts.learned = now;
        }
        if spent && until_reset.is_some() {
            counts.left = Some(0);
            counts.ends = if counts.is_over(now) { ends } else { counts.ends.max(ends) };
            counts.learned = now;
            counts.shut_until = counts.ends;
        }
        self.counts.set(counts);
    }

    /// What the store said.
    pub fn share(&self, Grant { granted, wait, limiters }: Grant, now: u64) {
        let mut counts = self.counts.get();
        counts.sharers = limiters;
        if granted {
            counts.granted = counts.granted.saturating_add(1);
        } else {
            counts.shut_until = counts.shut_until.max(now.saturating_add(wait.clamp(LEAST_WAIT, WAIT_LIMIT)));
        }
        self.counts.set(counts);
    }

    /// Adds to a report what is known of the window.
    pub fn describe<'a>(&'a self, report: Report<'a>, now: u64) -> Report<'a> {
        let Counts { told, learned, ends, .. } = self.counts.get();
        let (key, limit) = (self.key.as_deref().unwrap_or_default(), told.limit);
        let is_told = learned > 0 && ends > now;
        let reset_in = is_told.then(|| ends.saturating_sub(now));
        Report {
            key,
            limit,
            remaining: told.remaining.filter(|_| is_told),
            reset_at: told.reset_at.filter(|_| is_told),
            reset_in,
            ..report
        }
    }
}

impl Counts {
    /// Whether it has ended. A clock that was set back tells nothing of it.
    const fn is_over(&self, now: u64) -> bool {
        self.ends <= now || now < self.learned
    }

    /// How many requests are gone with one of ours: by our own count the others send as many.
    fn weight(&self) -> u32 {
        self.sharers.max(1)
    }
}
