//! Account groups and the roles that a user has in them.

use super::declare::model;
use super::role::Role;

model! {
    /// An account group: a part of the organisation.
    AccountGroup {
        /// Identifier; the `aid` of other calls.
        aid: "aid" Id,
        /// Display name.
        account_group_name: "accountGroupName" Text,
    }
}

model! {
    /// The roles that a user has in one account group.
    AccountGroupRole {
        /// The account group.
        account_group: "accountGroup" One<AccountGroup>,
        /// The user's roles in it.
        roles: "roles" Many<Role>,
    }
}
