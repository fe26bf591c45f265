//! JavaScript values to plain ones and back: the one codec of the boundary.

use js_sys::{Array, Function, JsString, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::client::{Answer, Data};
use crate::error::Error;
use crate::value::{Object as Properties, Value};

#[wasm_bindgen]
extern "C" {
    // As js-sys has them, but a property of the caller's that throws is a value here, and so rejects the promise.
    #[wasm_bindgen(js_namespace = Object, catch)]
    fn assign(target: &Object, source: &JsValue) -> Result<Object, JsValue>;
    #[wasm_bindgen(js_namespace = Object, catch)]
    fn keys(object: &JsValue) -> Result<Array, JsValue>;
}

/// Deeper input is a cycle or a mistake.
const DEPTH: usize = 16;

/// A small plain value for JavaScript: objects, never a `Map`; `null`, never `undefined`.
pub fn to_js(value: &impl Serialize) -> JsValue {
    serde_json::to_string(value).ok().and_then(|json| js_sys::JSON::parse(&json).ok()).unwrap_or(JsValue::UNDEFINED)
}

/// Input from JavaScript. A property that is `undefined` counts as left out; what JSON cannot say is an error.
pub fn from_js(path: &str, value: &JsValue) -> Result<Value, Error> {
    read(path, value, DEPTH)
}

fn read(path: &str, value: &JsValue, depth: usize) -> Result<Value, Error> {
    if depth == 0 {
        return Err(Error::wrong_type(path, "is nested too deeply, or refers to itself."));
    }
    if let Some(list) = value.dyn_ref::<Array>() {
        let mut items = Vec::new();
        for (index, item) in list.iter().enumerate() {
            items.push(read(&format!("{path}[{index}]"), &item, depth.saturating_sub(1))?);
        }
        return Ok(Value::List(items));
    }
    if let Some(text) = value.dyn_ref::<JsString>() {
        return match text.is_valid_utf16() {
            true => Ok(Value::Text(text.into())),
            false => Err(Error::wrong_value(path, "holds half of a surrogate pair, which cannot be sent.")),
        };
    }
    if let Some(number) = value.as_f64() {
        return match number.is_finite() {
            true => Ok(Value::Number(number)),
            false => Err(Error::wrong_value(path, "must be a finite number.")),
        };
    }
    if let Some(flag) = value.as_bool() {
        return Ok(Value::Flag(flag));
    }
    if value.is_null() || value.is_undefined() {
        return Ok(Value::Null);
    }
    if !value.is_object() || value.is_function() {
        return Err(Error::wrong_type(path, format_args!("must not be a {}.", value.js_typeof().as_string().unwrap_or_default())));
    }
    let object: &Object = value.unchecked_ref();
    if object.is_instance_of::<js_sys::Map>() || object.is_instance_of::<js_sys::Set>() || object.is_instance_of::<js_sys::Date>() {
        return Err(Error::wrong_type(path, "must be a plain object."));
    }
    let mut properties = Properties::default();
    for name in keys(object).map_err(|_| Error::wrong_type(path, "has properties that cannot be read."))?.iter() {
        let item = Reflect::get(value, &name).map_err(|_| Error::wrong_type(path, "has a property that cannot be read."))?;
        let name = name.as_string().unwrap_or_default();
        if !item.is_undefined() {
            let item = read(&format!("{path}.{name}"), &item, depth.saturating_sub(1))?;
            properties.push(name, item);
        }
    }
    Ok(Value::Object(properties))
}

/// A copy of an object of settings, from which [`take`] takes what only JavaScript can hold: functions, a signal.
pub fn copy(path: &str, value: &JsValue) -> Result<Object, Error> {
    if !value.is_object() && !value.is_undefined() {
        return Err(Error::wrong_type(path, "must be an object."));
    }
    assign(&Object::new(), value).map_err(|_| Error::wrong_type(path, "has a property that cannot be read."))
}

/// Takes a property out of a copy.
pub fn take(settings: &Object, name: &str) -> JsValue {
    let name = JsValue::from_str(name);
    let value = Reflect::get(settings, &name).unwrap_or(JsValue::UNDEFINED);
    let _ = Reflect::delete_property(settings, &name);
    value
}

/// Takes a function that may be left out.
pub fn take_function(settings: &Object, path: &str, name: &str) -> Result<Option<Function>, Error> {
    match take(settings, name).dyn_into::<Function>() {
        Ok(function) => Ok(Some(function)),
        Err(other) if other.is_undefined() || other.is_null() => Ok(None),
        Err(_) => Err(Error::wrong_type(format!("{path}.{name}"), "must be a function.")),
    }
}

/// The value of a checked answer; `undefined` where the operation gives nothing.
pub fn data(data: &Data<JsValue>) -> Result<JsValue, JsValue> {
    match data {
        Data::Nothing => Ok(JsValue::UNDEFINED),
        Data::Value(value) => Ok(value.clone()),
        Data::Json(json) => js_sys::JSON::parse(json),
    }
}

/// The answer of a `…WithHttpInfo` method.
pub fn api_response(answer: &Answer<JsValue>) -> Result<JsValue, JsValue> {
    let response = to_js(answer);
    Reflect::set(&response, &"data".into(), &data(&answer.data)?)?;
    Ok(response)
}
