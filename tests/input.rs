//! What callers hand in: what is taken, and how the rest is refused.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod given;

use given::given;
use serde_json::{Value, json};
use thousandeyes_admin::config::{AccessToken, Configuration, Options, Token};
use thousandeyes_admin::endpoints::{CallOptions, users};
use thousandeyes_admin::error::{Error, ErrorKind, Outcome};
use thousandeyes_admin::input::Value as Given;
use thousandeyes_admin::models::{AccountGroupRequest, Request, RoleRequestBody, UserRequest};
use thousandeyes_admin::path::Path;

/// The class and the path of an error that must be complete and raised before anything is sent.
fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> (&'static str, String) {
    let error = result.unwrap_err();
    assert_eq!(error.outcome, Outcome::NotSent);
    assert!(error.message.ends_with('.'), "{}", error.message);
    match &error.kind {
        ErrorKind::Type(item) | ErrorKind::Value(item) => (error.class(), item.path.clone()),
        _ => panic!("{error:?}"),
    }
}

fn seen(request: UserRequest) -> Value {
    serde_json::to_value(&request).unwrap()
}

fn configuration(value: Value) -> Result<Configuration, Error> {
    Configuration::read(&given(&value))
}

fn user_id(id: &Given) -> Result<String, Error> {
    users::GET_USER.read_id(id)
}

fn user_request(request: &Given) -> Result<UserRequest, Error> {
    UserRequest::read(&Path::Body("userRequest"), request)
}

/// The options of a call of a client that has an account group of its own.
fn options(value: Value, known: &CallOptions) -> Result<Options, Error> {
    configuration(json!({ "aid": "1" })).unwrap().options(&given(&value), known)
}

#[test]
fn hosts() {
    assert_eq!(configuration(json!({})).unwrap().host, "https://api.thousandeyes.com/v7");
    for (host, kept) in [
        ("https://proxy.example/v7/", "https://proxy.example/v7"),
        ("HTTP://127.0.0.1:8080/v7", "HTTP://127.0.0.1:8080/v7"),
        ("/te-api/v7", "/te-api/v7"),
        ("/te-api/v7///", "/te-api/v7"),
    ] {
        assert_eq!(configuration(json!({ "host": host })).unwrap().host, kept);
    }
    for host in [
        "",
        "api.thousandeyes.com",
        "ftp://x/v7",
        "//evil.example",
        "https://",
        "https:///v7",
        "https://a b",
        "https://u:p@x/",
        "https://x/?a",
        "https://x/#a",
        "https:\\\\x",
        "https://x\u{0}",
        "https://x\u{a0}",
        "é",
    ] {
        assert_eq!(refusal(configuration(json!({ "host": host }))), ("ApiValueError", "configuration.host".to_owned()), "{host}");
    }
    assert_eq!(refusal(configuration(json!({ "host": 5 }))), ("ApiTypeError", "configuration.host".to_owned()));
}

#[test]
fn tokens_are_checked_and_never_shown() {
    for secret in ["se cret", "secret\n", "secret\nX-Evil: 1", "secret“", "sécret", "secret\u{0}"] {
        let error = configuration(json!({ "accessToken": secret })).unwrap_err();
        assert_eq!(error.class(), "ApiValueError");
        assert!(!format!("{error:?} {}", serde_json::to_string(&error).unwrap()).contains("cret"));
    }
    assert_eq!(refusal(configuration(json!({ "accessToken": "" }))).0, "ApiValueError");
    assert_eq!(refusal(configuration(json!({ "accessToken": 5 }))).0, "ApiTypeError");
    let checked = configuration(json!({ "accessToken": "secret" })).unwrap();
    assert!(matches!(checked.access_token, AccessToken::Fixed(_)));
    assert!(!format!("{checked:?}").contains("secret"));
}

#[test]
fn a_token_is_known_by_the_header_that_it_was_sent_in() {
    let token = Token::of_authorization("Bearer the-secret").unwrap();
    assert_eq!(token.authorization(), "Bearer the-secret");
    assert_eq!(Token::of_authorization("Basic dGhlOnNlY3JldA=="), None);
    for (text, is_in) in [("unknown token the-secret", true), (r"the-\u0073ecret", true), ("the secret", false), ("", false)] {
        assert_eq!(token.is_in(text), is_in, "{text}");
    }
}

