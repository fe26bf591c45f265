//! The path of a call, over a scripted transport.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::cell::RefCell;
use std::rc::Rc;

use futures_executor::block_on;
use serde_json::{Value, json};
use thousandeyes_admin::client::Client;
use thousandeyes_admin::config::Configuration;
use thousandeyes_admin::endpoints::Endpoint;
use thousandeyes_admin::endpoints::users::{CreateUser, DeleteUser, GetCurrentUser, GetUser, GetUsers};
use thousandeyes_admin::error::{Cause, Error, Outcome};
use thousandeyes_admin::http::{Request, Response};
use thousandeyes_admin::rate_limit::RateLimit;
use thousandeyes_admin::transport::{Failure, Transport};

enum Script {
    Answer(u16, Vec<u8>),
    Fail(Outcome),
    Hang,
}

struct Scripted {
    script: Script,
    token: Result<Value, &'static str>,
    log: Rc<RefCell<Vec<Request>>>,
}

impl Transport for Scripted {
    async fn send(&self, request: Request) -> Result<Response, Failure> {
        self.log.borrow_mut().push(request);
        match &self.script {
            Script::Answer(status, body) => Ok(Response { status: *status, body: body.clone(), ..Response::default() }),
            Script::Fail(outcome) => Err(Failure { outcome: *outcome, cause: Rc::new("refused") }),
            Script::Hang => std::future::pending().await,
        }
    }

    async fn sleep(&self, _milliseconds: u32) {
        if !matches!(self.script, Script::Hang) {
            std::future::pending().await
        }
    }

    async fn access_token(&self) -> Result<Value, Cause> {
        self.token.clone().map_err(|reason| Rc::new(reason) as Cause)
    }
}

fn call<E: Endpoint>(endpoint: &E, settings: Value, script: Script) -> (Result<Response, Error>, Vec<Request>) {
    let provided = settings["accessToken"].is_null();
    let log = Rc::default();
    let token = if settings["accessToken"].is_null() { Ok(json!("provided")) } else { Err("unused") };
    let client = Client::new(Configuration::read(&settings, provided).unwrap(), Scripted { script, token, log: Rc::clone(&log) });
    let result = block_on(client.execute(endpoint, None));
    drop(client);
    (result, Rc::try_unwrap(log).unwrap().into_inner())
}

fn answer<E: Endpoint>(endpoint: &E, status: u16, body: impl Into<Vec<u8>>) -> Result<Response, Error> {
    call(endpoint, json!({ "accessToken": "secret" }), Script::Answer(status, body.into())).0
}

fn user() -> GetUser {
    GetUser { id: "5".to_owned(), aid: None }
}

#[test]
fn the_request_gets_the_base_url_and_the_token() {
    let (result, log) = call(
        &GetUsers { aid: None },
        json!({ "host": "https://proxy.example/v7/", "accessToken": "secret" }),
        Script::Answer(200, b"{\"users\":[]}".to_vec()),
    );
    result.unwrap();
    assert_eq!(log[0].url, "https://proxy.example/v7/users");
    assert_eq!(log[0].headers.get("authorization"), Some("Bearer secret"));
    assert!(!format!("{log:?}").contains("secret"));
}

#[test]
fn the_token_may_come_from_a_function() {
    let (_, log) = call(&GetUsers { aid: None }, json!({}), Script::Answer(200, b"{\"users\":[]}".to_vec()));
    assert_eq!(log[0].headers.get("authorization"), Some("Bearer provided"));
}

