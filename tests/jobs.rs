//! Jobs: what they read, what they write, what they refuse, and what they make of failures.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod office;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use office::{Failed, Office, Trouble, ada, blind_behind, user};
use serde_json::{Value as Json, json};
use thousandeyes_admin::endpoints::APIS;
use thousandeyes_admin::input::Value;
use thousandeyes_admin::jobs::Job;

fn own(failed: Result<Json, Failed>) -> (String, Json) {
    match failed {
        Err(Failed::Own(class, fields)) => (class, fields),
        other => panic!("no error of its own: {other:?}"),
    }
}

fn told(failed: Result<Json, Failed>) -> Json {
    match failed {
        Err(Failed::Told(failure)) => failure,
        other => panic!("not told of a failure: {other:?}"),
    }
}

/// Modifies Ada by a function that gives this request.
fn modify(office: &mut Office, options: Json, request: Json) -> Result<Json, Failed> {
    office.change = Box::new(move |_, user| {
        assert_eq!(user["email"], "ada@example.com");
        (request.clone(), false)
    });
    office.run("modifyUser", json!("9"), options)
}

#[test]
fn a_change_is_written_once_with_all_that_it_needs() {
    let mut office = Office::of(&[ada()]);
    let roles = json!([{ "accountGroupId": "5", "roleIds": ["31", "33"] }]);
    let result = modify(&mut office, json!({}), json!({ "name": "Ada", "accountGroupRoles": roles })).unwrap();
    assert_eq!(office.log, ["GET /users/9", "PUT /users/9"]);
    // The name is what it was; of the roles both lists are said.
    assert_eq!(office.sent, [json!({ "accountGroupRoles": roles, "allAccountGroupRoleIds": [] })]);
    assert_eq!((&result["changed"], &result["before"], &result["user"]), (&json!(true), &ada(), office.user("9").unwrap()));
}

#[test]
fn what_changes_nothing_is_not_written() {
    let mut office = Office::of(&[ada()]);
    let request = json!({ "name": "Ada", "accountGroupRoles": [{ "accountGroupId": 5, "roleIds": [31, 31] }] });
    let result = modify(&mut office, json!({}), request).unwrap();
    assert_eq!(office.log, ["GET /users/9"]);
    assert_eq!(result, json!({ "user": ada(), "before": ada(), "changed": false }));
}

#[test]
fn with_expect_the_user_must_be_what_the_page_showed() {
    let mut office = Office::of(&[ada()]);
    office.edit("9", |user| user["name"] = json!("Countess"));
    let (class, fields) = own(modify(&mut office, json!({ "expect": ada() }), json!({ "allAccountGroupRoleIds": ["33"] })));
    assert_eq!((class.as_str(), &fields["outcome"]), ("ConflictException", &json!("not-sent")));
    assert_eq!((&fields["base"], &fields["theirs"]["name"]), (&ada(), &json!("Countess")));
    assert_eq!((&fields["mine"]["name"], &fields["mine"]["allAccountGroupRoleIds"]), (&json!("Ada"), &json!(["33"])));
    assert_eq!(office.log, ["GET /users/9"]);
    // The same user in another order and with roles told twice is the same.
    let mut shown = ada();
    shown["accountGroupRoles"][0]["roles"] = json!([{ "roleId": "31" }, { "roleId": 31 }]);
    shown["name"] = json!("Countess");
    modify(&mut office, json!({ "expect": shown }), json!({ "name": "Ada" })).unwrap();
}

#[test]
fn what_no_model_knows_of_a_user_is_shown_as_it_came() {
    let rare = json!({ "share": 0.25, "offset": -3, "large": 1e300, "inside": [{ "half": 0.5 }] });
    let with_rare = |name: &str| {
        let mut user = ada();
        (user["name"], user["rare"]) = (json!(name), rare.clone());
        user
    };
    let mut office = Office::of(&[with_rare("Countess")]);
    let seen = Rc::new(RefCell::new(Json::Null));
    let sees = Rc::clone(&seen);
    office.change = Box::new(move |_, user| {
        *sees.borrow_mut() = user.clone();
        (json!({ "name": "Ada L" }), false)
    });
    let (class, fields) = own(office.run("modifyUser", json!("9"), json!({ "expect": with_rare("Ada") })));
    assert_eq!((class.as_str(), &*seen.borrow()), ("ConflictException", &with_rare("Ada")));
    assert_eq!((&fields["base"], &fields["theirs"]), (&with_rare("Ada"), &with_rare("Countess")));
}

