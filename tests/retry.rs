//! Whether and when a request is sent again: the decision as a table.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use thousandeyes_admin::error::Outcome;
use thousandeyes_admin::http::{Headers, Method};
use thousandeyes_admin::rate_limit::{Pace, RateLimit};
use thousandeyes_admin::retry::{Attempt, Ending, decide};

use Ending::NoAnswer;
use Method::{Delete, Get, Post, Put};

const METHODS: [Method; 4] = [Get, Put, Delete, Post];

const fn status(status: u16) -> Ending {
    Ending::Answer { status, asked: None }
}

fn attempt(method: Method, ending: Ending, retries: u32) -> Attempt {
    Attempt { method, ending, retries, max_retries: 2, jitter: 0.5 }
}

#[test]
fn method_by_ending() {
    for (ending, repeated) in [
        (status(429), "GET PUT DELETE POST"),
        (NoAnswer(Outcome::NotSent), "GET PUT DELETE POST"),
        (NoAnswer(Outcome::Unknown), "GET PUT DELETE"),
        (status(408), "GET PUT DELETE"),
        (status(500), "GET PUT DELETE"),
        (status(502), "GET PUT DELETE"),
        (status(503), "GET PUT DELETE"),
        (status(504), "GET PUT DELETE"),
        (status(501), ""),
        (status(505), ""),
        (status(400), ""),
        (status(401), ""),
        (status(403), ""),
        (status(404), ""),
        (status(405), ""),
        (status(406), ""),
        (status(409), ""),
        (status(415), ""),
        (status(301), ""),
        (status(0), ""),
    ] {
        let names: Vec<_> =
            METHODS.into_iter().filter(|method| decide(attempt(*method, ending, 0)).is_some()).map(Method::as_str).collect();
        assert_eq!(names.join(" "), repeated, "{ending:?}");
    }
}

#[test]
fn never_more_often_than_allowed() {
    for method in METHODS {
        for (retries, repeated) in [(0, true), (1, true), (2, false), (3, false)] {
            assert_eq!(decide(attempt(method, status(429), retries)).is_some(), repeated, "{retries}");
        }
        assert_eq!(decide(Attempt { max_retries: 0, ..attempt(method, status(429), 0) }), None);
    }
}

#[test]
fn the_wait_doubles_up_to_a_limit() {
    for (retries, least, most) in
        [(0, 250, 500), (1, 500, 1_000), (2, 1_000, 2_000), (4, 4_000, 8_000), (5, 4_000, 8_000), (60, 4_000, 8_000)]
    {
        let wait = |jitter| decide(Attempt { max_retries: 100, jitter, ..attempt(Get, status(503), retries) }).unwrap().milliseconds;
        assert_eq!((wait(0.0), wait(1.0)), (least, most), "{retries}");
    }
}

#[test]
fn an_asked_wait_is_kept() {
    for (asked, least, most, is_for_turn) in [
        (0, 250, 1_000, true),
        (30_000, 30_000, 31_000, true),
        (65_000, 65_000, 66_000, true),
        (65_001, 65_001, 66_001, false),
        (3_600_000, 3_600_000, 3_601_000, false),
        (u64::MAX, u64::MAX, u64::MAX, false),
    ] {
        let wait = |status, jitter| decide(Attempt { jitter, ..attempt(Put, Ending::Answer { status, asked: Some(asked) }, 0) }).unwrap();
        let milliseconds = |status| (wait(status, 0.0).milliseconds, wait(status, 1.0).milliseconds);
        assert_eq!((milliseconds(429), milliseconds(503)), ((least, most), (least, most)), "{asked}");
        // A failing server is waited for on the call's own time.
        assert_eq!((wait(429, 0.0).is_for_turn, wait(503, 0.0).is_for_turn), (is_for_turn, false), "{asked}");
    }
    assert!(decide(attempt(Post, status(429), 0)).unwrap().is_for_turn);
}

/// 2027-01-15 08:00:00 UTC, in seconds.
const DATE: u64 = 1_800_000_000;

fn headers(pairs: &[(&str, &str)]) -> Headers {
    pairs.iter().copied().collect()
}

