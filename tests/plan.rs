//! Plans: what changes become, what is refused, what a file may hold, and what applying it does.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod people;

use people::{People, Person, about, grant, json_of, people, read, state, value};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use thousandeyes_admin::admin::{
    Change, Created, Decision, Ended, Key, Kind, RoleKey, StepResult, Summary, UserKey, Write, changes, make, needed, plan_to_text, sha256,
};
use thousandeyes_admin::error::Error;

fn grant_to(email: &str, role: &str, aid: &str) -> Json {
    let user = json!({ "email": email });
    if aid == "*" {
        json!({ "kind": "grant", "user": user, "role": { "name": role }, "allAccountGroups": true })
    } else {
        json!({ "kind": "grant", "user": user, "role": { "name": role }, "accountGroup": { "id": aid } })
    }
}

fn revoke_from(email: &str, role: &str, aid: &str) -> Json {
    let mut change = grant_to(email, role, aid);
    change["kind"] = json!("revoke");
    change
}

fn refused(result: Result<impl std::fmt::Debug, Error>) -> (String, String) {
    let error = result.unwrap_err();
    (error.path().unwrap_or_default().to_owned(), error.message.clone())
}

#[test]
fn changes_are_read_whatever_their_kind() {
    let list = json!([
        { "kind": "invite", "email": "new@example.com", "name": "New", "loginAccountGroup": { "name": "Ops" },
          "roles": [{ "role": { "name": "Regular User" }, "accountGroup": { "name": "Ops" } }] },
        { "kind": "grant", "user": { "uid": 2 }, "role": { "id": 30 }, "allAccountGroups": true },
        { "kind": "revoke", "user": { "email": "ada@example.com" }, "role": { "id": "30" }, "accountGroup": { "id": "5" } },
        { "kind": "update", "user": { "uid": "2" }, "name": "Ada L", "email": null },
        { "kind": "remove", "user": { "uid": "3" } },
    ]);
    let role = |role: Key, account_group: Option<Key>| RoleKey { role, account_group };
    let (name, id) = (|text: &str| Key::Name(text.to_owned()), |text: &str| Key::Id(text.to_owned()));
    let uid = |text: &str| UserKey::Uid(text.to_owned());
    assert_eq!(
        changes(&value(&list)).unwrap(),
        [
            Change::Invite {
                email: "new@example.com".to_owned(),
                name: Some("New".to_owned()),
                login_account_group: Some(name("Ops")),
                roles: vec![role(name("Regular User"), Some(name("Ops")))],
            },
            Change::Grant(uid("2"), role(id("30"), None)),
            Change::Revoke(UserKey::Email("ada@example.com".to_owned()), role(id("30"), Some(id("5")))),
            Change::Update { user: uid("2"), name: Some("Ada L".to_owned()), email: None, login_account_group: None },
            Change::Remove(uid("3")),
        ]
    );
}

#[test]
fn a_wrong_change_is_named_by_its_path() {
    let good = || grant_to("ada@example.com", "Regular User", "6");
    let with = |name: &str, item: Json| {
        let mut change = good();
        change[name] = item;
        change
    };
    for (change, path) in [
        (json!(1), "changes[1]"),
        (json!({}), "changes[1].kind"),
        (with("kind", json!("give")), "changes[1].kind"),
        (with("kind", json!("remove")), "changes[1].accountGroup"),
        (with("user", json!({})), "changes[1].user"),
        (with("user", json!({ "uid": "1", "email": "ada@example.com" })), "changes[1].user"),
        (with("user", json!({ "email": "ada" })), "changes[1].user.email"),
        (with("user", json!({ "name": "Ada" })), "changes[1].user.name"),
        (with("role", json!({ "name": " " })), "changes[1].role.name"),
        (with("role", json!({ "id": "" })), "changes[1].role.id"),
        (with("role", json!("Regular User")), "changes[1].role"),
        (with("allAccountGroups", json!(true)), "changes[1]"),
        (with("accountGroup", json!(null)), "changes[1]"),
        (json!({ "kind": "update", "user": { "uid": "2" } }), "changes[1]"),
        (json!({ "kind": "invite", "email": "x@example.com" }), "changes[1].roles"),
        (json!({ "kind": "invite", "email": "x@example.com", "roles": [{ "role": { "id": "1" } }] }), "changes[1].roles[0]"),
    ] {
        assert_eq!(refused(changes(&value(&json!([good(), change])))).0, path, "{change}");
    }
}

