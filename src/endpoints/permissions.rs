//! The Permissions API.

use super::declare::endpoints;

macro_rules! permissions_api {
    ($then:ident) => {
        $then! {
            permissions
            /// Reads the permissions that roles are made of.
            PermissionsApi {
                /// Lists the permissions that a role may hold.
                getPermissions: Get "/permissions", AccountGroupOptions -> Permissions needs "a role with management permissions";
            }
        }
    };
}
permissions_api!(endpoints);
#[cfg(all(target_arch = "wasm32", not(feature = "jobs")))]
pub(crate) use permissions_api;
