//! The fast path of decoding: what it takes, and that its parts fit together wherever a window ends.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod decoding;

use std::cell::RefCell;

use decoding::offsets::Bytes;
use serde_json::{Value, json};
use thousandeyes_admin::decode::RawBody;
use thousandeyes_admin::decode::offsets::{Materialised, materialise, materialise_by};
use thousandeyes_admin::models::{Body, CreatedUser, Model, Name, Property, Shape, UserDetail, Users};

fn model<T: Body>() -> &'static Model {
    T::MODEL.unwrap()
}

/// What the fast path makes of a body.
fn fast<T: Body>(body: &str) -> Option<Value> {
    decoding::check(body.as_bytes());
    materialise(&Bytes(body.into()), model::<T>()).map(|Materialised { value, .. }| value)
}

fn users() -> Value {
    let name = ["Ada", "Zoë", "Ирина", "田中", "😀 \"x\"", ""];
    let users: Vec<_> = (0..12)
        .map(|number| {
            let mut user = json!({
                "name": name[number % name.len()],
                "email": format!("user{number}@example.com"),
                "uid": number.to_string(),
                "dateRegistered": "2020-05-17T13:01:02Z",
                "loginAccountGroup": { "aid": "11", "accountGroupName": "Ops" },
                "lastLogin": "2022-10-25T12:32:41.5Z",
            });
            if number % 3 == 0 {
                user.as_object_mut().unwrap().remove("lastLogin");
            }
            if number % 7 == 0 {
                user["brandNew"] = json!([{ "a": null }, -1.5e3, true, "é\n"]);
                user["loginAccountGroup"]["too"] = json!(number);
            }
            user
        })
        .collect();
    json!({ "first": [1], "users": users, "_links": { "self": { "href": "https://api/v7/users", "templated": false } }, "last": {} })
}

#[test]
fn what_matches_the_model_is_taken_whole() {
    let detail = json!({
        "uid": "5",
        "accountGroupRoles": [
            { "accountGroup": { "aid": "1" }, "roles": [{ "roleId": "31", "isBuiltin": true, "hasManagementPermissions": false }, {}] },
            { "roles": [] },
        ],
        "allAccountGroupRoles": [],
        "new": 1,
    });
    assert_eq!(fast::<UserDetail>(&detail.to_string()), Some(detail.clone()));
    assert_eq!(fast::<UserDetail>(&serde_json::to_string_pretty(&detail).unwrap()), Some(detail.clone()));
    assert_eq!(fast::<CreatedUser>(&detail.to_string()), Some(detail));
    assert_eq!(fast::<Users>(&users().to_string()), Some(users()));
    assert_eq!(fast::<Users>(" {\"users\" : [ ] }\n"), Some(json!({ "users": [] })));
}