#[test]
fn what_is_not_there_or_not_clear_lists_the_candidates() {
    for (change, path, words) in [
        (grant_to("ada@example.com", "Regular", "6"), "changes[0].role.name", ["Regular User [30]", "Account Admin [31]"]),
        (grant_to("ada@example.com", "Twin", "6"), "changes[0].role.name", ["more than one", "Twin [34], Twin [35]"]),
        (grant_to("ada@example.com", "Odd", "99"), "changes[0].accountGroup.id", ["Ops [5]", "Lab [6]"]),
        (grant_to("nobody@example.com", "Odd", "5"), "changes[0].user.email", ["no user", "invite"]),
        (json!({ "kind": "remove", "user": { "uid": "99" } }), "changes[0].user.uid", ["no user", "uid"]),
    ] {
        let (at, message) = refused(people().plan(&json!([change])));
        assert_eq!(at, path);
        assert!(words.iter().all(|word| message.contains(word)), "{message}");
    }
}

#[test]
fn upper_and_lower_case_of_an_address_are_one_and_two_users_of_one_are_refused() {
    let plan = people().plan(&json!([grant_to("ADA@Example.com", "Odd", "6")])).unwrap();
    assert_eq!(plan.steps[0].user.uid.as_deref(), Some("2"));
    let mut people = people();
    people.users[3].state.email = Some("Ada@example.COM".to_owned());
    let (path, message) = refused(people.plan(&json!([grant_to("ada@example.com", "Odd", "6")])));
    assert_eq!(path, "changes[0].user.email");
    assert!(message.contains("Ada [2]") && message.contains("Linus [4]"), "{message}");
    let invited = json!([{ "kind": "invite", "email": "ada@example.com", "roles": [] }]);
    assert_eq!(refused(people.plan(&invited)).0, "changes[0].email");
}

#[test]
fn all_changes_to_one_user_are_one_step() {
    let plan = people()
        .plan(&json!([
            grant_to("ada@example.com", "Regular User", "6"),
            { "kind": "remove", "user": { "uid": "4" } },
            revoke_from("ada@example.com", "Account Admin", "6"),
            { "kind": "update", "user": { "uid": "2" }, "name": "Ada L", "loginAccountGroup": { "name": "Lab" } },
        ]))
        .unwrap();
    assert_eq!(plan.steps.len(), 2);
    let step = &plan.steps[0];
    assert_eq!((step.kind, step.id.as_str(), step.before.as_ref()), (Kind::Update, "1", people().user("2")));
    let mut after = state("Ada", &[("30", "5"), ("30", "6")]);
    (after.name, after.login_account_group_id) = (Some("Ada L".to_owned()), Some("6".to_owned()));
    assert_eq!(step.after, Some(after));
    assert_eq!((plan.steps[1].kind, plan.steps[1].after.as_ref()), (Kind::Remove, None));
}

#[test]
fn who_is_invited_can_be_given_more_in_the_same_plan() {
    let plan = people()
        .plan(&json!([
            grant_to("new@example.com", "Regular User", "6"),
            { "kind": "invite", "email": "New@example.com", "name": "New",
              "roles": [{ "role": { "name": "Regular User" }, "accountGroup": { "name": "Ops" } }] },
        ]))
        .unwrap();
    assert_eq!(plan.steps.len(), 1);
    let step = &plan.steps[0];
    assert_eq!((step.kind, step.user.email.as_deref(), step.before.as_ref()), (Kind::Invite, Some("New@example.com"), None));
    assert_eq!(step.after.as_ref().unwrap().grants, [grant("30", "5"), grant("30", "6")]);
}

