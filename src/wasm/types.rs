//! The TypeScript types that do not come from an exported class.

use wasm_bindgen::prelude::*;

use super::body::value;
use super::convert::Input;
use crate::decode::Data;
use crate::input;
use crate::path::Path;

/// Turns a user as it was read into what `updateUser` and `createUser` take. types.d.ts declares it: a generic function is
/// more than wasm-bindgen can declare.
#[wasm_bindgen(js_name = toUserRequest, skip_typescript)]
pub fn to_user_request(user: JsValue) -> Result<JsValue, JsValue> {
    let user = Input::read(&Path::Argument("user"), &user)?;
    let request = input::user_as_request(&user.value)?;
    value(serde_json::to_string(&request).map_or(Data::Nothing, Data::Json))
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");
