//! What is sent to create or change a user.

use crate::json::{Object, ToJson};

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

impl<T: ToJson> Setting<T> {
    fn write(&self, name: &str, object: &mut Object<'_>) {
        match self {
            Setting::Omitted => {}
            Setting::Null => object.member(name, &Null),
            Setting::Value(value) => object.member(name, value),
        }
    }
}

struct Null;

impl ToJson for Null {
    fn write(&self, json: &mut String) {
        json.push_str("null");
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

impl ToJson for UserRequest {
    fn write(&self, json: &mut String) {
        let mut object = Object::begin(json);
        self.name.write("name", &mut object);
        self.email.write("email", &mut object);
        self.login_account_group_id.write("loginAccountGroupId", &mut object);
        self.account_group_roles.write("accountGroupRoles", &mut object);
        self.all_account_group_role_ids.write("allAccountGroupRoleIds", &mut object);
        object.end();
    }
}

/// The roles that a user shall have in one account group.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserAccountGroupRole {
    /// The account group.
    pub account_group_id: String,
    /// The roles in it.
    pub role_ids: Vec<String>,
}

impl ToJson for UserAccountGroupRole {
    fn write(&self, json: &mut String) {
        let mut object = Object::begin(json);
        object.member("accountGroupId", &self.account_group_id);
        object.member("roleIds", &self.role_ids);
        object.end();
    }
}

impl UserAccountGroupRole {
    /// The names of the properties in JSON.
    pub const PROPERTIES: [&'static str; 2] = ["accountGroupId", "roleIds"];
}
