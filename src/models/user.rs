//! Users: as the API answers them, and what is sent to create or change one.

use super::declare::{models, request};
use crate::error::Error;
use crate::input::{self, Parts, Value, part};
use crate::path::Path;

models! {
    /// The users of the organisation; the API does not page this list.
    Users {
        /// The users, without roles.
        users: "users" Many<ExtendedUser> required,
        /// Where the list can be read again.
        links: "_links" One<SelfLinks>,
    }

    shared {
        /// Display name.
        name: "name" Text,
        /// E-mail address, with which the user logs in.
        email: "email" Text,
        /// Identifier.
        uid: "uid" Id,
        /// When the user was registered, ISO 8601 in UTC.
        date_registered: "dateRegistered" Date,
    }

    /// A user as a member of an account group. The list of roles does not tell those in this account group from those in all
    /// account groups.
    UserAccountGroup {
        /// Last login, ISO 8601 in UTC. Missing where the user never logged in (assumed).
        last_login: "lastLogin" Date,
        /// Roles in this account group and in all account groups together.
        roles: "roles" Many<Role>,
    }

    shared {
        /// The account group that the user lands in after logging in.
        login_account_group: "loginAccountGroup" One<AccountGroup>,
    }

    /// A user in a list: without roles.
    ExtendedUser {
        /// Last login, ISO 8601 in UTC. Missing where the user never logged in (assumed).
        last_login: "lastLogin" Date,
    }

    shared {
        /// Roles per account group.
        account_group_roles: "accountGroupRoles" Many<AccountGroupRole>,
        /// Roles that the user has in all account groups, future ones too.
        all_account_group_roles: "allAccountGroupRoles" Many<Role>,
        /// Where the user can be read again.
        links: "_links" One<SelfLinks>,
    }

    /// A user as created: no last login yet.
    CreatedUser in "users" {}

    /// One user with roles.
    UserDetail in "users" {
        /// Last login, ISO 8601 in UTC. Missing where the user never logged in (assumed).
        last_login: "lastLogin" Date,
    }
}

request! {
    /// What is sent to create or change a user. A property that is omitted (or undefined) is not sent; `null` and `[]` are sent
    /// as they are.
    UserRequest from UserDetail by "toUserRequest(user)" {
        /// Display name.
        name: "name" Text,
        /// E-mail address, with which the user logs in. After a change the user must confirm before logging in or using the
        /// API.
        email: "email" Email,
        /// The account group that the user lands in after logging in.
        login_account_group_id: "loginAccountGroupId" Id,
        /// Roles per account group. This list **replaces** all that the user has.
        account_group_roles: "accountGroupRoles" List<UserAccountGroupRole>,
        /// Roles in all account groups, future ones too.
        all_account_group_role_ids: "allAccountGroupRoleIds" List<Id>,
    }
}

request! {
    /// The roles that a user shall have in one account group.
    UserAccountGroupRole {
        /// The account group.
        account_group_id: "accountGroupId" Id required,
        /// The roles in it.
        role_ids: "roleIds" List<Id> required,
    }
}

impl UserRequest {
    /// The request that would leave a user, as it was read, as it is.
    pub fn of(user: &Value) -> Result<Self, Error> {
        let path = Path::Argument("user");
        let user = input::any_object(&path, user)?;
        if ["accountGroupRoles", "allAccountGroupRoles"].iter().all(|name| user.get(name).is_none()) {
            let problem = "has no roles, like every user of a list: read it with getUser, or the request would take its roles away.";
            return Err(Error::wrong_type(&path, problem));
        }
        let mut parts = Parts::of(&path, user);
        let request = Self {
            name: parts.part("name", input::text).into(),
            email: parts.part("email", input::text).into(),
            login_account_group_id: parts.part("loginAccountGroup", account_group_id).into(),
            account_group_roles: parts.part("accountGroupRoles", |path, value| input::list(path, value, assignment)).into(),
            all_account_group_role_ids: parts.part("allAccountGroupRoles", role_ids).into(),
        };
        parts.done()?;
        Ok(request)
    }
}

fn assignment(path: &Path<'_>, value: &Value) -> Result<UserAccountGroupRole, Error> {
    let assignment = input::any_object(path, value)?;
    let missing = |name: &str| Error::wrong_type(&path.property(name), "is missing: without it the user's roles are not known.");
    Ok(UserAccountGroupRole {
        account_group_id: part(assignment, path, "accountGroup", account_group_id)?.ok_or_else(|| missing("accountGroup"))?,
        role_ids: part(assignment, path, "roles", role_ids)?.ok_or_else(|| missing("roles"))?,
    })
}

fn account_group_id(path: &Path<'_>, value: &Value) -> Result<String, Error> {
    input::id_in(path, value, "aid")
}

fn role_ids(path: &Path<'_>, value: &Value) -> Result<Vec<String>, Error> {
    input::list(path, value, role_id)
}

fn role_id(path: &Path<'_>, value: &Value) -> Result<String, Error> {
    input::id_in(path, value, "roleId")
}