#[test]
fn a_change_that_takes_time_is_held_against_a_fresh_read() {
    let mut office = Office::of(&[ada()]);
    let request = json!({ "name": "Ada L" });
    let meanwhile = |users: &mut Vec<Json>| users[0]["allAccountGroupRoles"] = json!([{ "roleId": "33" }]);
    let given = request.clone();
    office.change = Box::new(move |users, _| {
        meanwhile(users);
        (given.clone(), true)
    });
    let (class, fields) = own(office.run("modifyUser", json!("9"), json!({})));
    assert_eq!((class.as_str(), &fields["theirs"]["allAccountGroupRoles"]), ("ConflictException", &json!([{ "roleId": "33" }])));
    assert_eq!(office.log, ["GET /users/9", "GET /users/9"]);
    office.change = Box::new(move |_, _| (request.clone(), true));
    office.run("modifyUser", json!("9"), json!({})).unwrap();
    assert_eq!(office.log[2..], ["GET /users/9", "GET /users/9", "PUT /users/9"]);
}

#[test]
fn an_answer_with_other_roles_is_an_unexpected_result() {
    let mut office = Office::with(&[ada()]);
    // The role that was asked for does not arrive.
    let asked = Rc::new(Cell::new(false));
    let sees = Rc::clone(&asked);
    office.change = Box::new(move |_, _| {
        sees.set(true);
        (json!({ "accountGroupRoles": [{ "accountGroupId": "5", "roleIds": ["31", "77"] }] }), false)
    });
    office.refuses("77");
    let (class, fields) = own(office.run("modifyUser", json!("9"), json!({})));
    assert!(asked.get());
    assert_eq!((class.as_str(), &fields["outcome"], &fields["retryable"]), ("UnexpectedResultException", &json!("unknown"), &json!(false)));
    assert_eq!((&fields["before"], &fields["asked"]["accountGroupRoles"][0]["roleIds"]), (&ada(), &json!(["31", "77"])));
    assert_eq!(fields["got"]["accountGroupRoles"], ada()["accountGroupRoles"]);
    assert!(fields["message"].as_str().unwrap().contains("0 more and 1 fewer"), "{fields}");
    assert_eq!(office.log, ["GET /users/9", "PUT /users/9"]);
}

#[test]
fn an_answer_without_roles_is_an_unexpected_result() {
    let mut office = Office::with(&[ada()]);
    office.trouble = Box::new(|line| if line.starts_with("PUT") { Trouble::Bare } else { Trouble::None });
    let (class, fields) = own(modify(&mut office, json!({}), json!({ "name": "Ada L" })));
    assert_eq!((class.as_str(), &fields["outcome"]), ("UnexpectedResultException", &json!("unknown")));
    assert!(fields["message"].as_str().unwrap().contains("does not say which roles"), "{fields}");
}

#[test]
fn what_no_request_can_empty_is_refused() {
    for name in ["name", "email", "loginAccountGroupId"] {
        let mut office = Office::of(&[ada()]);
        let (class, fields) = own(modify(&mut office, json!({}), json!({ name: null, "accountGroupRoles": [] })));
        assert_eq!((class.as_str(), &fields["path"]), ("ApiValueError", &json!(format!("change.{name}"))));
        assert_eq!(office.log, ["GET /users/9"]);
    }
}

