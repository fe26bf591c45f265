//! The Roles API.

use super::declare::endpoints;

macro_rules! roles_api {
    ($then:ident) => {
        $then! {
            roles
            /// Creates, reads, changes and deletes roles.
            RolesApi {
                /// Creates a role. Sent again only after a 429, or where the request provably never left.
                createRole: Post "/roles" with RoleRequestBody, AccountGroupOptions -> RoleDetail;
                /// Deletes a role that the vendor did not make.
                deleteRole: Delete "/roles/{id}" by id, AccountGroupOptions -> ();
                /// Reads a role with its permissions.
                getRole: Get "/roles/{id}" by id, AccountGroupOptions -> RoleDetail;
                /// Lists the roles of the organisation, without their permissions.
                getRoles: Get "/roles", AccountGroupOptions -> Roles;
                /// Changes a role that the vendor did not make. A list of `permissions` **replaces** all that it holds.
                updateRole: Put "/roles/{id}" by id with RoleRequestBody, AccountGroupOptions -> RoleDetail;
            }
        }
    };
}
roles_api!(endpoints);
#[cfg(all(target_arch = "wasm32", not(feature = "jobs")))]
pub(crate) use roles_api;
