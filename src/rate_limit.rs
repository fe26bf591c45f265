//! What the rate-limit headers say.

use serde::Serialize;
use serde_json::Number;

use crate::http::Headers;

/// The organisation's rate limit as of one answer. Without headers (CORS may hide them) it is unknown, not unlimited.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct RateLimit {
    /// Whether the answer told the limit.
    pub known: bool,
    /// Requests per minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Requests left in this minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remaining: Option<u32>,
    /// When the next minute begins, in milliseconds since the epoch.
    #[serde(rename = "resetAt", skip_serializing_if = "Option::is_none")]
    pub reset_at: Option<Number>,
}

impl RateLimit {
    /// Reads the headers of an answer.
    pub fn read(headers: &Headers) -> Self {
        let number = |name: &str| headers.get(name)?.trim().parse::<u32>().ok();
        let limit = number("x-organization-rate-limit-limit");
        let remaining = number("x-organization-rate-limit-remaining");
        let reset = number("x-organization-rate-limit-reset").map(|seconds| Number::from(u64::from(seconds) * 1000));
        Self { known: limit.is_some() && remaining.is_some(), limit, remaining, reset_at: reset }
    }
}
