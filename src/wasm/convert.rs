//! JavaScript values to and from those of the core.

use js_sys::{Array, Function, Object};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::error::Error;
use crate::input::{Properties, Value};
use crate::path::Path;

/// What goes out: plain objects and lists.
pub fn to_js(value: &impl Serialize) -> JsValue {
    // It fails for whole numbers alone that JavaScript cannot hold, which nothing here has.
    value.serialize(&Serializer::json_compatible()).unwrap_or_default()
}

// js-sys has these without `catch`, or with the kind of it that leaks: wasm-bindgen 0.2.129 and 0.2.130 leave a slot of
// the table of externrefs behind for each exception, unless what is returned is an Option or no JavaScript value.
#[wasm_bindgen]
extern "C" {
    /// A property of an object, unless it is `undefined` or `null`.
    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = get)]
    pub fn property(value: &JsValue, name: &str) -> Result<Option<JsValue>, JsValue>;
    /// Sets a property of an object of our own.
    #[wasm_bindgen(js_namespace = Reflect, js_name = set)]
    pub fn set_property(object: &JsValue, name: &str, value: &JsValue);
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    pub fn is_array(value: &JsValue) -> Result<bool, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Array, js_name = from)]
    pub fn items(value: &JsValue) -> Result<Option<Array>, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Object)]
    fn entries(value: &JsValue) -> Result<Option<Array>, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Object, js_name = getOwnPropertyNames)]
    fn own_names(value: &JsValue) -> Result<Option<Array>, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Object, js_name = getOwnPropertyDescriptor)]
    fn descriptor(value: &JsValue, name: &JsValue) -> Result<Option<JsValue>, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Object, js_name = getPrototypeOf)]
    fn prototype(value: &JsValue) -> Result<Option<JsValue>, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["Object", "prototype", "toString"], js_name = call)]
    fn tag(value: &JsValue) -> Result<String, JsValue>;
    /// A date as ISO 8601 in UTC.
    #[wasm_bindgen(catch, js_namespace = ["Date", "prototype", "toISOString"], js_name = call)]
    fn iso(value: &JsValue) -> Result<String, JsValue>;
}

/// Deeper input is a cycle or a mistake.
const DEPTH: usize = 16;

/// What a caller handed in.
pub struct Input {
    /// As the core reads it.
    pub value: Value,
    /// The properties that are functions or signals, which the core knows by name only.
    apart: Vec<(String, JsValue)>,
}

impl Input {
    /// Reads an argument. What no request could hold is refused with its path.
    pub fn read(path: &Path<'_>, value: &JsValue) -> Result<Self, Error> {
        let mut apart = Vec::new();
        let value = read(path, value, DEPTH, &mut apart)?;
        Ok(Self { value, apart })
    }

    /// Reads settings, which may be omitted.
    pub fn settings(path: &Path<'_>, value: &JsValue) -> Result<Self, Error> {
        if value.is_undefined() {
            return Ok(Self { value: Value::Object(Properties::default()), apart: Vec::new() });
        }
        Self::read(path, value)
    }

    /// The function of that name.
    pub fn function(&self, name: &str) -> Option<Function> {
        self.apart(name).map(|value| value.clone().unchecked_into())
    }

    /// The function or signal of that name.
    pub fn apart(&self, name: &str) -> Option<&JsValue> {
        self.apart.iter().find(|(present, _)| present == name).map(|(_, value)| value)
    }
}

