//! How an answer is checked against its model: what stays, what is normalised and recorded, what is refused and where.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod decoding;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use thousandeyes_admin::decode::Undecodable;
use thousandeyes_admin::decode::normalise::{DRIFT_LIMIT, Normalised, normalise};
use thousandeyes_admin::endpoints::APIS;
use thousandeyes_admin::models::{AuditUserEvents, Body, CreatedUser, Model, UserDetail, Users};

const DATE: &str = "a date, ISO 8601 in UTC";
const ID: &str = "an id, which is a string";

/// Decodes a body, which must also keep what is promised for every body.
fn decoded<T: Body>(body: impl AsRef<[u8]>) -> Result<Normalised, Undecodable> {
    decoding::check(body.as_ref());
    normalise(body.as_ref().to_vec(), T::MODEL.unwrap())
}

fn user(body: &str) -> Normalised {
    decoded::<UserDetail>(body).unwrap_or_else(|refusal| panic!("{body}: {refusal:?}"))
}

/// A body, the JSON that comes out, and the drift.
type Row<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str, &'a str)]);

fn become_as_recorded<T: Body>(rows: &[Row<'_>]) {
    for (body, json, recorded) in rows {
        let decoded = decoded::<T>(body).unwrap_or_else(|refusal| panic!("{body}: {refusal:?}"));
        assert_eq!(decoded.json, *json, "{body}");
        let drift: Vec<_> = decoded.drift.iter().map(|drift| (drift.path.as_str(), drift.expected, drift.got.as_str())).collect();
        assert_eq!(drift, *recorded, "{body}");
    }
}

/// A body, and the path and the problem of its refusal.
fn are_refused<T: Body>(rows: &[(&str, &str, &str)]) {
    for (body, path, problem) in rows {
        let refusal = Undecodable { path: (*path).to_owned(), problem: (*problem).to_owned() };
        assert_eq!(decoded::<T>(body), Err(refusal), "{body}");
    }
}

#[test]
fn what_matches_the_model_stays_byte_for_byte() {
    for body in [
        r#"{"uid":"1"}"#,
        " {\t\"uid\" :\r\n\"1\" } \n",
        r#"{"name":"","email":"","uid":""}"#,
        r#"{"uid":"1","accountGroupRoles":[],"allAccountGroupRoles":[{}],"loginAccountGroup":{}}"#,
        // Order, unknown properties and the writing of numbers.
        r#"{"z":1,"uid":"1","a":[1.50,-0,1e999,123456789012345678901234567890,{"uid":5}],"2":null,"1":true}"#,
        // What JSON.parse takes and other parsers refuse.
        r#"{"name":"\ud800","uid":"\udc00\ud800","x":"\ud83d\ude00"}"#,
        r#"{"name":"\"\\\/\b\f\n\r\t\u0000é😀","uid":"1"}"#,
    ] {
        assert_eq!(user(body), Normalised { json: body.to_owned(), ..Normalised::default() });
    }
}

#[test]
fn dates_in_utc_stay() {
    for date in ["2020-01-31T12:00:00Z", "2020-01-31T12:00:00.123456Z", "2020-01-31T12:00:00+00:00", "2020-01-31T12:00:00.1-00:00"] {
        let body = format!(r#"{{"uid":"1","lastLogin":"{date}"}}"#);
        assert_eq!(user(&body), Normalised { json: body.clone(), ..Normalised::default() });
    }
}

#[test]
fn ids_and_texts_that_are_numbers_become_strings() {
    become_as_recorded::<UserDetail>(&[
        (r#"{"uid":245}"#, r#"{"uid":"245"}"#, &[("uid", ID, "245")]),
        (r#"{"uid":-0}"#, r#"{"uid":"-0"}"#, &[("uid", ID, "-0")]),
        (r#"{"uid":12345678901234567890123}"#, r#"{"uid":"12345678901234567890123"}"#, &[("uid", ID, "12345678901234567890123")]),
        (r#"{"name":1.50}"#, r#"{"name":"1.50"}"#, &[("name", "a string", "1.50")]),
        (
            r#"{"uid":1,"loginAccountGroup":{"aid":5,"x":6}}"#,
            r#"{"uid":"1","loginAccountGroup":{"aid":"5","x":6}}"#,
            &[("uid", ID, "1"), ("loginAccountGroup.aid", ID, "5")],
        ),
        // A number that has other ways to be written is no id.
        (r#"{"name":"x","uid":1.0}"#, r#"{"name":"x"}"#, &[("uid", ID, "1.0")]),
        (r#"{"name":"x","uid":1e3}"#, r#"{"name":"x"}"#, &[("uid", ID, "1e3")]),
    ]);
}

#[test]
fn zero_and_one_become_booleans() {
    let role = "allAccountGroupRoles[0].isBuiltin";
    let body = |value: &str| format!(r#"{{"allAccountGroupRoles":[{{"roleId":"1"{value}}}]}}"#);
    for (value, normalised) in
        [("0", r#","isBuiltin":false"#), ("1", r#","isBuiltin":true"#), ("2", ""), ("1.0", ""), ("\"true\"", ""), ("null", "")]
    {
        become_as_recorded::<UserDetail>(&[(
            &body(&format!(r#","isBuiltin":{value}"#)),
            &body(normalised),
            &[(role, "true or false", value)],
        )]);
    }
}

#[test]
fn older_dates_become_iso_8601() {
    for (date, normalised) in [
        ("2020-01-31 12:00:00", "2020-01-31T12:00:00Z"),
        ("2020-01-31T12:00:00", "2020-01-31T12:00:00Z"),
        ("2020-01-31 12:00:00.5", "2020-01-31T12:00:00.5Z"),
    ] {
        become_as_recorded::<UserDetail>(&[(
            &format!(r#"{{"uid":"1","dateRegistered":"{date}","x":1}}"#),
            &format!(r#"{{"uid":"1","dateRegistered":"{normalised}","x":1}}"#),
            &[("dateRegistered", DATE, &format!("\"{date}\""))],
        )]);
    }
}

#[test]
fn never_is_left_out() {
    for never in ["\"\"", "\"-\"", "\"--\"", "null"] {
        become_as_recorded::<UserDetail>(&[(
            &format!(r#"{{"uid":"1","lastLogin":{never}}}"#),
            r#"{"uid":"1"}"#,
            &[("lastLogin", DATE, never)],
        )]);
    }
}

#[test]
fn dates_that_cannot_be_read_stay_and_are_recorded() {
    for date in [
        "yesterday",
        "---",
        "2020-01-31",
        "2020-01-31T12:00",
        "2020-01-31T12:00:00+02:00",
        "2020-01-31 12:00:00Z",
        "2020-01-31T12:00:00.Z",
        "2020-01-31x12:00:00",
        "2020-01-3é12:00:00Z",
        "2020-01-31T12:00:00Z\\\"",
        "\\u0032020-01-31T12:00:00Z",
    ] {
        let body = format!(r#"{{"uid":"1","lastLogin":"{date}"}}"#);
        become_as_recorded::<UserDetail>(&[(&body, &body, &[("lastLogin", DATE, &format!("\"{date}\""))])]);
    }
}

#[test]
fn every_character_of_a_date_counts() {
    let date = "2020-01-31T12:00:00Z";
    for (at, right) in date.char_indices() {
        for wrong in ["/", ":", "x", "é", ""].into_iter().filter(|wrong| !wrong.starts_with(right)) {
            let mut date = date.to_owned();
            date.replace_range(at..=at, wrong);
            // Without its zone it is taken for UTC.
            if date == "2020-01-31T12:00:00" {
                continue;
            }
            let body = format!(r#"{{"uid":"1","lastLogin":"{date}"}}"#);
            become_as_recorded::<UserDetail>(&[(&body, &body, &[("lastLogin", DATE, &format!("\"{date}\""))])]);
        }
    }
}

#[test]
fn null_lists_become_empty() {
    become_as_recorded::<UserDetail>(&[(
        r#"{"uid":"1","accountGroupRoles":[{"roles":null}],"allAccountGroupRoles":null}"#,
        r#"{"uid":"1","accountGroupRoles":[{"roles":[]}],"allAccountGroupRoles":[]}"#,
        &[("accountGroupRoles[0].roles", "a list", "null"), ("allAccountGroupRoles", "a list", "null")],
    )]);
    become_as_recorded::<Users>(&[(r#"{"users":null}"#, r#"{"users":[]}"#, &[("users", "a list", "null")])]);
}

#[test]
fn one_odd_user_never_costs_the_list() {
    become_as_recorded::<Users>(&[(
        r#"{"users":[{"uid":"1"},"Ada",{"uid":3},null,{"uid":"5","name":[]}]}"#,
        r#"{"users":[{"uid":"1"},{"uid":"3"},{"uid":"5"}]}"#,
        &[
            ("users[1]", "an object", "\"Ada\""),
            ("users[2].uid", ID, "3"),
            ("users[3]", "an object", "null"),
            ("users[4].name", "a string", "a list"),
        ],
    )]);
}

/// Some of somebody's roles, sent back as all of them, would take the others away.
#[test]
fn a_list_of_roles_is_whole_or_not_there() {
    let (objects, left_out) = ("a list of objects", "a missing list");
    become_as_recorded::<UserDetail>(&[
        (
            r#"{"uid":"1","allAccountGroupRoles":[{"roleId":31},33]}"#,
            r#"{"uid":"1"}"#,
            &[
                ("allAccountGroupRoles[0].roleId", ID, "31"),
                ("allAccountGroupRoles[1]", "an object", "33"),
                ("allAccountGroupRoles", objects, left_out),
            ],
        ),
        (
            r#"{"uid":"1","accountGroupRoles":[{"accountGroup":{"aid":"5"},"roles":[null]}]}"#,
            r#"{"uid":"1","accountGroupRoles":[{"accountGroup":{"aid":"5"}}]}"#,
            &[("accountGroupRoles[0].roles[0]", "an object", "null"), ("accountGroupRoles[0].roles", objects, left_out)],
        ),
    ]);
}

#[test]
fn what_cannot_be_normalised_is_left_out() {
    become_as_recorded::<UserDetail>(&[
        (r#"{"uid":"1","name":{"first":"Ada"}}"#, r#"{"uid":"1"}"#, &[("name", "a string", "an object")]),
        (r#"{"uid":"1","name":true}"#, r#"{"uid":"1"}"#, &[("name", "a string", "true")]),
        (r#"{"uid":"1","dateRegistered":1580000000}"#, r#"{"uid":"1"}"#, &[("dateRegistered", DATE, "1580000000")]),
        (r#"{"uid":"1","loginAccountGroup":"Ops"}"#, r#"{"uid":"1"}"#, &[("loginAccountGroup", "an object", "\"Ops\"")]),
        (r#"{"uid":"1","accountGroupRoles":{}}"#, r#"{"uid":"1"}"#, &[("accountGroupRoles", "a list", "an object")]),
        (r#"{"uid":"1","_links":{"self":{"href":5}}}"#, r#"{"uid":"1","_links":{"self":{}}}"#, &[("_links.self.href", "a string", "5")]),
    ]);
}

/// Which of five items or members are left out, and what is left with its commas.
#[test]
fn commas_go_with_what_is_left_out() {
    let (good, bad) = (r#"{"uid":"1"}"#, "null");
    for pattern in 0..32_u32 {
        let is_good = |index: u32| pattern & (1 << index) != 0;
        let list: Vec<_> = (0..5).map(|index| if is_good(index) { good } else { bad }).collect();
        let decoded = decoded::<Users>(format!("{{\"users\":[ {} ]}}", list.join(" , "))).unwrap();
        let kept = vec![good; pattern.count_ones() as usize].join(",");
        assert_eq!(decoded.json.replace(' ', ""), format!("{{\"users\":[{kept}]}}"), "{list:?}");

        let names = ["name", "email", "uid", "dateRegistered", "lastLogin"];
        let members: Vec<_> =
            (0..5).map(|index| (names[index as usize], if is_good(index) { "\"2020-01-31T12:00:00Z\"" } else { bad })).collect();
        let write = |members: &[(&str, &str)]| members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect::<Vec<_>>();
        let decoded = self::decoded::<Users>(format!("{{\"users\":[{{ {} }}]}}", write(&members).join(" , "))).unwrap();
        let kept: Vec<_> = members.iter().copied().filter(|(_, value)| *value != bad).collect();
        assert_eq!(decoded.json.replace(' ', ""), format!("{{\"users\":[{{{}}}]}}", write(&kept).join(",")), "{members:?}");
    }
}

#[test]
fn names_with_escapes_are_known() {
    become_as_recorded::<UserDetail>(&[(r#"{"\u0075id":5}"#, r#"{"\u0075id":"5"}"#, &[("uid", ID, "5")])]);
    become_as_recorded::<UserDetail>(&[(
        r#"{"\u0075sers":[{"uid":"5"}]}"#,
        r#"{"uid":"5"}"#,
        &[("users", "the object itself", "a list with the object")],
    )]);
    become_as_recorded::<UserDetail>(&[(r#"{"\ud800uid":5,"\"uid":5,"uid":"1"}"#, r#"{"\ud800uid":5,"\"uid":5,"uid":"1"}"#, &[])]);
}

/// `JSON.parse` takes the last, so each is normalised.
#[test]
fn names_that_come_twice() {
    become_as_recorded::<UserDetail>(&[(
        r#"{"uid":1,"uid":null,"x":1,"x":2,"uid":2}"#,
        r#"{"uid":"1","x":1,"x":2,"uid":"2"}"#,
        &[("uid", ID, "1"), ("uid", ID, "null"), ("uid", ID, "2")],
    )]);
}

#[test]
fn a_list_around_one_user_is_taken_away() {
    let wrapper = ("users", "the object itself", "a list with the object");
    become_as_recorded::<UserDetail>(&[
        (r#"{ "users" : [ {"uid":"1"} ] }"#, r#"{"uid":"1"}"#, &[wrapper]),
        (r#"{"x":1,"users":[{"uid":1,"brandNew":{}}]}"#, r#"{"uid":"1","brandNew":{}}"#, &[wrapper, ("users[0].uid", ID, "1")]),
        // Links say nothing about what has them.
        (r#"{"users":[{"uid":"1"}],"_links":{"self":{"href":"x"}}}"#, r#"{"uid":"1"}"#, &[wrapper]),
        // A user with a list of users is a user.
        (r#"{"uid":"1","users":[{"uid":"2"}]}"#, r#"{"uid":"1","users":[{"uid":"2"}]}"#, &[]),
    ]);
    become_as_recorded::<CreatedUser>(&[(r#"{"users":[{"uid":"1"}]}"#, r#"{"uid":"1"}"#, &[wrapper])]);
    let nothing = "has none of the properties that were expected";
    are_refused::<UserDetail>(&[
        (r#"{"users":[]}"#, "", nothing),
        (r#"{"users":[{"uid":"1"},{"uid":"2"}]}"#, "", nothing),
        (r#"{"users":["1"]}"#, "", nothing),
        (r#"{"users":{"uid":"1"}}"#, "", nothing),
        (r#"{"users":[{"users":[{"uid":"1"}]}]}"#, "", nothing),
    ]);
}

#[test]
fn what_is_no_such_object_is_refused() {
    let nothing = "has none of the properties that were expected";
    are_refused::<UserDetail>(&[
        ("", "", "is empty"),
        (" \r\n", "", "is empty"),
        ("\u{feff}", "", "is empty"),
        ("null", "", "is null, not an object"),
        ("true", "", "is a boolean, not an object"),
        (" 5 ", "", "is a number, not an object"),
        ("\"x\"", "", "is a string, not an object"),
        (r#"[{"uid":"1"}]"#, "", "is a list, not an object"),
        ("{}", "", nothing),
        (r#"{"errorMessage":"no"}"#, "", nothing),
        (r#"{"uid":null}"#, "", nothing),
        (r#"{"_links":{"self":{"href":"x"}}}"#, "", nothing),
    ]);
    are_refused::<Users>(&[
        ("{}", "users", "has no list \"users\""),
        (r#"{"users":{}}"#, "users", "has no list \"users\""),
        (r#"{"users":"none","_links":{}}"#, "users", "has no list \"users\""),
        (r#"{"uid":"1"}"#, "users", "has no list \"users\""),
    ]);
}

#[test]
fn what_is_not_json_is_refused_with_its_place() {
    let early = |at: usize| format!("is not JSON: it ends too early, at byte {at}");
    are_refused::<Users>(&[
        ("{", "", &early(1)),
        (r#"{"users""#, "", &early(8)),
        (r#"{"users":"#, "users", &early(9)),
        (r#"{"users":["#, "users[0]", &early(10)),
        (r#"{"users":[{"uid":"1"},{"uid":"2","na"#, "users[1]", &early(36)),
        (r#"{"users":[{"uid":"1"},{"uid":"2"#, "users[1].uid", &early(31)),
        (r#"{"users":[{"loginAccountGroup":{"aid":1"#, "users[0].loginAccountGroup", &early(39)),
        ("[", "", &early(1)),
    ]);
    for (body, problem, at) in [
        ("<html>", "a value was expected", 0),
        ("not found", "a value was expected", 0),
        ("true story", "something follows its end", 5),
        (r#"{"uid":"1"}}"#, "something follows its end", 11),
        (r#"{"uid":"1"} {"#, "something follows its end", 12),
        ("{'x':1}", "the name of a property was expected", 1),
        (r#"{"x":1,}"#, "the name of a property was expected", 7),
        (r#"{"x" 1}"#, "a colon was expected", 5),
        (r#"{"x":[1,]}"#, "a value was expected", 8),
        (r#"{"x":[1}"#, "a comma or the end of the list or object was expected", 7),
        (r#"{"x":01}"#, "a comma or the end of the list or object was expected", 6),
        (r#"{"x":-}"#, "a digit was expected", 6),
        (r#"{"x":1.}"#, "a digit was expected", 7),
        (r#"{"x":1e+}"#, "a digit was expected", 8),
        (r#"{"x":.5}"#, "a value was expected", 5),
        (r#"{"x":NaN}"#, "a value was expected", 5),
        (r#"{"x":nul}"#, "a value was expected", 5),
        (r#"{"x":"\x"}"#, "there is no such escape", 7),
        (r#"{"x":"\u12g4"}"#, "four hexadecimal digits were expected after \\u", 10),
        ("{\"x\":\"\n\"}", "a control character must be escaped", 6),
        ("{\u{a0}}", "the name of a property was expected", 1),
        ("\u{feff}{\"uid\":\"1\"}x", "something follows its end", 11),
    ] {
        are_refused::<UserDetail>(&[(body, "", &format!("is not JSON: {problem}, at byte {at}"))]);
    }
}

#[test]
fn what_is_not_utf_8_is_refused() {
    for (body, at) in [(&b"\xff"[..], 0), (b"{\"uid\":\"\xe9\"}", 8), (b"{\"uid\":\"\xf0\x9f\x98", 8), (b"{\"uid\":\"\xed\xa0\x80\"}", 8)] {
        let refusal = Undecodable { path: String::new(), problem: format!("is not UTF-8 from byte {at} on") };
        assert_eq!(decoded::<UserDetail>(body), Err(refusal));
    }
}

#[test]
fn a_byte_order_mark_is_taken_away() {
    become_as_recorded::<UserDetail>(&[("\u{feff}{\"uid\":\"1\"}", r#"{"uid":"1"}"#, &[])]);
    become_as_recorded::<UserDetail>(&[("\u{feff}{\"uid\":1}", r#"{"uid":"1"}"#, &[("uid", ID, "1")])]);
}

#[test]
fn depth_is_limited() {
    // The body itself is one of the lists and objects.
    let lists = |depth: usize| format!(r#"{{"uid":"1","x":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
    let objects = |depth: usize| format!(r#"{{"uid":"1","x":{}1{}}}"#, "{\"x\":".repeat(depth), "}".repeat(depth));
    let inside = |depth: usize| format!(r#"{{"loginAccountGroup":{{"x":{}{}}}}}"#, "[".repeat(depth), "]".repeat(depth));
    user(&lists(127));
    user(&objects(127));
    user(&inside(126));
    // Only what is open counts.
    let behind = |depth: usize| format!(r#"{{"users":[{}{{"x":{}{}}}]}}"#, "{},".repeat(200), "[".repeat(depth), "]".repeat(depth));
    decoded::<Users>(behind(125)).unwrap();
    decoded::<Users>(behind(126)).unwrap_err();
    for body in [lists(128), objects(128), inside(127), lists(200_000), objects(200_000), "[".repeat(200_000), "{\"x\":".repeat(200_000)] {
        let refusal = decoded::<UserDetail>(&body).unwrap_err();
        assert!(refusal.problem.starts_with("is not JSON: it is nested too deeply, at byte "), "{}", refusal.problem);
    }
}

#[test]
fn all_is_normalised_and_as_much_recorded_as_can_be_read() {
    let list = |uid: &str| format!(r#"{{"users":[{}]}}"#, vec![format!(r#"{{"uid":{uid}}}"#); DRIFT_LIMIT + 1].join(","));
    let decoded = normalise(list("5").into_bytes(), Users::MODEL.unwrap()).unwrap();
    assert_eq!(decoded.json, list("\"5\""));
    assert_eq!((decoded.drift.len(), decoded.drift[DRIFT_LIMIT - 1].path.as_str()), (1000, "users[999].uid"));
}

#[test]
fn long_values_are_shown_shortened() {
    let got = |value: &str| user(&format!(r#"{{"uid":"1","lastLogin":{value}}}"#)).drift[0].got.clone();
    let quoted = |characters: usize| format!("\"{}\"", "😀".repeat(characters));
    assert_eq!(got(&quoted(58)), quoted(58));
    assert_eq!(got(&quoted(59)), format!("\"{}…", "😀".repeat(59)));
    assert_eq!(got(&"1".repeat(61)), format!("{}…", "1".repeat(60)));
    assert_eq!(got(&format!("[{}]", "1,".repeat(100) + "1")), "a list");
}

#[test]
fn drift_is_told_as_plain_data() {
    let drift = &user(r#"{"uid":1}"#).drift[0];
    assert_eq!(serde_json::to_value(drift).unwrap(), json!({ "path": "uid", "expected": ID, "got": "1" }));
}

#[test]
fn the_self_link_is_given_as_it_came() {
    let link = |href: &str| user(&format!(r#"{{"uid":"1","_links":{{"self":{{"href":{href}}}}}}}"#)).links.this;
    assert_eq!(link(r#""https:\/\/x\/\u0031""#).as_deref(), Some("https://x/1"));
    assert_eq!(link("5"), None);
    assert_eq!(user(r#"{"uid":"1","href":"x","_links":{"next":{"href":"y"}}}"#).links.this, None);
    let wrapped = user(r#"{"users":[{"uid":"1","_links":{"self":{"href":"x"}}}]}"#);
    assert_eq!(wrapped.links.this.as_deref(), Some("x"));
}

#[test]
fn of_doubled_links_the_last_counts() {
    let link = |links: &str| user(&format!(r#"{{"uid":"1","_links":{{"self":{{"href":"x"}}}},{links}}}"#)).links.this;
    assert_eq!(link(r#""_links":{"self":{"href":"y"}}"#).as_deref(), Some("y"));
    assert_eq!(link(r#""_links":{}"#), None);
    assert_eq!(link(r#""_links":{"self":{"href":"y"},"self":{"href":5}}"#), None);
    assert_eq!(link(r#""_links":null"#).as_deref(), Some("x"));
}

#[test]
fn the_link_to_the_next_page_is_given_of_pages_alone() {
    let next = |links: &str| decoded::<AuditUserEvents>(format!(r#"{{"auditEvents":[],"_links":{links}}}"#)).unwrap().links.next;
    assert_eq!(next(r#"{"next":{"href":"x?cursor=a%2Fb\u003d"},"self":{"href":"y"}}"#).as_deref(), Some("x?cursor=a%2Fb="));
    assert_eq!(next(r#"{"self":{"href":"y"}}"#), None);
    assert_eq!(next(r#"{"next":{"href":"x"},"next":{}}"#), None);
    assert_eq!(next(r#"{"next":{"href":"x"}},"_links":{"self":{"href":"y"}}"#), None);
    assert_eq!(next(r#"{"next":{"href":"x"}},"_links":null"#).as_deref(), Some("x"));
    assert_eq!(decoded::<Users>(r#"{"users":[],"_links":{"next":{"href":"x"}}}"#).unwrap().links.next, None);
}

#[test]
fn every_answer_is_fuzzed_and_has_a_kept_body() {
    let answered: Vec<_> = APIS.iter().flat_map(|api| api.endpoints).filter_map(|endpoint| endpoint.answer).collect();
    let has_all = |body: &Value, model: &Model| model.properties.iter().all(|property| body.get(property.name).is_some());
    let bodies: Vec<Value> = kept_corpus().iter().filter_map(|body| serde_json::from_slice(body).ok()).collect();
    for model in answered {
        assert!(decoding::ANSWERS.iter().flatten().any(|checked| checked.name == model.name), "{:?} is not fuzzed", model.name);
        assert!(bodies.iter().any(|body| has_all(body, model)), "no kept body has all of {:?}", model.name);
    }
}

fn kept_corpus() -> Vec<Vec<u8>> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus/decode");
    fs::read_dir(corpus).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect()
}

/// What fuzzing found worth keeping, and what it began with.
#[test]
fn the_kept_corpus_keeps_the_promises() {
    let bodies = kept_corpus();
    assert!(bodies.len() > 20, "{}", bodies.len());
    bodies.iter().for_each(|body| decoding::check(body));
}
