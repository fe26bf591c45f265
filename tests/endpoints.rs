//! Each operation's request as a value: what calls of it hand in, and what goes on the wire.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod given;

use given::given;
use serde_json::{Value, json};
use thousandeyes_admin::config::Configuration;
use thousandeyes_admin::endpoints::{Endpoint, account_groups, permissions, roles, user_events, users};
use thousandeyes_admin::error::{Error, ErrorKind};
use thousandeyes_admin::http::Request;
use thousandeyes_admin::input::Value as Given;
use thousandeyes_admin::path::Path;

const ACCEPT: &str = "application/hal+json, application/json, application/problem+json";

/// The request of a call with these arguments, of a client without settings of its own.
fn requested(endpoint: &Endpoint, id: &str, body: &Value, options: &Value) -> Result<Request, Error> {
    let configuration = Configuration::read(&given(&json!({}))).unwrap();
    let options = configuration.options(&given(options), endpoint.options)?;
    let id = endpoint.takes_id().then(|| endpoint.read_id(&Given::Text(id.to_owned()))).transpose()?;
    let body = endpoint.body.as_ref().map(|form| (form.read)(&Path::Body(form.argument), &given(body))).transpose()?;
    Ok(endpoint.operation(id.as_deref(), &options.query, body).request)
}

fn request(endpoint: &Endpoint, id: &str, body: &Value, options: &Value) -> Request {
    requested(endpoint, id, body, options).unwrap()
}

fn line(request: &Request) -> String {
    format!("{} {}", request.method.as_str(), request.url)
}

fn sent(request: &Request) -> Value {
    serde_json::from_str(request.body.as_deref().unwrap()).unwrap()
}

/// The path of what is wrong, and the problem.
fn refusal(result: Result<Request, Error>) -> (String, String) {
    let error = result.unwrap_err();
    match &error.kind {
        ErrorKind::Type(item) | ErrorKind::Value(item) => (item.path.clone(), error.message.clone()),
        _ => panic!("{error:?}"),
    }
}

#[test]
fn each_operation_has_its_method_and_address() {
    let group = json!({ "accountGroupName": "Ops" });
    let of_group = json!({ "expand": ["user", "agent"] });
    let aid = json!({ "aid": "12&3" });
    let none = json!({});
    for (endpoint, body, options, expected) in [
        (&users::CREATE_USER, &none, &aid, "POST /users?aid=12%263"),
        (&users::DELETE_USER, &none, &aid, "DELETE /users/a%2Fb%20c%3F%23%25%C3%A9?aid=12%263"),
        (&users::GET_CURRENT_USER, &none, &none, "GET /users/current"),
        (&users::GET_USER, &none, &aid, "GET /users/a%2Fb%20c%3F%23%25%C3%A9?aid=12%263"),
        (&users::GET_USERS, &none, &aid, "GET /users?aid=12%263"),
        (&users::UPDATE_USER, &none, &none, "PUT /users/a%2Fb%20c%3F%23%25%C3%A9"),
        (&account_groups::CREATE_ACCOUNT_GROUP, &group, &of_group, "POST /account-groups?expand=user%2Cagent"),
        (&account_groups::DELETE_ACCOUNT_GROUP, &none, &none, "DELETE /account-groups/a%2Fb%20c%3F%23%25%C3%A9"),
        (&account_groups::GET_ACCOUNT_GROUP, &none, &none, "GET /account-groups/a%2Fb%20c%3F%23%25%C3%A9"),
        (&account_groups::GET_ACCOUNT_GROUPS, &none, &none, "GET /account-groups"),
        (&account_groups::UPDATE_ACCOUNT_GROUP, &group, &none, "PUT /account-groups/a%2Fb%20c%3F%23%25%C3%A9"),
        (&roles::CREATE_ROLE, &none, &aid, "POST /roles?aid=12%263"),
        (&roles::DELETE_ROLE, &none, &aid, "DELETE /roles/a%2Fb%20c%3F%23%25%C3%A9?aid=12%263"),
        (&roles::GET_ROLE, &none, &aid, "GET /roles/a%2Fb%20c%3F%23%25%C3%A9?aid=12%263"),
        (&roles::GET_ROLES, &none, &aid, "GET /roles?aid=12%263"),
        (&roles::UPDATE_ROLE, &none, &none, "PUT /roles/a%2Fb%20c%3F%23%25%C3%A9"),
        (&permissions::GET_PERMISSIONS, &none, &aid, "GET /permissions?aid=12%263"),
        (&user_events::GET_USER_EVENTS, &none, &json!({ "window": "7d" }), "GET /audit-user-events?window=7d"),
    ] {
        let request = request(endpoint, "a/b c?#%é", body, options);
        assert_eq!(line(&request), expected);
        let deletes = request.method.as_str() == "DELETE";
        assert_eq!(request.headers.get("accept"), Some(if deletes { "application/json, application/problem+json" } else { ACCEPT }));
        assert_eq!(request.headers.get("content-type"), endpoint.body.is_some().then_some("application/json"));
        assert_eq!(request.body.is_some(), endpoint.body.is_some());
    }
}

