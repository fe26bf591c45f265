//! Reads what a caller hands in, as JSON. Every complaint names the path of the item.

use crate::error::Error;
use crate::http::{Headers, is_header_name, is_header_value};
use crate::json::{self, Item, Kind};
use crate::models::{Setting, UserAccountGroupRole, UserRequest};

/// The properties of an object, by name.
pub struct Properties<'a>(Vec<(String, Item<'a>)>);

impl<'a> Properties<'a> {
    /// The value of a property.
    pub fn get(&self, name: &str) -> Option<Item<'a>> {
        self.0.iter().find(|(present, _)| present == name).map(|(_, value)| *value)
    }

    /// All properties but those that are `null`, which counts as left out.
    pub fn given(&self) -> impl Iterator<Item = (&str, Item<'a>)> {
        self.0.iter().map(|(name, value)| (name.as_str(), *value)).filter(|(_, (kind, _))| *kind != Kind::Null)
    }
}

fn expected(path: &str, what: &str, (kind, _): Item<'_>) -> Error {
    Error::wrong_type(path, &format!("must be {what}, but is {}.", kind.name()))
}

/// An object with no other properties than the given ones.
pub fn object<'a>(path: &str, value: Item<'a>, properties: &[&str]) -> Result<Properties<'a>, Error> {
    let object = any_object(path, value)?;
    match object.0.iter().find(|(name, _)| !properties.contains(&name.as_str())) {
        Some((unknown, _)) => {
            let known = properties.join(", ");
            Err(Error::wrong_type(&format!("{path}.{unknown}"), &format!("is not a known property. Known are: {known}.")))
        }
        None => Ok(object),
    }
}

fn any_object<'a>(path: &str, value: Item<'a>) -> Result<Properties<'a>, Error> {
    match value {
        (Kind::Object, raw) => Ok(Properties(json::object(raw).unwrap_or_default())),
        _ => Err(expected(path, "an object", value)),
    }
}

/// A string.
pub fn text(path: &str, value: Item<'_>) -> Result<String, Error> {
    match value {
        (Kind::Text, raw) => Ok(json::unescape(raw)),
        _ => Err(expected(path, "a string", value)),
    }
}

/// The largest whole number that is exact in JavaScript: a larger one may be another number already.
const EXACT: u64 = 9_007_199_254_740_991;

/// A number, rounded up to a whole one; none where it is negative or too large to be exact.
fn whole(raw: &str) -> Option<(u64, bool)> {
    if let Some((_, exponent)) = raw.split_once(['e', 'E']) {
        return (exponent.starts_with('-') && !raw.starts_with('-')).then_some((1, false));
    }
    let (digits, fraction) = raw.split_once('.').unwrap_or((raw, ""));
    let is_whole = fraction.bytes().all(|digit| digit == b'0');
    let number = digits.parse::<u64>().ok().filter(|number| *number < EXACT || *number == EXACT && is_whole)?;
    Some((number.saturating_add((!is_whole).into()), is_whole))
}

