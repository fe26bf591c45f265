//! What the rate-limit headers say.

use crate::http::Headers;
use crate::json::{Object, ToJson};

/// The organisation's rate limit as of one answer. Without headers (CORS may hide them) it is unknown, not unlimited.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RateLimit {
    /// Whether the answer told the limit.
    pub known: bool,
    /// Requests per minute.
    pub limit: Option<u32>,
    /// Requests left in this minute.
    pub remaining: Option<u32>,
    /// When the next minute begins by the server's clock, in milliseconds since the epoch.
    pub reset_at: Option<u64>,
}

/// A reset below this is no moment but a number of seconds from now (assumed).
const FIRST_EPOCH_SECONDS: u64 = 1_000_000_000;

impl RateLimit {
    /// Reads the headers of an answer that came at `now`, in milliseconds since the epoch by the local clock.
    pub fn read(headers: &Headers, now: u64) -> Self {
        let number = |name: &str| u32::try_from(headers.get(name)?.trim().parse::<u64>().ok()?).ok();
        let limit = number("x-organization-rate-limit-limit");
        let remaining = number("x-organization-rate-limit-remaining");
        let reset_at = number("x-organization-rate-limit-reset").map(u64::from).map(|reset| {
            let since = if reset < FIRST_EPOCH_SECONDS { date(headers).unwrap_or(now) } else { 0 };
            since.saturating_add(reset.saturating_mul(1000))
        });
        Self { known: limit.is_some() && remaining.is_some(), limit, remaining, reset_at }
    }

    /// Milliseconds until the reset: by the answer's own `Date`, so that a wrong local clock changes nothing; by the
    /// local clock only where that header is hidden.
    pub fn until_reset(&self, headers: &Headers, now: u64) -> Option<u64> {
        Some(self.reset_at?.saturating_sub(date(headers).unwrap_or(now)))
    }
}

impl ToJson for RateLimit {
    fn write(&self, json: &mut String) {
        let mut object = Object::begin(json);
        object.member("known", &self.known);
        object.optional("limit", &self.limit);
        object.optional("remaining", &self.remaining);
        object.optional("resetAt", &self.reset_at);
        object.end();
    }
}

/// `Retry-After`, in milliseconds from now. The API sends none, but a proxy may add it.
pub fn retry_after(headers: &Headers, now: u64) -> Option<u64> {
    let value = headers.get("retry-after")?.trim();
    match value.parse::<u64>() {
        Ok(seconds) => Some(seconds.saturating_mul(1000)),
        Err(_) => Some(moment(value)?.saturating_sub(date(headers).unwrap_or(now))),
    }
}

fn date(headers: &Headers) -> Option<u64> {
    moment(headers.get("date")?)
}

/// An HTTP date such as `Fri, 15 Jan 2027 08:00:00 GMT`, in milliseconds since the epoch. Servers must send this form
/// (RFC 9110, 5.6.7).
fn moment(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u64>().ok();
    if text.len() != 29 || !text.ends_with(" GMT") {
        return None;
    }
    let month = text.get(8..11)?;
    let month = MONTHS.iter().position(|name| *name == month)? as u64;
    // Years that begin in March have their leap day last.
    let (year, month) = if month < 2 { (number(12, 16)?.checked_sub(1)?, month + 10) } else { (number(12, 16)?, month - 2) };
    let days = (year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + number(5, 7)?).checked_sub(719_469)?;
    Some((((days * 24 + number(17, 19)?) * 60 + number(20, 22)?) * 60 + number(23, 25)?) * 1000)
}
