//! A store by which limiters share a window, as those of the subpaths decide, and the ways in which it fails.

use std::collections::BTreeMap;

use thousandeyes_admin::config::Priority;
use thousandeyes_admin::transport::{Grant, Report};

/// What the store does at a time.
#[derive(Clone, Copy, PartialEq)]
pub enum Mode {
    /// It answers after so many milliseconds.
    Up(u64),
    /// It refuses at once, and has forgotten everything afterwards.
    Gone,
    /// It never answers.
    Hung,
}

#[derive(Clone, Copy)]
struct Limiter {
    seen: u64,
    under_way: usize,
    waiting: usize,
    until: u64,
    /// Until then the calls that wait count.
    asks: u64,
}

#[derive(Default)]
struct Window {
    limit: Option<u32>,
    used: u32,
    told: Option<u32>,
    ends: u64,
    reset: u64,
    is_assumed: bool,
    passed: u32,
    limiters: BTreeMap<usize, Limiter>,
}

/// A report, as a test looks at it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reported {
    pub at: u64,
    pub key: String,
    pub limiter: usize,
    pub priority: Option<Priority>,
    pub under_way: usize,
    pub waiting: usize,
    pub timeout: u32,
    pub limit: Option<u32>,
    pub remaining: Option<u32>,
    pub reset_in: u64,
}

#[derive(Default)]
pub struct Store {
    /// From when on which mode holds.
    pub modes: Vec<(u64, Mode)>,
    pub reports: Vec<Reported>,
    windows: BTreeMap<String, Window>,
}

impl Store {
    pub fn mode(&self, now: u64) -> Mode {
        self.modes.iter().rev().find(|(from, _)| *from <= now).map_or(Mode::Up(1), |(_, mode)| *mode)
    }

    pub fn record(&mut self, report: &Report<'_>, at: u64) {
        let Report { limiter, priority, under_way, waiting, timeout, told, reset_in, .. } = *report;
        let (limit, remaining) = (told.limit, told.remaining.filter(|_| reset_in > 0));
        let key = report.key.to_owned();
        self.reports.push(Reported { at, key, limiter, priority, under_way, waiting, timeout, limit, remaining, reset_in });
    }

    pub fn forget(&mut self) {
        self.windows.clear();
    }

    pub fn share(&mut self, report: &Report<'_>, now: u64) -> Grant {
        let window = self.windows.entry(report.key.to_owned()).or_default();
        window.limiters.retain(|_, limiter| now.abs_diff(limiter.seen) <= 120_000);
        let until = if report.timeout == 0 { u64::MAX } else { now + u64::from(report.timeout) };
        // Whoever asks may not know yet what it was granted a moment ago.
        let before = window.limiters.get(&report.limiter).filter(|before| report.priority.is_some() && now < before.until);
        let under_way = report.under_way.max(before.map_or(0, |before| before.under_way));
        let this = Limiter { seen: now, under_way, waiting: report.waiting, until, asks: u64::MAX };
        window.limiters.insert(report.limiter, this);
        let under_way: usize = window.limiters.values().filter(|limiter| now < limiter.until).map(|limiter| limiter.under_way).sum();
        if now >= window.ends || window.ends - now > 65_000 {
            (window.ends, window.is_assumed) = (now + 60_000, true);
            (window.used, window.told) = (under_way as u32, None);
        }
        window.limit = report.told.limit.or(window.limit);
        if let (Some(remaining), Some(reset), 1..) = (report.told.remaining, report.told.reset_at, report.reset_in) {
            let is_odd = window.is_assumed && window.reset.saturating_sub(reset) > 120_000;
            if reset > window.reset || is_odd {
                if !window.is_assumed {
                    window.used = under_way as u32;
                }
                (window.told, window.ends, window.reset, window.is_assumed) = (Some(remaining), now + report.reset_in, reset, false);
            } else if reset == window.reset && !window.is_assumed {
                window.told = Some(window.told.map_or(remaining, |told| told.min(remaining)));
            }
        }
        let limiters = window.limiters.len() as u32;
        let own = window.limit.map_or(u32::MAX, |limit| limit.saturating_sub(window.used));
        let is_spent = own == 0 || window.told == Some(0);
        window.limiters.get_mut(&report.limiter).unwrap().asks = if is_spent { window.ends } else { now } + 5_000;
        let Some(priority) = report.priority else { return Grant::Wait { milliseconds: 0 } };
        let left = own.min(window.told.map_or(u32::MAX, |told| told.saturating_sub(under_way as u32)));
        let waiting: usize = window.limiters.values().filter(|limiter| now < limiter.asks).map(|limiter| limiter.waiting).sum();
        let yields = priority == Priority::Bulk && left as usize <= waiting && window.passed < 9;
        if left == 0 || yields {
            if priority == Priority::Interactive {
                // It waits from now on, which no report says.
                window.limiters.get_mut(&report.limiter).unwrap().waiting += 1;
            }
            return Grant::Wait { milliseconds: if is_spent { window.ends - now } else { 250 } };
        }
        window.passed = if priority == Priority::Bulk { 0 } else { window.passed + 1 };
        window.used += 1;
        window.limiters.get_mut(&report.limiter).unwrap().under_way += 1;
        Grant::Granted { limiters }
    }
}
