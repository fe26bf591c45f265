//! Plans that are applied, with whatever may happen on the way: faults, kills, other administrators.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod office;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::env;
use std::mem;
use std::rc::Rc;

use office::{Failed, Office, Session, Trouble, ada, blind_behind, user};
use serde_json::{Value as Json, json};

/// Chance that can be had again.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }
}

/// The changes of a plan for so many users, each with a change of its own that is due once it is applied.
fn wanted(chance: &mut Chance, users: usize) -> Vec<Json> {
    let mut changes = Vec::new();
    for index in 0..users {
        let uid = (100 + index).to_string();
        let email = format!("user{index}@example.com");
        let group = ["5", "6"][chance.below(2)];
        let who = if chance.one_in(2) { json!({ "uid": uid }) } else { json!({ "email": email.to_uppercase() }) };
        let role = |id: &str| json!({ "kind": "grant", "user": who, "role": { "id": id }, "accountGroup": { "id": group } });
        match chance.below(6) {
            0 => changes.push(json!({ "kind": "remove", "user": who })),
            1 => changes.push(json!({ "kind": "update", "user": who, "name": format!("Renamed {index}") })),
            2 => changes.push(json!({
                "kind": "invite", "email": format!("new{index}@example.com"), "name": "New",
                "roles": [{ "role": { "name": "Role 33" }, "accountGroup": { "name": "Lab" } }],
            })),
            3 => {
                let mut revoke = role("31");
                revoke["kind"] = json!("revoke");
                revoke["accountGroup"] = json!({ "id": "5" });
                changes.push(revoke);
            }
            _ => changes.extend([role("33"), role("34")]),
        }
    }
    changes
}

fn office(users: usize) -> Office {
    let people: Vec<_> = (0..users).map(|index| user(&(100 + index).to_string(), &format!("User{index}"), &[("31", "5")])).collect();
    Office::with(&people)
}

/// What an account group's roles and fields of a user are, however they are sorted.
fn state(user: Option<&Json>) -> Json {
    let Some(user) = user else { return Json::Null };
    let mut grants: Vec<String> = Vec::new();
    for entry in user["accountGroupRoles"].as_array().unwrap() {
        for role in entry["roles"].as_array().unwrap() {
            grants.push(format!("{} {}", entry["accountGroup"]["aid"], role["roleId"]));
        }
    }
    grants.sort();
    json!([user["name"], user["email"].as_str().unwrap().to_lowercase(), user["loginAccountGroup"]["aid"], grants])
}

/// What a step wants, in the same form.
fn target(step: &Json) -> Json {
    let after = &step["after"];
    if after.is_null() {
        return Json::Null;
    }
    let mut grants: Vec<String> = Vec::new();
    for entry in after["accountGroupRoles"].as_array().unwrap() {
        entry["roleIds"].as_array().unwrap().iter().for_each(|role| grants.push(format!("{} {role}", entry["accountGroupId"])));
    }
    grants.sort();
    json!([after["name"], after["email"].as_str().unwrap().to_lowercase(), after["loginAccountGroupId"], grants])
}

fn reached(office: &Office, step: &Json) -> bool {
    match step["user"]["uid"].as_str() {
        Some(uid) => state(office.user(uid)) == target(step),
        None => {
            let found = office.by_email(step["user"]["email"].as_str().unwrap());
            let mut due = target(step);
            // What an invitation leaves open the API may fill in.
            if let ([found], Some(due)) = (found.as_slice(), due.as_array_mut()) {
                due[2] = found["loginAccountGroup"]["aid"].clone();
            }
            found.len() == 1 && state(Some(found[0])) == due
        }
    }
}

const ALL: &str = "allow";

fn options() -> Json {
    json!({ "journal": true, "maxRemovals": 100_000 })
}

#[test]
fn a_plan_reaches_its_target_and_applied_twice_changes_nothing_more() {
    let mut chance = Chance(1);
    for _ in 0..100 {
        let mut office = office(8);
        let changes = wanted(&mut chance, 8);
        let plan = office.run("plan", json!(changes), json!({ "reason": "TICKET-1", "actor": "owner@example.com" })).unwrap();
        assert!(office.sent.is_empty());
        // Users, roles and account groups once, the owner, and each existing user that is concerned once.
        let existing = plan["steps"].as_array().unwrap().iter().chain(plan["unchanged"].as_array().unwrap());
        let existing = existing.filter(|step| step["user"]["uid"].is_string()).count();
        assert_eq!(office.log.len(), 4 + existing, "{:?}", office.log);
        assert_eq!(plan["cost"]["planning"], json!({ "requests": 4 + existing, "seconds": (existing + 4).div_ceil(10) }));
        let requests = office.log.len();
        let summary = office.run("apply", plan.clone(), options()).unwrap();
        assert!(summary["complete"] == true && summary["done"] == json!(plan["steps"].as_array().unwrap().len()), "{summary}");
        assert!(plan["steps"].as_array().unwrap().iter().all(|step| reached(&office, step)));
        assert!(office.log.len() - requests <= plan["cost"]["applying"]["requests"].as_u64().unwrap() as usize);
        // Once more, with its journal and without: nothing more is written.
        let (users, sent) = (office.users.clone(), office.sent.len());
        let again = office.run("apply", plan.clone(), options()).unwrap();
        assert_eq!(again["done"], summary["done"]);
        let without = office.run("apply", plan, json!({ "maxRemovals": 100_000 })).unwrap();
        assert_eq!(without["unchanged"], summary["done"]);
        assert_eq!((office.users, office.sent.len()), (users, sent));
    }
}

