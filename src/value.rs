//! Plain values: what callers hand in, and what JSON texts hold.

use std::mem;

use serde::{Serialize, Serializer};

use crate::json::{self, Item, Kind};

/// A plain value, as callers hand it in and as JSON has it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`; as a setting it counts as omitted.
    Null,
    /// A boolean.
    Flag(bool),
    /// A number, never NaN or infinite.
    Number(f64),
    /// A string.
    Text(String),
    /// A date, ISO 8601 in UTC.
    Date(String),
    /// A list.
    List(Vec<Value>),
    /// An object. A property that is undefined counts as omitted.
    Object(Properties),
    /// A function; the transport's side keeps it.
    Function,
    /// A signal that can abort a call; the transport's side keeps it.
    Signal,
}

impl Value {
    /// What people call it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Flag(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::Text(_) => "a string",
            Value::Date(_) => "a Date",
            Value::List(_) => "a list",
            Value::Object(_) => "an object",
            Value::Function => "a function",
            Value::Signal => "a signal",
        }
    }
}

/// As JSON has it; nothing else than JSON must be in it.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null | Value::Function | Value::Signal => serializer.serialize_unit(),
            Value::Flag(flag) => serializer.serialize_bool(*flag),
            Value::Number(number) => serializer.serialize_f64(*number),
            Value::Text(text) | Value::Date(text) => serializer.serialize_str(text),
            Value::List(items) => serializer.collect_seq(items),
            Value::Object(Properties(members)) => serializer.collect_map(members.iter().map(|(name, value)| (name, value))),
        }
    }
}

/// The properties of an object, by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Properties(pub Vec<(String, Value)>);

impl Properties {
    /// The value of a property.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(present, _)| present == name).map(|(_, value)| value)
    }

    /// Takes a property out; `null` counts as omitted.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        self.remove(name).filter(|value| *value != Value::Null)
    }

    /// Takes a property out, whatever it is.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let mut taken = None;
        self.0.retain_mut(|(present, value)| {
            let is_it = present == name;
            if is_it {
                taken = Some(mem::replace(value, Value::Null));
            }
            !is_it
        });
        taken
    }

    /// All properties but those that are `null`, which counts as omitted.
    pub fn given(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value)).filter(|(_, value)| **value != Value::Null)
    }
}

/// The JSON of a value, always the same for the same value. Its numbers are whole, as all that are read here: how others are printed
/// is much code, and so is a general serialiser.
pub fn json(value: &Value) -> String {
    json_by(value, |number| (number as u64).to_string())
}

/// The JSON of a value whose numbers are printed by a function.
pub fn json_by(value: &Value, number: fn(f64) -> String) -> String {
    let mut text = String::new();
    write(&mut text, value, number);
    text
}

fn write(text: &mut String, value: &Value, print: fn(f64) -> String) {
    match value {
        Value::Null | Value::Function | Value::Signal => *text += "null",
        Value::Flag(flag) => *text += if *flag { "true" } else { "false" },
        Value::Number(number) => *text += &print(*number),
        Value::Text(string) | Value::Date(string) => json::quote(text, string),
        Value::List(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(text, item, print);
            }
            text.push(']');
        }
        Value::Object(Properties(members)) => {
            text.push('{');
            for (index, (name, item)) in members.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                json::quote(text, name);
                text.push(':');
                write(text, item, print);
            }
            text.push('}');
        }
    }
}

/// The value of a JSON text that was checked before. A number that is not whole counts as omitted: no model has one.
pub fn parse(json: &str) -> Value {
    value_of(json, Value::Null)
}

/// The value of what a caller handed in, as JSON. A number that is not whole becomes another one of which the same is said.
pub fn parse_input(json: &str) -> Value {
    value_of(json, Value::Number(0.5))
}

fn value_of(json: &str, not_whole: Value) -> Value {
    match (json::object(json), json::list(json)) {
        (Some(members), _) => {
            let mut all = Vec::new();
            for (name, item) in members {
                all.push((name, item_value(item, &not_whole)));
            }
            Value::Object(Properties(all))
        }
        (_, Some(items)) => {
            let mut all = Vec::new();
            for item in items {
                all.push(item_value(item, &not_whole));
            }
            Value::List(all)
        }
        _ => Value::Null,
    }
}

fn item_value((kind, raw): Item<'_>, not_whole: &Value) -> Value {
    match kind {
        Kind::Text => Value::Text(json::unescape(raw)),
        Kind::Flag => Value::Flag(raw == "true"),
        Kind::Number => raw.parse::<u64>().map_or_else(|_| not_whole.clone(), |number| Value::Number(number as f64)),
        Kind::Object | Kind::List => value_of(raw, not_whole.clone()),
        Kind::Null => Value::Null,
    }
}
