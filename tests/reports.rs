//! Reports: each row is true, nobody is lost, and no scope is told that is not known.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod given;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use given::given;
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use thousandeyes_admin::admin::{AccessReport, csv_cell, inactive_users, to_csv};
use thousandeyes_admin::date::seconds;
use thousandeyes_admin::error::Error;
use thousandeyes_admin::input;
use thousandeyes_admin::models::{AccountGroupDetail, AccountGroupInfo, Role, Roles, UserAccountGroup, UserDetail, Users};

fn read<T: serde::de::DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).unwrap()
}

fn settings() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

// The access report.

/// Users 9 and 10, and the roles 30 (of administrators) and 31.
fn report() -> AccessReport {
    let users = json!({ "users": [
        { "uid": "10", "name": "Grace", "email": "grace@example.com", "lastLogin": "2026-01-31T12:00:00Z" },
        { "uid": "9", "name": "Ada", "email": "ada@example.com" },
    ] });
    let roles = json!({ "roles": [
        { "roleId": "30", "name": "Organization Admin", "hasManagementPermissions": true },
        { "roleId": "31", "name": "Regular User", "hasManagementPermissions": false },
    ] });
    AccessReport::new(read::<Users>(users), &read::<Roles>(roles))
}

fn member(uid: &str, roles: &[&str]) -> Value {
    json!({ "uid": uid, "roles": roles.iter().map(|role| json!({ "roleId": role })).collect::<Vec<_>>() })
}

fn info(aid: &str, organization: &str) -> AccountGroupInfo {
    read(json!({ "aid": aid, "accountGroupName": format!("Group {aid}"), "orgId": organization }))
}

fn add(report: &mut AccessReport, aid: &str, members: Value) {
    report.account_group(&info(aid, "1"), Ok(read::<AccountGroupDetail>(json!({ "users": members }))));
}

fn written(report: &AccessReport) -> Value {
    serde_json::from_str(&report.json()).unwrap()
}

/// Each row in short.
fn short(report: &AccessReport) -> Vec<String> {
    let rows = written(report)["rows"].as_array().unwrap().clone();
    let name = |row: &Value, property: &str| row[property].as_str().unwrap_or("none").to_owned();
    rows.iter().map(|row| ["uid", "roleId", "aid", "scope"].map(|property| name(row, property)).join(" ")).collect()
}

#[test]
fn a_row_tells_all_of_a_user_an_account_group_and_a_role() {
    let mut report = report();
    add(&mut report, "5", json!([member("10", &["30"])]));
    assert_eq!(
        written(&report),
        json!({
            "rows": [
                {
                    "uid": "9", "name": "Ada", "email": "ada@example.com", "lastLogin": null, "aid": null, "accountGroupName": null,
                    "roleId": null, "roleName": null, "scope": null, "hasManagementPermissions": null,
                },
                {
                    "uid": "10", "name": "Grace", "email": "grace@example.com", "lastLogin": "2026-01-31T12:00:00Z", "aid": "5",
                    "accountGroupName": "Group 5", "roleId": "30", "roleName": "Organization Admin", "scope": "unknown",
                    "hasManagementPermissions": true,
                },
            ],
            "complete": true,
            "missingAccountGroups": [],
        })
    );
}

#[test]
fn a_role_that_is_missing_elsewhere_is_that_of_the_account_group() {
    let mut report = report();
    add(&mut report, "5", json!([member("9", &["30", "31"]), member("10", &["31"])]));
    add(&mut report, "6", json!([member("9", &["31"])]));
    assert_eq!(short(&report), ["9 30 5 accountGroup", "9 31 5 unknown", "9 31 6 unknown", "10 31 5 accountGroup"]);
}

#[test]
fn one_account_group_proves_nothing() {
    let mut report = report();
    add(&mut report, "5", json!([member("9", &["30"])]));
    // The same one again is no other one.
    add(&mut report, "5", json!([]));
    assert_eq!(short(&report), ["9 30 5 unknown", "10 none none none"]);
}