#[test]
fn what_change_gives_must_be_a_request() {
    for (change, path) in [(json!(null), "change"), (json!({ "nme": 1 }), "change.nme"), (ada(), "change")] {
        let mut office = Office::of(&[ada()]);
        assert_eq!(own(modify(&mut office, json!({}), change)).1["path"], path);
        assert_eq!(office.log, ["GET /users/9"]);
    }
}

#[test]
fn guards_hold_for_one_change_too() {
    // The owner of the token gives away the own management role.
    let mut office = Office::with(&[ada()]);
    office.change = Box::new(|_, _| (json!({ "accountGroupRoles": [] }), false));
    let (class, fields) = own(office.run("modifyUser", json!("1"), json!({})));
    assert_eq!((class.as_str(), &fields["outcome"]), ("GuardException", &json!("not-sent")));
    let guards: Vec<_> = fields["guards"].as_array().unwrap().iter().map(|guard| guard["guard"].as_str().unwrap()).collect();
    assert_eq!(guards, ["self-lockout", "self-lockout"]);
    assert!(fields["message"].as_str().unwrap().contains("self-lockout: This is the user"), "{fields}");
    assert!(office.sent.is_empty());
    // The person in front of a portal, by either name.
    for actor in ["9", "ADA@example.com"] {
        let mut office = Office::with(&[ada()]);
        office.change = Box::new(|_, _| (json!({ "email": "other@example.com" }), false));
        assert_eq!(own(office.run("modifyUser", json!("9"), json!({ "actor": actor }))).0, "GuardException");
        let lifted = json!({ "actor": actor, "allow": ["self-lockout"] });
        assert_eq!(office.run("modifyUser", json!("9"), lifted).unwrap()["changed"], true);
    }
    // The last administrator: members of account groups tell that there is no other one.
    let mut office = Office::of(&[user("1", "Owner", &[("31", "5")]), user("2", "Deputy", &[("32", "5")])]);
    office.change = Box::new(|_, _| (json!({ "accountGroupRoles": [] }), false));
    let (_, fields) = own(office.run("modifyUser", json!("2"), json!({})));
    assert_eq!(fields["guards"][0]["guard"], "last-organization-admin");
    assert_eq!(office.log.len(), 6, "{:?}", office.log);
    // An account group that may not be seen: then nobody knows.
    office.trouble = Box::new(|line| if line.contains("groups/6") { Trouble::Refused(403) } else { Trouble::None });
    assert_eq!(own(office.run("modifyUser", json!("2"), json!({}))).1["guards"][0]["guard"], "guard-unknown");
    // Nor where the token's owner is not told.
    let mut office = Office::with(&[ada()]);
    office.trouble = Box::new(|line| if line.ends_with("current") { Trouble::Refused(403) } else { Trouble::None });
    assert_eq!(own(modify(&mut office, json!({}), json!({ "accountGroupRoles": [] }))).1["guards"][0]["guard"], "guard-unknown");
    // An invitation with a management role in all account groups.
    let invited = json!({ "email": "new@example.com", "allAccountGroupRoleIds": ["41"] });
    let mut office = Office::with(&[]);
    assert_eq!(own(office.run("inviteUser", invited.clone(), json!({}))).1["guards"][0]["guard"], "management-everywhere");
    assert_eq!(office.run("inviteUser", invited, json!({ "allow": ["management-everywhere"] })).unwrap()["created"], true);
}