#[test]
fn undo_takes_back_all_but_what_cannot_be() {
    let mut chance = Chance(2);
    for _ in 0..100 {
        let mut office = office(8);
        let before: BTreeMap<_, _> =
            office.users.iter().map(|user| (user["uid"].as_str().unwrap().to_owned(), state(Some(user)))).collect();
        let changes = wanted(&mut chance, 8);
        let plan = office.run("plan", json!(changes), json!({})).unwrap();
        office.run("apply", plan.clone(), options()).unwrap();
        let undo = office.run("planUndo", Json::Null, json!({ "reason": "a mistake" })).unwrap();
        office.journal.clear();
        let summary = office.run("apply", undo, options()).unwrap();
        assert_eq!(summary["complete"], true, "{summary}");
        let removed: Vec<_> = plan["steps"].as_array().unwrap().iter().filter(|step| step["kind"] == "remove").collect();
        let after: BTreeMap<_, _> = office.users.iter().map(|user| (user["uid"].as_str().unwrap().to_owned(), state(Some(user)))).collect();
        for (uid, state) in &before {
            let is_removed = removed.iter().any(|step| step["user"]["uid"] == json!(uid));
            assert_eq!(after.get(uid), if is_removed { None } else { Some(state) }, "{uid}");
        }
        assert_eq!(after.len(), before.len() - removed.len());
    }
}

#[test]
fn grant_then_revoke_is_the_identity() {
    for group in ["5", "6"] {
        let mut office = office(1);
        let before = state(office.user("100"));
        for kind in ["grant", "revoke"] {
            let change = json!([{ "kind": kind, "user": { "uid": 100 }, "role": { "id": 33 }, "accountGroup": { "id": group } }]);
            let plan = office.run("plan", change, json!({})).unwrap();
            assert_eq!(office.run("apply", plan, json!({})).unwrap()["done"], 1);
            assert_eq!(state(office.user("100")) == before, kind == "revoke");
        }
    }
}

/// One run of a plan until it is complete, with faults and kills on the way. Gives how many steps it had, and how many times it was
/// begun.
fn stormy(seed: u64, users: usize) -> (usize, usize) {
    let mut office = office(users);
    let changes = wanted(&mut Chance(seed), users);
    let plan = office.run("plan", json!(changes), json!({})).unwrap();
    let steps = plan["steps"].as_array().unwrap().clone();
    let chance = Rc::new(RefCell::new(Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)));
    let weather = Rc::clone(&chance);
    office.trouble = Box::new(move |line| {
        let mut chance = weather.borrow_mut();
        let is_write = !line.starts_with("GET");
        match chance.below(60) {
            0 => Trouble::LostBefore,
            1 if line != "append" => Trouble::LostAfter,
            2 if line != "append" => Trouble::Refused(503),
            5 if line != "append" => Trouble::Refused(429),
            6 if line != "append" => Trouble::Late,
            3 => Trouble::KilledBefore,
            4 if is_write => Trouble::KilledAfter,
            _ => Trouble::None,
        }
    });
    let mut runs = 0;
    loop {
        runs += 1;
        assert!(runs < 1000, "seed {seed}: it never ends");
        office.results.clear();
        let mut options = options();
        options["retries"] = json!(seed % 3);
        match office.run("apply", plan.clone(), options) {
            Ok(summary) if summary["complete"] == true => break,
            Ok(summary) => {
                // Whatever is not there yet, something is said of it.
                let said = office.results.iter().filter(|result| result["status"] == "failed" || result["status"] == "unknown").count();
                let other = office.results.iter().filter(|result| result["status"] == "conflict" || result["status"] == "blocked").count();
                assert_eq!((summary["failed"].as_u64().unwrap() + summary["unknown"].as_u64().unwrap()) as usize, said, "seed {seed}");
                assert_eq!(other, 0, "seed {seed}: nobody else is there: {:?}", office.results);
            }
            Err(Failed::Killed | Failed::Told(_)) => {}
            Err(other) => panic!("seed {seed}: {other:?}"),
        }
        // The journal is true: what it says is done is there.
        for line in office.journal.lines().filter_map(|line| serde_json::from_str::<Json>(line).ok()) {
            if line["type"] == "result" && line["status"] == "done" {
                let step = steps.iter().find(|step| step["id"] == line["stepId"]).unwrap();
                assert!(reached(&office, step), "seed {seed}: {line}");
            }
        }
    }
    for step in &steps {
        assert!(reached(&office, step), "seed {seed}: {step}");
        let email = step["user"]["email"].as_str().unwrap();
        let due = usize::from(step["kind"] != "remove");
        assert_eq!(office.by_email(email).len(), due, "seed {seed}: {email}");
    }
    (steps.len(), runs)
}

