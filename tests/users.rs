//! Each operation's request as a value.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod given;

use given::given;
use serde_json::{Value, json};
use thousandeyes_admin::endpoints::Endpoint;
use thousandeyes_admin::endpoints::users::{CreateUser, DeleteUser, GetCurrentUser, GetUser, GetUsers, UpdateUser};
use thousandeyes_admin::http::{Method, Request};
use thousandeyes_admin::input::user_request;

const ACCEPT: &str = "application/hal+json, application/json, application/problem+json";

fn line(request: &Request) -> String {
    format!("{} {}", request.method.as_str(), request.url)
}

fn body(request: &Request) -> Value {
    serde_json::from_str(request.body.as_deref().unwrap()).unwrap()
}

fn aid() -> Option<String> {
    Some("12&3".to_owned())
}

#[test]
fn get_users() {
    let request = GetUsers { aid: aid() }.request();
    assert_eq!(line(&request), "GET /users?aid=12%263");
    assert_eq!(request.headers.get("accept"), Some(ACCEPT));
    assert_eq!(request.headers.get("content-type"), None);
    assert_eq!(request.body, None);
    assert_eq!(line(&GetUsers { aid: None }.request()), "GET /users");
}

#[test]
fn get_current_user() {
    let request = GetCurrentUser.request();
    assert_eq!(line(&request), "GET /users/current");
    assert_eq!(request.headers.get("accept"), Some(ACCEPT));
}

#[test]
fn get_user_encodes_the_id_as_one_segment() {
    let request = GetUser { id: "a/b c?#%é".to_owned(), aid: aid() }.request();
    assert_eq!(line(&request), "GET /users/a%2Fb%20c%3F%23%25%C3%A9?aid=12%263");
    assert_eq!(request.headers.get("accept"), Some(ACCEPT));
}

#[test]
fn delete_user() {
    let request = DeleteUser { id: "77".to_owned(), aid: aid() }.request();
    assert_eq!(line(&request), "DELETE /users/77?aid=12%263");
    assert_eq!(request.headers.get("accept"), Some("application/json, application/problem+json"));
    assert_eq!(request.body, None);
}

#[test]
fn create_user() {
    let sent = json!({ "name": "Ada", "email": "ada@example.com", "loginAccountGroupId": 5, "accountGroupRoles": [{ "accountGroupId": "5", "roleIds": [31, "32"] }] });
    let request = CreateUser { user_request: user_request(&given(&sent)).unwrap(), aid: aid() }.request();
    assert_eq!(line(&request), "POST /users?aid=12%263");
    assert_eq!(request.headers.get("accept"), Some(ACCEPT));
    assert_eq!(request.headers.get("content-type"), Some("application/json"));
    assert_eq!(
        body(&request),
        json!({ "name": "Ada", "email": "ada@example.com", "loginAccountGroupId": "5", "accountGroupRoles": [{ "accountGroupId": "5", "roleIds": ["31", "32"] }] })
    );
}

#[test]
fn update_user_tells_omitted_null_and_empty_apart() {
    for sent in [
        json!({}),
        json!({ "name": null }),
        json!({ "accountGroupRoles": [] }),
        json!({ "allAccountGroupRoleIds": null, "email": "a@b.example" }),
    ] {
        let request = UpdateUser { id: "77".to_owned(), user_request: user_request(&given(&sent)).unwrap(), aid: None }.request();
        assert_eq!(line(&request), "PUT /users/77");
        assert_eq!(request.method, Method::Put);
        assert_eq!(body(&request), sent);
    }
}