#[test]
fn the_last_administrator_is_that_of_the_organisation() {
    // The token sees another organisation, too, which has an administrator of its own.
    let users = || [user("1", "Owner", &[("31", "5")]), user("2", "Deputy", &[("32", "5")]), user("3", "Foreign", &[("32", "7")])];
    let lose = |office: &mut Office| own(office.run("modifyUser", json!("2"), json!({}))).1["guards"][0]["guard"].clone();
    let mut office = Office::of(&users());
    office.change = Box::new(|_, _| (json!({ "accountGroupRoles": [] }), false));
    office.groups["accountGroups"].as_array_mut().unwrap().push(json!({ "aid": "7", "accountGroupName": "Elsewhere", "orgId": "2" }));
    assert_eq!(lose(&mut office), "last-organization-admin");
    // Of one that tells no organisation, or no id, nobody knows.
    for unknown in [json!({ "aid": "7" }), json!({ "orgId": "1" })] {
        office.groups["accountGroups"][2] = unknown;
        assert_eq!(lose(&mut office), "guard-unknown");
    }
    // Nor where the account groups may not be seen; that can be lifted.
    let mut office = Office::of(&users());
    office.trouble = Box::new(|line| if line == "GET /account-groups" { Trouble::Refused(403) } else { Trouble::None });
    office.change = Box::new(|_, _| (json!({ "accountGroupRoles": [] }), false));
    assert_eq!(lose(&mut office), "guard-unknown");
    assert_eq!(office.run("modifyUser", json!("2"), json!({ "allow": ["guard-unknown"] })).unwrap()["changed"], true);
}

#[test]
fn a_user_is_found_whatever_the_case_of_the_letters() {
    let mut office = Office::of(&[ada(), user("10", "Grace", &[])]);
    let found = office.run("findUser", json!("GRACE@example.COM"), json!({})).unwrap();
    assert_eq!((&found["uid"], found.get("accountGroupRoles")), (&json!("10"), None));
    assert_eq!(office.run("findUser", json!("nobody@example.com"), json!({})), Ok(Json::Null));
    assert_eq!(own(office.run("findUser", json!("nobody"), json!({}))).1["path"], "email");
    office.edit("10", |user| user["email"] = json!("ADA@example.com"));
    let (_, fields) = own(office.run("findUser", json!("ada@example.com"), json!({})));
    let message = fields["message"].as_str().unwrap();
    assert!(message.contains('9') && message.contains("10"), "{message}");
}

fn new_user() -> Json {
    json!({ "name": "Alan", "email": "alan@example.com", "allAccountGroupRoleIds": ["33"] })
}

fn invite(office: &mut Office, request: Json) -> Result<Json, Failed> {
    office.run("inviteUser", request, json!({}))
}

#[test]
fn an_invitation_creates_a_user_who_is_not_there() {
    let mut office = Office::of(&[ada()]);
    let result = invite(&mut office, new_user()).unwrap();
    // A role in all account groups: guards must know whether it manages.
    assert_eq!(office.log, ["GET /users", "GET /users/current", "GET /roles", "POST /users"]);
    assert_eq!((&result["created"], &result["warnings"], &result["user"]), (&json!(true), &json!([]), &office.users[1]));
    // Else there is nothing to know.
    let mut office = Office::of(&[ada()]);
    invite(&mut office, json!({ "email": "alan@example.com" })).unwrap();
    assert_eq!(office.log, ["GET /users", "POST /users"]);
    assert_eq!(own(invite(&mut office, json!({ "name": "Alan" }))).1["path"], "userRequest.email");
}

#[test]
fn an_invitation_that_says_no_role_takes_what_the_api_gives() {
    let mut office = Office::of(&[ada()]);
    office.default_role = Some("31".to_owned());
    assert_eq!(invite(&mut office, json!({ "email": "alan@example.com" })).unwrap()["created"], true);
    let asked = json!({ "email": "grace@example.com", "accountGroupRoles": [] });
    assert_eq!(own(invite(&mut office, asked)).0, "UnexpectedResultException");
}

#[test]
fn an_existing_user_is_never_changed() {
    let mut office = Office::of(&[ada()]);
    let mut again = new_user();
    again["email"] = json!("ADA@EXAMPLE.COM");
    let result = invite(&mut office, again).unwrap();
    assert_eq!(office.log, ["GET /users", "GET /users/9"]);
    assert_eq!((&result["created"], &result["user"]), (&json!(false), &ada()));
    assert_eq!(result["differences"]["added"], json!([{ "roleId": "33", "allAccountGroups": true }]));
    assert_eq!(result["warnings"].as_array().unwrap().len(), 1);
    assert_eq!(office.users, [ada()]);
}

