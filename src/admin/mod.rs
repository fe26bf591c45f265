//! Safe administration on top of the API: what to change of a user and how to say it, what a change would do, and what must not
//! be done by mistake. All of it is pure, over the real models; `client/admin.rs` makes the calls.

mod apply;
mod changes;
mod digest;
mod directory;
pub mod guards;
mod journal;
mod make;
mod object;
mod plan;
mod print;
mod reports;
mod state;

pub use apply::{Created, Decision, Ended, StepResult, Summary, Write};
pub use changes::{Change, Key, RoleKey, UserKey, changes};
pub use digest::sha256;
pub use directory::{Directory, KnownRole, known_roles};
pub use guards::{Knowledge, Limits, Subject};
pub use journal::{Entry, Journal, State, header_line, intent_line, plan_undo, result_line};
pub use make::{About, make, needed};
pub use object::{AsValue, Object, json, text as bearable_text};
pub use plan::{Cost, Header, Kind, Names, Plan, Step, Unchanged, Who};
pub use print::plan_to_text;
pub use reports::{AccessReport, AccessRow, InactiveUser, Inactivity, csv_cell, inactive_users, to_csv};
pub use state::{Difference, Field, Grant, Scope, UserState, with_role, without_role};