#[test]
fn an_invitation_of_somebody_who_is_there_changes_nothing_and_says_what_differs() {
    let invited = json!({ "kind": "invite", "email": "Ada@example.com", "name": "Ada Lovelace",
        "roles": [{ "role": { "name": "Regular User" }, "allAccountGroups": true }] });
    let plan = people().plan(&json!([invited])).unwrap();
    assert_eq!(plan.steps, []);
    let text = plan.unchanged[0].warnings.join("\n");
    for words in ["changes nothing", "\"Ada Lovelace\"", "lacks the role Regular User [30] in all", "Account Admin [31] in Lab [6]"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    // What another change asks of the same user is done all the same.
    let plan = people().plan(&json!([invited, grant_to("ada@example.com", "Odd", "6")])).unwrap();
    assert_eq!(plan.steps[0].after, Some(state("Ada", &[("30", "5"), ("31", "6"), ("33", "6")])));
}

#[test]
fn changes_that_contradict_each_other_are_refused_with_both_places() {
    let update = |name: &str| json!({ "kind": "update", "user": { "uid": "2" }, "name": name });
    let remove = json!({ "kind": "remove", "user": { "uid": "2" } });
    let invite = |email: &str, name: &str| json!({ "kind": "invite", "email": email, "name": name, "roles": [] });
    let address = |uid: &str| json!({ "kind": "update", "user": { "uid": uid }, "email": "new@example.com" });
    for (one, other, path) in [
        (grant_to("ada@example.com", "Odd", "6"), revoke_from("ada@example.com", "Odd", "6"), "changes[2]"),
        (revoke_from("ada@example.com", "Odd", "*"), grant_to("ada@example.com", "Odd", "*"), "changes[2]"),
        (update("Ada L"), update("Ada M"), "changes[2].name"),
        (update("Ada L"), remove.clone(), "changes[2]"),
        (remove.clone(), update("Ada L"), "changes[2]"),
        (remove.clone(), grant_to("ada@example.com", "Odd", "6"), "changes[2]"),
        (remove.clone(), invite("ada@example.com", "Ada"), "changes[2]"),
        (invite("ada@example.com", "Ada"), remove.clone(), "changes[2]"),
        (invite("new@example.com", "A"), invite("NEW@example.com", "B"), "changes[2].name"),
    ] {
        let (at, message) = refused(people().plan(&json!([grant_to("linus@example.com", "Odd", "6"), one, other])));
        assert_eq!(at, path);
        assert!(message.contains("changes[1]"), "{message}");
    }
    for list in [json!([address("2"), address("3")]), json!([invite("new@example.com", "A"), address("3")])] {
        assert!(refused(people().plan(&list)).1.contains("same e-mail address"));
    }
    let taken = json!([{ "kind": "update", "user": { "uid": "2" }, "email": "Grace@example.com" }]);
    assert_eq!(refused(people().plan(&taken)).0, "changes[0].email");
    // Nobody is invited by an address that its user gives up.
    for list in [json!([address("2"), invite("ADA@example.com", "B")]), json!([invite("ada@example.com", "B"), address("2")])] {
        let (at, message) = refused(people().plan(&list));
        assert!(at.ends_with("].email") && message.contains("make two plans"), "{at} {message}");
    }
    // The same said twice is no contradiction.
    for twice in [update("Ada L"), remove, grant_to("ada@example.com", "Odd", "6"), invite("new@example.com", "A")] {
        assert_eq!(people().plan(&json!([twice, twice])).unwrap().steps.len(), 1, "{twice}");
    }
}

#[test]
fn what_needs_no_write_is_no_step_and_says_why() {
    let plan = people()
        .plan(&json!([
            grant_to("ada@example.com", "Regular User", "5"),
            { "kind": "revoke", "user": { "uid": "3" }, "role": { "id": "999" }, "accountGroup": { "id": "998" } },
            { "kind": "update", "user": { "uid": "4" }, "name": "Linus" },
        ]))
        .unwrap();
    assert_eq!(plan.steps, []);
    let texts: Vec<_> = plan.unchanged.iter().map(|unchanged| unchanged.warnings.join("")).collect();
    assert!(texts[0].contains("already") && texts[1].contains("does not have") && texts[2].contains("already"), "{texts:?}");
    assert_eq!(plan.header.applying.requests, 0);
}

#[test]
fn a_role_that_stays_everywhere_is_no_role_that_the_user_does_not_have() {
    let revoke = revoke_from("grace@example.com", "Regular User", "5");
    let everywhere = |kind: &str| json!({ "kind": kind, "user": { "uid": "3" }, "role": { "id": "30" }, "allAccountGroups": true });
    let warnings = |changes: Json| {
        let plan = people().plan(&changes).unwrap();
        let of_steps = plan.steps.iter().flat_map(|step| step.warnings.clone());
        of_steps.chain(plan.unchanged.iter().flat_map(|unchanged| unchanged.warnings.clone())).collect::<Vec<_>>().join(" ")
    };
    for stays in [json!([revoke]), json!([revoke, everywhere("grant")])] {
        assert!(warnings(stays).contains("has it in all account groups. Take it away there."));
    }
    assert!(warnings(json!([revoke, everywhere("revoke")])).contains("does not have the role"));
}

#[test]
fn each_user_concerned_is_read_once() {
    let list = json!([
        grant_to("ada@example.com", "Odd", "6"),
        { "kind": "invite", "email": "new@example.com", "roles": [] },
        { "kind": "invite", "email": "grace@example.com", "roles": [] },
        revoke_from("ada@example.com", "Regular User", "5"),
    ]);
    let changes = changes(&value(&list)).unwrap();
    assert_eq!(needed(&changes, &people().directory()).unwrap(), ["2", "3"]);
    let (path, message) = refused(make(&changes, &people().directory(), &[], about()));
    assert!(path == "changes[0]" && message.contains("deleted"), "{message}");
}

#[test]
fn a_plan_says_what_it_is_about_and_what_it_takes() {
    let plan = people().plan(&json!([grant_to("ada@example.com", "Odd", "*"), { "kind": "remove", "user": { "uid": "4" } }])).unwrap();
    let json = json_of(&plan);
    for (name, expected) in [
        ("version", json!(1)),
        ("planId", json!("0123456789abcdef")),
        ("created", json!("2026-11-26T10:00:00Z")),
        ("host", json!("https://api.thousandeyes.com/v7")),
        ("orgIds", json!(["1"])),
        ("actor", json!("owner@example.com")),
        ("reason", json!("TICKET-1")),
        ("cost", json!({ "planning": { "requests": 7, "seconds": 2 }, "applying": { "requests": 7, "seconds": 2 } })),
        (
            "names",
            json!({
                "roles": [{ "id": "30", "name": "Regular User" }, { "id": "31", "name": "Account Admin" }, { "id": "33", "name": "Odd" }],
                "accountGroups": [{ "id": "5", "name": "Ops" }, { "id": "6", "name": "Lab" }],
            }),
        ),
    ] {
        assert_eq!(json[name], expected, "{name}");
    }
    assert_eq!(
        json["steps"][0]["after"],
        json!({
            "name": "Ada", "email": "ada@example.com", "loginAccountGroupId": "5",
            "accountGroupRoles": [{ "accountGroupId": "5", "roleIds": ["30"] }, { "accountGroupId": "6", "roleIds": ["31"] }],
            "allAccountGroupRoleIds": ["33"],
        })
    );
    assert_eq!(json["steps"][1]["after"], json!(null));
    assert_eq!(json["steps"][0]["blocked"][0]["guard"], "guard-unknown");
    assert!(json["steps"][0]["warnings"][0].as_str().unwrap().contains("created later"));
    assert!(json["steps"][1]["warnings"][0].as_str().unwrap().contains("cannot be restored"));
}

#[test]
fn a_plan_is_for_one_host_and_one_organisation() {
    let plan = people().plan(&json!([])).unwrap();
    let (host, org_ids) = ("https://api.thousandeyes.com/v7", ["1".to_owned()]);
    plan.check_host(host).unwrap();
    plan.check_organisations(&org_ids).unwrap();
    assert_eq!(refused(plan.check_host("https://elsewhere.example")).0, "plan.host");
    assert_eq!(refused(plan.check_organisations(&["2".to_owned()])).0, "plan.orgIds");
    let directory = people().directory();
    assert_eq!(directory.organisations(None), ["1"]);
    assert_eq!(directory.organisations(Some("7")), ["2"]);
    // Of an account group that is not seen, the organisation is not known.
    assert_eq!(directory.organisations(Some("8")), ["1", "2"]);
}

/// A plan with a step of each kind, as JSON.
fn whole() -> Json {
    json_of(
        &people()
            .plan(&json!([
                { "kind": "invite", "email": "new@example.com", "name": "New",
                  "roles": [{ "role": { "name": "Account Admin" }, "allAccountGroups": true }] },
                { "kind": "update", "user": { "uid": "2" }, "name": "Ada L", "email": "ada.l@example.com" },
                { "kind": "remove", "user": { "uid": "4" } },
                { "kind": "invite", "email": "grace@example.com", "roles": [] },
            ]))
            .unwrap(),
    )
}

#[test]
fn a_plan_comes_back_from_its_json_as_it_was() {
    let plan = whole();
    let read = read(&plan).unwrap();
    assert_eq!(json_of(&read), plan);
    assert_eq!(read.digest().len(), 64);
    let mut other = read.clone();
    other.steps[0].after.as_mut().unwrap().grants.clear();
    assert_ne!(other.digest(), read.digest());
}

#[test]
fn a_digest_is_the_sha_256_of_the_json_without_spaces() {
    // Calculated by `sha256sum` over the JSON of a plan without steps.
    let plan = people().plan(&json!([])).unwrap();
    assert_eq!(plan.digest(), "681944ecb937e392bd8744e5eb9c0f0905dbdb76475b23582f146d5ed1c5ff12");
}

#[test]
fn a_plan_is_read_as_what_a_stranger_hands_in() {
    let mut long = vec![json!({ "id": "1", "name": "x" }); 10_001];
    long[0]["id"] = json!("0");
    for (place, item, path) in [
        ("/version", json!(2), "plan.version"),
        ("/planId", json!("../../etc"), "plan.planId"),
        ("/planId", json!("abc"), "plan.planId"),
        ("/created", json!("yesterday"), "plan.created"),
        ("/host", json!(1), "plan.host"),
        ("/orgIds", json!("1"), "plan.orgIds"),
        ("/names/roles", json!(long), "plan.names.roles"),
        ("/cost/planning/requests", json!(-1), "plan.cost.planning.requests"),
        ("/steps", json!({}), "plan.steps"),
        ("/steps/0/kind", json!("raw"), "plan.steps[0].kind"),
        ("/steps/0/kind", json!("update"), "plan.steps[0].kind"),
        ("/steps/0/before", whole()["steps"][1]["before"].clone(), "plan.steps[0].kind"),
        ("/steps/0/user/email", json!("else@example.com"), "plan.steps[0].kind"),
        ("/steps/0/after/email", json!("no address"), "plan.steps[0].kind"),
        ("/steps/1/before/email", json!("else@example.com"), "plan.steps[1].kind"),
        ("/steps/1/after", whole()["steps"][1]["before"].clone(), "plan.steps[1].after"),
        ("/steps/1/after", json!(null), "plan.steps[1].kind"),
        ("/steps/1/after/email", json!("no address"), "plan.steps[1].after.email"),
        ("/steps/1/after/name", json!(null), "plan.steps[1].after.name"),
        ("/steps/1/after/accountGroupRoles/0/roleIds/0", json!("a\u{200b}"), "plan.steps[1].after.accountGroupRoles[0].roleIds[0]"),
        ("/steps/1/after/accountGroupRoles/0/roleIds", json!("30"), "plan.steps[1].after.accountGroupRoles[0].roleIds"),
        ("/steps/1/after/name", json!("x".repeat(5000)), "plan.steps[1].after.name"),
        ("/steps/1/user/uid", json!("4"), "plan.steps[2].user.uid"),
        ("/steps/1/id", json!("1"), "plan.steps[1].id"),
        ("/steps/2/after", whole()["steps"][2]["before"].clone(), "plan.steps[2].kind"),
        ("/steps/0/blocked/0/guard", json!("none"), "plan.steps[0].blocked[0].guard"),
        ("/unchanged/0/warnings", json!([1]), "plan.unchanged[0].warnings[0]"),
    ] {
        let mut plan = whole();
        *plan.pointer_mut(place).unwrap_or_else(|| panic!("{place}")) = item.clone();
        assert_eq!(refused(read(&plan)).0, path, "{place} {item:.60}");
    }
    // What this release does not know is never skipped.
    for place in ["", "/cost", "/steps/0", "/steps/0/user", "/steps/0/after", "/steps/0/after/accountGroupRoles/0", "/unchanged/0"] {
        let mut plan = whole();
        let step = plan["steps"][1].clone();
        plan["steps"][0]["after"]["accountGroupRoles"] = step["after"]["accountGroupRoles"].clone();
        plan.pointer_mut(place).unwrap()["request"] = json!({ "method": "DELETE" });
        assert!(refused(read(&plan)).0.ends_with(".request"), "{place}");
    }
    // Nobody is invited twice, and nobody who is in another step.
    let mut plan = whole();
    plan["steps"][0]["user"]["email"] = json!("ADA@example.com");
    plan["steps"][0]["after"]["email"] = json!("ADA@example.com");
    assert_eq!(refused(read(&plan)).0, "plan.steps[1].user.email");
}

#[test]
fn no_plan_of_any_shape_is_taken_by_mistake() {
    // Whatever is cut out of a plan that must be there is missed.
    let mut missed = 0;
    for place in ["", "/cost", "/names", "/steps/0", "/steps/1/after", "/steps/2/before", "/unchanged/0"] {
        let names: Vec<_> = whole().pointer(place).unwrap().as_object().unwrap().keys().cloned().collect();
        for name in
            names.iter().filter(|name| !["aid", "actor", "reason", "warnings", "blocked", "loginAccountGroupId"].contains(&name.as_str()))
        {
            let mut plan = whole();
            plan.pointer_mut(place).unwrap().as_object_mut().unwrap().remove(name);
            let is_read = read(&plan).is_ok();
            assert!(!is_read || place == "/steps/2/before" && name == "name", "{place} without {name}");
            missed += 1;
        }
    }
    assert!(missed > 25, "{missed}");
}

#[test]
fn people_read_names_first_and_see_what_blocks() {
    let mut plan = read(&whole()).unwrap();
    plan.steps[1].after.as_mut().unwrap().name = Some("A\u{1b}[2Jda\nBLOCKED\u{202e}".to_owned());
    plan.steps[1].after = plan.steps[1].after.take().map(|after| after.without(&grant("31", "6")).with(grant("30", "6")));
    let text = plan_to_text(&plan);
    for line in [
        "Plan 0123456789abcdef for https://api.thousandeyes.com/v7, made 2026-11-26T10:00:00Z",
        "Actor: owner@example.com",
        "Reason: TICKET-1",
        "To invite: 1, to change: 1, to delete: 1, of these blocked: 1",
        "1. Invite New <new@example.com>",
        "   + Account Admin [31] in all account groups",
        "2. Change Ada <ada@example.com> [2]",
        "   ~ name: Ada -> A\u{fffd}[2Jda\u{fffd}BLOCKED\u{fffd}",
        "   ~ e-mail address: ada@example.com -> ada.l@example.com",
        "   + Regular User [30] in Lab [6]",
        "   - Account Admin [31] in Lab [6]",
        "     Regular User [30] in Ops [5]",
        "3. Delete Linus <linus@example.com> [4]",
        "Nothing to do for:",
        "  Grace <grace@example.com> [3]",
    ] {
        assert!(text.lines().any(|present| present == line), "{line}\n{text}");
    }
    assert!(text.contains("   BLOCKED by management-everywhere: ") && text.contains("   ! The user must confirm"), "{text}");
}

#[test]
fn a_step_looks_first_and_writes_only_what_it_was_made_for() {
    let plan = read(&whole()).unwrap();
    let [invite, update, remove] = &plan.steps[..] else { panic!() };
    let (ada, linus) = (people().user("2").unwrap().clone(), people().user("4").unwrap().clone());
    let reached = update.after.clone().unwrap();
    let moved = ada.clone().with(grant("33", "6"));
    assert_eq!(update.decide(Some(&reached), false), Decision::Unchanged);
    assert_eq!(update.decide(Some(&moved), false), Decision::Conflict);
    assert_eq!(update.decide(None, false), Decision::Conflict);
    let Decision::Write(Write::Update(uid, request)) = update.decide(Some(&ada), false) else { panic!() };
    assert_eq!((uid.as_str(), json_of(&request)), ("2", json!({ "name": "Ada L", "email": "ada.l@example.com" })));
    assert_eq!(remove.decide(Some(&linus), false), Decision::Write(Write::Remove("4".to_owned())));
    assert_eq!(remove.decide(None, false), Decision::Unchanged);
    assert_eq!(remove.decide(Some(&moved), false), Decision::Conflict);
    let Decision::Write(Write::Create(request)) = invite.decide(None, false) else { panic!() };
    assert_eq!(
        json_of(&request),
        json!({ "name": "New", "email": "new@example.com", "accountGroupRoles": [], "allAccountGroupRoleIds": ["31"] })
    );
    let mut created = invite.after.clone().unwrap();
    created.login_account_group_id = Some("5".to_owned());
    assert_eq!(invite.decide(Some(&created), false), Decision::Unchanged);
    assert_eq!(invite.decide(Some(&created.without(&grant("31", "*"))), false), Decision::Conflict);
}

#[test]
fn after_a_write_of_which_nothing_is_known_reading_tells() {
    let plan = read(&whole()).unwrap();
    let [invite, update, remove] = &plan.steps[..] else { panic!() };
    let ada = people().user("2").unwrap().clone();
    assert_eq!(update.decide(update.after.as_ref(), true), Decision::Done(Created::No));
    assert!(matches!(update.decide(Some(&ada), true), Decision::Write(_)));
    assert_eq!(update.decide(Some(&ada.with(grant("33", "6"))), true), Decision::Conflict);
    assert_eq!(remove.decide(None, true), Decision::Done(Created::No));
    assert!(matches!(remove.decide(people().user("4"), true), Decision::Write(_)));
    // Who is there now is never invited again, whatever else the user is.
    assert_eq!(invite.decide(invite.after.as_ref(), true), Decision::Done(Created::Assumed));
    assert_eq!(invite.decide(people().user("3"), true), Decision::Done(Created::Assumed));
    assert!(matches!(invite.decide(None, true), Decision::Write(Write::Create(_))));
}

#[test]
fn the_case_of_an_address_is_no_change_unless_it_is_the_change() {
    let plan = people().plan(&json!([grant_to("ada@example.com", "Odd", "6")])).unwrap();
    let mut fresh = people().user("2").unwrap().clone();
    fresh.email = Some("ADA@example.com".to_owned());
    let Decision::Write(Write::Update(_, request)) = plan.steps[0].decide(Some(&fresh), false) else { panic!() };
    assert_eq!(json_of(&request).get("email"), None);
    let plan = people().plan(&json!([{ "kind": "update", "user": { "uid": "2" }, "email": "ADA@example.com" }])).unwrap();
    assert!(matches!(plan.steps[0].decide(people().user("2"), false), Decision::Write(_)));
    assert_eq!(plan.steps[0].decide(Some(&fresh), false), Decision::Unchanged);
}

#[test]
fn an_answer_with_other_roles_is_noticed() {
    let plan = people().plan(&json!([grant_to("ada@example.com", "Odd", "6")])).unwrap();
    let step = &plan.steps[0];
    assert_eq!(step.unexpected(step.after.as_ref().unwrap()), None);
    let got = state("Ada", &[("31", "6"), ("33", "6"), ("30", "*")]);
    let difference = step.unexpected(&got).unwrap();
    assert_eq!((difference.added, difference.removed), (vec![grant("30", "*")], vec![grant("30", "5")]));
}

#[test]
fn results_and_the_summary_say_how_it_went() {
    let plan = read(&whole()).unwrap();
    let mut summary = Summary::of(&plan.header.plan_id, 6);
    let ends = [
        Ended::Done(Created::Assumed),
        Ended::Unchanged,
        plan.steps[1].conflict(people().user("3")),
        Ended::Blocked(plan.steps[0].blocked.clone()),
        Ended::Unknown("No answer.".to_owned()),
    ];
    let results: Vec<_> = ends.iter().map(|ended| json_of(&StepResult::of(&plan.steps[1], ended.clone()))).collect();
    ends.iter().for_each(|ended| summary.add(ended));
    assert_eq!(
        json_of(&summary),
        json!({
            "planId": "0123456789abcdef", "steps": 6, "done": 1, "unchanged": 1, "conflicts": 1, "blocked": 1, "failed": 0,
            "unknown": 1, "notReached": 1, "complete": false, "stopped": false,
        })
    );
    assert_eq!((&results[0]["status"], &results[0]["created"]), (&json!("done"), &json!("assumed")));
    assert_eq!(results[1], json!({ "stepId": "2", "kind": "update", "user": whole()["steps"][1]["user"], "status": "unchanged" }));
    assert_eq!((&results[2]["base"], &results[2]["mine"]), (&whole()["steps"][1]["before"], &whole()["steps"][1]["after"]));
    assert_eq!(results[2]["theirs"]["email"], "grace@example.com");
    assert_eq!(results[3]["blocked"][0]["guard"], "management-everywhere");
    assert_eq!(results[4]["message"], "No answer.");
    let mut complete = Summary::of("x", 1);
    complete.add(&Ended::Unchanged);
    assert_eq!(json_of(&complete)["complete"], json!(true));
}

/// Any change, of a small organisation.
fn any_change() -> impl Strategy<Value = Json> {
    let user = prop_oneof![
        (1..6u32).prop_map(|uid| json!({ "uid": uid.to_string() })),
        prop_oneof![Just("ada"), Just("GRACE"), Just("new"), Just("newer")]
            .prop_map(|name| json!({ "email": format!("{name}@example.com") })),
    ];
    let role = (30..34u32, prop_oneof![Just("5"), Just("6"), Just("*")]).prop_map(|(role, aid)| {
        if aid == "*" {
            json!({ "role": { "id": role }, "allAccountGroups": true })
        } else {
            json!({ "role": { "id": role }, "accountGroup": { "id": aid } })
        }
    });
    let at = |kind: &'static str| {
        move |(user, mut role): (Json, Json)| {
            (role["kind"], role["user"]) = (json!(kind), user);
            role
        }
    };
    let invited = prop_oneof![Just("new@example.com"), Just("Newer@example.com"), Just("ada@example.com")];
    prop_oneof![
        4 => (user.clone(), role.clone()).prop_map(at("grant")),
        4 => (user.clone(), role.clone()).prop_map(at("revoke")),
        1 => user.clone().prop_map(|user| json!({ "kind": "remove", "user": user })),
        1 => (user, "[a-c]{1,2}").prop_map(|(user, name)| json!({ "kind": "update", "user": user, "name": name })),
        2 => (invited, prop::collection::vec(role, 0..3)).prop_map(|(email, roles)| json!({ "kind": "invite", "email": email, "roles": roles })),
    ]
}

