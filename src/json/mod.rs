//! JSON, read and written without a model: serde's serialisers and deserialisers would be a quarter of the published
//! WebAssembly.

mod read;
mod write;

pub use read::{Item, Kind, Scanner, Syntax, beginning, item, list, object, unescape};
pub use write::{Object, ToJson};
