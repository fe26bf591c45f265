//! The TypeScript types that do not come from an exported class.

use wasm_bindgen::prelude::*;

use super::input::Input;
use crate::input;
use crate::json::ToJson;

/// Turns a user as it was read into what `updateUser` and `createUser` take.
#[wasm_bindgen(js_name = toUserRequest, unchecked_return_type = "UserRequest")]
pub fn to_user_request(
    #[wasm_bindgen(js_name = user, unchecked_param_type = "UserDetail | CreatedUser")] user: JsValue,
) -> Result<JsValue, JsValue> {
    js_sys::JSON::parse(&input::user_as_request(Input::read("user", &user)?.item())?.to_json())
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");
