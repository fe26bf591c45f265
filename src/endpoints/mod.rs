//! One value per operation: it builds the request and says what the answer holds.

pub mod users;

use crate::http::Request;
use crate::models::Body;

/// An operation of the API.
pub trait Endpoint {
    /// What a successful answer holds.
    type Output: Body;
    /// The name of the method in JavaScript.
    const OPERATION: &'static str;
    /// The permissions that the API documents for it.
    const PERMISSIONS: Option<&'static str> = None;

    /// The request below the base URL, without a token.
    fn request(&self) -> Request;
}
