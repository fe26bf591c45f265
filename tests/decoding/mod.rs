//! What decoding promises for every body, whatever it holds. The property tests, the kept corpus and the fuzz target all
//! ask this one question.

#![allow(dead_code)]

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value};
use thousandeyes_admin::decode::Undecodable;
use thousandeyes_admin::decode::normalise::{Normalised, normalise};
use thousandeyes_admin::decode::offsets::{Materialised, materialise_by};
use thousandeyes_admin::models::{
    AccountGroupDetail, AccountGroups, AuditUserEvents, Body, CreatedAccountGroup, CreatedUser, Model, Permissions, RoleDetail, Roles,
    Shape, UserDetail, Users,
};

#[path = "../offsets/mod.rs"]
pub mod offsets;

/// Where serde_json is narrower than `JSON.parse`: in what it makes of a value, not in what it takes for JSON.
const NARROWER: [&str; 4] = ["surrogate", "unexpected end of hex escape", "number out of range", "recursion limit exceeded"];

macro_rules! answers {
    ($($model:ident),+) => {
        /// The models that answers have.
        pub const ANSWERS: &[Option<&Model>] = &[$(<$model as Body>::MODEL),+];

        /// Decodes a body as each of them, and panics where a promise is broken.
        pub fn check(body: &[u8]) {
            $(check_as::<$model>(body);)+
        }
    };
}
answers!(
    Users,
    CreatedUser,
    UserDetail,
    AccountGroups,
    CreatedAccountGroup,
    AccountGroupDetail,
    Roles,
    RoleDetail,
    Permissions,
    AuditUserEvents
);

pub fn check_as<T: Body + DeserializeOwned>(body: &[u8]) {
    let model = T::MODEL.expect("a model");
    let result = normalise(body.to_vec(), model);
    agrees_with_serde_json(body, &result);
    agrees_with_the_fast_path(body, &result, model);
    let Ok(decoded) = result else { return };
    let text = text(body).expect("UTF-8");
    assert!(decoded.json == text || !decoded.drift.is_empty(), "{text} became {decoded:?}, and nothing is told");
    is_settled(&decoded, model);

    let (before, after) = match (serde_json::from_str::<Value>(text), serde_json::from_str::<Value>(&decoded.json)) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(error), _) | (_, Err(error)) => {
            assert!(NARROWER.iter().any(|reason| error.to_string().contains(reason)), "{text}: {error}");
            return;
        }
    };
    let link = |relation: &str| after.pointer(&format!("/_links/{relation}/href")).and_then(Value::as_str);
    assert_eq!(decoded.links.this.as_deref(), link("self"), "{}", decoded.json);
    assert_eq!(decoded.links.next.as_deref(), model.next_link.and_then(|_| link("next")), "{}", decoded.json);
    T::deserialize(&after).unwrap_or_else(|error| panic!("{}: {error}", decoded.json));
    let wrapped = decoded.drift.first().is_some_and(|drift| drift.expected == "the object itself");
    keeps_the_unknown(if wrapped { &before["users"][0] } else { &before }, &after, model);
}

/// The text of a body; a byte order mark is not part of it.
fn text(body: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(body).ok()?;
    Some(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// serde_json, which ignores what the values are, and decoding take the same for JSON, but for the depth.
fn agrees_with_serde_json(body: &[u8], result: &Result<Normalised, Undecodable>) {
    let is_json = text(body).is_some_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
    match result {
        Ok(decoded) => {
            assert!(is_json, "{} is taken for JSON", String::from_utf8_lossy(body));
            assert!(decoded.json.trim_start().starts_with('{'), "{} is no object", decoded.json);
        }
        Err(Undecodable { problem, .. }) => {
            let refused_as_json = problem == "is empty" || problem.starts_with("is not UTF-8") || problem.starts_with("is not JSON");
            let too_deep = problem.contains("nested too deeply");
            assert!(too_deep || refused_as_json != is_json, "{}: {problem}", String::from_utf8_lossy(body));
        }
    }
}

/// What the fast path takes, it makes the same of; in windows of any size.
fn agrees_with_the_fast_path(body: &[u8], result: &Result<Normalised, Undecodable>, model: &'static Model) {
    for window in [1, 150, usize::MAX] {
        let Some(Materialised { value, links }) = materialise_by(window, &offsets::Bytes(body.to_vec()), model) else { continue };
        let Ok(decoded) = result else { panic!("{} is refused, but not by the fast path", String::from_utf8_lossy(body)) };
        assert_eq!(decoded.drift, []);
        assert_eq!((links, value), (decoded.links.clone(), serde_json::from_str(&decoded.json).expect("JSON")));
    }
}

/// What is decoded stays as it is when decoded again, and deviates only in dates that cannot be read.
fn is_settled(decoded: &Normalised, model: &'static Model) {
    let again = normalise(decoded.json.clone().into_bytes(), model).unwrap_or_else(|refusal| panic!("{decoded:?} is refused: {refusal:?}"));
    for drift in &again.drift {
        assert!(drift.expected.starts_with("a date") && drift.got.starts_with('"'), "{decoded:?} drifts again: {drift:?}");
    }
    assert_eq!((again.json, again.links), (decoded.json.clone(), decoded.links.clone()));
}

/// Unknown properties are unchanged, on every level.
fn keeps_the_unknown(before: &Value, after: &Value, model: &Model) {
    let (Value::Object(before), Value::Object(after)) = (before, after) else { return };
    let is_known = |name: &str| model.properties.iter().any(|property| property.name == name);
    let unknown = |object: &Map<String, Value>| -> Map<String, Value> {
        object.iter().filter(|(name, _)| !is_known(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
    };
    assert_eq!(unknown(before), unknown(after));
    for property in model.properties {
        match (property.shape, before.get(property.name), after.get(property.name)) {
            (Shape::One(model), Some(before), Some(after)) => keeps_the_unknown(before, after, model),
            (Shape::Many(model), Some(Value::Array(before)), Some(Value::Array(after))) => {
                let before: Vec<_> = before.iter().filter(|item| item.is_object()).collect();
                assert_eq!(before.len(), after.len(), "items of {} are lost", property.name);
                before.into_iter().zip(after).for_each(|(before, after)| keeps_the_unknown(before, after, model));
            }
            _ => {}
        }
    }
}
