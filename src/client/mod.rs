//! A client and its calls. The course of a call is in [`execute`], what its errors say in `errors`.

mod errors;
mod execute;
mod limiter;
mod pages;
mod progress;
mod tokens;
mod window;

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use futures_lite::future::or;
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::config::{Configuration, Options};
use crate::decode::{Data, Drift, RawBody};
use crate::endpoints::Operation;
use crate::error::Error;
use crate::http::Headers;
use crate::json::Fields;
use crate::rate_limit::RateLimit;
use crate::transport::Transport;

use execute::Call;
use limiter::Limiter;
use tokens::Refreshes;

pub use pages::Pages;
pub use progress::Progress;

/// A client: a configuration, and what its calls share.
pub struct Client {
    configuration: Configuration,
    /// That of calls that name no key of their own; those of other keys are behind it.
    limiter: Rc<Limiter>,
    sharing: Sharing,
    /// None where calls must not wait for one another.
    refreshes: Option<Refreshes>,
    /// Those to wake when the client is closed: the calls under way.
    calls: Cell<Vec<Rc<Waker>>>,
    is_closed: Cell<bool>,
}

thread_local! {
    /// How many calls there have been, of all clients: hooks may be those of several.
    static COUNT: Cell<u32> = const { Cell::new(0) };
}

/// Milliseconds.
const TWO_WINDOWS: u64 = 120_000;

/// What calls may share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// Permits and refreshed tokens: a call may wait until another one is over.
    Waiting,
    /// Nothing that one call would wait for: some platforms end what waits for another request.
    Nothing,
}

impl Client {
    /// A client for a checked configuration.
    pub fn new(configuration: Configuration, sharing: Sharing) -> Self {
        let shares = sharing == Sharing::Waiting;
        let limiter = Limiter::new(&configuration.settings.rate_limit_key, &configuration, shares);
        Self {
            limiter,
            sharing,
            refreshes: shares.then(Refreshes::default),
            calls: Cell::default(),
            is_closed: Cell::default(),
            configuration,
        }
    }

    /// The configuration.
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// The rate limit of the client's own key as the last answer told it.
    pub fn rate_limit(&self) -> RateLimit {
        self.limiter.rate_limit()
    }

    /// The limiter for the calls of a key. One whose key nobody has used for two windows is forgotten.
    fn limiter(&self, key: &str, now: u64) -> Rc<Limiter> {
        let mut limiter = Rc::clone(&self.limiter);
        while limiter.key != key {
            let next = limiter.next.take().and_then(|next| {
                let is_used = Rc::strong_count(&next) > 1 || now.saturating_sub(next.used.get()) <= TWO_WINDOWS;
                if is_used { Some(next) } else { next.next.take() }
            });
            let next = next.unwrap_or_else(|| Limiter::new(key, &self.configuration, self.sharing == Sharing::Waiting));
            limiter.next.set(Some(Rc::clone(&next)));
            limiter = next;
        }
        limiter.used.set(now);
        limiter
    }

    /// Ends the calls under way; later ones fail.
    pub fn close(&self) {
        self.is_closed.set(true);
        if let Some(refreshes) = &self.refreshes {
            refreshes.clear();
        }
        self.calls.take().iter().for_each(|waker| waker.wake_by_ref());
    }

    /// A number for a new call, which no other call has.
    pub fn next_call_id(&self) -> u32 {
        let id = COUNT.get().wrapping_add(1);
        COUNT.set(id);
        id
    }

    /// Makes a call. Dropping the future ends it; `progress` tells how far it came.
    pub async fn call<T: Transport>(
        &self,
        id: u32,
        transport: &T,
        operation: &Operation,
        options: &Options,
        progress: &Progress,
    ) -> Result<AnswerOf<T>, Error> {
        let mut call = Call::new(id, self, transport, operation, options, progress);
        let _released = Released(progress);
        let closed = async {
            self.closed().await;
            None
        };
        match or(closed, async { Some(call.execute().await) }).await {
            Some(result) => result.map_err(|error| call.complete(error)),
            None => Err(call.closed()),
        }
    }

    /// Waits until the client is closed.
    async fn closed(&self) {
        let mut registered = None;
        poll_fn(|context| {
            if self.is_closed.get() {
                return Poll::Ready(());
            }
            registered.get_or_insert_with(|| {
                let waker = Rc::new(context.waker().clone());
                self.change_calls(|calls| calls.push(Rc::clone(&waker)));
                Registered { client: self, waker }
            });
            Poll::Pending
        })
        .await
    }

    fn change_calls(&self, change: impl FnOnce(&mut Vec<Rc<Waker>>)) {
        let mut calls = self.calls.take();
        change(&mut calls);
        self.calls.set(calls);
    }
}

/// A call that is over, however it ended, holds nothing back.
struct Released<'a>(&'a Progress);

impl Drop for Released<'_> {
    fn drop(&mut self) {
        self.0.release();
    }
}

/// A call that closing the client ends.
struct Registered<'a> {
    client: &'a Client,
    waker: Rc<Waker>,
}

impl Drop for Registered<'_> {
    fn drop(&mut self) {
        self.client.change_calls(|calls| calls.retain(|waker| !Rc::ptr_eq(waker, &self.waker)));
    }
}

/// A successful answer. All but the data are serialised: those are a value or text already.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<V> {
    /// The status.
    pub status_code: u16,
    /// The header fields that the transport gave, see [`crate::http::Response::headers`].
    pub headers: Headers,
    /// The rate limit as of this answer.
    pub rate_limit: RateLimit,
    /// Where what was created can be read, on the configured host.
    pub location: Option<String>,
    /// Where the object can be read again, on the configured host.
    pub self_link: Option<String>,
    /// Where the next page can be read, as it came.
    pub next_link: Option<String>,
    /// What the operation gives.
    pub data: Data<V>,
    /// What deviated from the model and was normalised.
    pub drift: Vec<Drift>,
}

impl<V> Serialize for Answer<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("statusCode", &self.status_code)?;
        fields.serialize_entry("headers", &self.headers)?;
        fields.serialize_entry("rateLimit", &self.rate_limit)?;
        fields.serialize_some("location", self.location.as_deref())?;
        fields.serialize_some("selfLink", self.self_link.as_deref())?;
        fields.serialize_entry("drift", &self.drift)?;
        fields.end()
    }
}

/// What an operation of this client gives, with the answer that it came with.
pub type AnswerOf<T> = Answer<<<T as Transport>::Body as RawBody>::Value>;