#[test]
fn an_account_group_of_another_organization_proves_nothing() {
    let mut report = report();
    add(&mut report, "5", json!([member("9", &["30"])]));
    report.account_group(&info("6", "2"), Ok(read(json!({ "users": [] }))));
    let nameless = read::<AccountGroupInfo>(json!({ "aid": "7" }));
    report.account_group(&nameless, Ok(read(json!({ "users": [member("10", &["31"])] }))));
    report.account_group(&read(json!({ "aid": "8" })), Ok(read(json!({ "users": [] }))));
    assert_eq!(short(&report), ["9 30 5 unknown", "10 31 7 unknown"]);
}

#[test]
fn an_account_group_that_was_not_read_whole_is_named_and_proves_nothing() {
    for (read_or_not, reason) in [
        (Err("HTTP 403".to_owned()), "HTTP 403"),
        (Ok(json!({})), "does not list the members"),
        (Ok(json!({ "users": [{ "roles": [] }] })), "the ids of all members"),
        (Ok(json!({ "users": [{ "uid": "10" }] })), "all their roles"),
        (Ok(json!({ "users": [{ "uid": "10", "roles": [{ "name": "Regular User" }] }] })), "all their roles"),
    ] {
        let mut report = report();
        report.account_group(&info("6", "1"), read_or_not.map(read::<AccountGroupDetail>));
        add(&mut report, "5", json!([member("9", &["30"])]));
        assert!(short(&report).contains(&"9 30 5 unknown".to_owned()), "{reason}");
        let written = written(&report);
        assert_eq!(written["complete"], json!(false), "{reason}");
        assert!(!report.is_complete());
        let missing = &written["missingAccountGroups"];
        assert_eq!(
            (missing.as_array().unwrap().len(), &missing[0]["aid"], &missing[0]["accountGroupName"]),
            (1, &json!("6"), &json!("Group 6"))
        );
        assert!(missing[0]["reason"].as_str().unwrap().contains(reason), "{missing}");
    }
}

#[test]
fn what_was_read_of_an_account_group_in_part_is_in_the_rows() {
    let mut report = report();
    let members = json!([
        { "uid": "9" },
        { "uid": "10", "roles": [{ "name": "One" }, { "name": "Two" }, { "roleId": "31" }] },
        { "name": "Nobody", "roles": [{ "roleId": "30" }] },
        { "name": "Nobody else", "roles": [{ "roleId": "30" }] },
    ]);
    add(&mut report, "5", members);
    add(&mut report, "6", json!([]));
    let nobody = "none 30 5 accountGroup";
    assert_eq!(short(&report), [nobody, nobody, "9 none 5 unknown", "10 31 5 accountGroup", "10 none 5 unknown", "10 none 5 unknown"]);
}

#[test]
fn a_member_without_roles_and_a_stranger_have_rows() {
    let mut report = report();
    add(&mut report, "5", json!([member("9", &[]), { "uid": "7", "name": "Linus", "roles": [{ "roleId": "99" }] }]));
    add(&mut report, "6", json!([member("7", &["99"]), member("8", &["31"])]));
    assert_eq!(short(&report), ["7 99 5 unknown", "7 99 6 unknown", "8 31 6 accountGroup", "9 none 5 none", "10 none none none"]);
    assert_eq!(written(&report)["rows"][0]["name"], json!("Linus"));
}

#[test]
fn who_is_listed_twice_is_one() {
    let users = json!({ "users": [{ "uid": "9" }, { "uid": "9" }, { "name": "A" }, { "name": "B" }] });
    let mut report = AccessReport::new(read(users), &read(json!({ "roles": [] })));
    add(&mut report, "5", json!([member("8", &["30"]), member("8", &["30", "31"]), member("9", &["30"])]));
    // Of those without an id nobody knows whether they are one.
    let nobody = "none none none none";
    assert_eq!(short(&report), [nobody, nobody, "8 30 5 unknown", "8 31 5 unknown", "9 30 5 unknown"]);
}

