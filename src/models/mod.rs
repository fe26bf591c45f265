//! What travels: the API's models, named as the API names them.
//!
//! The API marks next to nothing as required, so every property of an answer is an `Option`; properties that this
//! release does not know are kept in `extra`.

mod account_group;
mod declare;
mod link;
mod problem;
mod role;
mod user;
mod user_request;

pub use account_group::{AccountGroup, AccountGroupRole};
pub use declare::{Body, Model, Name, Property, SELF_LINK, Shape};
pub use link::{Link, SelfLinks};
pub use problem::{FieldError, Problem, ProblemBody};
pub use role::Role;
pub use user::{CreatedUser, ExtendedUser, UserDetail, Users};
pub use user_request::{Setting, UserAccountGroupRole, UserRequest};