/// An identifier: a string, or a whole number that becomes one.
pub fn id(path: &str, value: Item<'_>) -> Result<String, Error> {
    let id = match value {
        (Kind::Text, raw) => json::unescape(raw),
        (Kind::Number, raw) => match whole(raw) {
            Some((number, true)) => number.to_string(),
            _ => return Err(Error::wrong_value(path, "must be a whole number from 0 to 9007199254740991; a longer id must be a string.")),
        },
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
pub fn user_id(value: Item<'_>) -> Result<String, Error> {
    match id("id", value)? {
        current if current == "current" => {
            Err(Error::wrong_value("id", "must not be \"current\": call getCurrentUser for the token's owner."))
        }
        id => Ok(id),
    }
}

/// Milliseconds, a part of one counted as one; 0 stands for no limit.
pub fn milliseconds(path: &str, value: Item<'_>) -> Result<u32, Error> {
    match value {
        (Kind::Number, raw) => match whole(raw) {
            Some((number @ 0..=2_147_483_647, _)) => Ok(number as u32),
            _ => Err(Error::wrong_value(path, "must be between 0 (no limit) and 2147483647 milliseconds.")),
        },
        _ => Err(expected(path, "a number of milliseconds", value)),
    }
}

/// A boolean.
pub fn flag(path: &str, value: Item<'_>) -> Result<bool, Error> {
    match value {
        (Kind::Flag, raw) => Ok(raw == "true"),
        _ => Err(expected(path, "true or false", value)),
    }
}

/// A whole number within bounds.
pub fn count(path: &str, value: Item<'_>, least: u32, most: u32) -> Result<u32, Error> {
    match value {
        (Kind::Number, raw) => match whole(raw) {
            Some((number, true)) if (u64::from(least)..=u64::from(most)).contains(&number) => Ok(number as u32),
            _ => Err(Error::wrong_value(path, &format!("must be a whole number from {least} to {most}."))),
        },
        _ => Err(expected(path, "a number", value)),
    }
}

/// Header fields of the caller's own, added to `headers`; `null` takes one away. No message shows a value, which may be
/// a secret.
pub fn headers(path: &str, value: Item<'_>, headers: &mut Headers) -> Result<(), Error> {
    for (name, value) in any_object(path, value)?.0 {
        let path = format!("{path}.{name}");
        if !is_header_name(&name) {
            return Err(Error::wrong_value(&path, "is no name of a header."));
        }
        if let Some((_, instead)) = OUR_HEADERS.iter().find(|(ours, _)| ours.eq_ignore_ascii_case(&name)) {
            return Err(Error::wrong_value(&path, &format!("must not be set: {instead}.")));
        }
        if value.0 == Kind::Null {
            headers.remove(&name);
            continue;
        }
        let value = text(&path, value)?;
        if !is_header_value(&value) {
            return Err(Error::wrong_value(&path, "must be printable ASCII without a space at either end."));
        }
        headers.set(&name, &value);
    }
    Ok(())
}

/// Header fields that the client sets itself, and adds without a look at what is there; and what to do instead.
const OUR_HEADERS: [(&str, &str); 5] = [
    ("authorization", "the token belongs in accessToken"),
    ("accept", "the client knows what it can read"),
    ("content-type", "the client knows what it sends"),
    ("content-length", "the client knows what it sends"),
    ("host", "the host belongs in host"),
];

/// A token: visible ASCII. The message does not show it.
pub fn token(path: &str, value: Item<'_>) -> Result<String, Error> {
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
pub fn user_request(value: Item<'_>) -> Result<UserRequest, Error> {
    let path = "userRequest";
    let as_answered = ["loginAccountGroup", "allAccountGroupRoles"];
    if let Ok(object) = any_object(path, value)
        && as_answered.iter().any(|name| object.get(name).is_some())
    {
        return Err(Error::wrong_type(path, "is a user as the API answers it: turn it into a request with toUserRequest(user)."));
    }
    let object = object(path, value, &UserRequest::PROPERTIES)?;
    Ok(UserRequest {
        name: setting(&object, path, "name", text)?,
        email: setting(&object, path, "email", email)?,
        login_account_group_id: setting(&object, path, "loginAccountGroupId", id)?,
        account_group_roles: setting(&object, path, "accountGroupRoles", |path, value| list(path, value, account_group_role))?,
        all_account_group_role_ids: setting(&object, path, "allAccountGroupRoleIds", |path, value| list(path, value, id))?,
    })
}

fn email(path: &str, value: Item<'_>) -> Result<String, Error> {
    let email = text(path, value)?;
    match email.rsplit_once('@') {
        Some((local, domain)) if !local.is_empty() && !domain.is_empty() && !email.contains(char::is_whitespace) => Ok(email),
        _ => Err(Error::wrong_value(path, "must be an e-mail address, such as ada@example.com.")),
    }
}

fn account_group_role(path: &str, value: Item<'_>) -> Result<UserAccountGroupRole, Error> {
    let object = object(path, value, &UserAccountGroupRole::PROPERTIES)?;
    let required = |name: &str| object.get(name).ok_or_else(|| Error::wrong_type(&format!("{path}.{name}"), "is missing."));
    Ok(UserAccountGroupRole {
        account_group_id: id(&format!("{path}.accountGroupId"), required("accountGroupId")?)?,
        role_ids: list(&format!("{path}.roleIds"), required("roleIds")?, id)?,
    })
}

// Not generic over the function: each kind of one would be compiled anew.
type Read<T> = fn(&str, Item<'_>) -> Result<T, Error>;

fn setting<T>(object: &Properties<'_>, path: &str, name: &str, read: Read<T>) -> Result<Setting<T>, Error> {
    match object.get(name) {
        None => Ok(Setting::Omitted),
        Some((Kind::Null, _)) => Ok(Setting::Null),
        Some(value) => read(&format!("{path}.{name}"), value).map(Setting::Value),
    }
}

fn list<T>(path: &str, value: Item<'_>, read: Read<T>) -> Result<Vec<T>, Error> {
    let (Kind::List, raw) = value else { return Err(expected(path, "a list", value)) };
    let mut items = Vec::new();
    for item in json::list(raw).unwrap_or_default() {
        items.push(read(&format!("{path}[{}]", items.len()), item)?);
    }
    Ok(items)
}

/// Turns a user, as the API answers one, into the request that would leave it as it is.
pub fn user_as_request(value: Item<'_>) -> Result<UserRequest, Error> {
    let user = any_object("user", value)?;
    Ok(UserRequest {
        name: part(&user, "user", "name", text)?.into(),
        email: part(&user, "user", "email", text)?.into(),
        login_account_group_id: part(&user, "user", "loginAccountGroup", account_group_id)?.into(),
        account_group_roles: part(&user, "user", "accountGroupRoles", |path, value| list(path, value, assignment))?.into(),
        all_account_group_role_ids: part(&user, "user", "allAccountGroupRoles", |path, value| list(path, value, role_id))?.into(),
    })
}

fn assignment(path: &str, value: Item<'_>) -> Result<UserAccountGroupRole, Error> {
    let assignment = any_object(path, value)?;
    let missing = |name: &str| Error::wrong_type(&format!("{path}.{name}"), "is missing: without it the user's roles are not known.");
    Ok(UserAccountGroupRole {
        account_group_id: part(&assignment, path, "accountGroup", account_group_id)?.ok_or_else(|| missing("accountGroup"))?,
        role_ids: part(&assignment, path, "roles", |path, value| list(path, value, role_id))?.ok_or_else(|| missing("roles"))?,
    })
}

fn account_group_id(path: &str, value: Item<'_>) -> Result<String, Error> {
    id_in(path, value, "aid")
}

fn role_id(path: &str, value: Item<'_>) -> Result<String, Error> {
    id_in(path, value, "roleId")
}

fn id_in(path: &str, value: Item<'_>, name: &str) -> Result<String, Error> {
    let object = any_object(path, value)?;
    part(&object, path, name, id)?.ok_or_else(|| Error::wrong_type(&format!("{path}.{name}"), "is missing."))
}

/// A property of an answer; `null` counts as left out.
fn part<T>(object: &Properties<'_>, path: &str, name: &str, read: Read<T>) -> Result<Option<T>, Error> {
    object.get(name).filter(|(kind, _)| *kind != Kind::Null).map(|value| read(&format!("{path}.{name}"), value)).transpose()
}