/// A few; `STEPS=10000 cargo test --test runs` for more, and `SEED` for others.
#[test]
fn steps_with_faults_and_kills_lose_nothing_and_double_nothing() {
    let told = |name| env::var(name).ok().and_then(|number| number.parse().ok());
    let (seed, due) = (told("SEED").unwrap_or(20_261_126), told("STEPS").unwrap_or(500));
    let (mut steps, mut runs, mut plans) = (0, 0, 0);
    while steps < due as usize {
        let (more, begun) = stormy(seed + plans, 12);
        (steps, runs, plans) = (steps + more, runs + begun, plans + 1);
    }
    println!("seed {seed}: {steps} steps of {plans} plans, begun {runs} times");
    assert!(runs > 3 * plans as usize, "the weather was too fine to show anything");
}

#[test]
fn two_administrators_lose_nothing_but_where_their_last_reads_and_writes_cross() {
    // Each takes turns with the other at every question, in all orders.
    let give = |role: &'static str| {
        move |user: &Json| {
            let mut roles: Vec<_> =
                user["accountGroupRoles"][0]["roles"].as_array().unwrap().iter().map(|role| role["roleId"].clone()).collect();
            roles.push(json!(role));
            json!({ "accountGroupRoles": [{ "accountGroupId": "5", "roleIds": roles }] })
        }
    };
    let (mut both, mut told, mut crossed) = (0, 0, 0);
    for order in 0..1_u32 << 8 {
        let mut office = Office::with(&[ada()]);
        let next = Rc::new(RefCell::new("33"));
        let asked = Rc::clone(&next);
        office.change = Box::new(move |_, user| (give(*asked.borrow())(user), false));
        let mut sessions = [Session::new("modifyUser", json!("9"), json!({})), Session::new("modifyUser", json!("9"), json!({}))];
        let (mut ended, mut turn) = ([None, None], 0);
        // Who did what, in which order.
        let mut history = Vec::new();
        while ended.iter().any(Option::is_none) {
            let mut who = (order >> (turn % 8)) as usize & 1;
            turn += 1;
            if ended[who].is_some() {
                who = 1 - who;
            }
            *next.borrow_mut() = ["33", "34"][who];
            let before = office.log.len();
            ended[who] = sessions[who].advance(&mut office);
            history.extend(office.log[before..].iter().map(|line| (who, line.starts_with("PUT"))));
        }
        let has = |role: &str| {
            office.user("9").unwrap()["accountGroupRoles"][0]["roles"].as_array().unwrap().iter().any(|own| own["roleId"] == role)
        };
        let is_lost = [("33", 0), ("34", 1)].iter().any(|(role, who)| ended[*who].as_ref().unwrap().is_ok() && !has(role));
        let was_told = ended.iter().any(|ended| ended.as_ref().unwrap().is_err());
        // One read before the other wrote, and wrote afterwards: that is the race that stays.
        let writes: Vec<_> = history.iter().enumerate().filter(|(_, (_, is_write))| *is_write).map(|(at, (who, _))| (at, *who)).collect();
        let crosses = writes.len() == 2 && {
            let (first, second) = (writes[0], writes[1]);
            let last_read = history[..second.0].iter().rposition(|(who, is_write)| *who == second.1 && !is_write).unwrap();
            last_read < first.0
        };
        assert!(!is_lost || crosses, "{order:b}: {history:?}");
        match (is_lost, was_told) {
            (true, _) => crossed += 1,
            (_, true) => told += 1,
            _ => both += 1,
        }
    }
    assert!(both > 0 && crossed > 0, "{both} {told} {crossed}");
    // With what the page showed, the later one is told.
    let mut office = Office::with(&[ada()]);
    office.change = Box::new(|_, _| (json!({ "accountGroupRoles": [{ "accountGroupId": "5", "roleIds": ["31", "33"] }] }), false));
    office.run("modifyUser", json!("9"), json!({ "expect": ada() })).unwrap();
    assert!(
        matches!(office.run("modifyUser", json!("9"), json!({ "expect": ada() })), Err(Failed::Own(class, _)) if class == "ConflictException")
    );
}

