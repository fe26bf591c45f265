//! The body of an answer: it stays in JavaScript, and the fast path makes its value there.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use crate::decode::{Data, RawBody, checked};
use crate::models::{Body as _, Model, Users};

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

/// Checks the body of an answer to `GET /users` and gives its value, as a call does. For measurements: no entry of the
/// package exports it.
#[wasm_bindgen(js_name = decodeUsers, skip_typescript)]
pub fn decode_users(body: Uint8Array) -> Result<JsValue, JsValue> {
    let model = Users::MODEL.ok_or(JsValue::UNDEFINED)?;
    let checked = checked(&Bytes::new(body), model).map_err(|refusal| JsError::new(&refusal.problem))?;
    value(checked.data)
}