#[test]
fn misspelt_settings_are_refused() {
    assert_eq!(refusal(configuration(json!({ "acessToken": "x" }))), ("ApiTypeError", "configuration.acessToken".to_owned()));
    assert_eq!(refusal(configuration(json!([]))), ("ApiTypeError", "configuration".to_owned()));
    assert_eq!(refusal(configuration(json!({ "timeout": -1 }))), ("ApiValueError", "configuration.timeout".to_owned()));
    assert_eq!(refusal(configuration(json!({ "timeout": "1s" }))), ("ApiTypeError", "configuration.timeout".to_owned()));
    assert_eq!(refusal(options(json!({ "aid": 1 }), users::GET_CURRENT_USER.options)), ("ApiTypeError", "options.aid".to_owned()));
    assert_eq!(refusal(options(json!({ "aid": "" }), users::GET_USER.options)), ("ApiValueError", "options.aid".to_owned()));
    assert_eq!(options(json!({ "aid": null }), users::GET_USER.options).unwrap().query, []);
    assert_eq!(options(json!({ "aid": 7 }), users::GET_USER.options).unwrap().query, [("aid", "7".to_owned())]);
}

#[test]
fn numbers_and_booleans_have_their_bounds() {
    for (name, least, most) in [("maxRetries", 0, 100), ("maxConcurrency", 1, 10_000)] {
        for count in [json!(least), json!(most)] {
            configuration(json!({ name: count })).unwrap();
        }
        for count in [json!(least - 1), json!(most + 1), json!(1.5)] {
            assert_eq!(refusal(configuration(json!({ name: count }))), ("ApiValueError", format!("configuration.{name}")), "{count}");
        }
        assert_eq!(refusal(configuration(json!({ name: "1" }))).0, "ApiTypeError");
    }
    for flag in [true, false] {
        assert_eq!(configuration(json!({ "rateLimiter": flag })).unwrap().rate_limiter, flag);
    }
    assert_eq!(refusal(configuration(json!({ "rateLimiter": 1 }))), ("ApiTypeError", "configuration.rateLimiter".to_owned()));
}

#[test]
fn names_of_headers() {
    for name in ["X-Team", "x", "7", "!#$%&'*+-.^_`|~"] {
        assert_eq!(configuration(json!({ "headers": { name: "a" } })).unwrap().settings.headers.get(name), Some("a"));
    }
    for name in ["", "X Team", "X-Team:", "X-Team\n", "x/y", "é", "__proto__"] {
        let refused = refusal(configuration(json!({ "headers": { name: "a" } })));
        assert_eq!(refused, ("ApiValueError", format!("configuration.headers.{name}")));
    }
}

#[test]
fn a_part_of_a_millisecond_is_one_and_never_no_limit() {
    for (timeout, kept) in [(json!(0), 0), (json!(0.5), 1), (json!(1e-7), 1), (json!(1500.25), 1501), (json!(5.0), 5)] {
        assert_eq!(configuration(json!({ "timeout": timeout })).unwrap().settings.timeout, kept);
    }
    for timeout in [json!(-0.5), json!(3e9), json!(1e30)] {
        assert_eq!(refusal(configuration(json!({ "timeout": timeout }))).0, "ApiValueError", "{timeout}");
    }
}

#[test]
fn the_vendors_host_is_known_however_it_is_spelt() {
    let configuration = configuration(json!({ "host": "/te-api/v7" })).unwrap();
    for address in [
        "https://api.thousandeyes.com/v7/users/1",
        "https://API.ThousandEyes.com/v7/users/1",
        "http://api.thousandeyes.com/v7/users/1",
        "https://api.thousandeyes.com:443/v7/users/1",
        "/v7/users/1",
        "/te-api/v7/users/1",
    ] {
        assert_eq!(configuration.rebase(address), "/te-api/v7/users/1", "{address}");
    }
    assert_eq!(self::configuration(json!({ "host": "/" })).unwrap().rebase("/v7/users/1"), "/users/1");
    for address in ["https://api.thousandeyes.com.evil.example/v7/users/1", "https://api.thousandeyes.com/v70", "é", ""] {
        assert_eq!(configuration.rebase(address), address);
    }
}