#[test]
fn a_role_manages_if_any_answer_says_so() {
    let mut report = report();
    let role = |id: &str, manages: Value| json!({ "roleId": id, "name": "R", "hasManagementPermissions": manages });
    let roles = json!([role("31", json!(true)), role("40", json!(false)), role("41", Value::Null), role("30", json!(false))]);
    add(&mut report, "5", json!([{ "uid": "9", "roles": roles }]));
    let rows = written(&report)["rows"].clone();
    let flags: Vec<_> = (0..4).map(|row| (rows[row]["roleId"].as_str().unwrap(), &rows[row]["hasManagementPermissions"])).collect();
    assert_eq!(flags, [("30", &json!(true)), ("31", &json!(true)), ("40", &json!(false)), ("41", &Value::Null)]);
}

#[test]
fn a_user_that_was_read_alone_tells_the_scopes() {
    let user: UserDetail = read(json!({
        "uid": "9",
        "accountGroupRoles": [{ "accountGroup": { "aid": "5" }, "roles": [{ "roleId": "31" }] }],
        "allAccountGroupRoles": [{ "roleId": "30" }],
    }));
    let whole = |others: &[(&str, &str)]| {
        let mut report = report();
        add(&mut report, "5", json!([member("9", &["30", "31", "32"])]));
        report.user(&user);
        for (aid, organization) in others {
            report.account_group(&info(aid, organization), Err("HTTP 403".to_owned()));
        }
        short(&report)[..3].to_vec()
    };
    assert_eq!(whole(&[]), ["9 30 5 everywhere", "9 31 5 accountGroup", "9 32 5 unknown"]);
    // Everywhere in which organisation?
    assert_eq!(whole(&[("6", "2")]), ["9 30 5 unknown", "9 31 5 accountGroup", "9 32 5 unknown"]);

    let mut unknown = report();
    add(&mut unknown, "5", json!([member("9", &["30"])]));
    unknown.user(&read(json!({ "uid": "9", "allAccountGroupRoles": [{ "roleId": "30" }] })));
    assert_eq!(short(&unknown)[0], "9 30 5 unknown");
}

/// Who truly has which role where; no account group stands for all those of the first organisation.
type Grants = BTreeSet<(usize, Option<usize>, usize)>;

const GROUPS: usize = 5;

fn organization_of(group: usize, groups_of_first: usize) -> usize {
    usize::from(group >= groups_of_first)
}

