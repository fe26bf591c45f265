//! What the core needs from the outside world.

use serde_json::Value;

use crate::error::{Cause, Outcome};
use crate::http::{Request, Response};

/// Why there is no answer.
#[derive(Clone)]
pub struct Failure {
    /// `NotSent` only where that is certain.
    pub outcome: Outcome,
    /// What the platform said.
    pub cause: Cause,
}

/// Sends requests and keeps time. A future that is dropped ends what it began.
#[allow(async_fn_in_trait)]
pub trait Transport {
    /// Sends a request and reads the answer to its end. Redirects are not followed.
    async fn send(&self, request: Request) -> Result<Response, Failure>;
    /// Waits.
    async fn sleep(&self, milliseconds: u32);
    /// Asks the application for its token.
    async fn access_token(&self) -> Result<Value, Cause>;
}