#[test]
fn ids() {
    assert_eq!(user_id(&given(&json!("a/b"))).unwrap(), "a/b");
    assert_eq!(user_id(&given(&json!(245))).unwrap(), "245");
    for id in [json!(""), json!("."), json!(".."), json!("current"), json!(" 5"), json!("5\n"), json!(-5), json!(1.5)] {
        assert_eq!(refusal(user_id(&given(&id))), ("ApiValueError", "id".to_owned()), "{id}");
    }
    for id in [json!(null), json!(true), json!([]), json!({})] {
        assert_eq!(refusal(user_id(&given(&id))), ("ApiTypeError", "id".to_owned()), "{id}");
    }
}

#[test]
fn user_requests_of_the_wrong_shape() {
    for (value, class, path) in [
        (json!(null), "ApiTypeError", "userRequest"),
        (json!([]), "ApiTypeError", "userRequest"),
        (json!({ "nme": "x" }), "ApiTypeError", "userRequest.nme"),
        (json!({ "name": 5 }), "ApiTypeError", "userRequest.name"),
        (json!({ "email": "nobody" }), "ApiValueError", "userRequest.email"),
        (json!({ "email": "@example.com" }), "ApiValueError", "userRequest.email"),
        (json!({ "email": "ada@" }), "ApiValueError", "userRequest.email"),
        (json!({ "email": "ada b@example.com" }), "ApiValueError", "userRequest.email"),
        (json!({ "loginAccountGroupId": "" }), "ApiValueError", "userRequest.loginAccountGroupId"),
        (json!({ "accountGroupRoles": {} }), "ApiTypeError", "userRequest.accountGroupRoles"),
        (
            json!({ "accountGroupRoles": [{ "accountGroupId": 1, "roleIds": [1] }, { "accountGroupId": 1 }] }),
            "ApiTypeError",
            "userRequest.accountGroupRoles[1].roleIds",
        ),
        (
            json!({ "accountGroupRoles": [{ "accountGroupId": 1, "roleIds": [1, null] }] }),
            "ApiTypeError",
            "userRequest.accountGroupRoles[0].roleIds[1]",
        ),
        (json!({ "allAccountGroupRoleIds": "31" }), "ApiTypeError", "userRequest.allAccountGroupRoleIds"),
        (json!({ "loginAccountGroup": { "aid": "1" } }), "ApiTypeError", "userRequest"),
    ] {
        assert_eq!(refusal(user_request(&given(&value))), (class, path.to_owned()), "{value}");
    }
}

#[test]
fn a_user_as_read_becomes_a_request() {
    let user = json!({
        "name": "Ada", "email": "ada@example.com", "uid": "9", "loginAccountGroup": { "aid": "5", "accountGroupName": "Ops" },
        "accountGroupRoles": [{ "accountGroup": { "aid": "5" }, "roles": [{ "roleId": "31", "name": "Admin" }] }],
        "allAccountGroupRoles": [{ "roleId": "33" }],
    });
    let request = json!({
        "name": "Ada", "email": "ada@example.com", "loginAccountGroupId": "5",
        "accountGroupRoles": [{ "accountGroupId": "5", "roleIds": ["31"] }], "allAccountGroupRoleIds": ["33"],
    });
    assert_eq!(seen(UserRequest::of(&given(&user)).unwrap()), request);
    let some = json!({ "name": "Ada", "allAccountGroupRoles": [] });
    assert_eq!(seen(UserRequest::of(&given(&some)).unwrap()), json!({ "name": "Ada", "allAccountGroupRoleIds": [] }));
}

#[test]
fn a_user_of_a_list_has_no_roles_and_is_no_request() {
    let listed = json!({ "name": "Ada", "email": "ada@example.com", "uid": "9", "loginAccountGroup": { "aid": "5" } });
    let error = UserRequest::of(&given(&listed)).unwrap_err();
    assert_eq!((error.class(), error.message.contains("getUser")), ("ApiTypeError", true));
}

#[test]
fn a_role_as_read_becomes_a_request() {
    let role = json!({ "name": "Auditor", "roleId": "9", "isBuiltin": false, "permissions": [{ "permissionId": "8", "label": "See" }], "_links": {} });
    let request = RoleRequestBody::of(&given(&role)).unwrap();
    assert_eq!(serde_json::to_value(&request).unwrap(), json!({ "name": "Auditor", "permissions": ["8"] }));
    let listed = json!({ "name": "Auditor", "roleId": "9", "hasManagementPermissions": false });
    let error = RoleRequestBody::of(&given(&listed)).unwrap_err();
    assert!(error.message.starts_with("role.permissions ") && error.message.contains("getRole"), "{}", error.message);
}

