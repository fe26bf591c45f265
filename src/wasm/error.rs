//! [`Error`] to a real JavaScript error of the right class.

use wasm_bindgen::prelude::*;

use crate::error::Error;
use crate::json::ToJson;

#[wasm_bindgen(module = "/pkg-template/errors.js")]
extern "C" {
    #[wasm_bindgen(js_name = createError)]
    fn create_error(class: &str, fields: &str, cause: &JsValue) -> JsValue;
}

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let cause = error.cause.as_ref().and_then(|cause| cause.downcast_ref::<JsValue>()).cloned().unwrap_or(JsValue::UNDEFINED);
        create_error(error.class(), &error.to_json(), &cause)
    }
}
