//! Reads what a caller hands in. Every complaint names the path of the item.

use serde_json::{Map, Value};

use crate::error::Error;
use crate::http::{Headers, is_header_name, is_header_value};
use crate::models::{Setting, UserAccountGroupRole, UserRequest};

/// The name of a value's type, for messages.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn expected(path: &str, what: &str, value: &Value) -> Error {
    Error::wrong_type(path, format_args!("must be {what}, but is {}.", kind(value)))
}

/// An object with no other properties than the given ones.
pub fn object<'a>(path: &str, value: &'a Value, properties: &[&str]) -> Result<&'a Map<String, Value>, Error> {
    let object = value.as_object().ok_or_else(|| expected(path, "an object", value))?;
    match object.keys().find(|name| !properties.contains(&name.as_str())) {
        Some(unknown) => Err(Error::wrong_type(
            format!("{path}.{unknown}"),
            format_args!("is not a known property. Known are: {}.", properties.join(", ")),
        )),
        None => Ok(object),
    }
}

/// A string.
pub fn text(path: &str, value: &Value) -> Result<String, Error> {
    value.as_str().map(str::to_owned).ok_or_else(|| expected(path, "a string", value))
}

/// An identifier: a string, or a whole number that becomes one.
pub fn id(path: &str, value: &Value) -> Result<String, Error> {
    let id = match value {
        Value::String(id) => id.clone(),
        Value::Number(number) if number.is_u64() => number.to_string(),
        Value::Number(_) => return Err(Error::wrong_value(path, "must be a whole number that is not negative.")),
        _ => return Err(expected(path, "a string or a number", value)),
    };
    match id.as_str() {
        "" => Err(Error::wrong_value(path, "must not be empty.")),
        "." | ".." => Err(Error::wrong_value(path, "must not be \".\" or \"..\": that would be another address.")),
        _ if id.trim() != id || id.chars().any(char::is_control) => {
            Err(Error::wrong_value(path, "must not begin or end with a space or hold control characters."))
        }
        _ => Ok(id),
    }
}

/// A user's id, which stands alone in the path of the address.
pub fn user_id(value: &Value) -> Result<String, Error> {
    match id("id", value)? {
        current if current == "current" => {
            Err(Error::wrong_value("id", "must not be \"current\": call getCurrentUser for the token's owner."))
        }
        id => Ok(id),
    }
}

/// Milliseconds; 0 stands for no limit.
pub fn milliseconds(path: &str, value: &Value) -> Result<u32, Error> {
    let number = value.as_f64().ok_or_else(|| expected(path, "a number of milliseconds", value))?;
    if (0.0..=2_147_483_647.0).contains(&number) {
        Ok(number as u32)
    } else {
        Err(Error::wrong_value(path, "must be between 0 (no limit) and 2147483647 milliseconds."))
    }
}

/// A boolean.
pub fn flag(path: &str, value: &Value) -> Result<bool, Error> {
    value.as_bool().ok_or_else(|| expected(path, "true or false", value))
}

/// A whole number within bounds.
pub fn count(path: &str, value: &Value, least: u32, most: u32) -> Result<u32, Error> {
    let number = value.as_f64().ok_or_else(|| expected(path, "a number", value))?;
    if number.fract() == 0.0 && (f64::from(least)..=f64::from(most)).contains(&number) {
        Ok(number as u32)
    } else {
        Err(Error::wrong_value(path, format_args!("must be a whole number from {least} to {most}.")))
    }
}

/// Header fields of the caller's own, added to `headers`; `null` takes one away. No message shows a value, which may be
/// a secret.
pub fn headers(path: &str, value: &Value, headers: &mut Headers) -> Result<(), Error> {
    let fields = value.as_object().ok_or_else(|| expected(path, "an object", value))?;
    for (name, value) in fields {
        let path = format!("{path}.{name}");
        if !is_header_name(name) {
            return Err(Error::wrong_value(path, "is no name of a header."));
        }
        if let Some((_, instead)) = OUR_HEADERS.iter().find(|(ours, _)| ours.eq_ignore_ascii_case(name)) {
            return Err(Error::wrong_value(path, format_args!("must not be set: {instead}.")));
        }
        if value.is_null() {
            headers.remove(name);
            continue;
        }
        let value = text(&path, value)?;
        if !is_header_value(&value) {
            return Err(Error::wrong_value(path, "must be printable ASCII without a space at either end."));
        }
        headers.set(name, value);
    }
    Ok(())
}

/// Header fields that the client sets itself, and what to do instead.
const OUR_HEADERS: [(&str, &str); 5] = [
    ("authorization", "the token belongs in accessToken"),
    ("accept", "the client knows what it can read"),
    ("content-type", "the client knows what it sends"),
    ("content-length", "the client knows what it sends"),
    ("host", "the host belongs in host"),
];

/// A token: visible ASCII. The message does not show it.
pub fn token(path: &str, value: &Value) -> Result<String, Error> {
    let token = text(path, value)?;
    if token.is_empty() {
        return Err(Error::wrong_value(path, "must not be empty."));
    }
    if !is_header_value(&token) || token.contains(' ') {
        return Err(Error::wrong_value(
            path,
            "holds a character that no token has, such as a space or a line break: check how it was read.",
        ));
    }
    Ok(token)
}

