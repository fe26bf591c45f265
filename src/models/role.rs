//! Roles.

use super::declare::model;

model! {
    /// A role: a named set of permissions.
    Role {
        /// Display name, such as `Regular User`.
        name: "name" Text,
        /// Identifier.
        role_id: "roleId" Id,
        /// Whether the vendor made the role; such a role cannot be changed.
        is_builtin: "isBuiltin" Flag,
        /// Whether the role holds permissions that manage the organisation or other users.
        has_management_permissions: "hasManagementPermissions" Flag,
    }
}
