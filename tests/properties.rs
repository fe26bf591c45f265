//! What must hold for every input, tried with generated ones. A failure prints the smallest input it found: make it an
//! example in the tests of that module.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod decoding;
mod given;
mod simulation;

use std::time::{Duration, UNIX_EPOCH};

use given::given;
use percent_encoding::percent_decode_str;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Value, json};
use simulation::{World, answer_with, operation, seen};
use thousandeyes_admin::config::Configuration;
use thousandeyes_admin::decode::normalise::{Normalised, normalise};
use thousandeyes_admin::endpoints::users::GET_USER;
use thousandeyes_admin::error::Outcome;
use thousandeyes_admin::http::{Headers, Method};
use thousandeyes_admin::input;
use thousandeyes_admin::models::{
    AccountGroupDetail, AccountGroups, AuditUserEvents, Body, CreatedUser, Model, Permissions, Property, RoleDetail, Roles, Shape,
    UserDetail, Users,
};
use thousandeyes_admin::path::Path;
use thousandeyes_admin::rate_limit::Pace;
use thousandeyes_admin::retry::{Attempt, Ending, decide};
use url::Url;

/// The failures are kept as examples, not as seeds.
fn settings() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

// Bodies.

const DATE: &str = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6})?(Z|\\+00:00)";

fn any_json() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((any::<String>(), inner), 0..4).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
    .boxed()
}

/// What older services write, and what nobody expects.
fn deviation() -> BoxedStrategy<Value> {
    let older = vec![json!(null), json!(0), json!(1), json!(245), json!(""), json!("-"), json!("2020-01-31 12:00:00")];
    prop_oneof![2 => select(older).boxed(), 1 => any_json()].boxed()
}

fn value(shape: Shape, odd: bool) -> BoxedStrategy<Value> {
    let right = match shape {
        Shape::Text | Shape::Address => any::<String>().prop_map(Value::from).boxed(),
        Shape::Id => "[0-9]{1,20}".prop_map(Value::from).boxed(),
        Shape::Date => DATE.prop_map(Value::from).boxed(),
        Shape::Flag => any::<bool>().prop_map(Value::from).boxed(),
        Shape::One(model) => object(model, odd),
        Shape::Many(model) => {
            let item = if odd { prop_oneof![9 => object(model, odd), 1 => deviation()].boxed() } else { object(model, odd) };
            vec(item, 0..3).prop_map(Value::from).boxed()
        }
    };
    if odd { prop_oneof![5 => right, 1 => deviation()].boxed() } else { right }
}

fn object(model: &'static Model, odd: bool) -> BoxedStrategy<Value> {
    let member = |property: &'static Property| {
        prop::option::of(value(property.shape, odd)).prop_map(|value| value.map(|value| (property.name.to_owned(), value)))
    };
    let known: Vec<_> = model.properties.iter().map(member).collect();
    let unknown = vec((any::<String>(), any_json()), 0..2);
    let is_known = |name: &str| model.properties.iter().any(|property| property.name == name);
    (known, unknown)
        .prop_map(move |(known, unknown)| {
            Value::Object(known.into_iter().flatten().chain(unknown.into_iter().filter(|(name, _)| !is_known(name))).collect())
        })
        .boxed()
}

/// An answer that is never refused: it has the property that says what it is.
fn body<T: Body>(odd: bool) -> BoxedStrategy<Value> {
    let model = T::MODEL.unwrap();
    object(model, odd)
        .prop_map(move |mut body| {
            match model.required {
                Some(list) if !body[list].is_array() => body[list] = json!([]),
                Some(_) => {}
                None => body[model.properties[0].name] = json!("1"),
            }
            body
        })
        .boxed()
}

fn decoded<T: Body>(text: &str) -> Normalised {
    normalise(text.as_bytes().to_vec(), T::MODEL.unwrap()).unwrap_or_else(|refusal| panic!("{text}: {refusal:?}"))
}

/// What serde_json writes for the typed model, tightly and with white space of any kind, is taken as it is.
fn stays<T: Body + Serialize + DeserializeOwned>(body: Value, space: &str) {
    let typed: T = serde_json::from_value(body).unwrap();
    let tight = serde_json::to_string(&typed).unwrap();
    let mut loose = space.as_bytes().to_vec();
    typed.serialize(&mut Serializer::with_formatter(&mut loose, PrettyFormatter::with_indent(space.as_bytes()))).unwrap();
    for text in [tight, String::from_utf8(loose).unwrap()] {
        let Normalised { json, drift, .. } = decoded::<T>(&text);
        assert_eq!((json, drift), (text, vec![]));
    }
}