#[test]
fn two_plans_for_the_same_users_conflict_and_lose_nothing() {
    let mut chance = Chance(3);
    for _ in 0..50 {
        let mut office = office(6);
        let mut plan = |role: &str| {
            let changes: Vec<_> = (0..6)
                .map(
                    |index| json!({ "kind": "grant", "user": { "uid": 100 + index }, "role": { "id": role }, "accountGroup": { "id": 5 } }),
                )
                .collect();
            office.run("plan", json!(changes), json!({})).unwrap()
        };
        let plans = [plan("33"), plan("34")];
        let mut sessions = plans.clone().map(|plan| Session::new("apply", plan, json!({})));
        let mut ended = [None, None];
        while ended.iter().any(Option::is_none) {
            let who = chance.below(2);
            if ended[who].is_none() {
                // A read and the write that follows from it are not torn apart here: that race stays.
                loop {
                    let before = office.log.len();
                    ended[who] = sessions[who].advance(&mut office);
                    if ended[who].is_some() || office.log.len() == before || !office.log[before].starts_with("GET /users/1") {
                        break;
                    }
                }
            }
        }
        let [first, second] = ended.map(|ended| ended.unwrap().unwrap());
        let count = |summary: &Json, name: &str| summary[name].as_u64().unwrap();
        for index in 0..6 {
            let user = state(office.user(&(100 + index).to_string())).to_string();
            assert!(user.contains("33") != user.contains("34"), "{user}");
        }
        assert_eq!(count(&first, "done") + count(&second, "done"), 6);
        assert_eq!(count(&first, "conflicts") + count(&second, "conflicts"), 6);
    }
}

#[test]
fn guards_are_judged_again_and_lifted_by_the_call_alone() {
    let mut office = Office::with(&[ada()]);
    let changes = json!([{ "kind": "remove", "user": { "uid": "1" } }, { "kind": "update", "user": { "uid": "9" }, "name": "Ada L" }]);
    let mut plan = office.run("plan", changes, json!({})).unwrap();
    assert_eq!(plan["steps"][0]["blocked"][0]["guard"], "self-removal");
    // Whoever takes the objection out of the file has lifted nothing.
    plan["steps"][0]["blocked"] = json!([]);
    let summary = office.run("apply", plan.clone(), json!({})).unwrap();
    assert_eq!((&summary["blocked"], &summary["done"], &summary["complete"]), (&json!(1), &json!(1), &json!(false)));
    assert_eq!((&office.results[0]["status"], &office.results[0]["blocked"][0]["guard"]), (&json!("blocked"), &json!("self-removal")));
    plan[ALL] = json!(["self-removal"]);
    assert!(matches!(office.run("apply", plan.clone(), json!({})), Err(Failed::Own(_, fields)) if fields["path"] == "plan.allow"));
    plan.as_object_mut().unwrap().remove(ALL);
    assert_eq!(office.run("apply", plan, json!({ "allow": ["self-removal"] })).unwrap()["complete"], true);
    // Who applies it is not who the file says.
    let mut office = Office::with(&[ada()]);
    let plan = office.run("plan", json!([{ "kind": "remove", "user": { "uid": "9" } }]), json!({ "actor": "owner@example.com" })).unwrap();
    assert_eq!(office.run("apply", plan.clone(), json!({ "actor": "ADA@example.com" })).unwrap()["blocked"], 1);
    assert_eq!(office.run("apply", plan, json!({})).unwrap()["done"], 1);
    // At most ten, by the whole plan.
    let mut office = self::office(11);
    let changes: Vec<_> = (0..11).map(|index| json!({ "kind": "remove", "user": { "uid": 100 + index } })).collect();
    let plan = office.run("plan", json!(changes), json!({})).unwrap();
    assert_eq!(office.run("apply", plan.clone(), json!({ "journal": true })).unwrap()["blocked"], 11);
    assert_eq!(
        office.run("apply", plan.clone(), json!({ "journal": true, "maxRemovals": 11, "stopOnFailure": true })).unwrap()["done"],
        11
    );
    // A part of it that was done before counts.
    assert_eq!(office.run("apply", plan, json!({ "journal": true })).unwrap()["done"], 11);
}

/// The owner of the token, who is no administrator, then administrators.
fn administrators(count: usize) -> Office {
    let admin = |index: usize| user(&(2 + index).to_string(), &format!("Admin{index}"), &[("32", "5")]);
    Office::of(&[vec![user("1", "Owner", &[("31", "5")])], (0..count).map(admin).collect()].concat())
}

fn remove(uid: &str) -> Json {
    json!({ "kind": "remove", "user": { "uid": uid } })
}

