//! The arithmetic of roles: what a change asks for, and nothing else.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod given;

use given::given;
use serde_json::{Value, json};
use thousandeyes_admin::admin::{UserState, with_role, without_role};
use thousandeyes_admin::error::Error;
use thousandeyes_admin::models::{Request, UserRequest};
use thousandeyes_admin::path::Path;

fn user() -> Value {
    json!({
        "name": "Ada", "email": "ada@example.com", "uid": "9", "loginAccountGroup": { "aid": "5", "accountGroupName": "Ops" },
        "accountGroupRoles": [
            { "accountGroup": { "aid": "5" }, "roles": [{ "roleId": "31" }, { "roleId": 30 }, { "roleId": "31" }] },
            { "accountGroup": { "aid": "6" }, "roles": [] },
        ],
        "allAccountGroupRoles": [{ "roleId": "33" }],
    })
}

fn changed(request: Result<UserRequest, Error>) -> Value {
    serde_json::to_value(request.unwrap()).unwrap()
}

fn state(user: &Value) -> UserState {
    UserState::read(&Path::Argument("user"), &given(user)).unwrap()
}

#[test]
fn a_role_more_keeps_all_others_and_says_both_lists() {
    let here = json!({ "roleId": "40", "accountGroupId": 7 });
    assert_eq!(
        changed(with_role(&given(&user()), &given(&here))),
        json!({
            "accountGroupRoles": [{ "accountGroupId": "5", "roleIds": ["30", "31"] }, { "accountGroupId": "7", "roleIds": ["40"] }],
            "allAccountGroupRoleIds": ["33"],
        })
    );
    let everywhere = json!({ "roleId": "40", "allAccountGroups": true });
    assert_eq!(changed(with_role(&given(&user()), &given(&everywhere)))["allAccountGroupRoleIds"], json!(["33", "40"]));
}

#[test]
fn a_role_less_drops_what_is_then_empty() {
    let last = json!({ "roleId": "33", "allAccountGroups": true });
    assert_eq!(
        changed(without_role(&given(&user()), &given(&last))),
        json!({ "accountGroupRoles": [{ "accountGroupId": "5", "roleIds": ["30", "31"] }], "allAccountGroupRoleIds": [] })
    );
}

#[test]
fn what_changes_nothing_asks_for_nothing() {
    assert_eq!(changed(with_role(&given(&user()), &given(&json!({ "roleId": "31", "accountGroupId": "5" })))), json!({}));
    assert_eq!(changed(without_role(&given(&user()), &given(&json!({ "roleId": "99", "accountGroupId": "5" })))), json!({}));
    // The same role in all account groups is another grant.
    assert_ne!(changed(with_role(&given(&user()), &given(&json!({ "roleId": "31", "allAccountGroups": true })))), json!({}));
}

#[test]
fn a_user_whose_roles_are_not_all_known_is_refused() {
    let role = json!({ "roleId": "40", "accountGroupId": "7" });
    for missing in ["accountGroupRoles", "allAccountGroupRoles"] {
        let mut user = user();
        user.as_object_mut().unwrap().remove(missing);
        let error = with_role(&given(&user), &given(&role)).unwrap_err();
        assert!(error.message.contains(missing) && error.message.contains("getUser"), "{}", error.message);
    }
    for (place, value) in [
        ("/allAccountGroupRoles/0", json!({})),
        ("/accountGroupRoles/0", json!({ "roles": [] })),
        ("/accountGroupRoles/0", json!({ "accountGroup": { "aid": "5" } })),
    ] {
        let mut user = user();
        *user.pointer_mut(place).unwrap() = value;
        assert!(with_role(&given(&user), &given(&role)).unwrap_err().message.contains("not known"), "{place}");
    }
}

#[test]
fn a_role_is_said_with_its_place() {
    for role in [
        json!({ "roleId": "1" }),
        json!({ "roleId": "1", "accountGroupId": "2", "allAccountGroups": true }),
        json!({ "roleId": "1", "allAccountGroups": false }),
    ] {
        assert!(with_role(&given(&user()), &given(&role)).is_err(), "{role}");
    }
}

#[test]
fn a_difference_tells_fields_and_roles() {
    let mut after = user();
    after["name"] = json!("Ada L");
    after["loginAccountGroup"] = json!({ "aid": "6" });
    after["accountGroupRoles"] = json!([{ "accountGroup": { "aid": "6" }, "roles": [{ "roleId": "31" }] }]);
    let difference = serde_json::to_value(state(&user()).difference(&state(&after))).unwrap();
    assert_eq!(
        difference,
        json!({
            "fields": [
                { "field": "name", "before": "Ada", "after": "Ada L" },
                { "field": "loginAccountGroupId", "before": "5", "after": "6" },
            ],
            "added": [{ "roleId": "31", "accountGroupId": "6" }],
            "removed": [{ "roleId": "30", "accountGroupId": "5" }, { "roleId": "31", "accountGroupId": "5" }],
            "kept": [{ "roleId": "33", "allAccountGroups": true }],
        })
    );
}

#[test]
fn what_a_request_makes_of_a_user_is_what_the_request_for_it_says() {
    let before = state(&user());
    for request in [
        json!({}),
        json!({ "name": "Ada L", "email": "ada@example.com" }),
        json!({ "accountGroupRoles": [{ "accountGroupId": "5", "roleIds": ["31"] }, { "accountGroupId": "8", "roleIds": [] }] }),
        json!({ "allAccountGroupRoleIds": [] }),
        json!({ "accountGroupRoles": null, "allAccountGroupRoleIds": ["1", "1"] }),
    ] {
        let request = UserRequest::read(&Path::Body("userRequest"), &given(&request)).unwrap();
        let after = before.clone().changed_by(&request);
        assert_eq!(before.clone().changed_by(&before.request_for(&after)), after);
    }
}

#[test]
fn what_changes_is_asked_for_and_nothing_else() {
    let before = state(&user());
    let asked = |change: Value| {
        let request = UserRequest::read(&Path::Body("userRequest"), &given(&change)).unwrap();
        serde_json::to_value(before.request_for(&before.clone().changed_by(&request))).unwrap()
    };
    for change in [json!({ "name": "Ada L" }), json!({ "email": "ada@example.org" }), json!({ "loginAccountGroupId": "6" })] {
        assert_eq!(asked(change.clone()), change);
    }
    // `null` in place of a list is taken for an empty one; the other list stays.
    let without = json!({ "accountGroupRoles": [], "allAccountGroupRoleIds": ["33"] });
    assert_eq!(asked(json!({ "accountGroupRoles": null })), without);
    let mut without = asked(json!({ "allAccountGroupRoleIds": null }));
    assert_eq!(without["allAccountGroupRoleIds"].take(), json!([]));
    assert_eq!(without["accountGroupRoles"], json!([{ "accountGroupId": "5", "roleIds": ["30", "31"] }]));
}
