//! What must not be done by mistake, and by which name it is lifted.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod people;

use people::{People, grant, json_of, people, roles, state, value};
use serde_json::{Value as Json, json};
use thousandeyes_admin::admin::guards::GUARDS;
use thousandeyes_admin::admin::{Knowledge, KnownRole, Limits, Subject, UserState, known_roles};
use thousandeyes_admin::error::Error;
use thousandeyes_admin::input::any_object;
use thousandeyes_admin::models::{AccountGroupDetail, FromValue, Roles, UserDetail};
use thousandeyes_admin::path::Path;

/// The guards that speak against a change of a user; none for `after` stands for deleting it.
fn blocked(knowledge: &Knowledge, uid: &str, before: Option<&UserState>, after: Option<&UserState>) -> Vec<&'static str> {
    judge(knowledge, uid, before, after, &Limits::default(), 1)
}

fn judge(
    knowledge: &Knowledge,
    uid: &str,
    before: Option<&UserState>,
    after: Option<&UserState>,
    limits: &Limits,
    removals: u32,
) -> Vec<&'static str> {
    let email = after.or(before).and_then(|state| state.email.as_deref());
    let subject = Subject { uid: Some(uid), email, before, after };
    let guards = knowledge.judge(&subject, limits, removals);
    assert!(guards.iter().all(|guard| guard.message.ends_with('.')), "{guards:?}");
    guards.into_iter().map(|guard| guard.guard).collect()
}

/// The guards that speak against a change of somebody of the organisation.
fn of_user(people: &People, knowledge: &Knowledge, uid: &str, change: impl FnOnce(UserState) -> UserState) -> Vec<&'static str> {
    let before = people.user(uid).unwrap();
    blocked(knowledge, uid, Some(before), Some(&change(before.clone())))
}

fn owner(json: &Json) -> UserDetail {
    UserDetail::from_value(&Path::Argument("user"), &value(json)).unwrap()
}

fn all_roles() -> Vec<KnownRole> {
    known_roles(Roles::from_value(&Path::Argument("roles"), &value(&roles())).unwrap())
}

fn acting(actor: &str) -> Knowledge {
    let mut knowledge = Knowledge::of(&people().detail("1"), &all_roles(), Some(actor));
    knowledge.note("5", people().user("5"));
    knowledge.admins_are_all();
    knowledge
}

#[test]
fn nobody_deletes_oneself() {
    let (people, knowledge) = (people(), people().knowledge());
    assert_eq!(blocked(&knowledge, "1", people.user("1"), None), ["self-removal"]);
    assert_eq!(blocked(&knowledge, "2", people.user("2"), None), [""; 0]);
    for actor in ["2", "ADA@example.com"] {
        assert_eq!(blocked(&acting(actor), "2", people.user("2"), None), ["self-removal"], "{actor}");
        assert_eq!(blocked(&acting(actor), "1", people.user("1"), None), ["self-removal"], "the owner, too");
    }
    // By the address, if the API tells no uid.
    let by_address = Knowledge::of(&owner(&json!({ "email": "ada@example.com" })), &all_roles(), None);
    assert_eq!(blocked(&by_address, "2", people.user("2"), None), ["self-removal"]);
    // The address that a user has, not only the one that it shall have.
    let renamed = |mut state: UserState| {
        state.email = Some("other@example.com".to_owned());
        state
    };
    assert_eq!(of_user(&people, &acting("ada@example.com"), "2", renamed), ["self-lockout"]);
}

#[test]
fn where_the_api_does_not_tell_who_owns_the_token_anybody_may_be_it() {
    let knowledge = Knowledge::of(&owner(&json!({})), &all_roles(), None);
    assert_eq!(blocked(&knowledge, "2", people().user("2"), None), ["guard-unknown"]);
    assert_eq!(blocked(&knowledge, "", None, Some(&state("New", &[]))), [""; 0]);
}

