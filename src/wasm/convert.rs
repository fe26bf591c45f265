//! JavaScript values to plain ones and back: the one codec of the boundary.

use js_sys::{Array, JsString, Object, Reflect};
use serde::Serialize;
use serde_json::{Map, Value};
use wasm_bindgen::prelude::*;

use crate::error::Error;
use crate::http::Response;
use crate::rate_limit::RateLimit;

/// Deeper input is a cycle or a mistake.
const DEPTH: usize = 16;

/// A small plain value for JavaScript: objects, never a `Map`; `null`, never `undefined`.
pub fn to_js(value: &impl Serialize) -> JsValue {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or(JsValue::UNDEFINED)
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
        return list.iter().enumerate().map(|(index, item)| read(&format!("{path}[{index}]"), &item, depth.saturating_sub(1))).collect();
    }
    if let Some(text) = value.dyn_ref::<JsString>()
        && !text.is_valid_utf16()
    {
        return Err(Error::wrong_value(path, "holds half of a surrogate pair, which cannot be sent."));
    }
    if let Some(number) = value.as_f64()
        && !number.is_finite()
    {
        return Err(Error::wrong_value(path, "must be a finite number."));
    }
    if value.is_function() || value.is_symbol() || value.is_bigint() {
        return Err(Error::wrong_type(path, format_args!("must not be a {}.", value.js_typeof().as_string().unwrap_or_default())));
    }
    if !value.is_object() {
        return serde_wasm_bindgen::from_value(value.clone()).map_err(|_| Error::wrong_type(path, "cannot be read."));
    }
    let object: &Object = value.unchecked_ref();
    if object.is_instance_of::<js_sys::Map>() || object.is_instance_of::<js_sys::Set>() || object.is_instance_of::<js_sys::Date>() {
        return Err(Error::wrong_type(path, "must be a plain object."));
    }
    let mut properties = Map::new();
    for name in Object::keys(object).iter() {
        let item = Reflect::get(value, &name).map_err(|_| Error::wrong_type(path, "has a property that cannot be read."))?;
        let name = name.as_string().unwrap_or_default();
        if !item.is_undefined() {
            let item = read(&format!("{path}.{name}"), &item, depth.saturating_sub(1))?;
            properties.insert(name, item);
        }
    }
    Ok(Value::Object(properties))
}

/// `value` without the given properties, and these: they hold what only JavaScript can (functions, a signal).
pub fn split<const N: usize>(path: &str, value: &JsValue, names: [&str; N]) -> Result<(Value, [JsValue; N]), Error> {
    let mut live = [const { JsValue::UNDEFINED }; N];
    if value.is_undefined() {
        return Ok((Value::Object(Map::new()), live));
    }
    if !value.is_object() {
        return Err(Error::wrong_type(path, "must be an object."));
    }
    let rest = Object::assign(&Object::new(), value.unchecked_ref());
    for (name, slot) in names.iter().zip(live.iter_mut()) {
        let name = JsValue::from_str(name);
        *slot = Reflect::get(&rest, &name).unwrap_or(JsValue::UNDEFINED);
        let _ = Reflect::delete_property(&rest, &name);
    }
    Ok((from_js(path, &rest)?, live))
}

/// The body of an answer that the core has checked; an empty one is `undefined`.
pub fn body(response: &Response, has_body: bool) -> Result<JsValue, JsValue> {
    if has_body { js_sys::JSON::parse(&String::from_utf8_lossy(&response.body)) } else { Ok(JsValue::UNDEFINED) }
}

/// The answer of a `…WithHttpInfo` method.
pub fn api_response(response: &Response, data: &JsValue) -> Result<JsValue, JsValue> {
    let headers: Map<String, Value> = response.headers.iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    let answer = Object::new();
    for (name, value) in [
        ("data", data),
        ("statusCode", &JsValue::from(response.status)),
        ("headers", &to_js(&headers)),
        ("rateLimit", &to_js(&RateLimit::read(&response.headers))),
    ] {
        Reflect::set(&answer, &JsValue::from_str(name), value)?;
    }
    Ok(answer.into())
}
