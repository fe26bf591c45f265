//! What requests are made of.

use super::{Model, Shape};
use crate::error::Error;
use crate::input::{Parts, Read, Value};
use crate::path::Path;
use crate::value::json;

/// What is sent as the body of a request.
pub trait Request: Sent + Sized {
    /// What it is made of.
    const FORM: &'static Form;

    /// Reads what a caller hands in. Every complaint names the path of the item.
    fn read(path: &Path<'_>, value: &Value) -> Result<Self, Error>;
}

/// What is sent, whole or a part of it.
pub trait Sent {
    /// Its plain value; none where nothing is sent.
    fn sent(&self) -> Option<Value>;
}

impl Sent for String {
    fn sent(&self) -> Option<Value> {
        Some(Value::Text(self.clone()))
    }
}

impl<T: Sent> Sent for Vec<T> {
    fn sent(&self) -> Option<Value> {
        let mut all = Vec::new();
        for item in self {
            all.extend(item.sent());
        }
        Some(Value::List(all))
    }
}

impl<T: Sent> Sent for Setting<T> {
    fn sent(&self) -> Option<Value> {
        match self {
            Setting::Omitted => None,
            Setting::Null => Some(Value::Null),
            Setting::Value(value) => value.sent(),
        }
    }
}

/// Adds a property to what is sent, if it has a value.
pub(super) fn send(all: &mut Vec<(String, Value)>, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        all.push((name.to_owned(), value));
    }
}

/// A request as a table.
#[derive(Debug)]
pub struct Form {
    /// What it is called.
    pub name: &'static str,
    /// Its properties.
    pub fields: &'static [Field],
    /// What it is, for people: empty in the WebAssembly.
    pub doc: &'static str,
}

/// A property of a request.
#[derive(Debug)]
pub struct Field {
    /// Its name in JSON.
    pub name: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
    /// What it is, for people: empty in the WebAssembly.
    pub doc: &'static str,
}

/// What the value of a property of a request is.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Any text.
    Text,
    /// An e-mail address.
    Email,
    /// An identifier.
    Id,
    /// A list of identifiers.
    Ids,
    /// A list of objects.
    List(&'static Form),
}

/// A property of a request, which may be omitted, set to `null` or set to a value. The API treats the three
/// differently, so they are never mixed up here.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Setting<T> {
    /// The property is not sent: what is there stays as it is (assumed).
    #[default]
    Omitted,
    /// An explicit `null` is sent.
    Null,
    /// The value is sent.
    Value(T),
}

impl<T> From<Option<T>> for Setting<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Setting::Omitted, Setting::Value)
    }
}

/// A request as a plain value.
pub fn as_value(request: &impl Request) -> Value {
    request.sent().unwrap_or(Value::Null)
}

/// A request as JSON.
pub fn as_json(request: &impl Request) -> String {
    json(&as_value(request))
}

/// What may stand where there is nothing.
pub trait Absent {
    /// Whether nothing is to be written.
    fn is_absent(&self) -> bool;
}

impl<T> Absent for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

/// A required list.
impl<T> Absent for Vec<T> {
    fn is_absent(&self) -> bool {
        false
    }
}

/// Reads a property that may be omitted.
pub(super) fn setting<T>(parts: &mut Parts<'_>, name: &str, read: Read<T>) -> Setting<T> {
    match parts.find(name) {
        None => Setting::Omitted,
        Some(Value::Null) => Setting::Null,
        value => parts.read(name, value, read).into(),
    }
}

/// Refuses an object as it was read, of which a request is to be made first: it has an object or a list in it that only the
/// answer has.
pub(super) fn refuse_answer(path: &Path<'_>, value: &Value, form: &Form, model: &Model, turn: &str) -> Result<(), Error> {
    let Value::Object(object) = value else { return Ok(()) };
    let only_answered = model
        .properties
        .iter()
        .filter(|property| matches!(property.shape, Shape::One(_) | Shape::Many(_)))
        .filter(|property| form.fields.iter().all(|field| field.name != property.name));
    for property in only_answered {
        if object.get(property.name).is_some() {
            return Err(Error::wrong_type(path, &format!("is an object as it was read, and no request: turn it into one with {turn}.")));
        }
    }
    Ok(())
}
