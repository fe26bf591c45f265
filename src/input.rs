//! Reads what a caller hands in. Every complaint names the path of the item.

use crate::error::Error;
use crate::http::{Headers, is_header_name, is_header_value};
use crate::models::{Setting, UserAccountGroupRole, UserRequest};
use crate::value::{Object, Value};

/// The name of a value's type, for messages.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Flag(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::Text(_) => "a string",
        Value::List(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn expected(path: &str, what: &str, value: &Value) -> Error {
    Error::wrong_type(path, format_args!("must be {what}, but is {}.", kind(value)))
}

/// An object with no other properties than the given ones.
pub fn object<'a>(path: &str, value: &'a Value, properties: &[&str]) -> Result<&'a Object, Error> {
    let object = any_object(path, value)?;
    match object.iter().map(|(name, _)| name).find(|name| !properties.contains(name)) {
        Some(unknown) => Err(Error::wrong_type(
            format!("{path}.{unknown}"),
            format_args!("is not a known property. Known are: {}.", properties.join(", ")),
        )),
        None => Ok(object),
    }
}

fn any_object<'a>(path: &str, value: &'a Value) -> Result<&'a Object, Error> {
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(expected(path, "an object", value)),
    }
}

/// A string.
pub fn text(path: &str, value: &Value) -> Result<String, Error> {
    match value {
        Value::Text(text) => Ok(text.clone()),
        _ => Err(expected(path, "a string", value)),
    }
}

/// An identifier: a string, or a whole number that becomes one.
pub fn id(path: &str, value: &Value) -> Result<String, Error> {
    let id = match value {
        Value::Text(id) => id.clone(),
        // Larger numbers are not exact in JavaScript: they may be another id already.
        Value::Number(number) if number.fract() == 0.0 && (0.0..=9_007_199_254_740_991.0).contains(number) => (*number as u64).to_string(),
        Value::Number(_) => {
            return Err(Error::wrong_value(path, "must be a whole number from 0 to 9007199254740991; a longer id must be a string."));
        }
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
    match value {
        Value::Number(number) if (0.0..=2_147_483_647.0).contains(number) => Ok(*number as u32),
        Value::Number(_) => Err(Error::wrong_value(path, "must be between 0 (no limit) and 2147483647 milliseconds.")),
        _ => Err(expected(path, "a number of milliseconds", value)),
    }
}

/// A boolean.
pub fn flag(path: &str, value: &Value) -> Result<bool, Error> {
    match value {
        Value::Flag(flag) => Ok(*flag),
        _ => Err(expected(path, "true or false", value)),
    }
}

/// A whole number within bounds.
pub fn count(path: &str, value: &Value, least: u32, most: u32) -> Result<u32, Error> {
    match value {
        Value::Number(number) if number.fract() == 0.0 && (f64::from(least)..=f64::from(most)).contains(number) => Ok(*number as u32),
        Value::Number(_) => Err(Error::wrong_value(path, format_args!("must be a whole number from {least} to {most}."))),
        _ => Err(expected(path, "a number", value)),
    }
}

/// Header fields of the caller's own, added to `headers`; `null` takes one away. No message shows a value, which may be
/// a secret.
pub fn headers(path: &str, value: &Value, headers: &mut Headers) -> Result<(), Error> {
    for (name, value) in any_object(path, value)?.iter() {
        let path = format!("{path}.{name}");
        if !is_header_name(name) {
            return Err(Error::wrong_value(path, "is no name of a header."));
        }
        if let Some((_, instead)) = OUR_HEADERS.iter().find(|(ours, _)| ours.eq_ignore_ascii_case(name)) {
            return Err(Error::wrong_value(path, format_args!("must not be set: {instead}.")));
        }
        if matches!(value, Value::Null) {
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
    let as_answered = ["loginAccountGroup", "allAccountGroupRoles"];
    if let Value::Object(object) = value
        && as_answered.iter().any(|name| object.get(name).is_some())
    {
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

fn setting<T>(object: &Object, path: &str, name: &str, read: impl Fn(&str, &Value) -> Result<T, Error>) -> Result<Setting<T>, Error> {
    match object.get(name) {
        None => Ok(Setting::Omitted),
        Some(Value::Null) => Ok(Setting::Null),
        Some(value) => read(&format!("{path}.{name}"), value).map(Setting::Value),
    }
}

// Not generic over `read`: each kind of function would be compiled anew.
fn list<T>(path: &str, value: &Value, read: fn(&str, &Value) -> Result<T, Error>) -> Result<Vec<T>, Error> {
    let Value::List(items) = value else { return Err(expected(path, "a list", value)) };
    let mut read_items = Vec::new();
    for (index, item) in items.iter().enumerate() {
        read_items.push(read(&format!("{path}[{index}]"), item)?);
    }
    Ok(read_items)
}

/// Turns a user, as the API answers one, into the request that would leave it as it is.
pub fn user_as_request(value: &Value) -> Result<UserRequest, Error> {
    let user = any_object("user", value)?;
    Ok(UserRequest {
        name: part(user, "user", "name", text)?.into(),
        email: part(user, "user", "email", text)?.into(),
        login_account_group_id: part(user, "user", "loginAccountGroup", account_group_id)?.into(),
        account_group_roles: part(user, "user", "accountGroupRoles", |path, value| list(path, value, assignment))?.into(),
        all_account_group_role_ids: part(user, "user", "allAccountGroupRoles", |path, value| list(path, value, role_id))?.into(),
    })
}

fn assignment(path: &str, value: &Value) -> Result<UserAccountGroupRole, Error> {
    let assignment = any_object(path, value)?;
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
    let object = any_object(path, value)?;
    part(object, path, name, id)?.ok_or_else(|| Error::wrong_type(format!("{path}.{name}"), "is missing."))
}

/// A property of an answer; `null` counts as left out.
fn part<T>(object: &Object, path: &str, name: &str, read: impl Fn(&str, &Value) -> Result<T, Error>) -> Result<Option<T>, Error> {
    object.given(name).map(|value| read(&format!("{path}.{name}"), value)).transpose()
}