#[test]
fn ids_in_what_is_sent_are_texts() {
    let user = json!({ "name": "Ada", "email": "ada@example.com", "loginAccountGroupId": 5, "accountGroupRoles": [{ "accountGroupId": "5", "roleIds": [31, "32"] }] });
    assert_eq!(
        sent(&request(&users::CREATE_USER, "", &user, &json!({}))),
        json!({ "name": "Ada", "email": "ada@example.com", "loginAccountGroupId": "5", "accountGroupRoles": [{ "accountGroupId": "5", "roleIds": ["31", "32"] }] })
    );
    let group = json!({ "accountGroupName": "Ops", "agents": [1, "2"] });
    assert_eq!(
        sent(&request(&account_groups::UPDATE_ACCOUNT_GROUP, "7", &group, &json!({}))),
        json!({ "accountGroupName": "Ops", "agents": ["1", "2"] })
    );
    let role = json!({ "name": "Auditor", "permissions": [8] });
    assert_eq!(sent(&request(&roles::UPDATE_ROLE, "7", &role, &json!({}))), json!({ "name": "Auditor", "permissions": ["8"] }));
}

#[test]
fn omitted_null_and_empty_are_told_apart() {
    for (endpoint, bodies) in [
        (
            &users::UPDATE_USER,
            vec![
                json!({}),
                json!({ "name": null }),
                json!({ "accountGroupRoles": [] }),
                json!({ "allAccountGroupRoleIds": null, "email": "a@b.example" }),
            ],
        ),
        (
            &account_groups::UPDATE_ACCOUNT_GROUP,
            vec![
                json!({ "accountGroupName": "Ops" }),
                json!({ "accountGroupName": "Ops", "agents": [] }),
                json!({ "accountGroupName": "Ops", "agents": null }),
            ],
        ),
        (&roles::UPDATE_ROLE, vec![json!({}), json!({ "permissions": [] }), json!({ "name": null })]),
    ] {
        for body in bodies {
            assert_eq!(sent(&request(endpoint, "77", &body, &json!({}))), body);
        }
    }
}

#[test]
fn wrong_requests_are_refused_with_the_path_of_the_item() {
    let group = &account_groups::CREATE_ACCOUNT_GROUP;
    for (endpoint, body, path) in [
        (group, json!({}), "accountGroupRequest.accountGroupName"),
        (group, json!({ "accountGroupName": null }), "accountGroupRequest.accountGroupName"),
        (group, json!({ "accountGroupName": "Ops", "agent": [] }), "accountGroupRequest.agent"),
        (group, json!({ "accountGroupName": "Ops", "agents": ["1", ""] }), "accountGroupRequest.agents[1]"),
        (group, json!({ "accountGroupName": "Ops", "agents": [{ "agentId": "1" }] }), "accountGroupRequest.agents[0]"),
        (&roles::CREATE_ROLE, json!({ "name": 5 }), "roleRequestBody.name"),
        (&roles::CREATE_ROLE, json!({ "permissions": "8" }), "roleRequestBody.permissions"),
    ] {
        let (found, message) = refusal(requested(endpoint, "7", &body, &json!({})));
        assert_eq!(found, path, "{message}");
        assert!(message.starts_with(path) && message.ends_with('.'), "{message}");
    }
}

#[test]
fn an_object_as_it_was_read_is_no_request() {
    for (endpoint, read, turn) in [
        (&users::UPDATE_USER, json!({ "name": "Ada", "loginAccountGroup": { "aid": "1" } }), "toUserRequest(user)"),
        (&account_groups::UPDATE_ACCOUNT_GROUP, json!({ "accountGroupName": "Ops", "_links": {} }), "toAccountGroupRequest(accountGroup)"),
        (&roles::UPDATE_ROLE, json!({ "name": "Auditor", "permissions": [], "_links": {} }), "toRoleRequest(role)"),
    ] {
        let (path, message) = refusal(requested(endpoint, "7", &read, &json!({})));
        assert_eq!(path, endpoint.body.as_ref().unwrap().argument);
        assert!(message.contains(turn), "{message}");
    }
}

