//! JSON, read without a model: serde's deserialisers would be a quarter of the published WebAssembly.

mod fields;
mod quote;
mod read;
mod scanner;

pub use fields::Fields;
pub use quote::quote;
pub use read::{Item, beginning, list, member, object, unescape};
pub use scanner::{Brackets, DEPTH, Kind, Scanner, SyntaxError};
