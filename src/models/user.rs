//! Users, as the API answers them.

use super::account_group::{AccountGroup, AccountGroupRole};
use super::declare::{Body, Model, Name, Property, model};
use super::link::SelfLinks;
use super::role::Role;

/// The answer to `GET /users`: every user of the organisation.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Users {
    /// The users; an answer without this list is refused, so that it is not taken for an empty organisation. The API
    /// does not page it.
    pub users: Vec<ExtendedUser>,
    /// Where the list can be read again.
    #[serde(rename = "_links", default, skip_serializing_if = "Option::is_none")]
    pub links: Option<SelfLinks>,
    /// Properties that this release does not know, as they came.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl Body for Users {
    const MODEL: Option<&'static Model> = Some(&Model::new(
        Name::Users,
        &Property::row([("users", model!(@shape Many<ExtendedUser>)), ("_links", model!(@shape One<SelfLinks>))]),
        Some("users"),
        None,
    ));
}

model! {
    /// A user in a list: without roles.
    ExtendedUser {
        /// Display name.
        name: "name" Text,
        /// E-mail address, with which the user logs in.
        email: "email" Text,
        /// Identifier.
        uid: "uid" Id,
        /// When the user was registered, ISO 8601 in UTC.
        date_registered: "dateRegistered" Date,
        /// The account group that the user lands in after logging in.
        login_account_group: "loginAccountGroup" One<AccountGroup>,
        /// Last login, ISO 8601 in UTC. Missing where the user never logged in (assumed).
        last_login: "lastLogin" Date,
    }
}

model! {
    /// The answer to `POST /users`: the user as created, without a last login.
    CreatedUser in "users" {
        /// Display name.
        name: "name" Text,
        /// E-mail address, with which the user logs in.
        email: "email" Text,
        /// Identifier.
        uid: "uid" Id,
        /// When the user was registered, ISO 8601 in UTC.
        date_registered: "dateRegistered" Date,
        /// The account group that the user lands in after logging in.
        login_account_group: "loginAccountGroup" One<AccountGroup>,
        /// Roles per account group.
        account_group_roles: "accountGroupRoles" Many<AccountGroupRole>,
        /// Roles that the user has in all account groups, future ones too.
        all_account_group_roles: "allAccountGroupRoles" Many<Role>,
        /// Where the user can be read again.
        links: "_links" One<SelfLinks>,
    }
}

model! {
    /// The answer to `GET /users/{id}`, `GET /users/current` and `PUT /users/{id}`: one user with roles.
    UserDetail in "users" {
        /// Display name.
        name: "name" Text,
        /// E-mail address, with which the user logs in.
        email: "email" Text,
        /// Identifier.
        uid: "uid" Id,
        /// When the user was registered, ISO 8601 in UTC.
        date_registered: "dateRegistered" Date,
        /// The account group that the user lands in after logging in.
        login_account_group: "loginAccountGroup" One<AccountGroup>,
        /// Roles per account group.
        account_group_roles: "accountGroupRoles" Many<AccountGroupRole>,
        /// Roles that the user has in all account groups, future ones too.
        all_account_group_roles: "allAccountGroupRoles" Many<Role>,
        /// Last login, ISO 8601 in UTC. Missing where the user never logged in (assumed).
        last_login: "lastLogin" Date,
        /// Where the user can be read again.
        links: "_links" One<SelfLinks>,
    }
}
