//! Safe administration on top of the API: what to change of a user and how to say it, what a change would do, and what must not
//! be done by mistake. All of it is pure, over the real models; `client/admin.rs` makes the calls.

mod reports;
mod state;

pub use reports::{AccessReport, AccessRow, InactiveUser, Inactivity, csv_cell, inactive_users, to_csv};
pub use state::{Difference, Field, Grant, Scope, UserState, with_role, without_role};