#[test]
fn nobody_locks_oneself_out() {
    let (people, knowledge) = (people(), acting("2"));
    let email = |mut state: UserState| {
        state.email = Some("new@example.com".to_owned());
        state
    };
    assert_eq!(of_user(&people, &knowledge, "2", email), ["self-lockout"]);
    assert_eq!(of_user(&people, &knowledge, "1", email), ["self-lockout"]);
    assert_eq!(of_user(&people, &knowledge, "3", email), [""; 0]);
    let name = |mut state: UserState| {
        state.name = Some("Ada L".to_owned());
        state
    };
    assert_eq!(of_user(&people, &knowledge, "2", name), [""; 0]);
    assert_eq!(of_user(&people, &knowledge, "2", |state| state.without(&grant("31", "6"))), ["self-lockout"]);
    assert_eq!(of_user(&people, &knowledge, "2", |state| state.without(&grant("30", "5"))), [""; 0]);
    // The last role of all, whatever it is.
    assert_eq!(of_user(&people, &acting("3"), "3", |state| state.without(&grant("30", "*"))), ["self-lockout"]);
    // A role of which nobody knows what it can do.
    let mut odd = people.clone();
    odd.users[1].state = state("Ada", &[("30", "5"), ("33", "5")]);
    assert_eq!(of_user(&odd, &knowledge, "2", |state| state.without(&grant("33", "5"))), ["guard-unknown"]);
    // What holds in all account groups is not lost.
    odd.users[1].state = state("Ada", &[("31", "*"), ("31", "6")]);
    assert_eq!(of_user(&odd, &knowledge, "2", |state| state.without(&grant("31", "6"))), ["still-effective"]);
}

#[test]
fn an_administrator_of_the_organisation_stays() {
    let people = people();
    let step_down = |knowledge: &Knowledge| of_user(&people, knowledge, "5", |state| state.without(&grant("32", "5")));
    let subject = Subject { uid: Some("5"), email: None, before: people.user("5"), after: None };
    // The token's owner is another one: nobody has to be asked.
    let knowledge = Knowledge::of(&people.detail("1"), &all_roles(), None);
    assert!(!knowledge.needs_members(&subject));
    assert_eq!(step_down(&knowledge), [""; 0]);
    // The owner is none: members tell.
    let mut knowledge = Knowledge::of(&people.detail("3"), &all_roles(), None);
    assert!(knowledge.needs_members(&subject));
    assert_eq!(step_down(&knowledge), ["guard-unknown"]);
    assert_eq!(blocked(&knowledge, "5", people.user("5"), None), ["guard-unknown"]);
    let group = |members: Json| AccountGroupDetail::from_value(&Path::Argument("group"), &value(&json!({ "users": members }))).unwrap();
    // Of one of them the roles are not known.
    assert!(!knowledge.add_members(&group(json!([
        { "uid": "5", "roles": [{ "roleId": "32" }] },
        { "uid": "2", "roles": [{ "roleId": "31" }] },
        { "uid": "4" },
    ]))));
    assert!(knowledge.needs_members(&subject));
    let mut last = knowledge.clone();
    last.admins_are_all();
    assert!(!last.needs_members(&subject));
    assert_eq!(step_down(&last), ["last-organization-admin"]);
    assert!(knowledge.add_members(&group(json!([{ "uid": "8", "roles": [{ "roleId": "30" }, { "roleId": "32" }] }]))));
    assert!(!knowledge.needs_members(&subject));
    assert_eq!(step_down(&knowledge), [""; 0]);
    // What was done meanwhile counts.
    knowledge.note("8", None);
    assert!(knowledge.needs_members(&subject));
    // Whoever stays one in another place, or never was one, needs nobody.
    assert_eq!(of_user(&people, &last, "5", |state| state.with(grant("32", "6")).without(&grant("32", "5"))), [""; 0]);
    assert_eq!(of_user(&people, &last, "2", |state| state.without(&grant("31", "6"))), [""; 0]);
}

