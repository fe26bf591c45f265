//! Roles.

use super::declare::model;

model! {
    /// A role: a named set of permissions.
    Role {
        /// Display name, such as `Regular User`.
        name: "name" String,
        /// Identifier.
        role_id: "roleId" String,
        /// Whether the vendor made the role; such a role cannot be changed.
        is_builtin: "isBuiltin" bool,
        /// Whether the role holds permissions that manage the organisation or other users.
        has_management_permissions: "hasManagementPermissions" bool,
    }
}
