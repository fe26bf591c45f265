//! The path of a call that is made once: what is sent, and what becomes of the answer.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod simulation;

use serde_json::json;
use simulation::{Script, World, answer, answer_with, operation, seen};
use thousandeyes_admin::decode::Data;
use thousandeyes_admin::endpoints::users::{CREATE_USER, DELETE_USER, GET_CURRENT_USER, GET_USER, GET_USERS};
use thousandeyes_admin::endpoints::{Content, Operation};
use thousandeyes_admin::error::{Error, Outcome};
use thousandeyes_admin::http::{Method, Request};
use thousandeyes_admin::input::{Properties, Value};

fn user() -> Operation {
    operation(&GET_USER, "5")
}

fn create() -> Operation {
    operation(&CREATE_USER, "")
}

/// The error of one attempt.
fn error(script: Script) -> Error {
    World::new([script]).call(user(), json!({ "maxRetries": 0 })).unwrap_err()
}

#[test]
fn the_request_gets_the_base_url_the_token_and_the_headers() {
    let world = World::new([answer(200, r#"{"users":[]}"#)]);
    let settings = json!({ "host": "https://proxy.example/v7/", "headers": { "X-Team": "admin" } });
    world.call(operation(&GET_USERS, ""), settings).unwrap();
    let (_, request) = world.log().remove(0);
    assert_eq!(request.url, "https://proxy.example/v7/users");
    assert_eq!(request.headers.get("authorization"), Some("Bearer the-secret"));
    assert_eq!(request.headers.get("x-team"), Some("admin"));
    assert!(!format!("{request:?}").contains("secret"));
}

#[test]
fn a_call_may_replace_the_headers_of_its_client_or_take_them_away() {
    let world = World::new([answer(200, r#"{"users":[]}"#)]);
    let client = world.client(json!({ "headers": { "X-Team": "admin", "X-Site": "berlin" } }));
    let sent = |headers| {
        world.run(vec![world.execute_with(&client, operation(&GET_USERS, ""), &json!({ "headers": headers }))]).remove(0).unwrap();
        let (_, request) = world.log().pop().unwrap();
        let own = request.headers.iter().filter(|(name, _)| name.starts_with(['x', 'X']));
        own.map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>()
    };
    assert_eq!(sent(json!({})), ["X-Site: berlin", "X-Team: admin"]);
    assert_eq!(sent(json!({ "x-team": null })), ["X-Site: berlin"]);
    assert_eq!(sent(json!({ "x-team": "sales" })), ["X-Site: berlin", "x-team: sales"]);
    // For one call alone.
    assert_eq!(sent(json!({})), ["X-Site: berlin", "X-Team: admin"]);
}

#[test]
fn calls_are_numbered() {
    // Those of all clients together, as one hook may be told of them all.
    let clients = [(); 2].map(|()| World::new([]).client(json!({})));
    let numbers = [0, 1, 0].map(|client: usize| clients[client].next_call_id());
    assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
}

#[test]
fn nothing_is_kept_of_a_call_that_is_over() {
    let world = World::new([answer(200, r#"{"uid":"5"}"#), Script::Hang]);
    let client = world.client(json!({}));
    world.run(vec![world.execute(&client, user())]).remove(0).unwrap();
    assert_eq!(world.kept_wakers(), 0);
    assert!(world.run_impatiently(vec![world.execute(&client, user())], &[10]).remove(0).is_none());
    assert_eq!(world.kept_wakers(), 0);
}

#[test]
fn the_token_may_come_from_a_function() {
    let world = World::new([answer(200, r#"{"users":[]}"#)]).with_tokens(&[Ok("provided")], &[]);
    world.call(operation(&GET_USERS, ""), json!({})).unwrap();
    assert_eq!(world.log()[0].1.headers.get("authorization"), Some("Bearer provided"));

    for token in [Err("no session"), Ok("with space"), Ok("")] {
        let world = World::new([answer(200, "{}")]).with_tokens(&[token], &[]);
        let error = world.call(user(), json!({})).unwrap_err();
        assert_eq!((error.class(), error.outcome, world.sent()), ("ApiValueError", Outcome::NotSent, 0));
    }
}

#[test]
fn successes() {
    let call = |script| World::new([script]);
    call(answer(200, r#"{"users":[{"uid":"1","brandNew":[{}]}],"_links":{"self":{"href":"x"}}}"#))
        .call(operation(&GET_USERS, ""), json!({}))
        .unwrap();
    call(answer(200, r#"{"uid":"1","accountGroupRoles":[{"accountGroup":{"aid":"1"},"roles":[{"roleId":"31","isBuiltin":true}]}]}"#))
        .call(user(), json!({}))
        .unwrap();
    call(answer(200, r#"{"uid":"1"}"#)).call(operation(&GET_CURRENT_USER, ""), json!({})).unwrap();
    call(answer(201, r#"{"uid":"1"}"#)).call(create(), json!({})).unwrap();
    let deleted = call(answer(204, "")).call(operation(&DELETE_USER, "1"), json!({})).unwrap();
    assert_eq!((deleted.status_code, deleted.data), (204, Data::Nothing));
}

#[test]
fn addresses_are_told_on_the_configured_host() {
    let body = r#"{"uid":"7","_links":{"self":{"href":"https://api.thousandeyes.com/v7/users/7?aid=1"}}}"#;
    let created = answer_with(201, &[("location", "https://api.thousandeyes.com/v7/users/7")], body);
    let answer = World::new([created]).call(create(), json!({ "host": "/te-api/v7" })).unwrap();
    assert_eq!(answer.location.as_deref(), Some("/te-api/v7/users/7"));
    assert_eq!(answer.self_link.as_deref(), Some("/te-api/v7/users/7?aid=1"));
    assert_eq!(answer.data, Data::Value(serde_json::from_str(body).unwrap()));
}

#[test]
fn a_success_with_another_body_is_a_decode_exception() {
    for body in ["", "null", "[]", "5", "{", "<html>", "{}", r#"{"uid":"1"} x"#, r#"{"errorMessage":"no"}"#] {
        let error = error(answer(200, body));
        assert_eq!((error.class(), seen(&error)["statusCode"].as_u64()), ("DecodeException", Some(200)), "{body}");
        assert!(error.message.starts_with("getUser was answered with status 200, but the body "), "{}", error.message);
    }
}

#[test]
fn strict_decoding_refuses_what_lenient_decoding_normalises() {
    let odd = || World::new([answer(200, r#"{"uid":"1","accountGroupRoles":[{"roles":[{"roleId":31}]}]}"#)]);
    let normalised = odd().call(user(), json!({})).unwrap();
    assert_eq!(normalised.data, Data::Json(r#"{"uid":"1","accountGroupRoles":[{"roles":[{"roleId":"31"}]}]}"#.to_owned()));
    assert_eq!(
        seen(&normalised)["drift"],
        json!([{ "path": "accountGroupRoles[0].roles[0].roleId", "expected": "an id, which is a string", "got": "31" }])
    );

    let error = odd().call(user(), json!({ "decode": "strict" })).unwrap_err();
    assert_eq!((error.class(), seen(&error)["path"].as_str()), ("DecodeException", Some("accountGroupRoles[0].roles[0].roleId")));
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
        let error = error(answer(status, ""));
        assert_eq!((error.class(), error.outcome), (class, outcome), "{status}");
        assert_eq!(seen(&error)["status"], status);
        assert_eq!((seen(&error)["operation"].as_str(), seen(&error)["attempts"].as_u64()), (Some("getUser"), Some(1)));
    }
    let error = World::new([answer(404, "")]).call(create(), json!({})).unwrap_err();
    assert_eq!(error.outcome, Outcome::Unknown);
}

#[test]
fn hints_say_what_the_message_does_not() {
    for (status, hint) in [(301, "/v7"), (401, "lock the account"), (403, "View all users")] {
        assert!(seen(&error(answer(status, "")))["hint"].as_str().unwrap().contains(hint), "{status}");
    }
    assert!(!seen(&error(answer(404, "")))["hint"].is_string());
    for (status, hint) in [(500, "look before you send it again"), (302, "/v7"), (403, "a permission for this")] {
        let doubtful = World::new([answer(status, "")]).call(create(), json!({})).unwrap_err();
        assert!(seen(&doubtful)["hint"].as_str().unwrap().contains(hint), "{status}");
    }
    assert!(!seen(&World::new([answer(400, "")]).call(create(), json!({})).unwrap_err())["hint"].is_string());
    // Where the host is wrong, the request may have been carried out there.
    for script in [answer(200, "<html>"), answer(302, "")] {
        let doubtful = World::new([script]).call(create(), json!({})).unwrap_err();
        let hint = seen(&doubtful)["hint"].as_str().unwrap().to_owned();
        assert!(hint.contains("host") && hint.ends_with("look before you send it again."), "{hint}");
    }
}

#[test]
fn an_error_tells_the_address_without_what_its_query_asks_for() {
    let error =
        World::new([answer(400, "")]).call(GET_USER.operation(Some("a b"), &[("aid", "7".to_owned())], None), json!({})).unwrap_err();
    assert_eq!(seen(&error)["url"], "/users/a%20b?aid=7");
    assert_eq!(seen(&World::new([answer(400, "")]).call(user(), json!({})).unwrap_err())["url"], "/users/5");

    // No operation of today has such a query.
    let world = World::new([answer(400, "")]);
    let client = world.client(json!({}));
    let request = Request::new(Method::Get, "/users").query("email", "ada@x.example").query("aid", "7");
    let operation = Operation { name: "find", permissions: None, request, content: Content::Nothing, template: None, tells_path: true };
    let options = client.configuration().options(&Value::Object(Properties::default()), GET_USER.options).unwrap();
    let error = world.run(vec![world.running(&client, operation, options)]).remove(0).unwrap_err();
    assert_eq!(seen(&error)["url"], "/users?email&aid=7");
}

#[test]
fn hints_name_what_is_likely() {
    let hint = |script: Script, configuration| seen(&World::new([script]).call(user(), configuration).unwrap_err())["hint"].to_string();
    assert!(hint(answer(200, "<!doctype html>"), json!({})).contains("no proxy is mounted"));
    let without_token = hint(answer(401, ""), json!({ "accessToken": null }));
    assert!(without_token.contains("sent no access token") && without_token.contains("lock the account"), "{without_token}");
    for (host, lacks) in [
        ("https://api.thousandeyes.com", true),
        ("https://api.thousandeyes.com/v", true),
        ("https://api.thousandeyes.com/vx", true),
        ("/te-api", true),
        ("/te-api/v7", false),
        ("https://api.thousandeyes.com/v10", false),
    ] {
        assert_eq!(hint(answer(404, ""), json!({ "host": host })).contains("lacks its version"), lacks, "{host}");
    }
}

#[test]
fn every_known_error_body_ends_as_one_error() {
    for (body, said) in [
        (
            r#"{"title":"Invalid","detail":"See errors","errors":[{"code":"X-1","field":"email","message":"is taken"}]}"#,
            "Invalid. See errors. email: is taken.",
        ),
        (r#"{"title":"Error in field email : is empty"}"#, "Error in field email : is empty."),
        (r#"{"error":"invalid_token","error_description":"Unknown token"}"#, "invalid_token. Unknown token."),
        (r#"{"errorMessage":"401 Not Authorized\nCheck it"}"#, "401 Not Authorized Check it."),
        (r#"{"timestamp":1,"httpStatus":"PRECONDITION_FAILED","errors":["no"],"path":"/x"}"#, "PRECONDITION_FAILED. no."),
    ] {
        let error = error(answer(400, body));
        assert_eq!(error.message, format!("getUser failed with status 400: {said}"));
        assert_eq!(seen(&error)["body"], body);
    }
    for (field, path, said) in [
        ("email", json!(["email"]), "email: no"),
        ("accountGroupRoles[0].roleIds", json!(["accountGroupRoles", 0, "roleIds"]), "accountGroupRoles[0].roleIds: no"),
        ("$.accountGroupRoles.1", json!(["accountGroupRoles", 1]), "accountGroupRoles[1]: no"),
        ("/loginAccountGroup/aid", json!(["loginAccountGroup", "aid"]), "loginAccountGroup.aid: no"),
    ] {
        let error = error(answer(400, json!({ "errors": [{ "field": field, "message": "no" }] }).to_string()));
        assert_eq!(
            (&seen(&error)["fieldErrors"][0]["path"], error.message.clone()),
            (&path, format!("getUser failed with status 400: {said}."))
        );
    }
    // Whatever an entry tells is told, and no more of them than a sentence holds.
    let entries = r#"[{"code":"X-1"},{"message":"no"},{"field":"name"},{},5,"odd"]"#;
    let few = seen(&error(answer(400, format!(r#"{{"errors":{entries}}}"#))));
    assert_eq!(
        few["fieldErrors"],
        json!([
            { "path": [], "code": "X-1", "message": "is not accepted by the API." },
            { "path": [], "message": "no" },
            { "path": ["name"], "message": "is not accepted by the API." },
            { "path": [], "message": "odd" },
        ])
    );
    for (count, end) in [(5, "4. 5."), (6, "5. fieldErrors has 1 more."), (8, "5. fieldErrors has 3 more.")] {
        let entries: Vec<_> = (1..=count).map(|number| number.to_string()).collect();
        let error = error(answer(400, json!({ "errors": entries }).to_string()));
        assert!(error.message.ends_with(end), "{}", error.message);
    }
    let fields = seen(&error(answer(400, r#"{"status":400,"errors":[{"code":"X-1","field":"email","message":"is taken"}]}"#)));
    assert_eq!(fields["fieldErrors"], json!([{ "code": "X-1", "path": ["email"], "message": "is taken" }]));
    assert_eq!(fields["problem"], json!({ "status": 400 }));
    assert_eq!(fields["rateLimit"], json!({ "known": false }));
}

#[test]
fn a_huge_body_is_cut_in_the_error() {
    for body in [String::new(), format!("<html>{}</html>", "x".repeat(10_000_000))] {
        let error = error(answer(502, body));
        assert_eq!(error.message, "getUser failed with status 502.");
        assert!(seen(&error)["body"].as_str().unwrap().len() <= 16_384);
    }
    let long = "x".repeat(10_000_000);
    let error =
        error(answer(400, json!({ "title": long, "errors": vec![json!({ "field": "name", "message": "no" }); 100_000] }).to_string()));
    assert!(error.message.len() < 4_000, "{}", error.message.len());
    assert!(serde_json::to_string(&seen(&error)).unwrap().len() < 64_000);
    // What is not shown of it was read all the same.
    let error = self::error(answer(400, json!({ "a": "x".repeat(200_000), "title": "Invalid" }).to_string()));
    assert_eq!(
        (error.message.as_str(), seen(&error)["body"].as_str().unwrap().len()),
        ("getUser failed with status 400: Invalid.", 16_384)
    );
}

#[test]
fn a_token_that_the_server_repeats_is_not_shown() {
    // Escaped it is in no text of the answer, but in what the answer says.
    for said in ["unknown token the-secret", r"unknown token the-\u0073ecret"] {
        let body = format!(r#"{{"error":"invalid_token","error_description":"{said}"}}"#);
        let error = error(answer_with(401, &[("www-authenticate", "Bearer error=the-secret")], &body));
        assert!(!format!("{error:?} {}", seen(&error)).contains("secret"));
    }
}

#[test]
fn a_token_that_the_server_repeats_with_escapes_is_not_shown() {
    for spelling in [r#"se\/cr\"et"#, r#"\u0073e\u002Fcr\"et"#, "se%2fcr%22et", r#"se\/cr\u0022et"#] {
        let body = format!(r#"{{"title":"unknown token {spelling}"}}"#);
        let error = World::new([answer(400, body)]).call(user(), json!({ "accessToken": "se/cr\"et" })).unwrap_err();
        assert_eq!(error.message, "getUser failed with status 400: unknown token (token).");
        assert_eq!(seen(&error)["body"], r#"{"title":"unknown token (token)"}"#);
    }
}

#[test]
fn no_token_of_the_call_is_shown_where_one_begins_with_the_other() {
    for tokens in [["the-secret", "the-secret-is-longer"], ["the-secret-is-longer", "the-secret"]] {
        let body = r#"{"title":"no the-secret-is-longer, no the-secret"}"#;
        let world = World::new([answer(401, ""), answer(400, body)]).with_tokens(&[Ok(tokens[0])], &[Ok(tokens[1])]);
        let error = world.call(user(), json!({})).unwrap_err();
        assert_eq!(error.message, "getUser failed with status 400: no (token), no (token).", "{tokens:?}");
    }
}

#[test]
fn a_broken_connection_keeps_outcome_and_cause() {
    for outcome in [Outcome::NotSent, Outcome::Unknown] {
        let error = error(Script::Fail(outcome));
        assert_eq!((error.class(), error.outcome), ("ConnectionException", outcome));
        assert_eq!(error.cause.clone().unwrap().downcast_ref::<&str>(), Some(&"refused"));
    }
}

#[test]
fn silence_ends_in_a_timeout() {
    let world = World::new([Script::Hang]);
    let error = world.call(user(), json!({ "timeout": 5, "maxRetries": 0 })).unwrap_err();
    assert_eq!((error.class(), error.outcome, seen(&error)["timeout"].as_u64()), ("TimeoutException", Outcome::Unknown, Some(5)));
    assert_eq!(world.elapsed(), 5);
}

#[test]
fn a_closed_client_sends_nothing() {
    let world = World::new([Script::Hang]);
    let client = world.client(json!({}));
    client.close();
    client.close();
    let error = world.run(vec![world.execute(&client, operation(&GET_CURRENT_USER, ""))]).remove(0).unwrap_err();
    assert_eq!((error.class(), error.outcome, world.sent()), ("ClientClosedException", Outcome::NotSent, 0));
}
