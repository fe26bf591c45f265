//! What the rate-limit headers say.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::http::Headers;
use crate::json::Fields;

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

impl Serialize for RateLimit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("known", &self.known)?;
        fields.serialize_some("limit", self.limit.as_ref())?;
        fields.serialize_some("remaining", self.remaining.as_ref())?;
        fields.serialize_some("resetAt", self.reset_at.as_ref())?;
        fields.end()
    }
}

/// A reset below this is no moment but a number of seconds from now (assumed).
const FIRST_EPOCH_SECONDS: u64 = 1_000_000_000;

/// What an answer says of when the next request may go.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Pace {
    /// The rate limit.
    pub rate_limit: RateLimit,
    /// Milliseconds until its reset: by the answer's own `Date`, so that a wrong local clock changes nothing; by the
    /// local clock only where that header is hidden.
    pub until_reset: Option<u64>,
    /// `Retry-After`, in milliseconds from now. The API sends none, but a proxy may add it.
    pub retry_after: Option<u64>,
}

impl Pace {
    /// The headers that it is read from, in lower case.
    pub const HEADERS: [&str; 5] = [
        "x-organization-rate-limit-limit",
        "x-organization-rate-limit-remaining",
        "x-organization-rate-limit-reset",
        "retry-after",
        "date",
    ];

    /// Reads the headers of an answer that came at `now`, in milliseconds since the epoch by the local clock.
    pub fn read(headers: &Headers, now: u64) -> Self {
        let [limit, remaining, reset, retry_after, date] = Self::HEADERS.map(|name| headers.get(name));
        let number = |value: Option<&str>| u32::try_from(value?.trim().parse::<u64>().ok()?).ok();
        let (limit, remaining) = (number(limit), number(remaining));
        let date = date.and_then(moment).unwrap_or(now);
        let reset_at = number(reset).map(u64::from).map(|reset| {
            let since = if reset < FIRST_EPOCH_SECONDS { date } else { 0 };
            since.saturating_add(reset.saturating_mul(1000))
        });
        let after = |value: &str| match value.parse::<u64>() {
            Ok(seconds) => Some(seconds.saturating_mul(1000)),
            Err(_) => Some(moment(value)?.saturating_sub(date)),
        };
        Self {
            rate_limit: RateLimit { known: limit.is_some() && remaining.is_some(), limit, remaining, reset_at },
            until_reset: reset_at.map(|reset| reset.saturating_sub(date)),
            retry_after: retry_after.map(str::trim).and_then(after),
        }
    }
}

/// An HTTP date such as `Fri, 15 Jan 2027 08:00:00 GMT`, in milliseconds since the epoch. Servers must send this form
/// (RFC 9110, 5.6.7). The crate httpdate, which reads two older forms, too, would be 2.5 KB of what a page loads.
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