#[test]
fn an_id_that_would_be_another_operation_is_refused() {
    let (path, message) = refusal(requested(&users::GET_USER, "current", &json!({}), &json!({})));
    assert_eq!((path.as_str(), message.contains("getCurrentUser")), ("id", true), "{message}");
    assert_eq!(request(&roles::GET_ROLE, "current", &json!({}), &json!({})).url, "/roles/current");
}

#[test]
fn the_parameters_of_the_activity_log() {
    let url = |options: Value| request(&user_events::GET_USER_EVENTS, "", &json!({}), &options).url;
    assert_eq!(
        url(json!({ "cursor": "a/b=", "useAllPermittedAids": true, "aid": 7 })),
        "/audit-user-events?aid=7&useAllPermittedAids=true&cursor=a%2Fb%3D"
    );
    assert_eq!(
        url(json!({ "startDate": "2026-01-31T12:00:00Z", "endDate": "2026-02-01T00:00:00.5Z" })),
        "/audit-user-events?startDate=2026-01-31T12%3A00%3A00Z&endDate=2026-02-01T00%3A00%3A00.5Z"
    );
    for window in ["1", "90m", "12h", "7d", "2w", "30s"] {
        assert_eq!(url(json!({ "window": window })), format!("/audit-user-events?window={window}"));
    }
    let day = json!({ "$date": "2026-01-31T12:00:00.000Z" });
    assert_eq!(url(json!({ "startDate": day })), "/audit-user-events?startDate=2026-01-31T12%3A00%3A00.000Z");
    assert_eq!(url(json!({ "window": null, "startDate": null, "aid": null })), "/audit-user-events");
}

#[test]
fn the_account_group_is_the_clients_where_a_call_names_none() {
    let client = Configuration::read(&given(&json!({ "aid": "1" }))).unwrap();
    let query = |endpoint: &Endpoint, options: Value| client.options(&given(&options), endpoint.options).unwrap().query;
    assert_eq!(query(&users::GET_USERS, json!({})), [("aid", "1".to_owned())]);
    assert_eq!(query(&users::GET_USERS, json!({ "aid": 2 })), [("aid", "2".to_owned())]);
    assert_eq!(query(&users::GET_USERS, json!({ "aid": null })), []);
    // These know no account group.
    assert_eq!(query(&users::GET_CURRENT_USER, json!({})), []);
    assert_eq!(query(&account_groups::GET_ACCOUNT_GROUP, json!({ "expand": ["user"] })), [("expand", "user".to_owned())]);
}

#[test]
fn parameters_that_make_no_sense_are_refused() {
    let events = &user_events::GET_USER_EVENTS;
    let group = &account_groups::GET_ACCOUNT_GROUP;
    for (endpoint, options, path) in [
        (events, json!({ "window": "7 d" }), "options.window"),
        (events, json!({ "window": "d" }), "options.window"),
        (events, json!({ "window": "7dd" }), "options.window"),
        (events, json!({ "window": 7 }), "options.window"),
        (events, json!({ "window": "1h", "startDate": "2026-01-31T12:00:00Z" }), "options.window"),
        (events, json!({ "window": "1h", "endDate": "2026-01-31T12:00:00Z" }), "options.window"),
        (events, json!({ "startDate": "2026-01-31" }), "options.startDate"),
        (events, json!({ "startDate": "2026-01-31T12:00:00+02:00" }), "options.startDate"),
        (events, json!({ "endDate": 1_769_860_800 }), "options.endDate"),
        (events, json!({ "useAllPermittedAids": "true" }), "options.useAllPermittedAids"),
        (events, json!({ "cursor": 5 }), "options.cursor"),
        (events, json!({ "expand": ["user"] }), "options.expand"),
        (group, json!({ "expand": "user" }), "options.expand"),
        (group, json!({ "expand": ["users"] }), "options.expand[0]"),
        (group, json!({ "aid": "5" }), "options.aid"),
    ] {
        assert_eq!(refusal(requested(endpoint, "7", &json!({}), &options)).0, path, "{options}");
    }
}
