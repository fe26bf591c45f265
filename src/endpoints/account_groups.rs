//! The Account Groups API.

use super::declare::endpoints;

macro_rules! account_groups_api {
    ($then:ident) => {
        $then! {
            account_groups
            /// Creates, reads, changes and deletes account groups.
            AccountGroupsApi {
                /// Creates an account group. Everyone who has roles in all account groups has access to it at once. Sent again only
                /// after a 429, or where the request provably never left.
                createAccountGroup: Post "/account-groups" with AccountGroupRequest, ExpandOptions -> CreatedAccountGroup
                    needs "Edit all account groups";
                /// Deletes an account group.
                deleteAccountGroup: Delete "/account-groups/{id}" by id, RequestOptions -> ()
                    needs "Assign management permissions, Delete account and Edit all account groups";
                /// Reads an account group.
                getAccountGroup: Get "/account-groups/{id}" by id, ExpandOptions -> AccountGroupDetail
                    needs "View all account groups settings";
                /// Lists the account groups that the token's owner can see.
                getAccountGroups: Get "/account-groups", RequestOptions -> AccountGroups;
                /// Changes an account group. A list of `agents` **replaces** all that it has.
                updateAccountGroup: Put "/account-groups/{id}" by id with AccountGroupRequest, ExpandOptions -> AccountGroupDetail;
            }
        }
    };
}
account_groups_api!(endpoints);
#[cfg(all(target_arch = "wasm32", not(feature = "jobs")))]
pub(crate) use account_groups_api;
