//! The TypeScript types that do not come from an exported class.

use wasm_bindgen::prelude::*;

use super::body::value;
use super::convert::Input;
use crate::decode::Data;
use crate::models::{AccountGroupRequest, RoleRequestBody, UserRequest, as_json};
use crate::path::Path;

macro_rules! to_request {
    ($($function:ident $name:ident $argument:literal $request:ident)+) => { $(
        // types.d.ts declares it: some are generic, which is more than wasm-bindgen can declare.
        #[doc = concat!("Turns what was read into a ", stringify!($request), ".")]
        #[wasm_bindgen(js_name = $name, skip_typescript)]
        pub fn $function(read: JsValue) -> Result<JsValue, JsValue> {
            let read = Input::read(&Path::Argument($argument), &read)?;
            let request = $request::of(&read.value)?;
            value(Data::Json(as_json(&request)))
        }
    )+ };
}
to_request! {
    to_user_request toUserRequest "user" UserRequest
    to_account_group_request toAccountGroupRequest "accountGroup" AccountGroupRequest
    to_role_request toRoleRequest "role" RoleRequestBody
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

#[wasm_bindgen(typescript_custom_section)]
const API: &str = include_str!("api.d.ts");

#[wasm_bindgen(typescript_custom_section)]
const ADMIN: &str = include_str!("admin.d.ts");
