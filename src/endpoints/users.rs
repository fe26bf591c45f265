//! The Users API.

use super::declare::endpoints;

macro_rules! users_api {
    ($then:ident) => {
        $then! {
            users
            /// Creates, reads, changes and deletes users.
            UsersApi {
                /// Creates a user. Sent again only after a 429, or where the request provably never left.
                createUser: Post "/users" with UserRequest, AccountGroupOptions -> CreatedUser;
                /// Deletes a user. No guard looks at it: `client.admin` has such.
                deleteUser: Delete "/users/{id}" by id, AccountGroupOptions -> () needs "Edit users in all account groups, or Edit users";
                /// Reads the owner of the token, with roles.
                getCurrentUser: Get "/users/current", RequestOptions -> UserDetail;
                /// Reads a user with roles.
                getUser: Get "/users/{id}" by id, AccountGroupOptions -> UserDetail needs "API Access and View all users";
                /// Lists the users of the organisation that the account group belongs to, without roles.
                getUsers: Get "/users", AccountGroupOptions -> Users needs "API Access and View all users";
                /// Changes a user. A list of `accountGroupRoles` **replaces** all that the user has, and no guard looks at it:
                /// `client.admin.modifyUser` merges, and has guards.
                updateUser: Put "/users/{id}" by id with UserRequest, AccountGroupOptions -> UserDetail
                    needs "Edit users in all account groups, or Edit users";
            }
        }
    };
}
users_api!(endpoints);
#[cfg(all(target_arch = "wasm32", not(feature = "jobs")))]
pub(crate) use users_api;
