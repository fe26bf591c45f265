//! Digests.

use sha2::{Digest, Sha256};

/// The SHA-256 of a text, in hexadecimal digits.
pub fn hex(text: &str) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default();
    Sha256::digest(text.as_bytes()).iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
