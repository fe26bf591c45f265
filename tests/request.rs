//! `client.request`: any other path of the API, and nothing but that.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod given;
mod simulation;

use given::given;
use serde_json::{Value, json};
use simulation::{World, answer, answer_with, seen};
use thousandeyes_admin::decode::Data;
use thousandeyes_admin::endpoints::{Operation, request};
use thousandeyes_admin::error::{Error, ErrorKind, Outcome};
use thousandeyes_admin::input;
use url::Url;

fn stringify(value: &input::Value) -> Option<String> {
    serde_json::to_string(value).ok()
}

fn read(value: &Value) -> Result<Operation, Error> {
    request(&given(value), &[], stringify)
}

fn get(path: &str) -> Result<Operation, Error> {
    read(&json!({ "method": "GET", "path": path }))
}

fn refusal(result: Result<Operation, Error>) -> (String, String) {
    let error = result.unwrap_err();
    assert_eq!(error.outcome, Outcome::NotSent);
    match &error.kind {
        ErrorKind::Type(item) | ErrorKind::Value(item) => (item.path.clone(), error.message.clone()),
        _ => panic!("{error:?}"),
    }
}

#[test]
fn a_request_is_what_the_caller_says() {
    let operation = request(
        &given(&json!({
            "method": "PATCH", "path": "/tests/a%2Fb/x", "query": { "format": ["a b", 5], "all": true, "since": { "$date": "2026-01-31T12:00:00.000Z" }, "none": null },
            "body": { "name": "é", "n": [1.5, null, {}] }, "accept": "text/csv", "template": "/tests/{id}/x",
        })),
        &[("aid", "7".to_owned())],
        stringify,
    )
    .unwrap();
    let sent = &operation.request;
    assert_eq!(
        (sent.method.as_str(), sent.url.as_str()),
        ("PATCH", "/tests/a%2Fb/x?all=true&format=a%20b&format=5&since=2026-01-31T12%3A00%3A00.000Z&aid=7")
    );
    assert_eq!(sent.headers.get("accept"), Some("text/csv"));
    assert_eq!(sent.headers.get("content-type"), Some("application/json"));
    assert_eq!(sent.body.as_deref(), Some(r#"{"n":[1.5,null,{}],"name":"é"}"#));
    assert_eq!(operation.template.as_deref(), Some("/tests/{id}/x"));

    let plain = get("/status").unwrap();
    assert_eq!((plain.request.url.as_str(), plain.request.body, plain.template), ("/status", None, None));
    assert_eq!(plain.request.headers.get("content-type"), None);
}

/// What is tried to leave the path of the host, or to say something else than it seems.
const ATTACKS: &[&str] = &[
    "",
    "tests",
    "//evil.example/x",
    "/tests//x",
    "/..",
    "/../admin",
    "/./x",
    "/x/..",
    "/x/../../y",
    "/%2e%2e/admin",
    "/%2E./admin",
    "/.%2e",
    "/%2e",
    "/%252e%252e/admin",
    "/%25252e%25252e/x",
    "/x%2f..%2fy",
    "/x%2F%2e%2e",
    "/..%5cadmin",
    "/\\evil.example",
    "/x\\..\\y",
    "/%5c",
    "/x?aid=1",
    "/x#y",
    "/x y",
    "/x\ty",
    "/x\n/../y",
    "/x\r",
    "/\u{0}",
    "/%00",
    "/%0a",
    "/é",
    "/\u{ff0e}\u{ff0e}/x",
    "http://evil.example/",
    "@evil.example/",
    ":8080/x",
    ".evil.example/",
];

#[test]
fn nothing_leaves_the_path_of_the_host() {
    for attack in ATTACKS {
        let (path, message) = refusal(get(attack));
        assert_eq!(path, "request.path", "{attack}: {message}");
    }
}

#[test]
fn what_is_taken_stays_below_the_host_for_whoever_parses_it() {
    let host = "https://proxy.example/te/v7";
    for path in [
        "/tests",
        "/tests/",
        "/a.b/..c/c..",
        "/a/%41/b%20c",
        "/%2",
        "/%zz/x",
        "/a%2Fb",
        "/x@y:z;w=1,2",
        "/...",
        "/%2e%2e%2e",
        "/~a!$&'()*+",
    ] {
        let url = get(path).unwrap_or_else(|error| panic!("{path}: {}", error.message)).request.url;
        let parsed = Url::parse(&format!("{host}{url}")).unwrap();
        assert_eq!(parsed.host_str(), Some("proxy.example"), "{path}");
        assert!(parsed.path().starts_with("/te/v7/"), "{path} became {parsed}");
        assert_eq!((parsed.query(), parsed.fragment()), (None, None), "{path}");
    }
}

#[test]
fn what_makes_no_sense_is_refused_with_its_path() {
    let with = |more: Value| {
        let mut request = json!({ "method": "POST", "path": "/x" });
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        refusal(read(&request))
    };
    let function = json!({ "$function": true });
    for (more, path) in [
        (json!({ "method": "post" }), "request.method"),
        (json!({ "method": "HEAD" }), "request.method"),
        (json!({ "method": 5 }), "request.method"),
        (json!({ "method": "GET", "body": {} }), "request.body"),
        (json!({ "path": 5 }), "request.path"),
        (json!({ "query": "a=b" }), "request.query"),
        (json!({ "query": { "a": {} } }), "request.query.a"),
        (json!({ "query": { "a": [null] } }), "request.query.a[0]"),
        (json!({ "query": { "a": 1.5 } }), "request.query.a"),
        (json!({ "query": { "a b": 1 } }), "request.query.a b"),
        (json!({ "query": { "a&b=": 1 } }), "request.query.a&b="),
        (json!({ "query": { "aid": 1 } }), "request.query.aid"),
        (json!({ "body": { "a": [function] } }), "request.body.a[0]"),
        (json!({ "accept": "a\nb" }), "request.accept"),
        (json!({ "accept": "" }), "request.accept"),
        (json!({ "template": "tests" }), "request.template"),
        (json!({ "template": "/tests?token=x" }), "request.template"),
        (json!({ "headers": {} }), "request.headers"),
    ] {
        let (found, message) = with(more);
        assert_eq!(found, path, "{message}");
    }
    assert_eq!(refusal(read(&json!({ "path": "/x" }))).0, "request.method");
    assert_eq!(refusal(read(&json!({ "method": "GET" }))).0, "request.path");
    assert_eq!(refusal(read(&json!("/x"))).0, "request");
}

#[test]
fn the_answer_is_what_its_media_type_says() {
    let answered = |media_type: &str, body: &str| {
        let headers: &[(&str, &str)] = if media_type.is_empty() { &[] } else { &[("content-type", media_type)] };
        World::new([answer_with(200, headers, body)]).call(get("/x").unwrap(), json!({})).map(|answer| answer.data)
    };
    for media_type in ["application/json", "Application/HAL+JSON; charset=utf-8", "application/problem+json"] {
        assert_eq!(answered(media_type, " [1] ").unwrap(), Data::Json(" [1] ".to_owned()), "{media_type}");
    }
    assert_eq!(answered("application/json", "\u{feff}5").unwrap(), Data::Json("5".to_owned()));
    assert_eq!(answered("text/csv; header=present", "a,b").unwrap(), Data::Text("a,b".to_owned()));
    for media_type in ["", "application/octet-stream", "application/jsonl"] {
        assert_eq!(answered(media_type, "ab").unwrap(), Data::Value(json!([97, 98])), "{media_type}");
    }
    assert_eq!(answered("application/json", "").unwrap(), Data::Nothing);
    let error = answered("application/json", "<html>").unwrap_err();
    assert_eq!((error.class(), error.message.contains("is not JSON")), ("DecodeException", true), "{}", error.message);
}

#[test]
fn patch_is_sent_again_as_post_is() {
    let patch = || read(&json!({ "method": "PATCH", "path": "/x", "body": {} })).unwrap();
    let world = World::new([answer(503, ""), answer(204, "")]);
    let error = world.call(patch(), json!({})).unwrap_err();
    assert_eq!((error.outcome, world.sent()), (Outcome::Unknown, 1));
    let world = World::new([answer(429, ""), answer(204, "")]);
    world.call(patch(), json!({})).unwrap();
    assert_eq!(world.sent(), 2);
}

#[test]
fn hooks_see_the_template_and_never_the_path() {
    let event =
        |operation: &Operation| seen(&thousandeyes_admin::transport::Event::of(1, operation, thousandeyes_admin::transport::Stage::Start));
    let told = read(&json!({ "method": "GET", "path": "/tests/secret", "template": "/tests/{id}" })).unwrap();
    assert_eq!(event(&told), json!({ "callId": 1, "operation": "request", "method": "GET", "template": "/tests/{id}" }));
    assert_eq!(event(&get("/tests/secret").unwrap()), json!({ "callId": 1, "operation": "request", "method": "GET" }));
}