/// A plan of those of the changes that do not contradict the ones before them.
pub fn plan_of(people: &People, wanted: &[Json]) -> (Vec<Json>, thousandeyes_admin::admin::Plan) {
    let mut taken: Vec<Json> = Vec::new();
    for change in wanted {
        taken.push(change.clone());
        if people.plan(&json!(taken)).is_err() {
            taken.pop();
        }
    }
    let plan = people.plan(&json!(taken)).unwrap();
    (taken, plan)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_digest_is_that_of_a_well_known_crate(text in ".{0,300}") {
        let expected: String = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        prop_assert_eq!(sha256(&text), expected);
    }

    #[test]
    fn applying_reaches_what_was_wanted_and_applying_twice_changes_nothing_more(wanted in prop::collection::vec(any_change(), 1..8)) {
        let mut there = people();
        let (taken, plan) = plan_of(&there, &wanted);
        prop_assert_eq!(json_of(&read(&json_of(&plan)).unwrap()), json_of(&plan));
        prop_assert!(there.apply(&plan).iter().all(|decision| matches!(decision, Decision::Write(_))));
        for step in &plan.steps {
            prop_assert!(step.is_reached(there.fresh(step)));
        }
        // Each single change holds now.
        for change in &taken {
            let found = match (change["user"]["uid"].as_str(), change["user"]["email"].as_str(), change["email"].as_str()) {
                (Some(uid), ..) => there.user(uid),
                (_, Some(email), _) | (_, _, Some(email)) => there.by_email(email).map(|Person { state, .. }| state),
                _ => None,
            };
            let aid = change["accountGroup"]["id"].as_str().unwrap_or("*").to_owned();
            let role = change["role"]["id"].to_string();
            let has = found.is_some_and(|state| state.has(&grant(&role, &aid)));
            match change["kind"].as_str().unwrap() {
                "grant" => prop_assert!(has),
                "revoke" => prop_assert!(!has),
                "remove" => prop_assert!(found.is_none()),
                "update" => prop_assert_eq!(found.unwrap().name.as_deref(), change["name"].as_str()),
                _ => prop_assert!(found.is_some()),
            }
        }
        let once = there.clone();
        prop_assert!(there.apply(&plan).iter().all(|decision| *decision == Decision::Unchanged));
        prop_assert_eq!(&there, &once);
        // Planned anew, there is nothing left to do, but for users who are gone.
        let kept: Vec<_> = taken.iter().filter(|change| change["kind"] != "remove").cloned().collect();
        prop_assert_eq!(there.plan(&json!(kept)).unwrap().steps, []);
    }

    #[test]
    fn whatever_somebody_else_changes_meanwhile_is_not_lost(wanted in prop::collection::vec(any_change(), 1..8), place in 0..5usize) {
        let mut there = people();
        let (_, plan) = plan_of(&there, &wanted);
        let uid = there.users[place].uid.clone();
        there.users[place].state = there.users[place].state.clone().with(grant("34", "6"));
        let theirs = there.users[place].state.clone();
        there.apply(&plan);
        prop_assert_eq!(there.user(&uid), Some(&theirs));
    }

    #[test]
    fn giving_a_role_and_taking_it_again_is_nothing_for_who_did_not_have_it(uid in 1..6u32, role in 30..34u32, aid in prop_oneof![Just("5"), Just("6"), Just("*")]) {
        let mut there = people();
        let place = if aid == "*" { json!({ "allAccountGroups": true }) } else { json!({ "accountGroup": { "id": aid } }) };
        let mut change = place;
        (change["kind"], change["user"], change["role"]) = (json!("grant"), json!({ "uid": uid }), json!({ "id": role }));
        prop_assume!(!there.user(&uid.to_string()).unwrap().has(&grant(&role.to_string(), aid)));
        there.apply(&there.plan(&json!([change])).unwrap());
        prop_assert_ne!(&there, &people());
        change["kind"] = json!("revoke");
        there.apply(&there.plan(&json!([change])).unwrap());
        prop_assert_eq!(&there, &people());
    }
}
