//! What the core needs from the outside world.

use crate::error::{Cause, Outcome};
use crate::http::{Method, Request, Response};
use crate::rate_limit::RateLimit;
use crate::tape::Body;
use crate::value::Value;

/// Why there is no answer.
#[derive(Clone)]
pub struct Failure {
    /// `NotSent` only where that is certain.
    pub outcome: Outcome,
    /// Whether the transport itself is unfit, so that sending again is in vain.
    pub broken: bool,
    /// What the platform said.
    pub cause: Cause,
}

/// What is told of a call while it runs: no token, no body.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event<'a> {
    /// What happens.
    pub moment: Moment,
    /// The name of the method in JavaScript.
    pub operation: &'static str,
    /// The method.
    pub method: Method,
    /// The path below the base URL.
    pub path: &'a str,
    /// Which request of the call it is, from 1.
    pub attempt: u32,
}

/// A moment of a call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Moment {
    /// A request is about to be sent.
    Request,
    /// An answer is there.
    Response {
        /// The status.
        status: u16,
        /// How long it took.
        milliseconds: u64,
    },
    /// The request will be sent again.
    Retry {
        /// The status, if there was an answer.
        status: Option<u16>,
        /// Milliseconds until then.
        wait: u32,
    },
    /// The rate limit is spent: an answer says so, or the call waits for the next window.
    RateLimit {
        /// 429, if it was an answer.
        status: Option<u16>,
        /// Milliseconds until the call goes on; none if it ends here.
        wait: Option<u32>,
        /// The limit as far as it is known.
        rate_limit: RateLimit,
    },
}

/// Sends requests, keeps time, and is where chance comes from. A future that is dropped ends what it began.
#[allow(async_fn_in_trait)]
pub trait Transport: 'static {
    /// How it keeps the body of an answer.
    type Body: Body;
    /// Sends a request and reads the answer to its end. Redirects are not followed.
    async fn send(&self, request: Request) -> Result<Response<Self::Body>, Failure>;
    /// Waits so many milliseconds.
    async fn sleep(&self, milliseconds: u32);
    /// Milliseconds since the epoch. The clock may be wrong, but never goes back.
    fn now(&self) -> u64;
    /// A number from 0 up to 1.
    fn random(&self) -> f64;
    /// Asks the application for its token; `refresh` says that the last one was refused.
    async fn access_token(&self, refresh: bool) -> Result<Value, Cause>;
    /// Tells whoever watches.
    fn observe(&self, event: Event<'_>);
}
