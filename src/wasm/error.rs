//! [`Error`] to a real JavaScript error of the right class.

use wasm_bindgen::prelude::*;

use super::convert::to_js;
use crate::error::Error;

#[wasm_bindgen(module = "/pkg-template/errors.js")]
extern "C" {
    #[wasm_bindgen(js_name = createError)]
    fn create_error(class: &str, fields: &JsValue, cause: &JsValue, origin: &JsValue) -> JsValue;
}

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        to_js_error(&error, &JsValue::UNDEFINED)
    }
}

/// The error of a call; its stack is that of where the call was made.
pub fn to_js_error(error: &Error, origin: &JsValue) -> JsValue {
    let cause = error.cause.as_ref().and_then(|cause| cause.downcast_ref::<JsValue>()).cloned().unwrap_or_default();
    create_error(error.class(), &to_js(error), &cause, origin)
}