#[test]
fn without_the_built_in_role_nobody_knows_who_is_an_administrator() {
    let people = people();
    let mut roles = all_roles();
    roles[2].is_builtin = Some(false);
    let knowledge = Knowledge::of(&people.detail("1"), &roles, None);
    assert_eq!(of_user(&people, &knowledge, "2", |state| state.without(&grant("31", "6"))), ["guard-unknown"]);
    assert_eq!(of_user(&people, &knowledge, "2", |state| state.without(&grant("30", "5"))), [""; 0]);
    assert_eq!(blocked(&knowledge, "4", people.user("4"), None), [""; 0]);
}

#[test]
fn a_role_with_management_permissions_is_not_given_everywhere_by_mistake() {
    let (people, knowledge) = (people(), people().knowledge());
    assert_eq!(of_user(&people, &knowledge, "4", |state| state.with(grant("31", "*"))), ["management-everywhere"]);
    assert_eq!(of_user(&people, &knowledge, "4", |state| state.with(grant("33", "*"))), ["guard-unknown"]);
    assert_eq!(of_user(&people, &knowledge, "4", |state| state.with(grant("30", "*"))), [""; 0]);
    assert_eq!(of_user(&people, &knowledge, "4", |state| state.with(grant("31", "6"))), [""; 0]);
    assert_eq!(blocked(&knowledge, "", None, Some(&state("New", &[("31", "*")]))), ["management-everywhere"]);
    // Who has it already, keeps it.
    let mut manager = people.clone();
    manager.users[3].state = state("Linus", &[("31", "*")]);
    assert_eq!(of_user(&manager, &knowledge, "4", |state| state.with(grant("30", "*"))), [""; 0]);
}

#[test]
fn roles_everywhere_do_not_stand_beside_roles_in_single_account_groups() {
    let (people, knowledge) = (people(), people().knowledge());
    assert_eq!(of_user(&people, &knowledge, "2", |state| state.with(grant("30", "*"))), ["everywhere-beside-account-groups"]);
    assert_eq!(of_user(&people, &knowledge, "3", |state| state.with(grant("30", "5"))), ["everywhere-beside-account-groups"]);
    let both = state("New", &[("30", "*"), ("30", "5")]);
    assert_eq!(blocked(&knowledge, "", None, Some(&both)), ["everywhere-beside-account-groups"]);
    // Who has both already, is not hindered.
    assert_eq!(blocked(&knowledge, "4", Some(&both), Some(&both.clone().with(grant("30", "6")))), [""; 0]);
}

#[test]
fn a_role_that_is_taken_away_is_not_effective_any_more() {
    let knowledge = people().knowledge();
    let both = state("Linus", &[("30", "*"), ("30", "5")]);
    let judged = |after: UserState| blocked(&knowledge, "4", Some(&both), Some(&after));
    assert_eq!(judged(both.clone().without(&grant("30", "5"))), ["still-effective"]);
    assert_eq!(judged(both.clone().without(&grant("30", "5")).without(&grant("30", "*"))), [""; 0]);
    assert_eq!(judged(both.clone().without(&grant("30", "*"))), [""; 0]);
}

#[test]
fn removals_are_counted() {
    let (people, knowledge) = (people(), people().knowledge());
    let less = people.user("2").unwrap().clone().without(&grant("30", "5"));
    let (ada, more) = (people.user("2"), people.user("4").unwrap().clone().with(grant("30", "5")));
    let limits = Limits { max_removals: 2, ..Limits::default() };
    for (after, removals, expected) in
        [(None, 2, &[][..]), (None, 3, &["max-removals"][..]), (Some(&less), 3, &["max-removals"]), (Some(&less), 2, &[])]
    {
        assert_eq!(judge(&knowledge, "2", ada, after, &limits, removals), expected);
    }
    assert_eq!(judge(&knowledge, "4", people.user("4"), Some(&more), &limits, 3), [""; 0]);
    assert_eq!(judge(&knowledge, "2", ada, None, &Limits::default(), 10), [""; 0]);
    assert_eq!(judge(&knowledge, "2", ada, None, &Limits::default(), 11), ["max-removals"]);
}

