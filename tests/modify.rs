//! One change of a user, and an invitation: what is read, what is written, and what is refused.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod given;
mod simulation;

use std::rc::Rc;

use given::given;
use serde_json::{Value, json};
use simulation::organisation::Organisation;
use simulation::{Script, World, answer, seen};
use thousandeyes_admin::client::{Application, Job, Pending, Question, Reply, View};
use thousandeyes_admin::error::{Error, Outcome};

fn ada() -> Value {
    json!({
        "uid": "9", "name": "Ada", "email": "ada@example.com", "loginAccountGroup": { "aid": "5" },
        "accountGroupRoles": [{ "accountGroup": { "aid": "5" }, "roles": [{ "roleId": "31", "name": "a role" }] }],
        "allAccountGroupRoles": [],
    })
}

fn grace() -> Value {
    let mut grace = ada();
    (grace["uid"], grace["name"], grace["email"]) = (json!("10"), json!("Grace"), json!("Grace@Example.com"));
    grace
}

/// A world with these users.
fn world_of(users: &[Value]) -> (World, Organisation) {
    let organisation = Organisation::of(users);
    let server = organisation.clone();
    (World::answering(move |request| server.answer(request)), organisation)
}

fn lines(world: &World) -> Vec<String> {
    world
        .log()
        .iter()
        .map(|(_, request)| format!("{} {}", request.method.as_str(), request.url.replace("https://api.thousandeyes.com/v7", "")))
        .collect()
}

fn json_of(result: Result<String, Error>) -> Value {
    serde_json::from_str(&result.unwrap()).unwrap()
}

/// Who gives this request, at once or after something.
struct Changing {
    request: Value,
    meanwhile: Option<Box<dyn Fn()>>,
}

impl Application for Changing {
    fn ask<'a>(&'a self, question: Question<'a>) -> Pending<'a, Reply> {
        let Question::Change(view) = question else { panic!("another question") };
        assert!(match view {
            View::Json(json) => json.contains("ada@example.com"),
            View::Value(value) => format!("{value:?}").contains("ada@example.com"),
        });
        if let Some(meanwhile) = &self.meanwhile {
            meanwhile();
        }
        Box::pin(async { Ok(Reply { value: given(&self.request), took_time: self.meanwhile.is_some() }) })
    }
}

fn modify_by(world: &World, options: Value, change: Changing) -> Result<String, Error> {
    world.administer(Job::ModifyUser, json!("9"), options, Rc::new(change)).map(Option::unwrap)
}

/// Modifies Ada by a function that gives this request.
fn modify(world: &World, options: Value, request: Value) -> Result<String, Error> {
    modify_by(world, options, Changing { request, meanwhile: None })
}

#[test]
fn a_change_is_written_once_with_all_that_it_needs() {
    let (world, organisation) = world_of(&[ada()]);
    let roles = json!([{ "accountGroupId": "5", "roleIds": ["31", "32"] }]);
    let result = json_of(modify(&world, json!({}), json!({ "name": "Ada", "accountGroupRoles": roles })));
    assert_eq!(lines(&world), ["GET /users/9", "PUT /users/9"]);
    let sent: Value = serde_json::from_str(world.log()[1].1.body.as_deref().unwrap()).unwrap();
    // The name is what it was; of the roles both lists are said.
    assert_eq!(sent, json!({ "accountGroupRoles": roles, "allAccountGroupRoleIds": [] }));
    assert_eq!((&result["changed"], &result["before"], &result["user"]), (&json!(true), &ada(), &organisation.user("9").unwrap()));
}

#[test]
fn what_changes_nothing_is_not_written() {
    let (world, _) = world_of(&[ada()]);
    let result =
        json_of(modify(&world, json!({}), json!({ "name": "Ada", "accountGroupRoles": [{ "accountGroupId": 5, "roleIds": [31, 31] }] })));
    assert_eq!(lines(&world), ["GET /users/9"]);
    assert_eq!(result, json!({ "user": ada(), "before": ada(), "changed": false }));
}