fn read(path: &Path<'_>, value: &JsValue, depth: usize, apart: &mut Vec<(String, JsValue)>) -> Result<Value, Error> {
    if value.is_null() || value.is_undefined() {
        return Ok(Value::Null);
    }
    if let Some(text) = value.as_string() {
        // Half of a surrogate pair arrives as this character, and so the text is another one.
        if text.chars().any(|character| character == char::REPLACEMENT_CHARACTER) && !Object::is(value, &(&text).into()) {
            return Err(Error::wrong_value(
                path,
                "holds half of a character (a lone surrogate), which cannot be sent: check where the text was cut.",
            ));
        }
        return Ok(Value::Text(text));
    }
    if let Some(number) = value.as_f64() {
        let finite = number.is_finite().then_some(Value::Number(number));
        return finite.ok_or_else(|| Error::wrong_value(path, "must be a finite number."));
    }
    if let Some(flag) = value.as_bool() {
        return Ok(Value::Flag(flag));
    }
    if value.is_function() {
        if let Path::Property(Path::Argument(_), name) = path {
            apart.push(((*name).to_owned(), value.clone()));
        }
        return Ok(Value::Function);
    }
    if !value.is_object() {
        return Err(Error::wrong_type(path, &format!("must not be a {}.", kind(path, value)?.to_ascii_lowercase())));
    }
    if depth == 0 {
        return Err(Error::wrong_type(path, "is nested too deeply, or refers to itself."));
    }
    if let Path::Property(Path::Argument(_), name @ ("signal" | "journal")) = path {
        let (method, kind) = if *name == "signal" { ("addEventListener", Value::Signal) } else { ("append", Value::Function) };
        if look(path, property(value, method))?.is_some_and(|method| method.is_function()) {
            apart.push(((*name).to_owned(), value.clone()));
            return Ok(kind);
        }
    }
    if look(path, is_array(value))? {
        let items = look(path, items(value))?.unwrap_or_default();
        let mut list = Vec::new();
        for (index, item) in items.iter().enumerate() {
            list.push(read(&path.index(index), &item, depth.saturating_sub(1), apart)?);
        }
        return Ok(Value::List(list));
    }
    properties(path, value, depth, apart)
}

fn properties(path: &Path<'_>, value: &JsValue, depth: usize, apart: &mut Vec<(String, JsValue)>) -> Result<Value, Error> {
    if !look(path, is_plain(value))? {
        let problem = match kind(path, value)?.as_str() {
            "Date" => {
                let wrong = |_| Error::wrong_value(path, "is an invalid Date: check what it was made of.");
                return iso(value).map(Value::Date).map_err(wrong);
            }
            "Object" => {
                "is an instance of a class, whose getters would be overlooked: give a plain object, such as { host: it.host }.".to_owned()
            }
            kind => format!("is a {kind}, which cannot be read here: give a plain object."),
        };
        return Err(Error::wrong_type(path, &problem));
    }
    let entries = look(path, entries(value))?.unwrap_or_default();
    let names = look(path, own_names(value))?.unwrap_or_default();
    if names.length() > entries.length() {
        for name in names.iter() {
            if look(path, is_hidden_getter(value, &name))? {
                let name = name.as_string().unwrap_or_default();
                return Err(Error::wrong_type(
                    &path.property(&name),
                    "is hidden (not enumerable), so it would be overlooked: make it enumerable, or leave it out.",
                ));
            }
        }
    }
    let mut properties = Vec::new();
    for entry in entries.iter() {
        let entry = entry.unchecked_into::<Array>();
        let (name, item) = (entry.get(0).as_string().unwrap_or_default(), entry.get(1));
        if !item.is_undefined() {
            let item = read(&path.property(&name), &item, depth.saturating_sub(1), apart)?;
            properties.push((name, item));
        }
    }
    Ok(Value::Object(Properties(properties)))
}

/// Whether an object has all its properties itself: it is a literal of any realm, a module, or has no prototype.
fn is_plain(value: &JsValue) -> Result<bool, JsValue> {
    let Some(parent) = prototype(value)? else { return Ok(true) };
    Ok(prototype(&parent)?.is_none() && descriptor(&parent, &"isPrototypeOf".into())?.is_some())
}

/// What a value is, such as `Map`: the same in every realm.
fn kind(path: &Path<'_>, value: &JsValue) -> Result<String, Error> {
    let tag = look(path, tag(value))?;
    Ok(tag.get(8..tag.len().saturating_sub(1)).unwrap_or_default().to_owned())
}

/// Whether a property is read by a function, and would be overlooked.
fn is_hidden_getter(value: &JsValue, name: &JsValue) -> Result<bool, JsValue> {
    let Some(found) = descriptor(value, name)? else { return Ok(false) };
    Ok(property(&found, "get")?.is_some() && property(&found, "enumerable")?.and_then(|flag| flag.as_bool()) != Some(true))
}

/// What an object says, unless looking at it throws.
fn look<T>(path: &Path<'_>, looked: Result<T, JsValue>) -> Result<T, Error> {
    looked.map_err(|_| Error::wrong_type(path, "cannot be read: looking at it throws."))
}
