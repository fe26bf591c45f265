//! What a caller hands in, as the boundary hands it over.

use serde_json::Value as Json;
use thousandeyes_admin::input::{Properties, Value};

/// The value of some JSON. `{"$function": true}` stands for a function, `{"$signal": true}` for a signal,
/// `{"$date": text}` for a Date.
pub fn given(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Flag(*flag),
        Json::Number(number) => Value::Number(number.as_f64().unwrap()),
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(items) => Value::List(items.iter().map(given).collect()),
        Json::Object(members) if members.contains_key("$function") => Value::Function,
        Json::Object(members) if members.contains_key("$signal") => Value::Signal,
        Json::Object(members) if members.contains_key("$date") => Value::Date(members["$date"].as_str().unwrap().to_owned()),
        Json::Object(members) => Value::Object(Properties(members.iter().map(|(name, item)| (name.clone(), given(item))).collect())),
    }
}
