//! The TypeScript types that do not come from an exported class.

use wasm_bindgen::prelude::*;

use super::convert;
use crate::input;

/// Turns a user as it was read into what `updateUser` and `createUser` take.
#[wasm_bindgen(js_name = toUserRequest, unchecked_return_type = "UserRequest")]
pub fn to_user_request(
    #[wasm_bindgen(js_name = user, unchecked_param_type = "UserDetail | CreatedUser")] user: JsValue,
) -> Result<JsValue, JsValue> {
    Ok(convert::to_js(&input::user_as_request(&convert::from_js("user", &user)?)?))
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");
