//! One value per operation: it builds the request and says what the answer holds.

pub mod users;

use serde::de::DeserializeOwned;

use crate::http::Request;

/// An operation of the API.
pub trait Endpoint {
    /// The model that a successful answer holds.
    type Output: DeserializeOwned;
    /// The name of the method in JavaScript.
    const OPERATION: &'static str;
    /// Whether a successful answer has a body.
    const HAS_BODY: bool = true;

    /// The request below the base URL, without a token.
    fn request(&self) -> Request;
}
