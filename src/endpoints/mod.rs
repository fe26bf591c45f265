//! One value per operation: it builds the request and says what the answer holds.

pub mod users;

use crate::http::Request;
use crate::models::{Body, Model};

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

    /// All that a client needs for a call.
    fn operation(&self) -> Operation {
        Operation { name: Self::OPERATION, permissions: Self::PERMISSIONS, request: self.request(), model: Self::Output::MODEL }
    }
}

/// An operation with its arguments, whichever it is.
#[derive(Debug)]
pub struct Operation {
    /// The name of the method in JavaScript.
    pub name: &'static str,
    /// The permissions that the API documents for it.
    pub permissions: Option<&'static str>,
    /// The request below the base URL, without a token.
    pub request: Request,
    /// What a successful answer holds; none where it has no body.
    pub model: Option<&'static Model>,
}
