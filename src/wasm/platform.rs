//! The outside world of a call: the platform, and what the application gave its client.

use std::rc::Rc;

use js_sys::Function;
use serde::{Serialize, Serializer};
use wasm_bindgen::prelude::*;

use super::body::Bytes;
use super::context::{Context, Done};
use super::convert::{Input, set_property, to_js};
use super::error::to_js_error;
use super::fetch::{self, Store};
use crate::config::{HOOKS, Priority, STORE};
use crate::error::{Cause, Error};
use crate::http::{Request, Response};
use crate::transport::{Event, Failure, Grant, Report, Stage, TokenFuture, Transport};

#[wasm_bindgen]
extern "C" {
    // Looked up at each use: tests put clocks of their own in its place while a client lives.
    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    fn date_now() -> f64;
}

/// The functions that the application gave a client.
pub struct Functions {
    fetch: Option<Function>,
    access_token: Option<Function>,
    store: Option<Function>,
    hooks: [Option<Function>; HOOKS.len()],
}

impl Functions {
    /// Those of a configuration.
    pub fn of(configuration: &Input) -> Rc<Self> {
        Rc::new(Self {
            fetch: configuration.function("fetch"),
            access_token: configuration.function("accessToken"),
            store: configuration.function(STORE),
            hooks: HOOKS.map(|name| configuration.function(name)),
        })
    }

    /// The hook for what happens.
    pub fn hook(&self, stage: &Stage) -> Option<&Function> {
        self.hooks.get(stage.hook()).and_then(Option::as_ref)
    }
}

/// The outside world of one call.
pub struct Platform {
    pub context: Context,
    pub functions: Rc<Functions>,
    /// The call's own in place of the client's.
    pub access_token: Option<Function>,
    /// Whether the call wants all header fields.
    pub all_headers: bool,
}

impl Platform {
    /// Calls a function of the application's in the context of the call.
    fn ask(&self, function: &Function, argument: &JsValue) -> Done {
        Done::of(|report| self.context.call(report, function, argument))
    }
}

impl Transport for Platform {
    type Body = Bytes;

    fn now(&self) -> u64 {
        date_now() as u64
    }

    fn random(&self) -> f64 {
        js_sys::Math::random()
    }

    fn emit(&self, event: Event<'_>) {
        if let Some(hook) = self.functions.hook(&event.stage) {
            self.context.announce(hook, &to_js(&event), matches!(event.stage, Stage::Request { .. }));
        }
    }

    fn emit_failed(&self, event: Event<'_>, error: &Error) {
        if let Some(hook) = self.functions.hook(&event.stage) {
            let told = to_js(&event);
            set_property(&told, "error", &to_js_error(error, &self.context.origin()));
            self.context.notify(hook, &told);
        }
    }

    async fn emitted(&self) {
        if self.functions.hooks.iter().any(Option::is_some) {
            drop(Done::of(|report| self.context.reached(report)).await);
        }
    }

    fn token(&self, refresh: bool) -> TokenFuture {
        let provider = self.access_token.as_ref().or(self.functions.access_token.as_ref());
        let asked = provider.map(|provider| self.ask(provider, &to_js(&Reason { refresh })));
        Box::pin(async {
            match asked {
                Some(asked) => asked.await.map(|token| token.as_string()).map_err(|cause| Rc::new(cause) as Cause),
                None => Ok(None),
            }
        })
    }

    async fn share(&self, report: &Report<'_>, limit: u32) -> Option<Grant> {
        let said = self.ask(&question(self.functions.store.as_ref()?, report, limit), &JsValue::UNDEFINED).await.ok()?;
        let said = said.as_f64().filter(|said| !said.is_nan())?;
        Some(if said > 0.0 { Grant::Granted { limiters: said as u32 } } else { Grant::Wait { milliseconds: -said as u64 } })
    }

    fn report(&self, report: &Report<'_>) {
        if let Some(store) = &self.functions.store {
            self.context.notify(&question(store, report, 0), &JsValue::UNDEFINED);
        }
    }

    async fn send(&self, request: Request) -> Result<Response<Bytes>, Failure> {
        fetch::send(&self.context, self.functions.fetch.as_ref(), request, self.all_headers).await
    }

    async fn sleep(&self, milliseconds: u32) {
        drop(Done::of(|report| self.context.sleep(report, milliseconds)).await);
    }
}

/// What asks the store.
fn question(store: &Function, report: &Report<'_>, limit: u32) -> Function {
    let Report { key, limiter, priority, under_way, waiting, timeout, told, reset_in } = *report;
    let is_bulk = priority == Some(Priority::Bulk);
    let (limit_told, remaining) = (told.limit.unwrap_or_default(), told.remaining.unwrap_or_default());
    let (reset_at, reset_in) = (told.reset_at.unwrap_or_default() as f64, reset_in as f64);
    Store::ask(store, limit, key, limiter, is_bulk, under_way, waiting, timeout, limit_told, remaining, reset_at, reset_in)
}

/// Why the application is asked for a token.
struct Reason {
    refresh: bool,
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([("refresh", self.refresh)])
    }
}
