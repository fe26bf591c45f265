//! What is sent to create or change a user.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// A property of a request, which may be left out, set to `null` or set to a value. The API treats the three
/// differently, so they are never mixed up here.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Setting<T> {
    /// The property is not sent: what the user has stays as it is (assumed).
    #[default]
    Omitted,
    /// An explicit `null` is sent.
    Null,
    /// The value is sent.
    Value(T),
}

impl<T: Serialize> Setting<T> {
    fn write<M: SerializeMap>(&self, name: &'static str, map: &mut M) -> Result<(), M::Error> {
        match self {
            Setting::Omitted => Ok(()),
            Setting::Null => map.serialize_entry(name, &()),
            Setting::Value(value) => map.serialize_entry(name, value),
        }
    }
}

impl<T> From<Option<T>> for Setting<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Setting::Omitted, Setting::Value)
    }
}

/// The body of `POST /users` and `PUT /users/{id}`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserRequest {
    /// Display name.
    pub name: Setting<String>,
    /// E-mail address, with which the user logs in. After a change the user must confirm before logging in or using the API.
    pub email: Setting<String>,
    /// The account group that the user lands in after logging in.
    pub login_account_group_id: Setting<String>,
    /// Roles per account group. Sending this list **replaces** all that the user has.
    pub account_group_roles: Setting<Vec<UserAccountGroupRole>>,
    /// Roles in all account groups, future ones too.
    pub all_account_group_role_ids: Setting<Vec<String>>,
}

impl UserRequest {
    /// The names of the properties in JSON.
    pub const PROPERTIES: [&'static str; 5] = ["name", "email", "loginAccountGroupId", "accountGroupRoles", "allAccountGroupRoleIds"];
}

impl Serialize for UserRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.name.write("name", &mut map)?;
        self.email.write("email", &mut map)?;
        self.login_account_group_id.write("loginAccountGroupId", &mut map)?;
        self.account_group_roles.write("accountGroupRoles", &mut map)?;
        self.all_account_group_role_ids.write("allAccountGroupRoleIds", &mut map)?;
        map.end()
    }
}

/// The roles that a user shall have in one account group.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct UserAccountGroupRole {
    /// The account group.
    #[serde(rename = "accountGroupId")]
    pub account_group_id: String,
    /// The roles in it.
    #[serde(rename = "roleIds")]
    pub role_ids: Vec<String>,
}

impl UserAccountGroupRole {
    /// The names of the properties in JSON.
    pub const PROPERTIES: [&'static str; 2] = ["accountGroupId", "roleIds"];
}