#[test]
fn a_look_that_fails_does_not_tell_what_became_of_the_request() {
    for status in [401, 403, 429] {
        let mut office = Office::of(&[ada()]);
        office.trouble = blind_behind("POST /users", Trouble::LostAfter, "GET", status);
        let failed = told(invite(&mut office, new_user()));
        assert_eq!((&failed["outcome"], &failed["message"]), (&json!("unknown"), &json!("POST /users failed.")));
    }
}

#[test]
fn after_an_unknown_outcome_it_looks_three_times() {
    // The user is there, but in the list only after so many looks.
    for (appears_after, expected) in [(Some(1), "assumed"), (Some(3), "assumed"), (None, "unknown")] {
        let mut office = Office::of(&[ada()]);
        let looks = Rc::new(Cell::new(0));
        let seen = Rc::clone(&looks);
        office.trouble = Box::new(move |line| match line {
            "POST /users" if appears_after == Some(1) => Trouble::LostAfter,
            "POST /users" => Trouble::LostBefore,
            "GET /users" => {
                seen.set(seen.get() + 1);
                Trouble::None
            }
            _ => Trouble::None,
        });
        office.appears = appears_after.filter(|after| *after > 1).map(|after| (after, "alan@example.com".to_owned()));
        let began = office.now;
        let result = invite(&mut office, new_user());
        assert_eq!(office.log.iter().filter(|line| line.starts_with("POST")).count(), 1);
        match expected {
            "assumed" => {
                let result = result.unwrap();
                assert_eq!((&result["created"], &result["user"]["email"]), (&json!("assumed"), &json!("alan@example.com")));
                assert_eq!(looks.get(), 1 + appears_after.unwrap());
            }
            _ => {
                assert_eq!(told(result)["outcome"], "unknown");
                assert_eq!(looks.get(), 4);
                assert!((7000..8000).contains(&(office.now - began)));
            }
        }
    }
}

#[test]
fn what_fails_before_a_write_fails_the_job_as_it_is() {
    let mut office = Office::of(&[ada()]);
    office.trouble = Box::new(|_| Trouble::Refused(403));
    assert_eq!(told(modify(&mut office, json!({}), json!({})))["status"], 403);
    assert_eq!(told(invite(&mut office, new_user()))["status"], 403);
    assert_eq!(told(office.run("plan", json!([]), json!({})))["status"], 403);
    assert!(office.sent.is_empty());
}

#[test]
fn jobs_call_what_is_declared_and_have_options_of_their_own() {
    // Whatever is asked for is an operation of the class under that property.
    let sources = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/jobs/look.rs")).unwrap();
    let mut count = 0;
    for line in sources.lines().filter(|line| line.contains("Call::of(")) {
        let (_, rest) = line.split_once("Call::of(\"").unwrap();
        let (property, rest) = rest.split_once('"').unwrap();
        let name = rest.rsplit("::").next().unwrap().trim_end_matches(");");
        let api = APIS.iter().find(|api| api.property == property).expect(property);
        let is_it = |operation: &str| {
            let snake: String =
                operation.chars().flat_map(|c| if c.is_uppercase() { vec!['_', c] } else { vec![c.to_ascii_uppercase()] }).collect();
            snake == name
        };
        assert!(api.endpoints.iter().any(|endpoint| is_it(endpoint.name)), "{property} {name}");
        count += 1;
    }
    assert_eq!(count, 9);
    for job in Job::ALL {
        assert_eq!(Job::named(job.name()), Some(job));
        // What is its own is taken out, the rest stays.
        let mut options = Value::Object(thousandeyes_admin::input::Properties(vec![
            ("aid".to_owned(), Value::Text("5".to_owned())),
            ("onProgress".to_owned(), Value::Function),
        ]));
        let own = job.own_options(&mut options).unwrap();
        let Value::Object(rest) = options else { panic!() };
        let Value::Object(own) = own else { panic!() };
        assert_eq!(rest.0.len() + own.0.len(), 2);
        assert!(rest.get("aid").is_some());
    }
}
