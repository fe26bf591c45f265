//! A client and its calls. What a call does next is decided in [`call`], what its errors say in `errors`.

mod call;
mod errors;

use std::cell::Cell;
use std::rc::Rc;

use crate::config::{Configuration, Settings};
use crate::decode::{Data, Drift, RawBody};
use crate::endpoints::Operation;
use crate::http::Headers;
use crate::json::{Object, ToJson};
use crate::limiter::Limiter;
use crate::rate_limit::RateLimit;
use crate::tokens::Tokens;
use crate::transport::Transport;

pub use call::{Call, Step};

/// A client: a configuration, and what its calls share.
pub struct Client<T> {
    configuration: Configuration,
    transport: Rc<T>,
    tokens: Tokens,
    limiter: Rc<Limiter<T>>,
    is_closed: Cell<bool>,
    /// How many calls there have been.
    calls: Cell<u32>,
}

impl<T: Transport> Client<T> {
    /// A client for a checked configuration.
    pub fn new(configuration: Configuration, transport: T) -> Self {
        let transport = Rc::new(transport);
        Self {
            tokens: Tokens::new(configuration.access_token.clone()),
            limiter: Limiter::new(configuration.max_concurrency.unwrap_or(usize::MAX), Rc::clone(&transport)),
            is_closed: Cell::default(),
            calls: Cell::default(),
            configuration,
            transport,
        }
    }

    /// The configuration.
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// The outside world.
    pub fn transport(&self) -> &T {
        &self.transport
    }

    /// The rate limit as the last answer told it.
    pub fn rate_limit(&self) -> RateLimit {
        self.limiter.rate_limit()
    }

    /// Later calls fail. Those in flight are told by [`crate::transport::Input::Closed`].
    pub fn close(&self) {
        self.is_closed.set(true);
    }

    /// A call that is still to begin.
    pub fn call(self: &Rc<Self>, operation: Operation, settings: Settings) -> Call<T> {
        let id = self.calls.get().wrapping_add(1);
        self.calls.set(id);
        Call::new(Rc::clone(self), id, operation, settings)
    }
}

/// A successful answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<V> {
    /// The status.
    pub status: u16,
    /// The header fields that the transport gave, see [`crate::http::Response::headers`].
    pub headers: Headers,
    /// The rate limit as of this answer.
    pub rate_limit: RateLimit,
    /// Where what was created can be read, on the configured host.
    pub location: Option<String>,
    /// Where the object can be read again, on the configured host.
    pub self_link: Option<String>,
    /// What the operation gives.
    pub data: Data<V>,
    /// What deviated from the model and was normalised.
    pub drift: Vec<Drift>,
}

/// All but the data, which are a value or text already.
impl<V> ToJson for Answer<V> {
    fn write(&self, json: &mut String) {
        let mut object = Object::begin(json);
        object.member("statusCode", &self.status);
        object.member("headers", &self.headers);
        object.member("rateLimit", &self.rate_limit);
        object.optional("location", &self.location);
        object.optional("selfLink", &self.self_link);
        object.member("drift", &self.drift);
        object.end();
    }
}

/// What an operation of this client gives, with the answer that it came with.
pub type AnswerOf<T> = Answer<<<T as Transport>::Body as RawBody>::Value>;
