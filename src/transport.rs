//! What the core and the outside world tell each other. The core decides, and does nothing itself: what a call needs
//! next is a [`Need`], and what came of it is told to the call as an [`Input`].

use crate::decode::RawBody;
use crate::error::{Cause, Outcome};
use crate::http::{Method, Request, Response};
use crate::rate_limit::RateLimit;

/// What a call needs next from outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Need {
    /// To be woken, see [`Transport::wake`].
    Wake,
    /// So many milliseconds.
    Sleep(u32),
    /// The application's token. With `refresh` the last one was refused: calls that need another one at the same time
    /// share one question and its answer.
    Token {
        /// Whether another token is due than the last one.
        refresh: bool,
    },
    /// The answer to a request, read to its end. Redirects are not followed.
    Answer(Request),
}

/// What came of a need. Whatever was begun for the need is ended before another one is met.
#[derive(Clone)]
pub enum Input<'a, B> {
    /// The call shall begin, was woken, or has slept enough.
    Go,
    /// The token, as JSON, or what the application threw.
    Token(Result<&'a str, Cause>),
    /// The answer.
    Answer(Response<B>),
    /// There is none.
    Failed(Failure),
    /// The time for the need is over.
    Elapsed,
    /// The client was closed.
    Closed {
        /// Whether anything was begun for the need.
        begun: bool,
    },
}

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
    /// The address below the base URL.
    pub url: &'a str,
    /// Which request of the call it is, from 1.
    pub attempt: u32,
}

impl<'a> Event<'a> {
    /// The path below the base URL.
    pub fn path(&self) -> &'a str {
        self.url.split('?').next().unwrap_or_default()
    }
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

/// Where chance comes from, and what else the core tells the outside world. The time is told
/// with each [`Input`].
pub trait Transport: 'static {
    /// How it keeps the body of an answer.
    type Body: RawBody;
    /// A number from 0 up to 1.
    fn random(&self) -> f64;
    /// The call that needs to be woken goes on; not within this function, in which the core is busy.
    fn wake(&self, call: u32);
    /// Tells whoever watches.
    fn observe(&self, event: Event<'_>);
}