#[test]
fn with_expect_the_user_must_be_what_the_page_showed() {
    let (world, organisation) = world_of(&[ada()]);
    organisation.change("9", |user| user["name"] = json!("Countess"));
    let error = modify(&world, json!({ "expect": ada() }), json!({ "allAccountGroupRoleIds": ["7"] })).unwrap_err();
    assert_eq!((error.class(), error.outcome), ("ConflictException", Outcome::NotSent));
    let told = seen(&error);
    assert_eq!((&told["base"], &told["theirs"]["name"]), (&ada(), &json!("Countess")));
    assert_eq!((&told["mine"]["name"], &told["mine"]["allAccountGroupRoleIds"]), (&json!("Ada"), &json!(["7"])));
    assert_eq!(lines(&world), ["GET /users/9"]);
    // The same user in another order and with roles told twice is the same.
    let mut shown = ada();
    shown["accountGroupRoles"][0]["roles"] = json!([{ "roleId": "31" }, { "roleId": 31 }]);
    shown["name"] = json!("Countess");
    json_of(modify(&world, json!({ "expect": shown }), json!({ "name": "Ada" })));
}

#[test]
fn a_change_that_takes_time_is_held_against_a_fresh_read() {
    let (world, organisation) = world_of(&[ada()]);
    let change = |meanwhile: Box<dyn Fn()>| {
        modify_by(&world, json!({}), Changing { request: json!({ "name": "Ada L" }), meanwhile: Some(meanwhile) })
    };
    let error =
        change(Box::new(move || organisation.change("9", |user| user["allAccountGroupRoles"] = json!([{ "roleId": "1" }])))).unwrap_err();
    assert_eq!(error.class(), "ConflictException");
    assert_eq!(seen(&error)["theirs"]["allAccountGroupRoles"], json!([{ "roleId": "1" }]));
    assert_eq!(lines(&world), ["GET /users/9", "GET /users/9"]);
    assert_eq!(json_of(change(Box::new(|| {})))["changed"], json!(true));
    assert_eq!(lines(&world)[2..], ["GET /users/9", "GET /users/9", "PUT /users/9"]);
}

#[test]
fn an_answer_with_other_roles_is_an_unexpected_result() {
    let organisation = Organisation::of(&[ada()]);
    let world = World::answering(move |request| {
        let script = organisation.answer(request);
        if request.method.as_str() == "PUT" {
            organisation.change("9", |user| user["allAccountGroupRoles"] = json!([{ "roleId": "66" }]));
            return answer(200, organisation.user("9").unwrap().to_string());
        }
        script
    });
    let error = modify(&world, json!({}), json!({ "allAccountGroupRoleIds": ["7"] })).unwrap_err();
    assert_eq!((error.class(), error.outcome, error.retryable), ("UnexpectedResultException", Outcome::Unknown, false));
    let told = seen(&error);
    assert_eq!((&told["before"], &told["asked"]["allAccountGroupRoleIds"]), (&ada(), &json!(["7"])));
    assert_eq!(told["got"]["allAccountGroupRoles"], json!([{ "roleId": "66" }]));
    assert!(error.message.contains("1 more and 1 fewer"), "{}", error.message);
    // What took time to judge is held against a fresh read.
    assert_eq!(lines(&world), ["GET /users/9", "GET /users/current", "GET /roles", "GET /users/9", "PUT /users/9"]);
}

#[test]
fn what_change_gives_must_be_a_request() {
    let (world, _) = world_of(&[ada()]);
    for (change, path) in [(json!(null), "change"), (json!({ "nme": 1 }), "change.nme"), (ada(), "change")] {
        assert_eq!(modify(&world, json!({}), change).unwrap_err().path(), Some(path));
    }
    assert_eq!(lines(&world), ["GET /users/9"; 3]);
}

fn find(world: &World, email: &str) -> Result<Option<String>, Error> {
    world.administer(Job::FindUser, json!(email), json!({}), Rc::new(Nobody))
}

#[test]
fn a_user_is_found_whatever_the_case_of_the_letters() {
    let (world, organisation) = world_of(&[ada(), grace()]);
    let found: Value = serde_json::from_str(&find(&world, "GRACE@example.COM").unwrap().unwrap()).unwrap();
    assert_eq!((&found["uid"], found.get("accountGroupRoles")), (&json!("10"), None));
    assert_eq!(find(&world, "nobody@example.com").unwrap(), None);
    assert_eq!(find(&world, "nobody").unwrap_err().path(), Some("email"));
    organisation.change("10", |user| user["email"] = json!("ADA@example.com"));
    let error = find(&world, "ada@example.com").unwrap_err();
    assert!(error.message.contains('9') && error.message.contains("10"), "{}", error.message);
}

/// Who is asked nothing.
struct Nobody;

impl Application for Nobody {
    fn ask<'a>(&'a self, _: Question<'a>) -> Pending<'a, Reply> {
        panic!("nobody is asked")
    }
}

