//! Client for the ThousandEyes v7 administrative API: the administrative API in Rust, published to JavaScript as WebAssembly.
//!
//! Everything outside `wasm` is plain Rust that knows no JavaScript: requests and responses are values, and time
//! and the network come in through [`transport`]. The modules stand in the order
//! in which they may use each other; `tests/architecture.rs` keeps it.

pub mod date;
pub mod text;

pub mod json;

pub mod value;

pub mod path;

pub mod problem;

pub mod http;

pub mod rate_limit;

pub mod error;
pub mod failure;

pub mod input;

pub mod models;

pub mod admin;

pub mod decode;

pub mod endpoints;

pub mod jobs;

pub mod config;

pub mod retry;

pub mod transport;

pub mod client;

#[cfg(all(target_arch = "wasm32", not(feature = "jobs")))]
pub mod wasm;

/// The second WebAssembly, of jobs alone.
#[cfg(all(target_arch = "wasm32", feature = "jobs"))]
#[path = "wasm/job.rs"]
pub mod wasm;