/// However an answer deviates, it is normalised to what the model says.
fn is_normalised<T: Body + DeserializeOwned>(body: &Value) {
    let text = body.to_string();
    decoded::<T>(&text);
    decoding::check_as::<T>(text.as_bytes());
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn what_the_models_write_is_decoded_unchanged(
        users in body::<Users>(false), created in body::<CreatedUser>(false), user in body::<UserDetail>(false),
        groups in body::<AccountGroups>(false), group in body::<AccountGroupDetail>(false), roles in body::<Roles>(false),
        role in body::<RoleDetail>(false), permissions in body::<Permissions>(false), events in body::<AuditUserEvents>(false),
        space in "[ \t\r\n]{0,3}"
    ) {
        stays::<AccountGroups>(groups, &space);
        stays::<AccountGroupDetail>(group, &space);
        stays::<Roles>(roles, &space);
        stays::<RoleDetail>(role, &space);
        stays::<Permissions>(permissions, &space);
        stays::<AuditUserEvents>(events, &space);
        stays::<Users>(users, &space);
        stays::<CreatedUser>(created, &space);
        stays::<UserDetail>(user, &space);
    }

    #[test]
    fn what_deviates_is_normalised(
        users in body::<Users>(true), created in body::<CreatedUser>(true), user in body::<UserDetail>(true),
        group in body::<AccountGroupDetail>(true), role in body::<RoleDetail>(true), events in body::<AuditUserEvents>(true)
    ) {
        is_normalised::<AccountGroupDetail>(&group);
        is_normalised::<RoleDetail>(&role);
        is_normalised::<AuditUserEvents>(&events);
        is_normalised::<Users>(&users);
        is_normalised::<CreatedUser>(&created);
        is_normalised::<UserDetail>(&user);
        is_normalised::<UserDetail>(&json!({ "users": [user] }));
    }

    #[test]
    fn anything_at_all_keeps_the_promises(body in any_json(), bytes in vec(any::<u8>(), 0..64)) {
        decoding::check(body.to_string().as_bytes());
        decoding::check(&bytes);
    }

    #[test]
    fn broken_bodies_keep_the_promises(
        body in prop_oneof![body::<Users>(true), body::<UserDetail>(true), body::<AuditUserEvents>(true)],
        damages in vec((any::<Index>(), 0..8_usize, fragment()), 1..4)
    ) {
        let mut bytes = body.to_string().into_bytes();
        for (start, length, fragment) in damages {
            let start = start.index(bytes.len() + 1);
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, fragment);
            decoding::check(&bytes);
        }
    }

    #[test]
    fn bodies_that_are_cut_short_are_refused(body in body::<Users>(true), end in any::<Index>()) {
        let text = body.to_string();
        let cut = text.as_bytes()[..end.index(text.len())].to_vec();
        prop_assert!(normalise(cut, Users::MODEL.unwrap()).is_err());
    }
}

/// A piece that is put into a body.
fn fragment() -> BoxedStrategy<Vec<u8>> {
    let pieces = vec![
        "",
        "\"",
        "\\",
        ",",
        ":",
        "[",
        "]",
        "{",
        "}",
        "null",
        "1e999",
        "-",
        "\\ud800",
        "\\u0075",
        "\u{feff}",
        "\"uid\":5,",
        "\"users\":",
        " ",
    ];
    prop_oneof![select(pieces).prop_map(|piece| piece.as_bytes().to_vec()), vec(any::<u8>(), 0..3)].boxed()
}

// Secrets.

/// A token as a server may write it: as it is, in JSON, in stricter JSON, in a URL.
fn spellings(token: &str) -> Vec<String> {
    let quoted = serde_json::to_string(token).unwrap();
    let quoted = quoted.strip_prefix('"').and_then(|quoted| quoted.strip_suffix('"')).unwrap().to_owned();
    vec![
        token.to_owned(),
        quoted.replace('/', "\\/"),
        quoted,
        token.chars().map(|character| format!("\\u{:04x}", u32::from(character))).collect(),
        token.chars().map(|character| format!("%{:02X}", u32::from(character))).collect(),
    ]
}

