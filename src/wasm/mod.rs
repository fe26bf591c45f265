//! The only module that knows JavaScript. It converts: no status, no path of the API, no property of a model is named in
//! its logic.

mod admin;
mod api_client;
mod apis;
mod body;
mod context;
mod convert;
mod error;
mod failure;
mod fetch;
mod pages;
mod platform;
mod promise;
mod types;

pub use api_client::ApiClient;
pub use apis::{AccountGroupsApi, PermissionsApi, RolesApi, UserEventsApi, UsersApi};
pub use body::Bytes;

/// A quarter of the size of the standard allocator.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