#[test]
fn the_reset_is_told_from_the_servers_own_clock() {
    let reset = (DATE + 42).to_string();
    let by_date = headers(&[("Date", "Fri, 15 Jan 2027 08:00:00 GMT"), ("X-Organization-Rate-Limit-Reset", &reset)]);
    let in_seconds = headers(&[("date", "Fri, 15 Jan 2027 08:00:00 GMT"), ("x-organization-rate-limit-reset", "42")]);
    let hidden_date = headers(&[("x-organization-rate-limit-reset", &reset)]);
    let past = headers(&[("date", "Fri, 15 Jan 2027 08:01:00 GMT"), ("x-organization-rate-limit-reset", &reset)]);
    for hours_wrong in [-5, 0, 5_i64] {
        let now = DATE.saturating_add_signed(hours_wrong * 3600) * 1000;
        let until = |headers| Pace::read(headers, now).until_reset;
        assert_eq!(until(&by_date), Some(42_000), "{hours_wrong}");
        assert_eq!(until(&in_seconds), Some(42_000), "{hours_wrong}");
        assert_eq!(until(&past), Some(0), "{hours_wrong}");
        assert_eq!(Pace::read(&by_date, now).rate_limit.reset_at, Some((DATE + 42) * 1000));
        assert_eq!(Pace::read(&in_seconds, now).rate_limit.reset_at, Some((DATE + 42) * 1000));
    }
    assert_eq!(Pace::read(&hidden_date, DATE * 1000).until_reset, Some(42_000));
    // The last number of seconds, and the first moment.
    for (reset, at) in [("999999999", (DATE + 999_999_999) * 1000), ("1000000000", 1_000_000_000_000)] {
        let headers = headers(&[("date", "Fri, 15 Jan 2027 08:00:00 GMT"), ("x-organization-rate-limit-reset", reset)]);
        assert_eq!(Pace::read(&headers, 0).rate_limit.reset_at, Some(at));
    }
    assert_eq!(Pace::read(&Headers::new(), 0).until_reset, None);
}

#[test]
fn a_proxys_retry_after() {
    let date = ("date", "Fri, 15 Jan 2027 08:00:00 GMT");
    for (value, wait) in [
        ("7", Some(7_000)),
        (" 0 ", Some(0)),
        ("Fri, 15 Jan 2027 08:00:09 GMT", Some(9_000)),
        ("Fri, 15 Jan 2027 07:00:00 GMT", Some(0)),
        ("Fri, 15 Jan 2027 08:00:09 UTC", None),
        ("Fri, 15 Jan 2027 08:00:009 GMT", None),
        ("soon", None),
        ("-1", None),
        ("99999999999999999999", None),
    ] {
        assert_eq!(Pace::read(&headers(&[date, ("retry-after", value)]), 0).retry_after, wait, "{value}");
    }
    assert_eq!(Pace::read(&headers(&[date]), 0).retry_after, None);
}

#[test]
fn every_day_is_read_as_a_library_reads_it() {
    let epoch = httpdate::fmt_http_date(std::time::UNIX_EPOCH);
    for hours in (0..131 * 366 * 24).step_by(31) {
        let seconds = hours * 3600 + hours % 3600;
        let moment = httpdate::fmt_http_date(std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds));
        assert_eq!(Pace::read(&headers(&[("date", &epoch), ("retry-after", &moment)]), 0).retry_after, Some(seconds * 1000), "{moment}");
    }
}

#[test]
fn headers_that_are_hidden_or_wrong_mean_unknown() {
    let told = headers(&[
        ("x-organization-rate-limit-limit", "240"),
        ("X-Organization-Rate-Limit-Remaining", "7"),
        ("x-organization-rate-limit-reset", "1800000040"),
    ]);
    let known = RateLimit { known: true, limit: Some(240), remaining: Some(7), reset_at: Some(1_800_000_040_000) };
    assert_eq!(Pace::read(&told, 0).rate_limit, known);
    assert_eq!(
        serde_json::to_value(known).unwrap(),
        serde_json::json!({ "known": true, "limit": 240, "remaining": 7, "resetAt": 1_800_000_040_000_u64 })
    );
    let half = headers(&[("x-organization-rate-limit-limit", "240")]);
    assert_eq!(Pace::read(&half, 0).rate_limit, RateLimit { known: false, limit: Some(240), ..RateLimit::default() });
    for unknown in
        [headers(&[]), headers(&[("x-organization-rate-limit-limit", "many")]), headers(&[("x-organization-rate-limit-limit", "-1")])]
    {
        assert_eq!(Pace::read(&unknown, 0), Pace::default());
    }
}
