//! Roles and the permissions that they hold.

use super::Setting;
use super::declare::{models, request};
use crate::error::Error;
use crate::input::{self, Parts, Value};
use crate::path::Path;

models! {
    /// The roles of the organisation.
    Roles {
        /// The roles, without their permissions.
        roles: "roles" Many<Role> required,
        /// Where the list can be read again.
        links: "_links" One<SelfLinks>,
    }

    shared {
        /// Display name, such as `Regular User`.
        name: "name" Text,
        /// Identifier.
        role_id: "roleId" Id,
        /// Whether the vendor made the role; such a role cannot be changed.
        is_builtin: "isBuiltin" Flag,
    }

    /// A named set of permissions.
    Role {
        /// Whether the role holds permissions that manage the organisation or other users.
        has_management_permissions: "hasManagementPermissions" Flag,
    }

    /// One role with its permissions.
    RoleDetail {
        /// The permissions that it holds.
        permissions: "permissions" Many<Permission>,
        /// Where the role can be read again.
        links: "_links" One<SelfLinks>,
    }
}

models! {
    /// The permissions that a role may hold.
    Permissions {
        /// The permissions.
        permissions: "permissions" Many<Permission> required,
        /// Where the list can be read again.
        links: "_links" One<SelfLinks>,
    }

    /// A permission.
    Permission {
        /// What it is called where people read it, such as `View all users`.
        label: "label" Text,
        /// Identifier.
        permission_id: "permissionId" Id,
        /// Whether it manages the organisation or other users.
        is_management_permission: "isManagementPermission" Flag,
        /// What it is called where programs read it.
        permission: "permission" Text,
    }
}

request! {
    /// What is sent to create or change a role. A property that is omitted (or undefined) is not sent; `null` and `[]` are sent
    /// as they are.
    RoleRequestBody from RoleDetail by "toRoleRequest(role)" {
        /// Display name.
        name: "name" Text,
        /// The identifiers of the permissions that it shall hold. This list **replaces** all that it has.
        permissions: "permissions" List<Id>,
    }
}

impl RoleRequestBody {
    /// The request that would leave a role, as it was read, as it is.
    pub fn of(role: &Value) -> Result<Self, Error> {
        let path = Path::Argument("role");
        let object = input::any_object(&path, role)?;
        let problem = "is missing, as in every role of a list: read it with getRole, or the request would take its permissions away.";
        let missing = || Error::wrong_type(&path.property("permissions"), problem);
        let mut parts = Parts::of(&path, object);
        let name = parts.part("name", input::text);
        let permissions = parts.part("permissions", |path, value| input::list(path, value, permission_id));
        parts.done()?;
        Ok(Self { name: name.into(), permissions: Setting::Value(permissions.ok_or_else(missing)?) })
    }
}

fn permission_id(path: &Path<'_>, value: &Value) -> Result<String, Error> {
    input::id_in(path, value, "permissionId")
}