fn statuses(office: &Office) -> Vec<&str> {
    office.results.iter().map(|result| result["status"].as_str().unwrap()).collect()
}

#[test]
fn one_administrator_stays_whatever_becomes_of_the_others() {
    // Nobody knows whether the first one is gone, or the list still has who is.
    for lost in [Trouble::LostBefore, Trouble::LostAfter] {
        let mut office = administrators(2);
        let plan = office.run("plan", json!([remove("2"), remove("3")]), json!({})).unwrap();
        office.trouble = blind_behind("DELETE /users/2", lost, "GET /users/2", 503);
        office.run("apply", plan, json!({})).unwrap();
        assert_eq!(statuses(&office), ["unknown", "blocked"]);
        assert_eq!(office.results[1]["blocked"][0]["guard"], "last-organization-admin");
    }
    // Somebody else takes the role from the one who was to stay, while the plan is carried out.
    let mut office = administrators(3);
    let plan = office.run("plan", json!([remove("2"), remove("3")]), json!({})).unwrap();
    let mut session = Session::new("apply", plan, json!({}));
    while !office.log.iter().any(|line| line == "DELETE /users/2") {
        assert_eq!(session.advance(&mut office), None);
    }
    office.edit("4", |user| user["accountGroupRoles"] = json!([]));
    while session.advance(&mut office).is_none() {}
    assert_eq!(statuses(&office), ["done", "blocked"]);
    // What a journal tells of an earlier run is not what is there now.
    let mut office = administrators(1);
    office.users.push(user("9", "Heir", &[]));
    let grant = json!({ "kind": "grant", "user": { "uid": "9" }, "role": { "id": "32" }, "accountGroup": { "id": "5" } });
    let plan = office.run("plan", json!([grant, remove("2")]), json!({})).unwrap();
    office.stop = Box::new(|_| true);
    office.run("apply", plan.clone(), json!({ "journal": true })).unwrap();
    office.edit("9", |user| user["accountGroupRoles"] = json!([]));
    office.stop = Box::new(|_| false);
    office.results.clear();
    office.run("apply", plan, json!({ "journal": true })).unwrap();
    assert_eq!(statuses(&office), ["done", "blocked"]);
    assert_eq!(office.user("2").unwrap()["name"], "Admin0");
}

/// Does a job; before the request behind the first write of this kind, somebody else does something.
fn meanwhile(office: &mut Office, mut session: Session, write: &str, act: impl FnOnce(&mut Office)) -> Result<Json, Failed> {
    while !office.log.iter().any(|line| line.starts_with(write)) {
        assert_eq!(session.advance(office), None);
    }
    act(office);
    loop {
        if let Some(ended) = session.advance(office) {
            return ended;
        }
    }
}

/// The first write fails like this.
fn once(trouble: Trouble) -> Box<dyn FnMut(&str) -> Trouble> {
    let mut is_due = true;
    Box::new(move |line| {
        let is_write = !line.starts_with("GET") && line != "append";
        if is_write && mem::take(&mut is_due) { trouble } else { Trouble::None }
    })
}

#[test]
fn a_write_that_is_made_again_is_decided_anew() {
    let update = json!([{ "kind": "update", "user": { "uid": "100" }, "name": "New" }]);
    let rival = |office: &mut Office| office.edit("100", |user| user["allAccountGroupRoles"] = json!([{ "roleId": "33" }]));
    let writes = |office: &Office| office.log.iter().filter(|line| !line.starts_with("GET")).count();
    for trouble in [Trouble::Refused(429), Trouble::Late, Trouble::LostBefore, Trouble::LostAfter] {
        // Nobody else is there: it is done in the end, once.
        let mut office = self::office(1);
        let plan = office.run("plan", update.clone(), json!({})).unwrap();
        office.trouble = once(trouble);
        assert_eq!(office.run("apply", plan, json!({ "journal": true, "retries": 1 })).unwrap()["done"], 1, "{trouble:?}");
        assert_eq!(office.user("100").unwrap()["name"], "New");
        let mut office = self::office(1);
        office.trouble = once(trouble);
        office.change = Box::new(|_, _| (json!({ "name": "New" }), false));
        let result = office.run("modifyUser", json!("100"), json!({ "retries": 1 })).unwrap();
        assert_eq!(
            (&result["changed"], &result["user"]["name"], &result["before"]["name"]),
            (&json!(true), &json!("New"), &json!("User0"))
        );
        assert_eq!(writes(&office), if trouble == Trouble::LostAfter { 1 } else { 2 });
        // Somebody gives the user a role meanwhile.
        let mut office = self::office(1);
        let plan = office.run("plan", update.clone(), json!({})).unwrap();
        office.trouble = once(trouble);
        let session = Session::new("apply", plan, json!({ "retries": 1 }));
        // What became of the first write nobody can tell.
        let is_lost = matches!(trouble, Trouble::LostBefore | Trouble::LostAfter);
        let status = if is_lost { "unknown" } else { "conflicts" };
        assert_eq!(meanwhile(&mut office, session, "PUT", rival).unwrap()[status], 1, "{trouble:?}");
        assert_eq!(office.user("100").unwrap()["allAccountGroupRoles"], json!([{ "roleId": "33" }]));
        let mut office = self::office(1);
        office.trouble = once(trouble);
        office.change = Box::new(|_, _| (json!({ "accountGroupRoles": [] }), false));
        let session = Session::new("modifyUser", json!("100"), json!({ "retries": 1 }));
        match (trouble, meanwhile(&mut office, session, "PUT", rival).unwrap_err()) {
            (_, Failed::Told(failure)) if is_lost => assert_eq!(failure["outcome"], "unknown"),
            (_, Failed::Own(class, _)) => assert_eq!(class, "ConflictException"),
            (_, other) => panic!("{other:?}"),
        }
        assert_eq!((office.user("100").unwrap()["allAccountGroupRoles"][0]["roleId"].as_str(), writes(&office)), (Some("33"), 1));
    }
    // Without retries it is not made again; but one that would have come late is no retry.
    for (trouble, done) in [(Trouble::Refused(429), 0), (Trouble::LostBefore, 0), (Trouble::Late, 1)] {
        let mut office = self::office(1);
        let plan = office.run("plan", update.clone(), json!({})).unwrap();
        office.trouble = once(trouble);
        assert_eq!(office.run("apply", plan, json!({})).unwrap()["done"], done);
    }
}