#[test]
fn successes() {
    answer(&GetUsers { aid: None }, 200, r#"{"users":[{"uid":"1","brandNew":[{}]}],"_links":{"self":{"href":"x"}}}"#).unwrap();
    answer(&user(), 200, r#"{"uid":"1","accountGroupRoles":[{"accountGroup":{"aid":"1"},"roles":[{"roleId":"31","isBuiltin":true}]}]}"#)
        .unwrap();
    answer(&GetCurrentUser, 200, r#"{"uid":"1"}"#).unwrap();
    answer(&CreateUser { user_request: Default::default(), aid: None }, 201, r#"{"uid":"1"}"#).unwrap();
    answer(&DeleteUser { id: "1".to_owned(), aid: None }, 204, "").unwrap();
}

#[test]
fn a_success_with_another_body_is_a_decode_exception() {
    for body in ["", "null", "[]", "5", "{", "<html>", r#"{"uid":5}"#, r#"{"uid":"1"} x"#] {
        let error = answer(&user(), 200, body).unwrap_err();
        assert_eq!((error.class(), error.fields()["statusCode"].as_u64()), ("DecodeException", Some(200)), "{body}");
    }
    for body in ["{}", r#"{"users":null}"#, r#"{"errorMessage":"no"}"#] {
        assert_eq!(answer(&GetUsers { aid: None }, 200, body).unwrap_err().class(), "DecodeException", "{body}");
    }
    assert_eq!(answer(&user(), 200, b"{\"uid\":\"\xff\"}".to_vec()).unwrap_err().class(), "DecodeException");
    assert_eq!(answer(&user(), 200, "[".repeat(200_000)).unwrap_err().class(), "DecodeException");
}

#[test]
fn every_documented_status_has_its_class() {
    for (status, class, outcome) in [
        (400, "BadRequestException", Outcome::Rejected),
        (401, "UnauthorizedException", Outcome::Rejected),
        (403, "ForbiddenException", Outcome::Rejected),
        (404, "NotFoundException", Outcome::Rejected),
        (429, "TooManyRequestsException", Outcome::Rejected),
        (500, "ServiceException", Outcome::Unknown),
        (503, "ServiceException", Outcome::Unknown),
        (301, "ApiException", Outcome::Rejected),
        (0, "ApiException", Outcome::Rejected),
        (415, "ApiException", Outcome::Rejected),
    ] {
        let error = answer(&user(), status, "").unwrap_err();
        assert_eq!((error.class(), error.outcome), (class, outcome), "{status}");
        assert_eq!(error.fields()["status"], status);
    }
    let create = CreateUser { user_request: Default::default(), aid: None };
    assert_eq!(answer(&create, 404, "").unwrap_err().outcome, Outcome::Unknown);
}

#[test]
fn every_known_error_body_ends_as_one_error() {
    for (body, said) in [
        (
            r#"{"title":"Invalid","detail":"See errors","errors":[{"code":"X-1","field":"email","message":"is taken"}]}"#,
            "Invalid; See errors; email: is taken",
        ),
        (r#"{"title":"Error in field email : is empty"}"#, "Error in field email : is empty"),
        (r#"{"error":"invalid_token","error_description":"Unknown token"}"#, "invalid_token; Unknown token"),
        (r#"{"errorMessage":"401 Not Authorized\nCheck it"}"#, "401 Not Authorized Check it"),
        (r#"{"timestamp":1,"httpStatus":"PRECONDITION_FAILED","errors":["no"],"path":"/x"}"#, "PRECONDITION_FAILED; no"),
    ] {
        let error = answer(&user(), 400, body).unwrap_err();
        assert_eq!(error.message, format!("getUser failed with status 400: {said}"));
        assert_eq!(error.fields()["body"], body);
    }
    let fields =
        answer(&user(), 400, r#"{"status":400,"errors":[{"code":"X-1","field":"email","message":"is taken"}]}"#).unwrap_err().fields();
    assert_eq!(fields["fieldErrors"], json!([{ "code": "X-1", "field": "email", "message": "is taken" }]));
    assert_eq!(fields["problem"], json!({ "status": 400 }));
    assert_eq!(fields["rateLimit"], json!({ "known": false }));
    for body in [String::new(), format!("<html>{}</html>", "x".repeat(10_000_000))] {
        let error = answer(&user(), 502, body).unwrap_err();
        assert_eq!(error.message, "getUser failed with status 502");
        assert!(error.fields()["body"].as_str().unwrap().len() <= 16_384);
    }
}

#[test]
fn a_broken_connection_keeps_outcome_and_cause() {
    for outcome in [Outcome::NotSent, Outcome::Unknown] {
        let error = call(&user(), json!({ "accessToken": "secret" }), Script::Fail(outcome)).0.unwrap_err();
        assert_eq!((error.class(), error.outcome), ("ConnectionException", outcome));
        assert_eq!(error.cause.unwrap().downcast_ref::<&str>(), Some(&"refused"));
    }
}

#[test]
fn silence_ends_in_a_timeout() {
    let error = call(&user(), json!({ "accessToken": "secret", "timeout": 5 }), Script::Hang).0.unwrap_err();
    assert_eq!((error.class(), error.outcome, error.fields()["timeout"].as_u64()), ("TimeoutException", Outcome::Unknown, Some(5)));
}

#[test]
fn a_closed_client_sends_nothing() {
    let log = Rc::default();
    let client = Client::new(
        Configuration::read(&json!({}), false).unwrap(),
        Scripted { script: Script::Hang, token: Err("unused"), log: Rc::clone(&log) },
    );
    client.close();
    client.close();
    let error = block_on(client.execute(&GetCurrentUser, None)).unwrap_err();
    assert_eq!((error.class(), error.outcome), ("ClientClosedException", Outcome::NotSent));
    assert!(log.borrow().is_empty());
}

#[test]
fn rate_limits_are_read_or_unknown() {
    let headers = [
        ("x-organization-rate-limit-limit", "240"),
        ("X-Organization-Rate-Limit-Remaining", "7"),
        ("x-organization-rate-limit-reset", "1700000040"),
    ];
    assert_eq!(
        json!(RateLimit::read(&headers.into_iter().collect())),
        json!({ "known": true, "limit": 240, "remaining": 7, "resetAt": 1_700_000_040_000_u64 })
    );
    assert_eq!(json!(RateLimit::read(&[("x-organization-rate-limit-limit", "many")].into_iter().collect())), json!({ "known": false }));
}