fn grants() -> impl Strategy<Value = Grants> {
    btree_set((0..6_usize, proptest::option::of(0..GROUPS), 0..3_usize), 0..20)
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn nobody_is_lost_and_every_row_and_scope_is_true(
        grants in grants(),
        groups_of_first in 1..=GROUPS,
        failed in btree_set(0..GROUPS, 0..3),
        listed in btree_set(0..6_usize, 0..6),
        alone in btree_set(0..6_usize, 0..2),
    ) {
        let effective = |user: usize, group: usize| -> BTreeSet<usize> {
            let is_first = organization_of(group, groups_of_first) == 0;
            let holds = |place: &Option<usize>| *place == Some(group) || place.is_none() && is_first;
            grants.iter().filter(|(who, place, _)| *who == user && holds(place)).map(|(_, _, role)| *role).collect()
        };
        let users: Vec<_> = listed.iter().map(|user| json!({ "uid": user.to_string() })).collect();
        let mut report = AccessReport::new(read(json!({ "users": users })), &read(json!({ "roles": [] })));
        let mut expected = BTreeSet::new();
        for group in 0..GROUPS {
            let info = info(&group.to_string(), &organization_of(group, groups_of_first).to_string());
            if failed.contains(&group) {
                report.account_group(&info, Err("HTTP 403".to_owned()));
                continue;
            }
            let mut members = Vec::new();
            for user in (0..6).rev() {
                let roles = effective(user, group);
                expected.extend(roles.iter().map(|role| (user, *role, group)));
                if !roles.is_empty() {
                    let roles: Vec<_> = roles.iter().map(|role| json!({ "roleId": role.to_string() })).collect();
                    members.push(json!({ "uid": user.to_string(), "roles": roles }));
                }
            }
            report.account_group(&info, Ok(read(json!({ "users": members }))));
        }
        for user in &alone {
            let role = |role: &usize| json!({ "roleId": role.to_string() });
            let own: Vec<_> = grants.iter().filter(|(who, ..)| who == user).collect();
            let per_group: Vec<_> = own.iter().filter_map(|(_, place, id)| {
                place.map(|group| json!({ "accountGroup": { "aid": group.to_string() }, "roles": [role(id)] }))
            }).collect();
            let everywhere: Vec<_> = own.iter().filter(|(_, place, _)| place.is_none()).map(|(_, _, id)| role(id)).collect();
            report.user(&read(json!({ "uid": user.to_string(), "accountGroupRoles": per_group, "allAccountGroupRoles": everywhere })));
        }
        prop_assert_eq!(report.is_complete(), failed.is_empty());

        let written = written(&report);
        let mut told = BTreeSet::new();
        let mut people = BTreeSet::new();
        for row in written["rows"].as_array().unwrap() {
            let number = |property: &str| row[property].as_str().map(|id| id.parse::<usize>().unwrap());
            let user = number("uid").unwrap();
            people.insert(user);
            let (Some(role), Some(group)) = (number("roleId"), number("aid")) else { continue };
            prop_assert!(told.insert((user, role, group)), "twice: {}", row);
            match row["scope"].as_str().unwrap() {
                "everywhere" => prop_assert!(grants.contains(&(user, None, role)), "{}", row),
                "accountGroup" => {
                    let is_everywhere = organization_of(group, groups_of_first) == 0 && grants.contains(&(user, None, role));
                    prop_assert!(grants.contains(&(user, Some(group), role)) && !is_everywhere, "{}", row);
                }
                scope => {
                    prop_assert_eq!(scope, "unknown");
                    // What could be known is told: with no other account group it cannot, nor where it is in all that were read.
                    let same = |other: &usize| organization_of(*other, groups_of_first) == organization_of(group, groups_of_first);
                    let readable: Vec<_> = (0..GROUPS).filter(|other| !failed.contains(other)).filter(same).collect();
                    prop_assert!(readable.iter().all(|other| effective(user, *other).contains(&role)), "{}", row);
                }
            }
        }
        prop_assert_eq!(&told, &expected);
        let everybody: BTreeSet<_> = listed.iter().copied().chain(expected.iter().map(|(user, ..)| *user)).collect();
        prop_assert_eq!(people, everybody);
    }
}

#[test]
fn users_come_in_the_order_of_their_ids() {
    for count in 0..130 {
        let uids: Vec<_> = (0..count).map(|user| json!({ "uid": (user * 57 % 131).to_string() })).collect();
        let report = AccessReport::new(read(json!({ "users": uids })), &read(json!({ "roles": [] })));
        let mut expected: Vec<_> = (0..count).map(|user| user * 57 % 131).collect();
        expected.sort_unstable();
        let expected: Vec<_> = expected.iter().map(|uid| format!("{uid} none none none")).collect();
        assert_eq!(short(&report), expected);
    }
}

#[test]
fn ten_thousand_users_in_twenty_account_groups_take_no_time() {
    let uid = |user: usize| Some((user * 7919 % 10_007).to_string());
    let role = |id: usize| Role { role_id: Some(id.to_string()), ..Role::default() };
    let users = Users { users: (0..10_000).map(|user| read(json!({ "uid": uid(user) }))).collect(), ..Users::default() };
    let members = |group: usize| {
        let member = |user| UserAccountGroup { uid: uid(user), roles: Some(vec![role(1), role(user % 50 + group)]), ..Default::default() };
        (0..10_000).map(member).collect()
    };
    let details: Vec<_> = (0..20).map(|group| AccountGroupDetail { users: Some(members(group)), ..Default::default() }).collect();

    let began = Instant::now();
    let mut report = AccessReport::new(users, &Roles::default());
    for (index, detail) in details.into_iter().enumerate() {
        report.account_group(&info(&index.to_string(), "1"), Ok(detail));
    }
    let rows = report.rows().len();
    let took = began.elapsed();
    println!("{rows} rows in {took:?}");
    assert!(rows > 390_000, "{rows}");
    // On a busy machine; what is quadratic in users takes minutes.
    assert!(took < Duration::from_secs(10), "{took:?}");
}

// Inactive users.

