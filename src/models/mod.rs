//! What travels: the API's models, named as the API names them.
//!
//! Each model of an answer is declared once, with [`model!`]: the declaration gives the Rust struct and the [`Shape`]
//! that `decode` checks an answer against. The API marks next to nothing as required, so every property is an
//! `Option`; properties that this release does not know are kept in `extra`.

mod account_group;
mod link;
mod problem;
mod role;
mod shape;
mod user;
mod user_request;

pub use account_group::{AccountGroup, AccountGroupRole};
pub use link::{Link, SelfLinks};
pub use problem::{FieldError, Problem, ProblemBody};
pub use role::Role;
pub use shape::{Model, ObjectShape, Property, Shape};
pub use user::{CreatedUser, ExtendedUser, UserDetail, Users};
pub use user_request::{Setting, UserAccountGroupRole, UserRequest};
