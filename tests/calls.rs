//! Calls that take more than one request, or have to wait: retries, time, tokens, the limiter, hooks. In virtual time.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod simulation;

use std::rc::Rc;

use serde_json::json;
use simulation::{START, Script, World, answer, answer_with, operation, seen};
use thousandeyes_admin::client::Sharing;
use thousandeyes_admin::config::HOOKS;
use thousandeyes_admin::endpoints::Operation;
use thousandeyes_admin::endpoints::users::{CREATE_USER, DELETE_USER, GET_USER, UPDATE_USER};
use thousandeyes_admin::error::Outcome;
use thousandeyes_admin::rate_limit::RateLimit;
use thousandeyes_admin::transport::Stage;

fn read() -> Operation {
    operation(&GET_USER, "5")
}

fn create() -> Operation {
    operation(&CREATE_USER, "")
}

fn update() -> Operation {
    operation(&UPDATE_USER, "5")
}

fn delete() -> Operation {
    operation(&DELETE_USER, "5")
}

fn fine() -> Script {
    answer(200, r#"{"uid":"5"}"#)
}

/// The rate-limit headers of an answer; the reset is so many seconds after the server's time, which is the start.
fn limited(status: u16, remaining: u32, seconds: u64) -> Script {
    let reset = (START / 1000 + seconds).to_string();
    let headers = [
        ("date", "Fri, 15 Jan 2027 08:00:00 GMT"),
        ("x-organization-rate-limit-limit", "240"),
        ("x-organization-rate-limit-remaining", &remaining.to_string()),
        ("x-organization-rate-limit-reset", &reset),
    ];
    answer_with(status, &headers, r#"{"uid":"5"}"#)
}

#[test]
fn a_read_is_tried_three_times() {
    let world = World::new([answer(503, ""), Script::Fail(Outcome::Unknown), fine()]);
    world.call(read(), json!({})).unwrap();
    // Half of the jitter: three quarters of 500 ms, then of 1 s.
    assert_eq!(world.log().iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 375, 1125]);

    let world = World::new([answer(503, "")]);
    let error = world.call(read(), json!({})).unwrap_err();
    assert_eq!((error.class(), seen(&error)["attempts"].as_u64(), world.sent()), ("ServiceException", Some(3), 3));
}

#[test]
fn a_create_that_may_have_been_carried_out_is_never_repeated() {
    for script in [answer(500, ""), answer(408, ""), answer(404, ""), Script::Fail(Outcome::Unknown), Script::Hang] {
        let world = World::new([script]);
        let error = world.call(create(), json!({})).unwrap_err();
        assert_eq!((error.outcome, error.retryable, world.sent()), (Outcome::Unknown, false, 1), "{error:?}");
    }
}

#[test]
fn a_create_is_repeated_where_nothing_was_carried_out() {
    for script in [limited(429, 0, 30), Script::Fail(Outcome::NotSent)] {
        let world = World::new([script, answer(201, r#"{"uid":"5"}"#)]);
        world.call(create(), json!({})).unwrap();
        assert_eq!(world.sent(), 2);
    }
}

#[test]
fn the_outcome_of_a_write_is_that_of_all_its_attempts() {
    let world = World::new([Script::Fail(Outcome::Unknown), answer(404, "")]);
    let error = world.call(delete(), json!({})).unwrap_err();
    assert_eq!((error.class(), error.outcome, world.sent()), ("NotFoundException", Outcome::Unknown, 2));

    let world = World::new([answer(429, ""), answer(400, "")]);
    assert_eq!(world.call(update(), json!({})).unwrap_err().outcome, Outcome::Rejected);

    let world = World::new([Script::Fail(Outcome::NotSent)]);
    let error = world.call(update(), json!({})).unwrap_err();
    assert_eq!((error.outcome, error.retryable, world.sent()), (Outcome::NotSent, true, 3));

    // A read changes nothing: only its last attempt counts.
    let world = World::new([answer(503, ""), answer(404, "")]);
    assert_eq!(world.call(read(), json!({})).unwrap_err().outcome, Outcome::Rejected);
}

#[test]
fn a_transport_that_cannot_work_is_not_tried_again() {
    let world = World::new([Script::Broken]);
    assert_eq!(world.call(read(), json!({})).unwrap_err().class(), "ConnectionException");
    assert_eq!(world.sent(), 1);
}

#[test]
fn retries_can_be_switched_off_for_one_call() {
    let world = World::new([answer(429, "")]).with_tokens(&[Ok("old")], &[Ok("new")]);
    assert_eq!(world.call(read(), json!({ "maxRetries": 0 })).unwrap_err().class(), "TooManyRequestsException");
    assert_eq!(world.sent(), 1);
    let world = World::new([answer(401, "")]).with_tokens(&[Ok("old")], &[Ok("new")]);
    world.call(read(), json!({ "maxRetries": 0 })).unwrap_err();
    assert_eq!((world.sent(), world.asked()), (1, vec![false]));
}

#[test]
fn a_429_waits_for_the_servers_reset_whatever_the_local_clock_says() {
    for hours in [-7, 0, 7_i64] {
        let local = START.saturating_add_signed(hours * 3_600_000);
        let world = World::new([limited(429, 0, 42), fine()]).with_clock_at(local);
        world.call(read(), json!({})).unwrap();
        let waited = world.now() - local;
        assert!((42_000..=43_000).contains(&waited), "{hours} hours: {waited}");
    }
}

#[test]
fn no_wait_for_a_turn_is_longer_than_it_may_take() {
    let world = World::new([limited(429, 0, 42), fine()]);
    let error = world.call(create(), json!({ "queueTimeout": 40_000 })).unwrap_err();
    assert_eq!((error.class(), error.outcome, error.retryable, world.elapsed()), ("TooManyRequestsException", Outcome::Rejected, true, 0));
    assert_eq!(seen(&error)["retryAt"], START + 42_000);

    // Half of the jitter: half a second.
    for (queue, waits) in [(42_500, false), (42_501, true)] {
        let world = World::new([limited(429, 0, 42), fine()]);
        assert_eq!(world.call(create(), json!({ "queueTimeout": queue })).is_ok(), waits, "{queue}");
    }
    // The second wait would be within the time, but not both.
    let world = World::new([limited(429, 0, 42), limited(429, 0, 42), fine()]);
    let client = world.client(json!({ "queueTimeout": 60_000 }));
    let call = world.execute(&client, create());
    let progress = Rc::clone(&call.progress);
    world.run(vec![call]).remove(0).unwrap_err();
    assert_eq!((world.sent(), world.elapsed(), progress.queued.get()), (2, 42_500, 42_500));
}

#[test]
fn each_attempt_has_its_time_and_the_call_has_one() {
    let world = World::new([Script::Hang]);
    let error = world.call(read(), json!({ "timeout": 1_000 })).unwrap_err();
    assert_eq!((error.class(), seen(&error)["timeout"].as_u64(), world.sent()), ("TimeoutException", Some(1_000), 3));
    assert_eq!(error.message, "getUser got no answer within 1000 ms: raise timeout, or try later.");

    let world = World::new([Script::Hang]);
    let error = world.call(read(), json!({ "timeout": 1_000, "totalTimeout": 1_700 })).unwrap_err();
    assert_eq!((seen(&error)["timeout"].as_u64(), world.sent(), world.elapsed()), (Some(1_700), 2, 1_700));
    assert_eq!(error.message, "getUser got no answer within 1700 ms: raise totalTimeout, or try later.");

    let world = World::new([Script::Late(500_000, Box::new(fine()))]);
    world.call(read(), json!({ "timeout": 0, "totalTimeout": 0 })).unwrap();
    assert_eq!(world.elapsed(), 500_000);
}

/// As fake timers may have it.
#[test]
fn the_whole_time_counts_from_the_beginning_of_time_too() {
    let world = World::new([answer(503, "")]).with_clock_at(0);
    world.call(read(), json!({ "totalTimeout": 1_000, "maxRetries": 5 })).unwrap_err();
    assert!((300..1_000).contains(&world.now()), "{}", world.now());
}

#[test]
fn a_token_provider_that_hangs_ends_the_call_with_nothing_sent() {
    let world = World::new([fine()]).with_tokens(&[Ok("slow")], &[]);
    let error = world.call(create(), json!({ "timeout": 3, "totalTimeout": 4 })).unwrap_err();
    assert_eq!((error.class(), error.outcome, world.sent()), ("TimeoutException", Outcome::NotSent, 0));
}

fn tokens(world: &World) -> Vec<String> {
    world.log().iter().map(|(_, request)| request.headers.get("authorization").unwrap().to_owned()).collect()
}

#[test]
fn a_401_is_tried_once_more_with_another_token() {
    let world = World::new([answer(401, ""), fine()]).with_tokens(&[Ok("old")], &[Ok("new")]);
    world.call(create(), json!({})).unwrap();
    assert_eq!((tokens(&world), world.asked()), (vec!["Bearer old".to_owned(), "Bearer new".to_owned()], vec![false, true]));

    let world = World::new([answer(401, "")]).with_tokens(&[Ok("old")], &[Ok("new")]);
    let error = world.call(read(), json!({})).unwrap_err();
    assert_eq!((error.class(), world.sent()), ("UnauthorizedException", 2));
}

#[test]
fn a_401_is_final_where_there_is_no_other_token() {
    for refreshed in [Ok("old"), Ok("not a token"), Err("no session")] {
        let world = World::new([answer(401, "")]).with_tokens(&[Ok("old")], &[refreshed]);
        let error = world.call(read(), json!({})).unwrap_err();
        assert_eq!((error.class(), world.sent()), ("UnauthorizedException", 1), "{refreshed:?}");
        // Why there is no other one.
        let cause = error.cause.as_ref().and_then(|cause| cause.downcast_ref::<&str>().copied());
        assert_eq!(cause, refreshed.err());
    }
    let world = World::new([answer(401, "")]);
    world.call(read(), json!({ "accessToken": "fixed" })).unwrap_err();
    assert_eq!(world.sent(), 1);
}

#[test]
fn calls_that_are_refused_together_share_one_refresh() {
    let refused = std::iter::repeat_n(answer(401, ""), 5);
    let world = World::new(refused.chain([fine()])).with_tokens(&[Ok("old")], &[Ok("new"), Ok("newer")]);
    let client = world.client(json!({}));
    for result in world.run((0..5).map(|_| world.execute(&client, read())).collect()) {
        result.unwrap();
    }
    assert_eq!(world.asked().iter().filter(|refresh| **refresh).count(), 1);
    assert_eq!(tokens(&world)[5..], vec!["Bearer new".to_owned(); 5]);
    // To be asked takes the application 5 ms, and nobody waits for longer.
    assert_eq!(world.elapsed(), 10);

    // A later refusal is a new one.
    let world = World::new([answer(401, ""), fine(), answer(401, ""), fine()]).with_tokens(&[Ok("old")], &[Ok("new"), Ok("newer")]);
    let client = world.client(json!({}));
    world.run(vec![world.execute(&client, read())]).remove(0).unwrap();
    world.run(vec![world.execute(&client, read())]).remove(0).unwrap();
    assert_eq!(tokens(&world)[3], "Bearer newer");
}

#[test]
fn a_refusal_that_comes_late_needs_no_refresh_of_its_own() {
    let world = World::new([answer(401, ""), Script::Late(50, Box::new(answer(401, ""))), fine()])
        .with_tokens(&[Ok("old")], &[Ok("new"), Ok("newer")]);
    let client = world.client(json!({}));
    world.run((0..2).map(|_| world.execute(&client, read())).collect()).into_iter().for_each(|result| {
        result.unwrap();
    });
    assert_eq!(tokens(&world)[2..], ["Bearer new", "Bearer new"]);
    assert_eq!(world.asked(), [false, false, true]);
}

#[test]
fn only_calls_with_the_very_same_token_share_a_refresh() {
    let refused = |milliseconds| Script::Late(milliseconds, Box::new(answer(401, "")));
    // The refresh of `a` begins with the first refusal and ends 5 ms later, that of `b` 3 ms after it.
    let world = World::new([refused(1), refused(4), refused(5), refused(7), fine()])
        .with_tokens(&[Ok("a"), Ok("b"), Ok("a"), Ok("b")], &[Ok("new-a"), Ok("new-b")]);
    let client = world.client(json!({}));
    world.run((0..4).map(|_| world.execute(&client, read())).collect()).into_iter().for_each(|result| {
        result.unwrap();
    });
    assert_eq!(world.asked().iter().filter(|refresh| **refresh).count(), 2);
    let mut last = tokens(&world).split_off(4);
    last.sort();
    assert_eq!(last, ["Bearer new-a", "Bearer new-a", "Bearer new-b", "Bearer new-b"]);
}

#[test]
fn a_call_with_a_token_of_its_own_shares_no_refresh() {
    let refused = std::iter::repeat_n(answer(401, ""), 2);
    let world = World::new(refused.chain([fine()])).with_tokens(&[Ok("old")], &[Ok("new")]);
    let client = world.client(json!({}));
    let own = world.execute_with(&client, read(), &json!({ "accessToken": { "$function": true } }));
    world.run(vec![world.execute(&client, read()), own]).into_iter().for_each(|result| {
        result.unwrap();
    });
    assert_eq!(world.asked(), [false, false, true, true]);
}

#[test]
fn a_refresh_goes_on_when_the_call_that_asked_is_given_up() {
    let refused = std::iter::repeat_n(answer(401, ""), 2);
    let world = World::new(refused.chain([fine()])).with_tokens(&[Ok("old")], &[Ok("new")]);
    let client = world.client(json!({}));
    let calls = (0..2).map(|_| world.execute(&client, read())).collect();
    let results = world.run_impatiently(calls, &[7, 1_000]);
    assert_eq!(results.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true]);
    assert_eq!((world.asked(), world.elapsed()), (vec![false, false, true], 10));
}

#[test]
fn at_most_a_set_number_of_requests_is_under_way() {
    let unlimited = json!({ "rateLimiter": false, "maxConcurrency": 7 });
    for (settings, most) in [(json!({}), 10), (json!({ "maxConcurrency": 3 }), 3), (unlimited, 7)] {
        let world = World::new([Script::Late(100, Box::new(fine()))]);
        let client = world.client(settings);
        let results = world.run((0..30).map(|_| world.execute(&client, read())).collect());
        assert!(results.iter().all(Result::is_ok));
        assert_eq!((world.sent(), world.most_under_way()), (30, most));
    }
}

#[test]
fn whoever_gives_up_in_the_queue_leaves_the_place_to_the_next() {
    let world = World::new([Script::Late(100, Box::new(fine()))]);
    let client = world.client(json!({ "maxConcurrency": 1 }));
    let calls = (0..4).map(|_| world.execute(&client, read())).collect();
    let results = world.run_impatiently(calls, &[1_000, 50, 60, 1_000]);
    let answered: Vec<_> = results.into_iter().map(|result| result.is_some_and(|result| result.is_ok())).collect();
    assert_eq!((answered, world.sent()), (vec![true, false, false, true], 2));
}

#[test]
fn a_permit_is_given_back_without_an_answer_too() {
    let world = World::new([Script::Late(10, Box::new(Script::Broken)), fine()]);
    let client = world.client(json!({ "maxConcurrency": 1 }));
    let results = world.run((0..2).map(|_| world.execute(&client, read())).collect());
    assert_eq!((results.iter().map(Result::is_ok).collect::<Vec<_>>(), world.elapsed()), (vec![false, true], 10));
}

#[test]
fn the_queue_ends_with_the_time_for_it() {
    let world = World::new([Script::Hang]);
    let client = world.client(json!({ "maxConcurrency": 1, "timeout": 0, "totalTimeout": 600, "queueTimeout": 500 }));
    let errors: Vec<_> =
        world.run((0..2).map(|_| world.execute(&client, create())).collect()).into_iter().map(Result::unwrap_err).collect();
    assert_eq!((errors[0].outcome, errors[1].outcome, errors[1].class()), (Outcome::Unknown, Outcome::NotSent, "TimeoutException"));
    assert!(errors[1].message.contains("queueTimeout"), "{}", errors[1].message);
    let settings: Vec<_> = errors.iter().map(|error| seen(error)["setting"].clone()).collect();
    assert_eq!(settings, ["totalTimeout", "queueTimeout"]);
}

#[test]
fn a_spent_window_is_waited_for_and_not_provoked() {
    let world = World::new([limited(200, 2, 30), limited(200, 1, 30), limited(200, 0, 30), limited(200, 239, 90)]);
    let client = world.client(json!({}));
    world.run(vec![world.execute(&client, read())]).remove(0).unwrap();
    assert_eq!(client.rate_limit().remaining, Some(2));
    let results = world.run((0..5).map(|_| world.execute(&client, read())).collect());
    assert!(results.iter().all(Result::is_ok));
    let times: Vec<_> = world.log().iter().map(|(at, _)| *at).collect();
    assert_eq!(times[..3], [0, 0, 0]);
    // Half of the jitter: half a second.
    assert!(times[3..].iter().all(|at| *at == 30_500), "{times:?}");
    // Whoever waits is told, once.
    let told: Vec<_> = world.events().into_iter().filter(|event| event.contains("rate limit")).collect();
    assert_eq!(told, vec!["GET /users/5 #1: rate limit None wait Some(30500)"; 3]);

    let world = World::new([limited(200, 0, 30), fine()]);
    let client = world.client(json!({ "rateLimiter": false }));
    world.run((0..3).map(|_| world.execute(&client, read())).collect());
    assert_eq!(world.elapsed(), 0);
}

#[test]
fn a_window_beyond_the_time_for_it_is_not_waited_for() {
    let world = World::new([limited(200, 0, 30)]);
    let client = world.client(json!({ "queueTimeout": 10_000 }));
    world.run(vec![world.execute(&client, read())]).remove(0).unwrap();
    let error = world.run(vec![world.execute(&client, create())]).remove(0).unwrap_err();
    assert_eq!((error.class(), error.outcome, error.retryable, world.elapsed()), ("TimeoutException", Outcome::NotSent, true, 0));

    for (queue, ends_at) in [(30_500, 0), (30_501, 30_500)] {
        let world = World::new([limited(200, 0, 30), fine()]);
        let client = world.client(json!({ "queueTimeout": queue }));
        world.run(vec![world.execute(&client, read())]).remove(0).unwrap();
        let result = world.run(vec![world.execute(&client, read())]).remove(0);
        assert_eq!((result.is_ok(), world.elapsed()), (ends_at > 0, ends_at), "{queue}");
    }
}

/// Also who waited for a permit behind one that has the time.
#[test]
fn whoever_has_no_time_for_the_window_is_told_as_soon_as_it_is_spent() {
    let late = |script| Script::Late(10, Box::new(script));
    let world = World::new([late(limited(200, 1, 30)), late(limited(200, 0, 30)), fine()]);
    let client = world.client(json!({ "maxConcurrency": 2 }));
    let hasty = world.execute_with(&client, read(), &json!({ "queueTimeout": 10_000 }));
    let progress = Rc::clone(&hasty.progress);
    let calls: Vec<_> = (0..3).map(|_| world.execute(&client, read())).chain([hasty]).collect();
    let results = world.run(calls);
    assert!(results[..3].iter().all(Result::is_ok));
    let error = results[3].as_ref().unwrap_err();
    assert!(error.message.contains("would have to wait for the rate limit for more"), "{}", error.message);
    assert_eq!(progress.queued.get(), 10);
}

#[test]
fn a_call_that_is_given_up_holds_nothing_back_even_where_its_progress_is_kept() {
    let world = World::new([Script::Hang, fine()]);
    let client = world.client(json!({ "maxConcurrency": 1 }));
    let calls: Vec<_> = (0..2).map(|_| world.execute(&client, read())).collect();
    let kept: Vec<_> = calls.iter().map(|call| Rc::clone(&call.progress)).collect();
    let results = world.run_impatiently(calls, &[50, 1_000]);
    assert_eq!(results.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true]);
    drop(kept);
}

/// When a third call goes after two that were sent together.
fn third_goes_at(first: Script, second: Script) -> u64 {
    let world = World::new([first, second, fine()]);
    let client = world.client(json!({}));
    world.run((0..2).map(|_| world.execute(&client, read())).collect());
    world.run(vec![world.execute(&client, read())]).remove(0).unwrap();
    world.log()[2].0
}

#[test]
fn answers_may_overtake_each_other() {
    let after = |milliseconds, script| Script::Late(milliseconds, Box::new(script));
    // Of one window the smallest number counts, of two windows the later one.
    assert_eq!(third_goes_at(after(20, limited(200, 1, 30)), after(10, limited(200, 0, 30))), 30_520);
    assert_eq!(third_goes_at(after(20, limited(200, 0, 30)), after(10, limited(200, 239, 90))), 20);
    assert_eq!(third_goes_at(after(10, limited(200, 0, 30)), after(20, limited(200, 239, 90))), 20);
}

#[test]
fn an_answer_that_tells_nothing_changes_nothing() {
    let world = World::new([limited(200, 7, 30), Script::Late(40_000, Box::new(fine()))]);
    let client = world.client(json!({ "timeout": 0 }));
    for _ in 0..2 {
        world.run(vec![world.execute(&client, read())]).remove(0).unwrap();
        assert_eq!(client.rate_limit().remaining, Some(7));
    }
}

/// There would be nothing to wait for.
#[test]
fn a_limit_of_none_at_all_is_no_limit() {
    let none = answer_with(
        200,
        &[
            ("x-organization-rate-limit-limit", "0"),
            ("x-organization-rate-limit-remaining", "0"),
            ("x-organization-rate-limit-reset", "30"),
        ],
        r#"{"uid":"5"}"#,
    );
    let world = World::new([none]);
    let client = world.client(json!({}));
    for _ in 0..2 {
        world.run(vec![world.execute(&client, read())]).remove(0).unwrap();
    }
    assert_eq!((world.elapsed(), client.rate_limit()), (0, RateLimit::default()));
}

#[test]
fn closing_ends_calls_in_flight_in_the_queue_and_in_a_wait() {
    let world = World::new([Script::Hang, limited(429, 0, 60)]);
    let client = world.client(json!({ "maxConcurrency": 2 }));
    let calls = vec![world.execute(&client, create()), world.execute(&client, create()), world.execute(&client, create())];
    let errors: Vec<_> = world.run_until_closed(calls, 10).into_iter().map(Result::unwrap_err).collect();
    let ended: Vec<_> = errors.iter().map(|error| (error.class(), error.outcome)).collect();
    let class = "ClientClosedException";
    assert_eq!(ended, [(class, Outcome::Unknown), (class, Outcome::Rejected), (class, Outcome::NotSent)]);
    assert_eq!(world.elapsed(), 10);
}

#[test]
fn hooks_tell_of_every_step() {
    let world = World::new([limited(429, 0, 30), Script::Late(20, Box::new(fine()))]);
    let client = world.client(json!({}));
    world
        .run(vec![world.execute(&client, UPDATE_USER.operation(Some("5"), &[("aid", "7".to_owned())], Some("{}".to_owned())))])
        .remove(0)
        .unwrap();
    assert_eq!(
        world.events(),
        [
            "PUT /users/5 #1: request",
            "PUT /users/5 #1: response 429 in 0",
            "PUT /users/5 #1: rate limit Some(429) wait Some(30500)",
            "PUT /users/5 #1: retry after Some(429) in 30500",
            "PUT /users/5 #2: request",
            "PUT /users/5 #2: response 200 in 20",
        ]
    );
    assert!(!world.events().concat().contains("secret"));
}

#[test]
fn every_stage_has_its_hook() {
    for (stage, name) in [
        (Stage::Start, "onCallStart"),
        (Stage::Request { attempt: 1 }, "onRequest"),
        (Stage::Response { attempt: 1, status: 200, milliseconds: 1, rate_limit: RateLimit::default(), key: String::new() }, "onResponse"),
        (Stage::Retry { attempt: 1, status: None, wait: 1 }, "onRetry"),
        (Stage::RateLimit { attempt: 1, status: None, wait: None, rate_limit: RateLimit::default(), is_store_lost: false }, "onRateLimit"),
        (Stage::End { attempts: 1, queued: 0, milliseconds: 1, outcome: None }, "onCallEnd"),
    ] {
        assert_eq!(HOOKS[stage.hook()], name);
    }
}

// Three clocks.

#[test]
fn waiting_for_a_turn_is_no_time_of_the_call() {
    // For a permit, for the window and after a 429, each for longer than the call may take.
    let world = World::new([Script::Late(900, Box::new(fine())), limited(429, 0, 42), limited(200, 9, 90)]);
    let client = world.client(json!({ "maxConcurrency": 1, "timeout": 0, "totalTimeout": 1_000 }));
    let results = world.run((0..3).map(|_| world.execute(&client, read())).collect());
    assert!(results.iter().all(Result::is_ok));

    let world = World::new([limited(200, 0, 30), limited(200, 9, 90)]);
    let client = world.client(json!({ "totalTimeout": 1_000 }));
    world.run((0..2).map(|_| world.execute(&client, read())).collect()).into_iter().for_each(|result| {
        result.unwrap();
    });
}

#[test]
fn a_long_wait_that_the_server_names_needs_the_time_of_the_call() {
    let busy = |seconds: u64| answer_with(429, &[("retry-after", &seconds.to_string())], "");
    for (seconds, total, waits) in [(65, 1_000, true), (66, 67_000, true), (66, 66_000, false), (300, 0, true), (300, 120_000, false)] {
        let world = World::new([busy(seconds), fine()]);
        let ended = world.call(create(), json!({ "totalTimeout": total }));
        assert_eq!((ended.is_ok(), world.sent()), (waits, if waits { 2 } else { 1 }), "{seconds} s, {total} ms");
        match ended {
            // Nothing is sent before the time that was named.
            Ok(_) => assert!((seconds * 1_000..=seconds * 1_000 + 1_000).contains(&world.log()[1].0)),
            Err(error) => {
                assert_eq!((world.elapsed(), &seen(&error)["retryAt"]), (0, &json!(START + seconds * 1_000)));
            }
        }
    }
    // A timer holds no more.
    let world = World::new([busy(2_147_484), fine()]);
    world.call(read(), json!({ "totalTimeout": 0 })).unwrap_err();

    // Others are held back for no longer than a window.
    let world = World::new([busy(300), fine()]);
    let client = world.client(json!({}));
    world.run(vec![world.execute(&client, create())]).remove(0).unwrap_err();
    world.run(vec![world.execute(&client, read())]).remove(0).unwrap();
    assert!((65_000..=66_000).contains(&world.elapsed()), "{}", world.elapsed());

    let world = World::new([answer_with(503, &[("retry-after", "90")], "")]);
    let error = world.call(read(), json!({ "totalTimeout": 60_000 })).unwrap_err();
    assert_eq!((seen(&error)["retryAt"].as_u64(), world.sent()), (Some(START + 90_000), 1));
}

#[test]
fn a_clock_that_runs_out_names_its_setting() {
    for (settings, name) in [
        (json!({ "timeout": 500, "totalTimeout": 500, "maxRetries": 0 }), "totalTimeout"),
        (json!({ "timeout": 500, "totalTimeout": 501, "maxRetries": 0 }), "timeout"),
        (json!({ "timeout": 0, "totalTimeout": 501 }), "totalTimeout"),
    ] {
        let error = World::new([Script::Hang]).call(read(), settings).unwrap_err();
        assert_eq!(seen(&error)["setting"], name);
        assert!(error.message.contains(&format!("raise {name}")), "{}", error.message);
    }
}

/// A server with a limit: so many requests in each minute, the others are refused.
fn minutes(limit: u32) -> impl Fn(u64, &mut (u64, u32)) -> Script {
    move |now, (minute, used)| {
        let this = (now - START) / 60_000;
        if this != *minute {
            (*minute, *used) = (this, 0);
        }
        let reset = ((START + (this + 1) * 60_000) / 1_000).to_string();
        let date = httpdate::fmt_http_date(std::time::UNIX_EPOCH + std::time::Duration::from_millis(now));
        let is_spent = *used >= limit;
        *used = limit.min(*used + 1);
        let headers = [
            ("date", date.as_str()),
            ("x-organization-rate-limit-limit", &limit.to_string()),
            ("x-organization-rate-limit-remaining", &(limit - *used).to_string()),
            ("x-organization-rate-limit-reset", &reset),
        ];
        answer_with(if is_spent { 429 } else { 200 }, &headers, r#"{"uid":"5"}"#)
    }
}

#[test]
fn a_thousand_calls_at_once_are_all_answered_in_the_time_that_the_limit_makes_necessary() {
    let world = World::serving(minutes(240));
    let client = world.client(json!({}));
    let results = world.run((0..1_000).map(|_| world.execute(&client, read())).collect());
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1_000);
    // Five windows, of which the last needs not be waited for.
    assert!(world.elapsed() <= 4 * 60_000 * 11 / 10, "{}", world.elapsed());
    let refused = world.sent() - 1_000;
    assert!(refused <= 10, "{refused} requests were sent in vain");
}

#[test]
fn interactive_calls_go_first_but_one_bulk_call_in_ten_still_goes() {
    let world = World::new([Script::Late(100, Box::new(fine()))]);
    let client = world.client(json!({ "maxConcurrency": 1 }));
    let call = |id: &str, priority: &str| world.execute_with(&client, operation(&GET_USER, id), &json!({ "priority": priority }));
    let bulk = (0..4).map(|index| call(&format!("b{index}"), "bulk"));
    let interactive = (0..25).map(|index| call(&format!("i{index}"), "interactive"));
    world.run(bulk.chain(interactive).collect()).into_iter().for_each(|result| {
        result.unwrap();
    });
    let order: Vec<_> = world.log().iter().map(|(_, request)| request.url.rsplit('/').next().unwrap().to_owned()).collect();
    // The first found a free permit.
    let bulk_at: Vec<_> = (0..29).filter(|index| order[*index].starts_with('b')).collect();
    assert_eq!(bulk_at, [0, 10, 20, 28], "{order:?}");
    let of = |kind: char| order.iter().filter(|id| id.starts_with(kind)).cloned().collect::<Vec<_>>();
    assert_eq!(of('i'), (0..25).map(|index| format!("i{index}")).collect::<Vec<_>>());
    assert_eq!(of('b'), (0..4).map(|index| format!("b{index}")).collect::<Vec<_>>());
}

#[test]
fn a_clock_that_is_set_ends_no_call_and_holds_none_back_for_longer() {
    for jump in [-3_600_000_i64, 3_600_000] {
        // While the call waits for the window.
        let world = World::new([limited(200, 0, 30), fine()]);
        let client = world.client(json!({ "queueTimeout": 40_000 }));
        world.run(vec![world.execute(&client, read())]).remove(0).unwrap();
        world.set_clock(world.now().saturating_add_signed(jump));
        let before = world.now();
        world.run(vec![world.execute(&client, read())]).remove(0).unwrap();
        assert!(world.now() - before <= 31_000, "{jump}: {}", world.now() - before);
    }
    // In the midst of the wait, but not before the answer.
    let world = World::new([limited(200, 0, 30), fine()]);
    let client = world.client(json!({}));
    world.run(vec![world.execute(&client, read())]).remove(0).unwrap();
    world.run_and_set_back(vec![world.execute(&client, read())], 20_000, 15_000).remove(0).unwrap();
    assert_eq!(world.elapsed(), 30_500 - 15_000);
}

#[test]
fn where_nothing_may_be_shared_no_call_waits_for_another() {
    let world = World::new([Script::Late(100, Box::new(limited(200, 0, 30)))]);
    let client = world.client_sharing(json!({ "maxConcurrency": 1 }), Sharing::Nothing);
    let results = world.run((0..30).map(|_| world.execute(&client, read())).collect());
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(world.most_under_way(), 30);
    // The window holds them back all the same, each by a timer of its own.
    world.run((0..3).map(|_| world.execute(&client, read())).collect());
    assert!(world.log()[30..].iter().all(|(at, _)| (30_000..=31_100).contains(at)), "{:?}", world.elapsed());

    let refused = std::iter::repeat_n(answer(401, ""), 3);
    let world = World::new(refused.chain([fine()])).with_tokens(&[Ok("old")], &[Ok("new"), Ok("newer"), Ok("newest")]);
    let client = world.client_sharing(json!({}), Sharing::Nothing);
    world.run((0..3).map(|_| world.execute(&client, read())).collect());
    assert_eq!(world.asked().iter().filter(|refresh| **refresh).count(), 3);
}