fn inactive(users: &Value, options: &Value) -> Result<Vec<(String, &'static str)>, Error> {
    let clock = 1_769_860_800_000; // 2026-01-31T12:00:00Z
    let found = inactive_users(&given(users), &given(options), clock)?;
    Ok(found.into_iter().map(|found| (found.user.uid.unwrap_or_default(), found.inactivity.name())).collect())
}

fn user(uid: &str, registered: Option<&str>, login: Option<&str>) -> Value {
    json!({ "uid": uid, "dateRegistered": registered, "lastLogin": login })
}

#[test]
fn never_pending_stale_and_unknown_are_told_apart() {
    let day = Some("2020-01-01T00:00:00Z");
    let users = json!([
        user("1", day, Some("2026-01-30T12:00:00Z")),
        user("2", day, None),
        user("3", None, None),
        user("4", day, day),
        user("5", day, Some("yesterday")),
        user("6", Some("soon"), None),
        // Who logged in is registered.
        user("7", None, day),
        user("8", Some("soon"), Some("2026-01-30T12:00:00Z")),
        // A day that does not exist.
        user("9", day, Some("2026-02-30T12:00:00Z")),
        // Tomorrow: a clock that is wrong, and no reason to take access away.
        user("10", day, Some("2026-02-01T12:00:00Z")),
    ]);
    let expected = [("2", "never"), ("3", "pending"), ("4", "stale"), ("5", "unknown"), ("6", "unknown"), ("7", "stale"), ("9", "unknown")];
    assert_eq!(inactive(&users, &json!({ "days": 90 })).unwrap(), expected.map(|(uid, why)| (uid.to_owned(), why)));
}

#[test]
fn stale_is_more_than_so_many_days_ago() {
    for (now, login, days, is_stale) in [
        ("2026-03-01T12:00:00Z", "2026-02-28T12:00:00Z", 1, false),
        ("2026-03-01T12:00:00Z", "2026-02-28T11:59:59Z", 1, true),
        // A leap day between them.
        ("2024-03-01T12:00:00Z", "2024-02-28T12:00:00Z", 2, false),
        ("2024-03-01T12:00:00Z", "2024-02-28T11:59:59.9+00:00", 2, true),
        ("2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", 1, false),
        ("2026-01-01T00:00:00Z", "1926-01-01T00:00:00Z", 36_500, true),
    ] {
        let users = json!([user("1", None, Some(login))]);
        for now in [json!(now), json!({ "$date": now })] {
            let found = inactive(&users, &json!({ "days": days, "now": now })).unwrap();
            assert_eq!(!found.is_empty(), is_stale, "{now} {login}");
        }
    }
    // Without `now` the clock counts: a day before it, and a second more.
    let ago = |login: &str| inactive(&json!([user("1", None, Some(login))]), &json!({ "days": 1 })).unwrap().len();
    assert_eq!((ago("2026-01-30T12:00:00Z"), ago("2026-01-30T11:59:59Z")), (0, 1));
}

#[test]
fn a_row_of_an_inactive_user_has_all_columns() {
    let found = inactive_users(&given(&json!([{ "uid": 9, "name": "Ada" }])), &given(&json!({ "days": 1 })), 0).unwrap();
    let row = json!({
        "uid": "9", "name": "Ada", "email": null, "dateRegistered": null, "lastLogin": null, "inactivity": "pending",
    });
    assert_eq!(serde_json::to_value(found).unwrap(), json!([row]));
}

#[test]
fn options_that_cannot_be_meant_are_refused() {
    for (options, part) in [
        (json!({}), "options.days"),
        (json!({ "days": 0 }), "options.days"),
        (json!({ "days": 1.5 }), "options.days"),
        (json!({ "days": "90" }), "options.days"),
        (json!({ "days": 90, "now": "2026-01-31" }), "options.now"),
        (json!({ "days": 90, "now": "2026-13-01T00:00:00Z" }), "options.now"),
        (json!({ "days": 90, "day": 1 }), "options.day"),
    ] {
        let error = inactive(&json!([]), &options).unwrap_err();
        assert!(error.message.starts_with(&format!("{part} ")), "{}", error.message);
    }
    assert!(inactive(&json!({ "users": [] }), &json!({ "days": 1 })).unwrap_err().message.starts_with("users "));
}

