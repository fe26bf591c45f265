//! What a caller wants changed.

use super::object;
use crate::error::Error;
use crate::input::{self, Parts, Properties, Value, required};
use crate::path::Path;

/// The most changes of one plan.
const MOST: usize = 100_000;

/// Which user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserKey {
    /// The one with this e-mail address; upper and lower case are one, as far as ASCII goes.
    Email(String),
    /// The one with this identifier.
    Uid(String),
}

/// Which role, or which account group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// The one of this name.
    Name(String),
    /// The one with this identifier.
    Id(String),
}

/// A role and where it holds: in an account group, or everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleKey {
    /// The role.
    pub role: Key,
    /// The account group; none stands for all of them, future ones too.
    pub account_group: Option<Key>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A user is created, unless there is one with that e-mail address.
    Invite {
        /// The e-mail address.
        email: String,
        /// The name.
        name: Option<String>,
        /// The account group that the user lands in.
        login_account_group: Option<Key>,
        /// The roles.
        roles: Vec<RoleKey>,
    },
    /// A user gets one more role.
    Grant(UserKey, RoleKey),
    /// A role is taken away.
    Revoke(UserKey, RoleKey),
    /// What is plain about a user becomes something else.
    Update {
        /// The user.
        user: UserKey,
        /// The new name.
        name: Option<String>,
        /// The new e-mail address.
        email: Option<String>,
        /// The account group that the user lands in from now on.
        login_account_group: Option<Key>,
    },
    /// A user is deleted.
    Remove(UserKey),
}

/// Reads a list of changes.
pub fn changes(value: &Value) -> Result<Vec<Change>, Error> {
    object::list(&Path::Argument("changes"), value, MOST, Change::read)
}

impl Change {
    fn read(path: &Path<'_>, value: &Value) -> Result<Self, Error> {
        let kind = required(input::any_object(path, value)?, path, "kind", input::text)?;
        let properties: &[&str] = match kind.as_str() {
            "invite" => &["kind", "email", "name", "loginAccountGroup", "roles"],
            "grant" | "revoke" => &["kind", "user", "role", "accountGroup", "allAccountGroups"],
            "update" => &["kind", "user", "name", "email", "loginAccountGroup"],
            "remove" => &["kind", "user"],
            _ => {
                return Err(Error::wrong_value(&path.property("kind"), "must be one of: invite, grant, revoke, update, remove."));
            }
        };
        let object = input::object(path, value, properties)?;
        let user = |path: &Path<'_>| required(object, path, "user", UserKey::read);
        Ok(match kind.as_str() {
            "invite" => {
                let mut parts = Parts::of(path, object);
                let invite = Change::Invite {
                    email: parts.required("email", input::email),
                    name: parts.part("name", filled),
                    login_account_group: parts.part("loginAccountGroup", Key::read),
                    roles: parts.required("roles", |path, value| object::list(path, value, MOST, RoleKey::read)),
                };
                parts.done()?;
                invite
            }
            "grant" => Change::Grant(user(path)?, RoleKey::of(path, object)?),
            "revoke" => Change::Revoke(user(path)?, RoleKey::of(path, object)?),
            "remove" => Change::Remove(user(path)?),
            _ => {
                let mut parts = Parts::of(path, object);
                let name = parts.part("name", filled);
                let email = parts.part("email", input::email);
                let login_account_group = parts.part("loginAccountGroup", Key::read);
                parts.done()?;
                if name.is_none() && email.is_none() && login_account_group.is_none() {
                    return Err(Error::wrong_type(path, "changes nothing: it must have name, email or loginAccountGroup."));
                }
                Change::Update { user: user(path)?, name, email, login_account_group }
            }
        })
    }
}

impl UserKey {
    fn read(path: &Path<'_>, value: &Value) -> Result<Self, Error> {
        match either(path, value, "email", "uid")? {
            (value, true) => input::email(&path.property("email"), value).map(UserKey::Email),
            (value, false) => input::id(&path.property("uid"), value).map(UserKey::Uid),
        }
    }
}

impl Key {
    fn read(path: &Path<'_>, value: &Value) -> Result<Self, Error> {
        match either(path, value, "name", "id")? {
            (value, true) => filled(&path.property("name"), value).map(Key::Name),
            (value, false) => input::id(&path.property("id"), value).map(Key::Id),
        }
    }
}

impl RoleKey {
    fn read(path: &Path<'_>, value: &Value) -> Result<Self, Error> {
        Self::of(path, input::object(path, value, &["role", "accountGroup", "allAccountGroups"])?)
    }

    fn of(path: &Path<'_>, object: &Properties) -> Result<Self, Error> {
        let role = required(object, path, "role", Key::read)?;
        let mut parts = Parts::of(path, object);
        let account_group = parts.part("accountGroup", Key::read);
        let is_everywhere = parts.part("allAccountGroups", input::flag).unwrap_or_default();
        parts.done()?;
        if account_group.is_some() == is_everywhere {
            return Err(Error::wrong_value(path, "must have either accountGroup, or allAccountGroups: true."));
        }
        Ok(Self { role, account_group })
    }
}

/// The value of the one property that an object has of two, and whether it is the first one.
fn either<'a>(path: &Path<'_>, value: &'a Value, first: &str, second: &str) -> Result<(&'a Value, bool), Error> {
    let object = input::object(path, value, &[first, second])?;
    let mut given = object.given();
    match (given.next(), given.next()) {
        (Some((name, value)), None) => Ok((value, name == first)),
        _ => Err(Error::wrong_type(path, &format!("must have either {first} or {second}."))),
    }
}

/// A text with something in it.
fn filled(path: &Path<'_>, value: &Value) -> Result<String, Error> {
    let text = object::text(path, value)?;
    if text.chars().all(char::is_whitespace) { Err(Error::wrong_value(path, "must not be empty.")) } else { Ok(text) }
}
