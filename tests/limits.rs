//! Several limiters that share one window by a store, and what becomes of them without it. In virtual time.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod given;
mod simulation;

use std::rc::Rc;

use given::given;
use serde_json::{Value, json};
use simulation::store::Mode;
use simulation::{Running, START, Script, World, answer_with, operation};
use thousandeyes_admin::client::{Client, Sharing};
use thousandeyes_admin::config::{Configuration, Priority};
use thousandeyes_admin::endpoints::Operation;
use thousandeyes_admin::endpoints::users::GET_USER;

const LIMIT: u32 = 240;
const LATENCY: u64 = 100;

fn read() -> Operation {
    operation(&GET_USER, "5")
}

/// The window of a server, which begins anew with each minute.
#[derive(Default)]
struct Minute {
    number: u64,
    used: u32,
}

fn serve(limit: u32, now: u64, minute: &mut Minute) -> Script {
    if now / 60_000 != minute.number {
        *minute = Minute { number: now / 60_000, used: 0 };
    }
    let status = if minute.used < limit { 200 } else { 429 };
    minute.used = (minute.used + 1).min(limit);
    let headers = [
        ("x-organization-rate-limit-limit", limit.to_string()),
        ("x-organization-rate-limit-remaining", (limit - minute.used).to_string()),
        ("x-organization-rate-limit-reset", ((minute.number + 1) * 60).to_string()),
    ];
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Script::Late(LATENCY, Box::new(answer_with(status, &headers, r#"{"uid":"5"}"#)))
}

fn organisation(limit: u32) -> World {
    World::serving(move |now, minute| serve(limit, now, minute)).with_chance()
}

fn settings() -> Value {
    json!({ "rateLimitStore": { "$function": true }, "rateLimitKey": "organisation", "maxRetries": 4 })
}

fn clients(world: &World, count: usize) -> Vec<Rc<Client>> {
    (0..count).map(|_| world.client(settings())).collect()
}

/// What came of so many calls of each client, which began all at once.
struct Run {
    answered: usize,
    sent: usize,
    refused: usize,
    milliseconds: u64,
}

fn run(world: &World, clients: &[Rc<Client>], calls: usize) -> Run {
    let began = world.now();
    let calls: Vec<Running> = (0..calls).flat_map(|_| clients).map(|client| world.execute(client, read())).collect();
    let results = world.run(calls);
    let refused = world.events().iter().filter(|event| event.contains("response 429")).count();
    Run { answered: results.iter().filter(|result| result.is_ok()).count(), sent: world.sent(), refused, milliseconds: world.now() - began }
}

/// How often whoever watches was told that the store is gone.
fn losses(world: &World) -> usize {
    world.events().iter().filter(|event| event.contains("store lost")).count()
}

#[test]
fn eight_limiters_share_a_window() {
    let world = organisation(LIMIT).with_clock_at(START + 2_000);
    let Run { answered, sent, refused, milliseconds } = run(&world, &clients(&world, 8), 110);
    // 880 requests fill three windows, and need a part of the fourth.
    let least = 178_000;
    println!("{answered} answered, {refused} of {sent} refused, {milliseconds} ms, at least {least}");
    assert_eq!(answered, 880);
    assert!(refused * 100 <= sent && milliseconds * 10 <= least * 11, "{refused} of {sent} refused, {milliseconds} ms");
    assert_eq!(losses(&world), 0);
}

/// The same is not to be had without a store.
#[test]
fn eight_limiters_alone_are_refused() {
    let world = organisation(LIMIT).with_clock_at(START + 2_000);
    let clients: Vec<_> = (0..8).map(|_| world.client(json!({ "maxRetries": 9 }))).collect();
    let Run { sent, refused, .. } = run(&world, &clients, 110);
    assert!(refused * 100 > sent, "{refused} of {sent}");
}

#[test]
fn a_store_that_is_killed_and_restarted_costs_one_window_at_most() {
    let killed = [(50_000, Mode::Gone), (70_000, Mode::Up(1)), (110_000, Mode::Gone), (125_000, Mode::Up(1))];
    let hung = killed.map(|(at, mode)| (at, if mode == Mode::Gone { Mode::Hung } else { mode }));
    let at_once = [(2_300, Mode::Gone), (20_000, Mode::Up(1)), (60_900, Mode::Gone), (90_000, Mode::Up(1))];
    for modes in [killed, hung, at_once] {
        let world = organisation(LIMIT).with_clock_at(START + 2_000).with_store(&modes);
        let Run { answered, sent, refused, milliseconds } = run(&world, &clients(&world, 8), 110);
        println!("{answered} answered, {refused} of {sent} refused, {milliseconds} ms, {} losses", losses(&world));
        assert_eq!(answered, 880);
        assert!(refused * 20 <= sent && milliseconds <= 178_000 + 62_000, "{refused} of {sent} refused, {milliseconds} ms");
        // Each limiter tells of each loss that it notices, once.
        assert!((1..=16).contains(&losses(&world)), "{}", losses(&world));
    }
}

/// When the first calls of a client go, and how often it tells of the loss.
fn without(mode: Mode) -> (Vec<u64>, usize) {
    let world = organisation(LIMIT).with_store(&[(0, mode)]);
    let client = world.client(settings());
    run(&world, &[client], 20);
    (world.log().iter().map(|(at, _)| *at).collect(), losses(&world))
}

#[test]
fn no_call_waits_longer_than_two_seconds_for_the_store() {
    let (times, losses) = without(Mode::Gone);
    assert_eq!((times[0], times[19], losses), (0, LATENCY, 1));
    for mode in [Mode::Hung, Mode::Up(2_001), Mode::Up(30_000)] {
        let (times, losses) = without(mode);
        assert_eq!((times[0], times[9], times[19], losses), (2_000, 2_000, 2_000 + LATENCY, 1));
    }
    let (times, losses) = without(Mode::Up(1_999));
    assert_eq!((times[0], losses), (1_999, 0));
}

#[test]
fn a_store_that_hangs_is_tried_again_and_is_no_news() {
    let world = organisation(LIMIT).with_store(&[(0, Mode::Hung)]);
    let client = world.client(settings());
    for _ in 0..2 {
        run(&world, std::slice::from_ref(&client), 1);
    }
    assert_eq!(world.log()[1].0, 2_000 + LATENCY);
    world.set_clock(START + 7_000);
    run(&world, std::slice::from_ref(&client), 12);
    let times: Vec<_> = world.log()[2..].iter().map(|(at, _)| *at).collect();
    assert_eq!((times[0], times[9], times[11], losses(&world)), (9_000, 9_000, 9_000 + LATENCY, 1));
}

#[test]
fn whoever_has_used_up_its_share_asks_the_store_before_the_next_window() {
    // By its own count it has up to a share left, or nothing at all.
    for before in 1..=8 {
        let world = organisation(LIMIT).with_store(&[(3_000, Mode::Gone), (20_000, Mode::Up(1))]);
        let clients = clients(&world, 8);
        run(&world, &clients, 2);
        run(&world, &clients[..1], before);
        world.set_clock(START + 4_000);
        let Run { answered, refused, .. } = run(&world, &clients[..1], 100);
        assert_eq!((answered, refused, losses(&world)), (100, 0, 1));
        let sent = world.log().iter().filter(|(at, _)| *at < 20_000).count() as u32;
        let asked = world.store().reports.iter().find(|report| report.at >= START + 20_000).unwrap().clone();
        // What the server said is left: by its own count the others sent as much as it did, and next to nothing is.
        assert!(asked.at < START + 27_000 && sent < 60 && asked.remaining == Some(LIMIT - sent), "{sent} {asked:?}");
        // The store knows that the others sent nothing.
        assert!(world.elapsed() < 30_000, "{}", world.elapsed());
    }
}

#[test]
fn the_store_is_told_the_least_that_answers_said() {
    let answer = |remaining, late| {
        let reset = (START + 60_000) / 1_000;
        let headers = [
            ("x-organization-rate-limit-limit", "240".to_owned()),
            ("x-organization-rate-limit-remaining", format!("{remaining}")),
            ("x-organization-rate-limit-reset", reset.to_string()),
        ];
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Script::Late(late, Box::new(answer_with(200, &headers, r#"{"uid":"5"}"#)))
    };
    // The second answer overtakes the first.
    let world = World::new([answer(9, 200), answer(8, 100)]);
    let client = world.client(settings());
    run(&world, &[client], 2);
    let told: Vec<_> = world.store().reports.iter().map(|report| report.remaining).collect();
    assert_eq!(told, [None, None, Some(8), Some(8)]);
}

#[test]
fn without_the_store_each_keeps_to_its_share() {
    // All eight are known to the store before it goes.
    let world = organisation(LIMIT).with_store(&[(10_000, Mode::Gone)]);
    let clients = clients(&world, 8);
    run(&world, &clients, 2);
    world.set_clock(START + 60_000);
    let before = world.sent();
    run(&world, &clients[..1], 70);
    let times: Vec<_> = world.log()[before..].iter().map(|(at, _)| *at / 60_000).collect();
    let in_minute = |number| times.iter().filter(|minute| **minute == number).count();
    // The eighth part of 240, and what went before the first answers told of the minute.
    assert_eq!(in_minute(1), 30);
    assert_eq!(in_minute(2), 30);
    assert_eq!(in_minute(3), 10);
    assert_eq!(losses(&world), 1);
}

#[test]
fn of_what_another_program_leaves_each_takes_its_share_only() {
    // Another program takes all but 16 at one time.
    let taken = START + 61_000;
    let world = World::serving(move |now, minute: &mut Minute| {
        if now >= taken && now / 60_000 == minute.number {
            minute.used = minute.used.max(LIMIT - 16);
        }
        serve(LIMIT, now, minute)
    });
    let world = world.with_chance().with_store(&[(10_000, Mode::Gone)]);
    let clients = clients(&world, 8);
    run(&world, &clients, 2);
    world.set_clock(START + 60_000);
    run(&world, &clients[..1], 1);
    world.set_clock(taken);
    let before = world.sent();
    run(&world, &clients[..1], 40);
    let sent = world.log()[before..].iter().filter(|(at, _)| at / 60_000 == 1).count();
    // Those that go at once know nothing of it, and then it is the eighth part of the six that those left.
    assert_eq!(sent, 11);
}

/// Otherwise nothing would ever go.
#[test]
fn a_share_is_one_request_at_least() {
    let world = organisation(4).with_store(&[(10_000, Mode::Gone)]);
    let clients = clients(&world, 8);
    for _ in 0..2 {
        run(&world, &clients, 1);
    }
    world.set_clock(START + 60_000);
    let results = run(&world, &clients, 2);
    assert_eq!(results.answered, 16);
}

#[test]
fn the_store_is_asked_again_when_it_is_back() {
    let world = organisation(LIMIT).with_store(&[(0, Mode::Gone), (3_000, Mode::Up(1))]);
    let client = world.client(settings());
    let asked = |world: &World| world.store().reports.iter().filter(|report| report.priority.is_some()).count();
    run(&world, std::slice::from_ref(&client), 5);
    assert_eq!(asked(&world), 1);
    world.set_clock(START + 4_999);
    run(&world, std::slice::from_ref(&client), 1);
    assert_eq!(asked(&world), 1);
    world.set_clock(START + 5_200);
    run(&world, std::slice::from_ref(&client), 1);
    run(&world, std::slice::from_ref(&client), 4);
    assert_eq!((asked(&world), losses(&world)), (6, 1));
}

#[test]
fn the_store_is_told_what_is_under_way_and_what_answers_said() {
    let world = organisation(LIMIT);
    let client = world.client(json!({ "rateLimitStore": { "$function": true }, "rateLimitKey": 7, "maxConcurrency": 2, "timeout": 9_000 }));
    let bulk = world.execute_with(&client, read(), &json!({ "priority": "bulk" }));
    let mut calls: Vec<_> = (0..2).map(|_| world.execute(&client, read())).collect();
    calls.push(bulk);
    world.run(calls);
    let reports = world.store().reports.clone();
    let told: Vec<_> = reports.iter().map(|report| (report.priority, report.under_way, report.waiting, report.remaining)).collect();
    let (interactive, bulk) = (Some(Priority::Interactive), Some(Priority::Bulk));
    // The third waits for a permit.
    assert_eq!(
        told,
        [
            (interactive, 0, 0, None),
            (interactive, 0, 0, None),
            (None, 1, 0, Some(239)),
            (None, 0, 0, Some(238)),
            (bulk, 0, 0, Some(238)),
            (None, 0, 0, Some(237)),
        ]
    );
    assert!(reports.iter().all(|report| report.key == "7" && report.timeout == 9_000 && report.limiter == reports[0].limiter));
    assert_eq!((reports[2].limit, reports[2].reset_in), (Some(240), 60_000 - LATENCY - 1));
}

#[test]
fn a_window_that_is_over_is_told_no_more() {
    let world = organisation(LIMIT);
    let client = world.client(settings());
    run(&world, std::slice::from_ref(&client), 1);
    world.set_clock(START + 60_000);
    run(&world, std::slice::from_ref(&client), 1);
    let reports = world.store().reports.clone();
    assert_eq!((reports[2].limit, reports[2].remaining, reports[2].reset_in), (Some(240), None, 0));
}

#[test]
fn a_call_that_is_given_up_while_it_asks_holds_nobody_back() {
    let world = organisation(LIMIT).with_store(&[(0, Mode::Up(500))]);
    let client = world.client(json!({ "rateLimitStore": { "$function": true }, "rateLimitKey": "organisation", "maxConcurrency": 1 }));
    let calls = (0..2).map(|_| world.execute(&client, read())).collect();
    let results = world.run_impatiently(calls, &[200, 10_000]);
    assert_eq!(results.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true]);
    assert_eq!(world.log()[0].0, 700);
    let reports = world.store().reports.clone();
    let told: Vec<_> = reports.iter().map(|report| (report.at - START, report.under_way, report.waiting)).collect();
    // The other one waits until then, and asks.
    assert_eq!(told[..3], [(0, 0, 0), (200, 0, 1), (200, 0, 0)]);
    assert_eq!(world.kept_wakers(), 0);
}

/// The store must not take those for waiting or under way that are gone, or others wait for nothing.
#[test]
fn the_store_is_told_when_calls_end_early() {
    let hanging = || World::new([Script::Hang]);
    let with = |more: Value| {
        let mut settings = settings();
        settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        settings
    };
    let last = |world: &World| world.store().reports.last().map(|report| (report.at - START, report.under_way, report.waiting)).unwrap();
    let calls = |world: &World, client: &Rc<Client>, count| (0..count).map(|_| world.execute(client, read())).collect::<Vec<_>>();

    let world = hanging();
    let client = world.client(settings());
    world.run_until_closed(calls(&world, &client, 30), 500);
    assert_eq!(last(&world), (500, 0, 0));

    let world = hanging();
    let client = world.client(settings());
    world.run_impatiently(calls(&world, &client, 30), &[500; 30]);
    assert_eq!(last(&world), (500, 0, 0));

    // Those that the window holds back, too.
    let world = organisation(5);
    let client = world.client(with(json!({ "queueTimeout": 700, "maxConcurrency": 5 })));
    run(&world, std::slice::from_ref(&client), 5);
    let results = world.run(calls(&world, &client, 30));
    assert!(results.iter().all(Result::is_err));
    let told = last(&world);
    assert!(told.0 < 1_000 && (told.1, told.2) == (0, 0), "{told:?}");

    // Behind others.
    let world = hanging();
    let client = world.client(with(json!({ "queueTimeout": 700, "maxConcurrency": 1 })));
    let results = world.run_impatiently(calls(&world, &client, 30), &[800]);
    assert_eq!(results.iter().filter(|result| matches!(result, Some(Err(_)))).count(), 29);
    assert_eq!(last(&world), (800, 0, 0));
    let told: Vec<_> = world.store().reports.iter().map(|report| (report.at - START, report.under_way, report.waiting)).collect();
    assert!(told.contains(&(700, 1, 0)), "{told:?}");
}

/// Where calls must not wait for one another, each asks for itself.
#[test]
fn calls_that_share_nothing_ask_each_for_itself() {
    let world = organisation(LIMIT).with_store(&[(0, Mode::Up(500))]);
    let client = world.client_sharing(settings(), Sharing::Nothing);
    let calls = (0..5).map(|_| world.execute(&client, read())).collect();
    assert!(world.run(calls).iter().all(Result::is_ok));
    assert!(world.log().iter().all(|(at, _)| *at == 500));
    assert!(world.store().reports.iter().take(5).all(|report| (report.under_way, report.waiting) == (0, 0)));

    let world = organisation(5).with_store(&[(0, Mode::Up(1)), (70_000, Mode::Hung)]);
    let client = world.client_sharing(settings(), Sharing::Nothing);
    let calls = (0..8).map(|_| world.execute(&client, read())).collect();
    assert!(world.run(calls).iter().all(Result::is_ok));
    world.set_clock(START + 80_000);
    let calls = (0..2).map(|_| world.execute(&client, read())).collect();
    assert!(world.run(calls).iter().all(Result::is_ok));
    assert_eq!(world.elapsed(), 82_000 + LATENCY);
}

#[test]
fn a_refusal_holds_back_whatever_the_store_says() {
    let refused = answer_with(429, &[("retry-after", "30")], "");
    let world = World::new([refused, answer_with(200, &[], r#"{"uid":"5"}"#)]);
    let client = world.client(json!({ "rateLimitStore": { "$function": true }, "rateLimitKey": "a", "maxRetries": 0 }));
    world.run(vec![world.execute(&client, read())]).remove(0).unwrap_err();
    world.run(vec![world.execute(&client, read())]).remove(0).unwrap();
    assert!(world.log()[1].0 >= 30_000);
}

// Priorities.

#[test]
fn interactive_calls_of_one_limiter_go_before_bulk_calls_of_another() {
    let world = organisation(60).with_clock_at(START + 1_000);
    let clients = clients(&world, 2);
    // The window is spent, and a hundred calls of each kind wait for the next one, the bulk calls first.
    run(&world, &clients, 30);
    let bulk: Vec<_> = (0..100).map(|_| world.execute_with(&clients[0], read(), &json!({ "priority": "bulk" }))).collect();
    let interactive: Vec<_> = (0..100).map(|_| world.execute(&clients[1], operation(&GET_USER, "6"))).collect();
    let before = world.sent();
    assert!(world.run(bulk.into_iter().chain(interactive).collect()).iter().all(Result::is_ok));
    let log = world.log();
    let in_minute = |number, id: &str| {
        log[before..].iter().filter(|(at, request)| at / 60_000 == number && request.url.ends_with(&format!("/users/{id}"))).count()
    };
    let (bulk, interactive) = (in_minute(1, "5"), in_minute(1, "6"));
    println!("{bulk} bulk and {interactive} interactive calls went in the first window");
    assert_eq!(bulk + interactive, 60);
    // One in ten that go may be a bulk call; those ask less often than the interactive calls go.
    assert!((2..=9).contains(&bulk), "{bulk}");
}

// Keys.

fn with_key(world: &World, client: &Rc<Client>, key: &str) -> Running {
    world.execute_with(client, read(), &json!({ "rateLimitKey": key }))
}

#[test]
fn each_key_has_a_window_of_its_own() {
    for store in [json!(null), json!({ "$function": true })] {
        let world = organisation(2);
        let mut settings = json!({ "rateLimitKey": "one", "maxConcurrency": 1 });
        if store != json!(null) {
            settings["rateLimitStore"] = store;
        }
        let client = world.client(settings);
        let calls = (0..2).map(|_| world.execute(&client, read())).collect();
        assert!(world.run(calls).iter().all(Result::is_ok));
        assert_eq!(client.rate_limit().remaining, Some(0));
        // The call with the other key goes at once, although another one waits before it; and is refused, as the server
        // knows of no keys.
        let began = world.now() - START;
        world.run(vec![world.execute(&client, read()), with_key(&world, &client, "two")]);
        let times: Vec<_> = world.log()[2..].iter().map(|(at, _)| *at).collect();
        assert!(times[0] - began < 10 && times[1] >= 60_000, "{times:?}");
    }
}

#[test]
fn a_call_without_a_key_counts_in_the_window_of_its_client() {
    let world = organisation(LIMIT);
    let client = world.client(settings());
    world.run(vec![world.execute_with(&client, read(), &json!({ "accessToken": "somebody-elses" })), with_key(&world, &client, "other")]);
    let keys: Vec<_> = world.store().reports.iter().map(|report| report.key.clone()).collect();
    assert_eq!(keys, ["organisation", "other", "organisation", "other"]);
    assert_eq!(client.rate_limit().remaining, Some(239));
}

#[test]
fn a_key_that_nobody_uses_is_forgotten_after_two_windows() {
    for (pause, limit) in [(119_000, Some(240)), (121_000, None)] {
        let world = organisation(LIMIT);
        let client = world.client(settings());
        world.run(vec![with_key(&world, &client, "other")]);
        world.set_clock(START + pause);
        world.run(vec![with_key(&world, &client, "other")]);
        assert_eq!(world.store().reports[2].limit, limit, "{pause}");
    }
}

#[test]
fn a_store_needs_a_key() {
    let read = |settings: Value| Configuration::read(&given(&settings));
    let error = read(json!({ "rateLimitStore": { "$function": true } })).unwrap_err();
    assert_eq!((error.class(), error.path()), ("ApiTypeError", Some("configuration.rateLimitKey")));
    assert!(read(settings()).unwrap().has_store);
    assert!(!read(json!({ "rateLimitKey": "a" })).unwrap().has_store);
    assert_eq!(read(json!({ "rateLimitStore": {}, "rateLimitKey": "a" })).unwrap_err().path(), Some("configuration.rateLimitStore"));
    for key in [json!(""), json!(true), json!(" a"), json!("a\u{0}")] {
        assert_eq!(read(json!({ "rateLimitKey": key })).unwrap_err().path(), Some("configuration.rateLimitKey"));
    }
}
