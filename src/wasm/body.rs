//! The body of an answer: it stays in JavaScript, and the fast path makes its value there.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use crate::decode::{Data, RawBody, checked};
use crate::endpoints::{APIS, Endpoint};
use crate::models::Model;

#[wasm_bindgen(module = "/pkg-template/materialise.js")]
extern "C" {
    fn copy(bytes: &Uint8Array, start: usize, to: &mut [u8]);
    fn materialise(unfinished: JsValue, bytes: &Uint8Array, model: u32, offsets: &[i32], last: bool) -> JsValue;
}

/// The bytes, as `fetch` gives them.
pub struct Bytes {
    array: Uint8Array,
    length: u32,
}

impl Bytes {
    /// The bytes of an array, which is asked for its length once: each question is a crossing.
    pub fn new(array: Uint8Array) -> Self {
        Self { length: array.length(), array }
    }
}

impl RawBody for Bytes {
    type Value = JsValue;

    fn len(&self) -> usize {
        self.length as usize
    }

    fn copy(&self, start: usize, to: &mut [u8]) {
        copy(&self.array, start, to);
    }

    fn raw(&self) -> JsValue {
        self.array.clone().into()
    }

    fn build(&self, value: Option<JsValue>, model: &'static Model, offsets: &[i32], last: bool) -> Option<JsValue> {
        let value = materialise(value.unwrap_or_default(), &self.array, model.name as u32, offsets, last);
        (!value.is_undefined()).then_some(value)
    }
}

/// The value of a checked answer; `undefined` where the operation gives nothing.
pub fn value(data: Data<JsValue>) -> Result<JsValue, JsValue> {
    match data {
        Data::Nothing => Ok(JsValue::UNDEFINED),
        Data::Value(value) => Ok(value),
        Data::Json(json) => js_sys::JSON::parse(&json),
        Data::Text(text) => Ok(text.into()),
    }
}

/// The number by which [`decode`] knows an operation. Both are for measurements: no entry of the package exports them.
#[wasm_bindgen(js_name = numberOf, skip_typescript)]
pub fn number_of(operation: &str) -> Option<usize> {
    endpoints().position(|endpoint| endpoint.name == operation)
}

/// Checks the body of an operation's answer and gives its value, as a call does.
#[wasm_bindgen(skip_typescript)]
pub fn decode(body: Uint8Array, operation: usize) -> Result<JsValue, JsValue> {
    let model = endpoints().nth(operation).and_then(|endpoint| endpoint.answer).ok_or(JsValue::UNDEFINED)?;
    let checked = checked(&Bytes::new(body), model).map_err(|refusal| JsError::new(&refusal.problem))?;
    value(checked.data)
}

fn endpoints() -> impl Iterator<Item = &'static Endpoint> {
    APIS.iter().flat_map(|api| api.endpoints.iter().copied())
}