#[test]
fn each_guard_is_lifted_by_its_name_alone() {
    let both = state("Owner", &[("30", "*"), ("30", "5"), ("32", "5"), ("33", "6")]);
    let mut knowledge = people().knowledge();
    knowledge.note("5", None);
    let mut after = both.clone().without(&grant("30", "5")).without(&grant("32", "5")).without(&grant("33", "6")).with(grant("31", "*"));
    after = after.with(grant("34", "7"));
    let cases = [(Some(&both), Some(&after)), (Some(&both), None), (None, Some(&both))];
    let judged = |limits: &Limits| -> Vec<&str> {
        cases.iter().flat_map(|(before, after)| judge(&knowledge, "1", *before, *after, limits, 11)).collect()
    };
    let all = judged(&Limits::default());
    for guard in GUARDS {
        // Guards of oneself do not hold for who is created, and one user cannot meet two of them.
        assert!(all.contains(&guard), "{guard}: {all:?}");
        let limits = limits(&Path::Argument("options"), &json!({ "allow": [guard] })).unwrap();
        let expected: Vec<_> = all.iter().copied().filter(|name| *name != guard).collect();
        assert_eq!(judged(&limits), expected);
    }
}

fn limits(path: &Path<'_>, options: &Json) -> Result<Limits, Error> {
    Limits::read(path, any_object(path, &value(options)).unwrap())
}

#[test]
fn options_that_lift_nothing_known_are_refused() {
    let path = Path::Argument("options");
    for (options, place) in [
        (json!({ "allow": ["self-remove"] }), "options.allow[0]"),
        (json!({ "allow": "self-removal" }), "options.allow"),
        (json!({ "maxRemovals": -1 }), "options.maxRemovals"),
        (json!({ "maxRemovals": "all" }), "options.maxRemovals"),
    ] {
        let error = limits(&path, &options).unwrap_err();
        assert_eq!(error.path(), Some(place));
    }
    assert_eq!(limits(&path, &json!({ "signal": 1 })).unwrap(), Limits::default());
    assert_eq!(Limits::default().max_removals, 10);
}

#[test]
fn a_plan_is_judged_as_if_its_steps_followed_one_another() {
    let remove = |uid: &str| json!({ "kind": "remove", "user": { "uid": uid } });
    let guards = |plan: &thousandeyes_admin::admin::Plan| -> Vec<Vec<&str>> {
        plan.steps.iter().map(|step| step.blocked.iter().map(|blocked| blocked.guard).collect()).collect()
    };
    let mut people = people();
    people.users[0].state = state("Owner", &[("30", "5")]);
    people.users[3].state = state("Linus", &[("32", "5")]);
    // The second of two administrators is the last one.
    let plan = people.plan(&json!([remove("4"), remove("5")])).unwrap();
    assert_eq!(guards(&plan), [vec![], vec!["last-organization-admin"]]);
    // Unless somebody becomes one before.
    let made =
        json!({ "kind": "invite", "email": "new@example.com", "roles": [{ "role": { "id": "32" }, "accountGroup": { "id": "5" } }] });
    let plan = people.plan(&json!([made, remove("4"), remove("5")])).unwrap();
    assert_eq!(guards(&plan), [vec![""; 0], vec![], vec![]]);
    // Whoever deletes too many, deletes none.
    let mut plan = people.plan(&json!([remove("2"), remove("3")])).unwrap();
    plan.judge(&people.knowledge(), &Limits { max_removals: 1, ..Limits::default() });
    assert_eq!(guards(&plan), [vec!["max-removals"], vec!["max-removals"]]);
    assert!(json_of(&plan)["steps"][0]["blocked"][0]["message"].as_str().unwrap().contains("2 users"));
    // Members are needed only while no other administrator is known.
    let unknown = Knowledge::of(&people.detail("1"), &all_roles(), None);
    assert!(!people.plan(&json!([remove("2")])).unwrap().needs_members(&unknown));
    assert!(people.plan(&json!([remove("2"), remove("5")])).unwrap().needs_members(&unknown));
}