/// All texts of a value, names included.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(members) => members.iter().flat_map(|(name, value)| [vec![name.clone()], texts(value)].concat()).collect(),
        _ => vec![],
    }
}

/// What an error shows of the token that a server repeats.
fn shown(token: &str, status: u16) -> Vec<String> {
    let spellings = spellings(token);
    let mut all = Vec::new();
    for spelling in &spellings {
        for body in [
            format!(r#"{{"title":"no {spelling}","detail":"{spelling}","errors":["{spelling}",{{"field":"{spelling}"}}]}}"#),
            format!("<html>{spelling} {spelling}</html>"),
        ] {
            let world = World::new([answer_with(status, &[("www-authenticate", &format!("Bearer error={spelling}"))], &body)]);
            let error = world.call(operation(&GET_USER, "5"), json!({ "accessToken": token, "maxRetries": 0 })).unwrap_err();
            all.extend([texts(&seen(&error)), vec![format!("{error:?}"), error.message.clone()]].concat());
        }
    }
    all.retain(|text| spellings.iter().any(|spelling| text.contains(spelling)));
    all
}

/// What looks like an escape may be the token itself.
#[test]
fn no_error_shows_a_token_that_looks_escaped() {
    for token in [r"%25\!!!a0A0aA!a!", r"a%41\u0041%25%25", r"\\%5C\/0123456789"] {
        assert_eq!(shown(token, 400), Vec::<String>::new());
    }
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn no_error_shows_the_token(token in "[!-~]{16,48}", status in select(&[400_u16, 401, 403, 404, 500][..])) {
        prop_assert_eq!(shown(&token, status), Vec::<String>::new());
    }

    #[test]
    fn no_configuration_shows_the_token(token in "[!-~]{16,48}", wrong in select(&[" ", "\n", "é", "\u{0}"][..]), at in any::<Index>()) {
        let checked = Configuration::read(&given(&json!({ "accessToken": token }))).unwrap();
        let shown = format!("{checked:?}");
        prop_assert!(!shown.contains(&token));
        let (start, end) = token.split_at(at.index(token.len() + 1));
        let error = Configuration::read(&given(&json!({ "accessToken": format!("{start}{wrong}{end}") }))).unwrap_err();
        let longer = if start.len() > end.len() { start } else { end };
        prop_assert!(texts(&seen(&error)).iter().all(|text| !text.contains(longer)), "{error:?}");
    }
}

// Input.

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn an_id_is_one_segment_of_the_path_or_refused(id in prop_oneof![any::<String>(), "[./%a?#\\\\ ]{1,6}"], aid in any::<String>()) {
        let (Ok(id), Ok(aid)) = (GET_USER.read_id(&given(&json!(id))), input::id(&Path::Argument("aid"), &given(&json!(aid)))) else { return Ok(()) };
        let address = GET_USER.operation(Some(&id), &[("aid", aid.clone())], None).request.url;
        let url = Url::parse(&format!("https://api.example/v7{address}")).unwrap();
        let segments: Vec<_> = url.path_segments().unwrap().map(|segment| percent_decode_str(segment).decode_utf8().unwrap()).collect();
        prop_assert_eq!(segments, ["v7", "users", &id]);
        let query: Vec<_> = url.query_pairs().into_owned().collect();
        prop_assert_eq!(query, [("aid".to_owned(), aid)]);
        prop_assert_eq!(url.fragment(), None);
    }

    #[test]
    fn a_host_leads_only_where_it_says(host in prop_oneof![any::<String>(), "(https?|HTTPS)://[ -~]{0,24}", "(https?://|/).{0,24}", "/[/.a\\\\?#@]{0,6}"]) {
        let Ok(configuration) = Configuration::read(&given(&json!({ "host": host }))) else { return Ok(()) };
        let page = Url::parse("https://page.example/portal/").unwrap();
        // What a browser cannot read, it does not send.
        let Ok(url) = page.join(&format!("{}/users/5?aid=1", configuration.host)) else { return Ok(()) };
        prop_assert!(url.path().ends_with("/users/5"), "{url}");
        prop_assert_eq!((url.query(), url.fragment(), url.username(), url.password()), (Some("aid=1"), None, "", None));
        if host.starts_with('/') {
            prop_assert_eq!(url.origin(), page.origin());
        } else {
            prop_assert!(matches!(url.scheme(), "http" | "https"));
            let authority = host.split('/').nth(2).unwrap();
            let said = Url::parse(&format!("https://{authority}")).unwrap();
            prop_assert_eq!(url.host_str(), said.host_str());
        }
    }

    #[test]
    fn header_values_are_printable_and_never_shown(name in "[a-z-]{1,9}", value in prop_oneof![any::<String>(), "[ -~\r\n\t]{0,20}"]) {
        let mut headers = Headers::new();
        match input::headers(&Path::Argument("headers"), &given(&json!({ name.clone(): value })), &mut headers) {
            Ok(()) => {
                prop_assert_eq!(headers.get(&name), Some(value.as_str()));
                prop_assert!(value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) && value.trim() == value, "{value:?}");
            }
            Err(error) => {
                prop_assert_eq!(error.outcome, Outcome::NotSent);
                prop_assert!(value.len() < 8 || !error.message.contains(&value), "{error:?}");
                prop_assert!(headers.get(&name).is_none());
            }
        }
    }
}