#[test]
fn a_look_that_fails_says_nothing_of_what_became_of_a_write() {
    for status in [403, 500] {
        let mut office = self::office(1);
        office.trouble = blind_behind("PUT /users/100", Trouble::LostAfter, "GET", status);
        office.change = Box::new(|_, _| (json!({ "name": "New" }), false));
        let Err(Failed::Told(failure)) = office.run("modifyUser", json!("100"), json!({ "retries": 2 })) else { panic!("it is told") };
        assert_eq!((&failure["outcome"], &failure["message"]), (&json!("unknown"), &json!("PUT /users/100 failed.")));
    }
}

#[test]
fn a_token_that_is_renewed_lets_a_run_go_on() {
    let mut office = self::office(3);
    let changes: Vec<_> =
        (0..3).map(|index| json!({ "kind": "update", "user": { "uid": (100 + index).to_string() }, "name": "New" })).collect();
    let plan = office.run("plan", json!(changes), json!({})).unwrap();
    office.trouble = once(Trouble::Refused(401));
    let summary = office.run("apply", plan, json!({ "retries": 1 })).unwrap();
    assert_eq!((&summary["done"], &summary["stopped"]), (&json!(3), &json!(false)));
}

#[test]
fn a_write_that_would_come_late_is_no_retry() {
    let mut office = self::office(1);
    let plan = office.run("plan", json!([{ "kind": "update", "user": { "uid": "100" }, "name": "New" }]), json!({})).unwrap();
    let mut troubles = vec![Trouble::Refused(429), Trouble::Late, Trouble::Late, Trouble::Late];
    office.trouble = Box::new(move |line| if line.starts_with("PUT") { troubles.pop().unwrap_or(Trouble::None) } else { Trouble::None });
    assert_eq!(office.run("apply", plan, json!({ "retries": 1 })).unwrap()["done"], 1);
}

#[test]
fn an_invitation_that_is_sent_again_is_decided_anew() {
    let request = json!({ "email": "new@example.com", "allAccountGroupRoleIds": ["33"] });
    let rival = |office: &mut Office| office.users.push(user("50", "New", &[]));
    for trouble in [Trouble::Refused(429), Trouble::Late] {
        let mut office = self::office(1);
        office.trouble = once(trouble);
        let session = Session::new("inviteUser", request.clone(), json!({ "retries": 1 }));
        assert_eq!(meanwhile(&mut office, session, "POST", rival).unwrap()["created"], false);
        let mut office = self::office(1);
        office.trouble = once(trouble);
        assert_eq!(office.run("inviteUser", request.clone(), json!({ "retries": 1 })).unwrap()["created"], true);
        assert_eq!(office.by_email("new@example.com").len(), 1);
    }
}

#[test]
fn who_was_made_an_administrator_a_moment_ago_counts_where_members_may_not_be_seen() {
    let mut office = administrators(1);
    office.users.push(user("9", "Heir", &[]));
    let grant = json!({ "kind": "grant", "user": { "uid": "9" }, "role": { "id": "32" }, "accountGroup": { "id": "5" } });
    office.trouble = Box::new(|line| if line.contains("expand=user") { Trouble::Refused(403) } else { Trouble::None });
    let plan = office.run("plan", json!([grant, remove("2")]), json!({})).unwrap();
    assert_eq!((&plan["steps"][0]["blocked"], &plan["steps"][1]["blocked"]), (&json!([]), &json!([])));
    assert_eq!(office.run("apply", plan, json!({})).unwrap()["done"], 2);
}

