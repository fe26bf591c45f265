//! JSON, read and written without a model: serde's serialisers and deserialisers would be a quarter of the published
//! WebAssembly.

mod read;
mod scanner;
mod write;

pub use read::{Item, beginning, item, list, member, object, unescape};
pub use scanner::{Brackets, DEPTH, Kind, Scanner, SyntaxError};
pub use write::{Object, ToJson};
