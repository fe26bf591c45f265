//! Any bytes as the body of an answer: what decoding promises must hold.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../decoding/mod.rs"]
mod decoding;

fuzz_target!(|body: &[u8]| decoding::check(body));