/// A user request.
pub fn user_request(value: &Value) -> Result<UserRequest, Error> {
    let path = "userRequest";
    if value.as_object().is_some_and(|object| object.contains_key("loginAccountGroup") || object.contains_key("allAccountGroupRoles")) {
        return Err(Error::wrong_type(path, "is a user as the API answers it: turn it into a request with toUserRequest(user)."));
    }
    let object = object(path, value, &UserRequest::PROPERTIES)?;
    Ok(UserRequest {
        name: setting(object, path, "name", text)?,
        email: setting(object, path, "email", email)?,
        login_account_group_id: setting(object, path, "loginAccountGroupId", id)?,
        account_group_roles: setting(object, path, "accountGroupRoles", |path, value| list(path, value, account_group_role))?,
        all_account_group_role_ids: setting(object, path, "allAccountGroupRoleIds", |path, value| list(path, value, id))?,
    })
}

fn email(path: &str, value: &Value) -> Result<String, Error> {
    let email = text(path, value)?;
    match email.rsplit_once('@') {
        Some((local, domain)) if !local.is_empty() && !domain.is_empty() && !email.contains(char::is_whitespace) => Ok(email),
        _ => Err(Error::wrong_value(path, "must be an e-mail address, such as ada@example.com.")),
    }
}

fn account_group_role(path: &str, value: &Value) -> Result<UserAccountGroupRole, Error> {
    let object = object(path, value, &UserAccountGroupRole::PROPERTIES)?;
    let required = |name: &str| object.get(name).ok_or_else(|| Error::wrong_type(format!("{path}.{name}"), "is missing."));
    Ok(UserAccountGroupRole {
        account_group_id: id(&format!("{path}.accountGroupId"), required("accountGroupId")?)?,
        role_ids: list(&format!("{path}.roleIds"), required("roleIds")?, id)?,
    })
}

fn setting<T>(
    object: &Map<String, Value>,
    path: &str,
    name: &str,
    read: impl Fn(&str, &Value) -> Result<T, Error>,
) -> Result<Setting<T>, Error> {
    match object.get(name) {
        None => Ok(Setting::Omitted),
        Some(Value::Null) => Ok(Setting::Null),
        Some(value) => read(&format!("{path}.{name}"), value).map(Setting::Value),
    }
}

fn list<T>(path: &str, value: &Value, read: impl Fn(&str, &Value) -> Result<T, Error>) -> Result<Vec<T>, Error> {
    let items = value.as_array().ok_or_else(|| expected(path, "a list", value))?;
    items.iter().enumerate().map(|(index, item)| read(&format!("{path}[{index}]"), item)).collect()
}

/// Turns a user, as the API answers one, into the request that would leave it as it is.
pub fn user_as_request(value: &Value) -> Result<UserRequest, Error> {
    let user = value.as_object().ok_or_else(|| expected("user", "a user as getUser gives it", value))?;
    Ok(UserRequest {
        name: part(user, "user", "name", text)?.into(),
        email: part(user, "user", "email", text)?.into(),
        login_account_group_id: part(user, "user", "loginAccountGroup", account_group_id)?.into(),
        account_group_roles: part(user, "user", "accountGroupRoles", |path, value| list(path, value, assignment))?.into(),
        all_account_group_role_ids: part(user, "user", "allAccountGroupRoles", |path, value| list(path, value, role_id))?.into(),
    })
}

fn assignment(path: &str, value: &Value) -> Result<UserAccountGroupRole, Error> {
    let assignment = value.as_object().ok_or_else(|| expected(path, "an object", value))?;
    let missing = |name: &str| Error::wrong_type(format!("{path}.{name}"), "is missing: without it the user's roles are not known.");
    Ok(UserAccountGroupRole {
        account_group_id: part(assignment, path, "accountGroup", account_group_id)?.ok_or_else(|| missing("accountGroup"))?,
        role_ids: part(assignment, path, "roles", |path, value| list(path, value, role_id))?.ok_or_else(|| missing("roles"))?,
    })
}

fn account_group_id(path: &str, value: &Value) -> Result<String, Error> {
    id_in(path, value, "aid")
}

fn role_id(path: &str, value: &Value) -> Result<String, Error> {
    id_in(path, value, "roleId")
}

fn id_in(path: &str, value: &Value, name: &str) -> Result<String, Error> {
    let object = value.as_object().ok_or_else(|| expected(path, "an object", value))?;
    part(object, path, name, id)?.ok_or_else(|| Error::wrong_type(format!("{path}.{name}"), "is missing."))
}

/// A property of an answer; `null` counts as left out.
fn part<T>(
    object: &Map<String, Value>,
    path: &str,
    name: &str,
    read: impl Fn(&str, &Value) -> Result<T, Error>,
) -> Result<Option<T>, Error> {
    object.get(name).filter(|value| !value.is_null()).map(|value| read(&format!("{path}.{name}"), value)).transpose()
}