fn invite(world: &World, request: Value) -> Result<String, Error> {
    world.administer(Job::InviteUser, request, json!({}), Rc::new(Nobody)).map(Option::unwrap)
}

fn new_user() -> Value {
    json!({ "name": "Alan", "email": "alan@example.com", "allAccountGroupRoleIds": ["7"] })
}

#[test]
fn an_invitation_creates_a_user_who_is_not_there() {
    let (world, organisation) = world_of(&[ada()]);
    let result = json_of(invite(&world, new_user()));
    // A role in all account groups: guards must know whether it manages.
    assert_eq!(lines(&world), ["GET /users", "GET /users/current", "GET /roles", "POST /users"]);
    assert_eq!((&result["created"], &result["warnings"]), (&json!(true), &json!([])));
    assert_eq!(result["user"], organisation.user("1001").unwrap());
}

#[test]
fn an_existing_user_is_never_changed() {
    let (world, organisation) = world_of(&[ada()]);
    let mut again = new_user();
    again["email"] = json!("ADA@EXAMPLE.COM");
    let result = json_of(invite(&world, again));
    assert_eq!(lines(&world), ["GET /users", "GET /users/9"]);
    assert_eq!((&result["created"], &result["user"]), (&json!(false), &ada()));
    assert_eq!(result["differences"]["added"], json!([{ "roleId": "7", "allAccountGroups": true }]));
    assert_eq!(result["warnings"].as_array().unwrap().len(), 1);
    assert_eq!(organisation.user("9").unwrap(), ada());
}

#[test]
fn after_an_unknown_outcome_it_looks_three_times() {
    for (appears_after, expected) in [(Some(1), "assumed"), (Some(3), "assumed"), (None, "unknown")] {
        let organisation = Organisation::of(&[ada()]);
        let (server, mut looks) = (organisation.clone(), 0);
        let world = World::answering(move |request| match request.method.as_str() {
            "POST" => Script::Fail(Outcome::Unknown),
            "GET" if request.url.ends_with("/users") => {
                if appears_after == Some(looks) {
                    let mut made = grace();
                    made["email"] = json!("alan@example.com");
                    server.0.borrow_mut().push(made);
                }
                looks += 1;
                server.answer(request)
            }
            _ => server.answer(request),
        });
        let result = invite(&world, new_user());
        assert_eq!(lines(&world).iter().filter(|line| line.starts_with("POST")).count(), 1);
        let log = world.log();
        let looked: Vec<_> = log
            .iter()
            .filter(|(_, request)| request.url.ends_with("/users") && request.method.as_str() == "GET")
            .map(|(at, _)| *at)
            .collect();
        match expected {
            "assumed" => {
                let result = json_of(result);
                assert_eq!((&result["created"], &result["user"]["uid"]), (&json!("assumed"), &json!("10")));
                assert_eq!(looked, [0, 0, 2000, 7000][..=appears_after.unwrap()]);
            }
            _ => {
                assert_eq!(result.unwrap_err().outcome, Outcome::Unknown);
                assert_eq!(looked, [0, 0, 2000, 7000]);
            }
        }
    }
}

#[test]
fn each_call_of_a_job_has_one_start_and_one_end() {
    let (world, _) = world_of(&[ada()]);
    modify(&world, json!({}), json!({ "name": "Ada L" })).unwrap();
    assert_eq!(world.told(), ["1 getUser begins", "1 getUser ends well after 1", "2 updateUser begins", "2 updateUser ends well after 1"]);

    let world = World::new([answer(404, "{}")]);
    modify(&world, json!({}), json!({})).unwrap_err();
    assert_eq!(world.told(), ["1 getUser begins", "1 getUser ends rejected after 1"]);

    // Given up in the second call: what was sent may have been carried out.
    let organisation = Organisation::of(&[ada()]);
    let world = World::answering(move |request| if request.method.as_str() == "PUT" { Script::Hang } else { organisation.answer(request) });
    let change = Changing { request: json!({ "name": "Ada L" }), meanwhile: None };
    assert!(world.administer_within(50, Job::ModifyUser, json!("9"), json!({}), Rc::new(change)).is_none());
    let told = ["1 getUser begins", "1 getUser ends well after 1", "2 updateUser begins", "2 updateUser ends unknown after 1"];
    assert_eq!(world.told(), told);
}

#[test]
fn an_invitation_needs_an_address() {
    let (world, _) = world_of(&[]);
    assert_eq!(invite(&world, json!({ "name": "Alan" })).unwrap_err().path(), Some("userRequest.email"));
    assert_eq!(world.sent(), 0);
}