// Time.

fn ending() -> BoxedStrategy<Ending> {
    let status = prop_oneof![select(&[200_u16, 401, 404, 408, 429, 500, 502, 503, 504][..]), any::<u16>()];
    prop_oneof![
        (status, any::<Option<u64>>()).prop_map(|(status, asked)| Ending::Answer { status, asked }),
        select(&[Outcome::NotSent, Outcome::Rejected, Outcome::Unknown][..]).prop_map(Ending::NoAnswer),
    ]
    .boxed()
}

fn http_date(seconds: u64) -> String {
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
}

/// Any second until the end of the year 9999.
fn moment() -> std::ops::Range<u64> {
    0..253_402_300_800
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn no_retry_does_work_twice_or_waits_too_long(
        ending in ending(),
        method in select(&[Method::Get, Method::Post, Method::Put, Method::Delete][..]),
        retries in prop_oneof![0..5_u32, any::<u32>()],
        max_retries in 0..=100_u32,
        jitter in 0.0..1.0_f64
    ) {
        let Some(wait) = decide(Attempt { method, ending, retries, max_retries, jitter }) else { return Ok(()) };
        prop_assert!(retries < max_retries);
        let asked = match ending {
            Ending::Answer { asked, .. } => asked.unwrap_or_default(),
            Ending::NoAnswer(_) => 0,
        };
        prop_assert!((asked.max(250)..=asked.saturating_add(1_000).max(8_000)).contains(&wait.milliseconds), "{wait:?} for {asked}");
        let was_not_executed = matches!(ending, Ending::Answer { status: 429, .. } | Ending::NoAnswer(Outcome::NotSent));
        prop_assert!(method != Method::Post || was_not_executed);
        // What does not count as time of the call is never more than a window takes.
        prop_assert!(!wait.is_for_turn || was_not_executed && wait.milliseconds <= 66_000, "{wait:?}");
    }

    #[test]
    fn with_a_date_the_local_clock_counts_for_nothing(
        date in moment(), reset in prop_oneof![0..600_u64, any::<u32>().prop_map(u64::from)], clocks in any::<[u64; 2]>()
    ) {
        let (date, reset) = (http_date(date), reset.to_string());
        let headers: Headers = [("Date", &date), ("X-Organization-Rate-Limit-Reset", &reset)].into_iter().collect();
        let [one, other] = clocks.map(|now| Pace::read(&headers, now));
        prop_assert!(one.until_reset.is_some());
        prop_assert_eq!(one, other);
    }

    #[test]
    fn retry_after_is_the_time_between_two_dates(date in moment(), after in moment(), seconds in any::<u32>(), now in any::<u64>()) {
        let with = |value: &str| -> Headers { [("Date", http_date(date).as_str()), ("Retry-After", value)].into_iter().collect() };
        prop_assert_eq!(Pace::read(&with(&http_date(after)), now).retry_after, Some(after.saturating_sub(date) * 1000));
        prop_assert_eq!(Pace::read(&with(&seconds.to_string()), now).retry_after, Some(u64::from(seconds) * 1000));
    }
}