#[test]
fn what_is_unusual_is_left_to_the_slow_path() {
    for body in [
        r#"{"uid":5}"#,
        r#"{"uid":"1","lastLogin":""}"#,
        r#"{"uid":"1","lastLogin":"2022-10-25 12:32:41"}"#,
        r#"{"uid":"1","lastLogin":null}"#,
        r#"{"uid":"1","uid":"2"}"#,
        r#"{"u\u0069d":"1"}"#,
        r#"{"_links":{}}"#,
        r#"{"brandNew":1}"#,
        "{}",
        "\u{feff}{\"uid\":\"1\"}",
        r#"{"uid":"1"} x"#,
        r#"{"uid":"1""#,
        r#"{"uid":"1",}"#,
        "{\"uid\":\"\t\"}",
        "",
    ] {
        assert_eq!(fast::<UserDetail>(body), None, "{body}");
    }
    let deep = |depth| format!("{{\"uid\":\"1\",\"x\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    assert!(fast::<UserDetail>(&deep(63)).is_some());
    assert!(fast::<UserDetail>(&deep(64)).is_none());
}

#[test]
fn a_window_may_end_where_an_empty_list_has_begun() {
    let body = r#"{"users" : [   ] }"#;
    for window in 1..=body.len() {
        let made = materialise_by(window, &Bytes(body.into()), model::<Users>()).unwrap_or_else(|| panic!("not in windows of {window}"));
        assert_eq!(made.value, json!({ "users": [] }));
    }
}

#[test]
fn the_end_of_a_window_may_be_anywhere() {
    for body in [users().to_string(), serde_json::to_string_pretty(&users()).unwrap()] {
        for window in (1..200).chain([600, 1500, body.len() - 1, body.len(), body.len() + 1]) {
            let made = materialise_by(window, &Bytes(body.clone().into()), model::<Users>())
                .unwrap_or_else(|| panic!("not in windows of {window}"));
            assert_eq!(made.value, users(), "{window}");
            assert_eq!(made.links.this.as_deref(), Some("https://api/v7/users"));
        }
        for end in 0..body.len() {
            let cut = Bytes(body.as_bytes()[..end].to_vec());
            assert!(materialise_by(500, &cut, model::<Users>()).is_none() || body.as_bytes()[end..].trim_ascii().is_empty(), "{end}");
        }
    }
}

/// The table is used again for the next window. No list of today has items with lists.
#[test]
fn nothing_is_left_of_the_window_before() {
    static LIST: Model = Model::new(Name::Users, &Property::row([("items", Shape::Many(&ITEM))]), Some("items"), None);
    static ITEM: Model =
        Model::new(Name::AccountGroupRole, &Property::row([("uid", Shape::Id), ("roles", Shape::Many(&ROLE))]), None, None);
    static ROLE: Model = Model::new(Name::Role, &Property::row([("on", Shape::Flag)]), None, None);
    let full = json!({ "uid": "1", "roles": [{ "on": true }, { "on": false }], "new": 1 });
    let body = json!({ "items": [full, { "roles": [] }, {}, full, { "roles": [{}] }, { "uid": "" }, { "roles": [] }] });
    let text = body.to_string();
    for window in 1..=text.len() {
        let made = materialise_by(window, &Bytes(text.clone().into()), &LIST).unwrap_or_else(|| panic!("not in windows of {window}"));
        assert_eq!(made.value, body, "{window}");
    }
}

/// A body that tells how much of it was copied.
struct Watched {
    bytes: Bytes,
    copied: RefCell<Vec<usize>>,
}

impl RawBody for Watched {
    type Value = Value;

    fn len(&self) -> usize {
        self.bytes.len()
    }

    fn copy(&self, start: usize, to: &mut [u8]) {
        self.copied.borrow_mut().push(to.len());
        self.bytes.copy(start, to);
    }

    fn raw(&self) -> Value {
        self.bytes.raw()
    }

    fn build(&self, value: Option<Value>, model: &'static Model, offsets: &[i32], last: bool) -> Option<Value> {
        self.bytes.build(value, model, offsets, last)
    }
}

/// WebAssembly's memory never shrinks.
#[test]
fn of_a_long_body_only_a_window_is_copied_at_a_time() {
    let user = r#"{"name":"Ada","uid":"1"}"#;
    let list = |first: &str| format!(r#"{{"users":[{first},{}]}}"#, vec![user; 20_000].join(","));
    let copies = |body: String| {
        let body = Watched { bytes: Bytes(body.into()), copied: RefCell::default() };
        let made = materialise(&body, model::<Users>());
        (made.map(|made| made.value["users"].as_array().unwrap().len()), body.copied.take())
    };
    let (count, copied) = copies(list(user));
    assert_eq!(count, Some(20_001));
    assert_eq!((copied.len(), copied.iter().max()), (4, Some(&(128 * 1024))));
    // What is unusual ends it at once.
    assert_eq!(copies(list(r#"{"uid":5}"#)), (None, vec![128 * 1024]));
}