#[test]
fn a_date_is_so_many_seconds_from_the_epoch() {
    for (date, expected) in [
        ("1970-01-01T00:00:00Z", Some(0)),
        ("1969-12-31T23:59:59Z", Some(-1)),
        ("2000-02-29T00:00:00Z", Some(951_782_400)),
        ("2000-03-01T00:00:00Z", Some(951_868_800)),
        ("2026-01-31T12:00:00.999Z", Some(1_769_860_800)),
        ("2026-12-31T23:59:60Z", Some(1_798_761_600)),
        ("9999-12-31T23:59:59+00:00", Some(253_402_300_799)),
        ("0000-01-01T00:00:00Z", Some(-62_167_219_200)),
        ("0000-02-29T00:00:00Z", Some(-62_162_121_600)),
        ("2023-02-29T00:00:00Z", None),
        ("1900-02-29T00:00:00Z", None),
        ("2024-02-30T00:00:00Z", None),
        ("2024-04-31T00:00:00Z", None),
        ("2024-00-01T00:00:00Z", None),
        ("2024-13-01T00:00:00Z", None),
        ("2024-01-00T00:00:00Z", None),
        ("2024-01-32T00:00:00Z", None),
        ("2024-01-01T24:00:00Z", None),
        ("2024-01-01T00:60:00Z", None),
        ("2024-01-01T00:00:61Z", None),
        ("2024-01-01T00:00:00+01:00", None),
        ("2024-01-01 00:00:00", None),
        ("-", None),
        ("２０２４-01-01T00:00:00Z", None),
    ] {
        assert_eq!(seconds(date), expected, "{date}");
    }
}

#[test]
fn days_follow_one_another() {
    let mut last = seconds("1899-12-31T00:00:00Z").unwrap();
    let mut days = 0;
    for year in 1900..2101 {
        for month in 1..13 {
            for day in 1..32 {
                let Some(this) = seconds(&format!("{year}-{month:02}-{day:02}T00:00:00Z")) else { continue };
                assert_eq!(this, last + 86_400, "{year}-{month}-{day}");
                (last, days) = (this, days + 1);
            }
        }
    }
    assert_eq!(days, 201 * 365 + 49);
}

// CSV.

#[test]
fn rows_become_lines_with_all_columns() {
    let text = |text: &str| input::Value::Text(text.to_owned());
    let row = |cells: &[(&str, input::Value)]| {
        input::Value::Object(input::Properties(cells.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()))
    };
    let date = input::Value::Date("2026-01-31T12:00:00Z".to_owned());
    let rows = input::Value::List(vec![
        row(&[("uid", text("9")), ("name", text("Ada, \"the\" first")), ("lastLogin", date)]),
        row(&[("name", input::Value::Null), ("roles", input::Value::Number(-5.0)), ("uid", text("10")), ("is", input::Value::Flag(true))]),
        row(&[("is", input::Value::Flag(false)), ("uid", text("two\nlines"))]),
    ]);
    let expected = "uid,name,lastLogin,roles,is\r\n\
        9,\"Ada, \"\"the\"\" first\",2026-01-31T12:00:00Z,,\r\n\
        10,,,-5,true\r\n\
        \"two\nlines\",,,,false\r\n";
    assert_eq!(to_csv(&rows).unwrap(), expected);
    assert_eq!(to_csv(&given(&json!([]))).unwrap(), "");
    // An empty line would be none.
    assert_eq!(to_csv(&given(&json!([{ "name": null }]))).unwrap(), "name\r\n\"\"\r\n");
    // What comes from elsewhere may name its columns as it likes.
    assert_eq!(to_csv(&given(&json!([{ "=1+1": "x" }]))).unwrap(), "'=1+1\r\nx\r\n");
}

#[test]
fn only_plain_rows_become_lines() {
    for (rows, start) in [
        (json!({}), "rows must"),
        (json!(["a"]), "rows[0] must"),
        (json!([{ "a": "1" }, { "a": {} }]), "rows[1].a must"),
        (json!([{ "a": 1.5 }]), "rows[0].a must"),
        (json!([{ "a": ["x"] }]), "rows[0].a must"),
    ] {
        let error = to_csv(&given(&rows)).unwrap_err();
        assert!(error.message.starts_with(start), "{}", error.message);
    }
}