#[test]
fn an_account_group_as_read_becomes_a_request_if_its_agents_are_known() {
    let group = json!({ "aid": "5", "accountGroupName": "Ops", "agents": [{ "agentId": "105", "agentName": "Berlin" }], "_links": {} });
    let request = AccountGroupRequest::of(&given(&group)).unwrap();
    assert_eq!(serde_json::to_value(&request).unwrap(), json!({ "accountGroupName": "Ops", "agents": ["105"] }));
    for group in [json!({ "accountGroupName": "Ops" }), json!({ "accountGroupName": "Ops", "agents": null })] {
        let error = AccountGroupRequest::of(&given(&group)).unwrap_err();
        assert!(error.message.starts_with("accountGroup.agents ") && error.message.contains("expand"), "{}", error.message);
    }
    let error = AccountGroupRequest::of(&given(&json!({ "accountGroupName": "Ops", "agents": [{}] }))).unwrap_err();
    assert!(error.message.starts_with("accountGroup.agents[0].agentId "), "{}", error.message);
}

#[test]
fn what_nobody_sees_is_refused_by_its_code() {
    for character in ["\u{200b}", "\u{ad}", "\u{200e}", "\u{feff}", "\u{2060}", "\u{e0061}"] {
        let code = format!("U+{:04X}", u32::from(character.chars().next().unwrap()));
        for text in [format!("{character}ada@example.com"), format!("ada@exa{character}mple.com"), format!("ada@example.com{character}")] {
            let error = user_request(&given(&json!({ "email": text }))).unwrap_err();
            assert!(error.message.starts_with("userRequest.email ") && error.message.contains(&code), "{}", error.message);
            let error = user_id(&given(&json!(text))).unwrap_err();
            assert!(error.message.starts_with("id ") && error.message.contains(&code), "{}", error.message);
        }
    }
    for text in ["zoë@example.com", "ада@пример.рф", "ada+x@example.com"] {
        user_request(&given(&json!({ "email": text }))).unwrap();
    }
}

#[test]
fn what_is_wrong_in_a_body_is_told_as_the_api_tells_it() {
    let wrong = json!({ "accountGroupRoles": [{ "accountGroupId": 1, "roleIds": [1, null] }] });
    let error = user_request(&given(&wrong)).unwrap_err();
    assert_eq!(
        serde_json::to_value(&error).unwrap()["fieldErrors"],
        json!([{
            "path": ["accountGroupRoles", 0, "roleIds", 1],
            "code": "invalid-type",
            "message": "must be a string or a number, but is null."
        }])
    );
    // No field of a form.
    let error = configuration(json!({ "timeout": -1 })).unwrap_err();
    assert_eq!(serde_json::to_value(&error).unwrap()["fieldErrors"], json!([]));
}

#[test]
fn a_token_and_hooks_may_be_functions() {
    let function = json!({ "$function": true });
    assert_eq!(configuration(json!({ "accessToken": function })).unwrap().access_token, AccessToken::Provided);
    assert_eq!(options(json!({ "accessToken": function }), users::GET_USER.options).unwrap().access_token, Some(AccessToken::Provided));
    assert_eq!(options(json!({}), users::GET_USER.options).unwrap().access_token, None);
    for name in ["fetch", "onCallStart", "onRequest", "onResponse", "onRetry", "onRateLimit", "onCallEnd"] {
        configuration(json!({ name: function })).unwrap();
        assert_eq!(refusal(configuration(json!({ name: "f" }))), ("ApiTypeError", format!("configuration.{name}")));
    }
    options(json!({ "signal": { "$signal": true } }), users::GET_CURRENT_USER.options).unwrap();
    assert_eq!(
        refusal(options(json!({ "signal": function }), users::GET_CURRENT_USER.options)),
        ("ApiTypeError", "options.signal".to_owned())
    );
    assert_eq!(
        refusal(options(json!({ "accessToken": 5 }), users::GET_CURRENT_USER.options)),
        ("ApiTypeError", "options.accessToken".to_owned())
    );
}