#[test]
fn a_refused_token_ends_the_run() {
    let mut office = self::office(4);
    let changes: Vec<_> =
        (0..4).map(|index| json!({ "kind": "update", "user": { "uid": (100 + index).to_string() }, "name": "New" })).collect();
    let plan = office.run("plan", json!(changes), json!({})).unwrap();
    office.log.clear();
    office.trouble = Box::new(|line| if line.contains("/users/101") { Trouble::Refused(401) } else { Trouble::None });
    let summary = office.run("apply", plan.clone(), json!({ "journal": true })).unwrap();
    let counts = ["done", "failed", "notReached", "stopped"].map(|name| summary[name].clone());
    assert_eq!(counts, [json!(1), json!(1), json!(2), json!(true)]);
    assert_eq!(office.log.last().unwrap(), "GET /users/101");
    office.trouble = Box::new(|_| Trouble::None);
    assert_eq!(office.run("apply", plan, json!({ "journal": true })).unwrap()["done"], 4);
}

#[test]
fn an_answer_without_roles_says_nothing_of_what_was_written() {
    let mut office = self::office(1);
    let plan = office.run("plan", json!([{ "kind": "update", "user": { "uid": "100" }, "name": "New" }]), json!({})).unwrap();
    office.trouble = Box::new(|line| if line.starts_with("PUT") { Trouble::Bare } else { Trouble::None });
    // It is read again.
    assert_eq!(office.run("apply", plan.clone(), json!({ "journal": true })).unwrap()["done"], 1);
    let mut office = self::office(1);
    office.trouble = blind_behind("PUT /users/100", Trouble::Bare, "GET /users/100", 503);
    assert_eq!(office.run("apply", plan, json!({ "journal": true })).unwrap()["unknown"], 1);
}

#[test]
fn what_was_carried_out_otherwise_than_asked_is_known_as_ones_own() {
    let mut office = self::office(1);
    let grant = |role: &str| json!({ "kind": "grant", "user": { "uid": "100" }, "role": { "id": role }, "accountGroup": { "id": "6" } });
    let invitation = json!({ "kind": "invite", "email": "new@example.com", "roles": [] });
    let plan = office.run("plan", json!([grant("33"), grant("34"), invitation]), json!({})).unwrap();
    let before = state(office.user("100"));
    office.refuses("33");
    office.default_role = Some("31".to_owned());
    for _ in 0..2 {
        office.results.clear();
        office.log.clear();
        office.run("apply", plan.clone(), json!({ "journal": true })).unwrap();
        assert_eq!(statuses(&office), ["unknown", "unknown"]);
        assert!(office.results.iter().all(|result| result["message"].as_str().unwrap().contains("asked for")), "{:?}", office.results);
        assert!(office.results[1].get("created").is_none());
    }
    assert!(office.log.iter().all(|line| line.starts_with("GET")), "{:?}", office.log);
    // Nor does a look that fails make less of it.
    office.trouble = Box::new(|line| if line == "GET /users/100" || line == "GET /users" { Trouble::Refused(500) } else { Trouble::None });
    office.run("apply", plan.clone(), json!({ "journal": true })).unwrap();
    office.trouble = Box::new(|_| Trouble::None);
    // It can be taken back.
    let undo = office.run("planUndo", Json::Null, json!({})).unwrap();
    assert_eq!(undo["steps"].as_array().unwrap().iter().map(|step| &step["kind"]).collect::<Vec<_>>(), ["remove", "update"]);
    office.refused = None;
    office.journal.clear();
    assert_eq!(office.run("apply", undo, json!({})).unwrap()["done"], 2);
    assert_eq!((state(office.user("100")), office.by_email("new@example.com").len()), (before, 0));
}

#[test]
fn an_invitation_that_was_begun_is_looked_for_before_it_is_sent_again() {
    let mut office = self::office(1);
    let invitation = json!([{ "kind": "invite", "email": "late@example.com", "roles": [] }]);
    let plan = office.run("plan", invitation, json!({})).unwrap();
    office.trouble = Box::new(|line| if line == "POST /users" { Trouble::KilledBefore } else { Trouble::None });
    assert_eq!(office.run("apply", plan.clone(), json!({ "journal": true })), Err(Failed::Killed));
    // The first request is carried out late.
    office.trouble = Box::new(|_| Trouble::None);
    office.appears = Some((2, "late@example.com".to_owned()));
    assert_eq!(office.run("apply", plan, json!({ "journal": true })).unwrap()["done"], 1);
    assert_eq!((&office.results[0]["created"], office.by_email("late@example.com").len()), (&json!("assumed"), 1));
}

