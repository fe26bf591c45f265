//! What a caller hands in, as the boundary hands it over.

use serde_json::Value;
use thousandeyes_admin::json::{Item, item};

/// The value as JSON, which lives as long as the tests do.
pub fn given(value: &Value) -> Item<'static> {
    item(Box::leak(value.to_string().into_boxed_str())).unwrap()
}
