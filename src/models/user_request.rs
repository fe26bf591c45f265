//! What is sent to create or change a user.

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

impl<T> Setting<T> {
    /// Whether the property is not sent.
    pub const fn is_omitted(&self) -> bool {
        matches!(self, Setting::Omitted)
    }
}

impl<T: Serialize> Serialize for Setting<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Setting::Omitted | Setting::Null => serializer.serialize_unit(),
            Setting::Value(value) => value.serialize(serializer),
        }
    }
}

impl<T> From<Option<T>> for Setting<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Setting::Omitted, Setting::Value)
    }
}

/// The body of `POST /users` and `PUT /users/{id}`.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserRequest {
    /// Display name.
    #[serde(skip_serializing_if = "Setting::is_omitted")]
    pub name: Setting<String>,
    /// E-mail address, with which the user logs in. After a change the user must confirm before logging in or using the API.
    #[serde(skip_serializing_if = "Setting::is_omitted")]
    pub email: Setting<String>,
    /// The account group that the user lands in after logging in.
    #[serde(skip_serializing_if = "Setting::is_omitted")]
    pub login_account_group_id: Setting<String>,
    /// Roles per account group. Sending this list **replaces** all that the user has.
    #[serde(skip_serializing_if = "Setting::is_omitted")]
    pub account_group_roles: Setting<Vec<UserAccountGroupRole>>,
    /// Roles in all account groups, future ones too.
    #[serde(skip_serializing_if = "Setting::is_omitted")]
    pub all_account_group_role_ids: Setting<Vec<String>>,
}

impl UserRequest {
    /// The names of the properties in JSON.
    pub const PROPERTIES: [&'static str; 5] = ["name", "email", "loginAccountGroupId", "accountGroupRoles", "allAccountGroupRoleIds"];
}

/// The roles that a user shall have in one account group.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserAccountGroupRole {
    /// The account group.
    pub account_group_id: String,
    /// The roles in it.
    pub role_ids: Vec<String>,
}

impl UserAccountGroupRole {
    /// The names of the properties in JSON.
    pub const PROPERTIES: [&'static str; 2] = ["accountGroupId", "roleIds"];
}