#[test]
fn what_a_spreadsheet_would_run_is_made_safe() {
    for (text, cell) in [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "\"'\t'=1\""),
        ("\tx", "\"'\tx\""),
        ("\rx", "\"'\rx\""),
        ("\nx", "\"'\nx\""),
        ("  =1", "\"'  =1\""),
        ("\u{a0}=1", "'\u{a0}=1"),
        ("\u{3000}=1", "'\u{3000}=1"),
        ("\u{feff}=1", "'\u{feff}=1"),
        ("\u{200b}=1", "'\u{200b}=1"),
        ("\u{0}=1", "'\u{0}=1"),
        ("\"=1", "\"'\"\"=1\""),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠x", "'＠x"),
        ("\u{fe66}1", "'\u{fe66}1"),
        ("\u{2212}1", "'\u{2212}1"),
        // Torn at the semicolon, it would begin a cell.
        ("a;=1+1;b", "\"a;'=1+1;b\""),
        ("a; \"=1", "\"a; \"\"'=1\""),
        ("a\n=1", "\"a\n'=1\""),
        ("=HYPERLINK(\"http://x\";\"y\")", "\"'=HYPERLINK(\"\"http://x\"\";\"\"y\"\")\""),
        // And these stay.
        ("Ada", "Ada"),
        ("ada+test@example.com", "ada+test@example.com"),
        ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"),
        ("245", "245"),
        ("Smith-Jones", "Smith-Jones"),
        ("a, -b", "\"a, -b\""),
        (" x ", "\" x \""),
        ("", ""),
        ("'", "'"),
    ] {
        assert_eq!(csv_cell(text), cell, "{text:?}");
    }
}

/// Reads CSV as a spreadsheet does that takes this for the separator.
fn parsed(csv: &str, separator: char) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut characters = csv.chars().peekable();
    let (mut is_quoted, mut is_start) = (false, true);
    while let Some(character) = characters.next() {
        match character {
            '"' if is_start => (is_quoted, is_start) = (true, false),
            '"' if is_quoted && characters.peek() == Some(&'"') => cell.push(characters.next().unwrap()),
            '"' if is_quoted => is_quoted = false,
            _ if is_quoted => cell.push(character),
            '\r' | '\n' => {
                if character == '\r' {
                    characters.next_if_eq(&'\n');
                }
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
                is_start = true;
            }
            _ if character == separator => {
                row.push(std::mem::take(&mut cell));
                is_start = true;
            }
            _ => {
                cell.push(character);
                is_start = false;
            }
        }
    }
    rows
}

fn hostile() -> impl Strategy<Value = String> {
    let piece = select(vec![
        "=",
        "+",
        "-",
        "@",
        "＝",
        "\"",
        ";",
        ",",
        "\t",
        "\r",
        "\n",
        " ",
        "\u{3000}",
        "\u{feff}",
        "'",
        "a",
        "1",
        "cmd|' /C calc'!A0",
    ]);
    vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..settings() })]

    #[test]
    fn no_cell_is_lost_or_run_whatever_the_separator(texts in vec(vec(hostile(), 2), 1..4)) {
        let rows: Vec<_> = texts.iter().map(|row| json!({ "a": row[0], "b": row[1] })).collect();
        let csv = to_csv(&given(&json!(rows))).unwrap();
        let read = parsed(&csv, ',');
        prop_assert_eq!(read.len(), texts.len() + 1);
        for (row, texts) in read.iter().skip(1).zip(&texts) {
            prop_assert_eq!(row.len(), 2);
            for (cell, text) in row.iter().zip(texts) {
                // Apostrophes were added, and nothing else.
                prop_assert_eq!(cell.replace('\'', ""), text.replace('\'', ""));
            }
        }
        for separator in [',', ';', '\t'] {
            for cell in parsed(&csv, separator).concat() {
                let begins = cell.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').chars().next();
                prop_assert!(!begins.is_some_and(|first| "=+-@＝".contains(first)), "{:?} of {:?} by {:?}", cell, csv, separator);
            }
        }
    }
}
