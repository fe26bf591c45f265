//! Plain values, of JSON and of callers.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod given;

use given::given;
use serde_json::json;
use thousandeyes_admin::input::id;
use thousandeyes_admin::path::Path;
use thousandeyes_admin::value::{Properties, Value, json as json_of, parse, parse_input};

#[test]
fn a_value_of_json_is_read_whole() {
    let text = r#"{"a":true,"b":false,"c":"x\"\u00e9","d":[1,null,{}],"e":{"f":[]},"g":4294967295}"#;
    let expected = json!({ "a": true, "b": false, "c": "x\"é", "d": [1, null, {}], "e": { "f": [] }, "g": 4_294_967_295_u32 });
    let (Value::Object(read), Value::Object(due)) = (parse(text), given(&expected)) else { panic!("no objects") };
    for (name, value) in &due.0 {
        assert_eq!(read.get(name), Some(value), "{name}");
    }
    assert_eq!(read.0.len(), due.0.len());
}

#[test]
fn a_number_that_is_not_whole_counts_as_omitted() {
    let text = r#"{"a":1.5,"b":-1,"c":[1e3],"d":4294967296}"#;
    let Value::Object(read) = parse(text) else { panic!("no object") };
    assert_eq!(["a", "b"].map(|name| read.get(name)), [Some(&Value::Null); 2]);
    assert_eq!(read.get("c"), Some(&Value::List(vec![Value::Null])));
    assert_eq!(read.get("d"), Some(&Value::Number(4_294_967_296.0)));
    // Of what a caller handed in it must not vanish: it is refused where a whole number is due.
    let Value::Object(read) = parse_input(text) else { panic!("no object") };
    for name in ["a", "b"] {
        assert!(id(&Path::Argument("id"), read.get(name).unwrap()).unwrap_err().message.contains("must be a whole number"));
    }
}

#[test]
fn what_is_neither_an_object_nor_a_list_is_nothing() {
    assert_eq!([parse("5"), parse("\"x\""), parse("")], [Value::Null, Value::Null, Value::Null]);
    assert_eq!(parse("[]"), Value::List(vec![]));
}

#[test]
fn a_property_is_taken_out() {
    let Value::Object(mut properties) = given(&json!({ "a": 1, "b": null, "c": "x" })) else { panic!("no object") };
    assert_eq!(properties.take("a"), Some(Value::Number(1.0)));
    assert_eq!(properties.take("a"), None);
    // `null` counts as omitted, and is taken out all the same.
    assert_eq!(properties.take("b"), None);
    assert_eq!(properties.0, [("c".to_owned(), Value::Text("x".to_owned()))]);
}

#[test]
fn texts_are_written_as_any_serialiser_writes_them() {
    let all: String = ('\0'..='\u{a0}').chain(['\u{2028}', 'é', '😀']).collect();
    let value = Value::Object(Properties(vec![(all.clone(), Value::List(vec![Value::Text(all.clone()), Value::Null, Value::Flag(true)]))]));
    assert_eq!(json_of(&value), serde_json::to_string(&json!({ all.clone(): [all, null, true] })).unwrap());
}

#[test]
fn whole_numbers_are_written_without_a_point() {
    assert_eq!(json_of(&Value::List(vec![Value::Number(0.0), Value::Number(4_294_967_296.0)])), "[0,4294967296]");
}
