//! Whether a request is sent again, and when. A pure decision, kept as a table by the tests.

use crate::error::Outcome;
use crate::http::Method;

/// The first wait after a failure; it doubles with each further one.
const BACKOFF: u64 = 500;
/// No backoff is longer.
const BACKOFF_LIMIT: u64 = 8_000;
/// The rate limit's window is a minute, and a server's clock may be a little off.
pub const WAIT_LIMIT: u64 = 65_000;
/// Spreads those who wait for the same reset.
const RESET_JITTER: f64 = 1_000.0;

/// How one attempt ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ending {
    /// With an answer; `asked` is how long the server asks to wait, in milliseconds.
    Answer {
        /// The status.
        status: u16,
        /// The wait that the headers ask for.
        asked: Option<u64>,
    },
    /// Without one: the connection failed or the time was over. The outcome says whether the request had left.
    NoAnswer(Outcome),
}

impl Ending {
    /// The status, if there was an answer.
    pub const fn status(self) -> Option<u16> {
        match self {
            Ending::Answer { status, .. } => Some(status),
            Ending::NoAnswer(_) => None,
        }
    }
}

/// An attempt that failed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Attempt {
    /// The method of the request.
    pub method: Method,
    /// How it ended.
    pub ending: Ending,
    /// How many retries went before.
    pub retries: u32,
    /// How many are allowed.
    pub max_retries: u32,
    /// By chance, from 0 up to 1.
    pub jitter: f64,
}

/// A wait before the request is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// How long.
    pub milliseconds: u64,
    /// Whether it is waiting for a turn, which does not count as time of the call: a server that asks for more than a
    /// window's time is waited for only by a call that has the time.
    pub is_for_turn: bool,
}

/// The wait before the request is sent again; none if it must not be.
///
/// A 401 is not decided here: it is tried again only with another token, whatever the number of retries.
pub fn decide(attempt: Attempt) -> Option<Wait> {
    if attempt.retries >= attempt.max_retries || !may_repeat(attempt.method, attempt.ending) {
        return None;
    }
    let backoff = backoff(attempt.retries, attempt.jitter);
    let (asked, is_spent) = match attempt.ending {
        Ending::Answer { asked, status } => (asked, status == 429),
        Ending::NoAnswer(_) => (None, false),
    };
    // Nothing is sent before the time that the server named.
    let named = asked.map_or(0, |asked| asked.saturating_add((RESET_JITTER * attempt.jitter) as u64));
    Some(Wait { milliseconds: named.max(backoff), is_for_turn: is_spent && asked.is_none_or(|asked| asked <= WAIT_LIMIT) })
}

/// Whether the same request, sent again, may succeed and cannot be carried out twice.
pub fn may_repeat(method: Method, ending: Ending) -> bool {
    match ending {
        // Nothing was executed.
        Ending::Answer { status: 429, .. } => true,
        Ending::Answer { status: 408 | 500 | 502 | 503 | 504, .. } => method.is_idempotent(),
        Ending::Answer { .. } => false,
        Ending::NoAnswer(Outcome::NotSent) => true,
        Ending::NoAnswer(_) => method.is_idempotent(),
    }
}

/// Full jitter, but never less than half: two clients that failed together shall not come back together.
fn backoff(retries: u32, jitter: f64) -> u64 {
    let longest = BACKOFF.saturating_mul(2_u64.saturating_pow(retries)).min(BACKOFF_LIMIT);
    (longest as f64 * (0.5 + jitter / 2.0)) as u64
}