#[test]
fn a_plan_that_can_be_made_can_be_applied() {
    let mut office = self::office(1);
    let change = json!([{ "kind": "update", "user": { "uid": "100" }, "name": "New" }]);
    let Err(Failed::Own(_, fields)) = office.run("plan", change.clone(), json!({ "reason": "x".repeat(4097) })) else { panic!("is made") };
    assert_eq!(fields["path"], "options.reason");
    let plan = office.run("plan", change, json!({ "reason": "x".repeat(4096) })).unwrap();
    assert_eq!(office.run("apply", plan, json!({})).unwrap()["done"], 1);
}

#[test]
fn a_run_stops_where_it_is_told_to() {
    let mut office = office(5);
    let changes: Vec<_> = (0..5).map(|index| json!({ "kind": "update", "user": { "uid": 100 + index }, "name": "New name" })).collect();
    let plan = office.run("plan", json!(changes), json!({})).unwrap();
    office.stop = Box::new(|result| result["stepId"] == "2");
    let summary = office.run("apply", plan.clone(), options()).unwrap();
    assert_eq!((&summary["done"], &summary["notReached"], &summary["stopped"]), (&json!(2), &json!(3), &json!(true)));
    assert_eq!(office.progress.last(), Some(&(2, 5)));
    // Told so at the last step, it is not stopped but ready.
    office.stop = Box::new(|result| result["stepId"] == "5");
    let summary = office.run("apply", plan.clone(), options()).unwrap();
    assert_eq!((&summary["complete"], &summary["stopped"]), (&json!(true), &json!(false)));
    // A step that fails stops the others only if that is asked for.
    let mut office = self::office(5);
    office.edit("101", |user| user["name"] = json!("Somebody else"));
    let summary = office.run("apply", plan.clone(), json!({})).unwrap();
    assert_eq!((&summary["done"], &summary["conflicts"]), (&json!(4), &json!(1)));
    assert_eq!(office.results[1]["theirs"]["name"], "Somebody else");
    let mut office = self::office(5);
    office.edit("101", |user| user["name"] = json!("Somebody else"));
    let summary = office.run("apply", plan, json!({ "stopOnFailure": true })).unwrap();
    assert_eq!((&summary["done"], &summary["notReached"], &summary["stopped"]), (&json!(1), &json!(3), &json!(true)));
}

#[test]
fn a_plan_for_somewhere_else_is_refused_before_anything_is_written() {
    let mut office = office(1);
    let plan = office.run("plan", json!([{ "kind": "remove", "user": { "uid": 100 } }]), json!({})).unwrap();
    for (name, value) in [("host", json!("https://evil.example")), ("orgIds", json!(["2"])), ("aid", json!("5")), ("version", json!(2))] {
        let mut other = plan.clone();
        other[name] = value;
        let Err(Failed::Own(_, fields)) = office.run("apply", other, options()) else { panic!("{name} is not refused") };
        assert_eq!(fields["path"], format!("plan.{name}"));
    }
    assert!(office.sent.is_empty() && office.journal.is_empty() && office.user("100").is_some());
    // Nor is a journal of another plan taken.
    office.run("apply", plan.clone(), options()).unwrap();
    let mut other = plan;
    other["steps"][0]["warnings"] = json!([]);
    let Err(Failed::Own(_, fields)) = office.run("apply", other, options()) else { panic!("not refused") };
    assert_eq!(fields["path"], "journal");
}

#[test]
fn a_report_takes_a_request_for_each_account_group_and_three_more() {
    let mut office = office(3);
    let report = office.run("accessReport", Json::Null, json!({})).unwrap();
    assert_eq!(
        office.log,
        ["GET /users", "GET /roles", "GET /account-groups", "GET /account-groups/5?expand=user", "GET /account-groups/6?expand=user"]
    );
    assert_eq!((&report["complete"], report["rows"].as_array().unwrap().len()), (&json!(true), 6));
    assert_eq!(office.progress.last(), Some(&(5, 5)));
    office.trouble = Box::new(|line| if line.contains("groups/6") { Trouble::Refused(403) } else { Trouble::None });
    let report = office.run("accessReport", Json::Null, json!({})).unwrap();
    assert_eq!(
        report["missingAccountGroups"],
        json!([{ "aid": "6", "accountGroupName": "Lab", "reason": "GET /account-groups/6?expand=user failed." }])
    );
    office.trouble = Box::new(|line| if line.contains("groups/6") { Trouble::Refused(500) } else { Trouble::None });
    assert!(matches!(office.run("accessReport", Json::Null, json!({})), Err(Failed::Told(failure)) if failure["status"] == 500));
}
