//! What a failure of `fetch` says.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::convert::{is_array, items, property};
use crate::config::Token;
use crate::failure::{CauseFacts, classify};
use crate::http::Request;
use crate::transport::Failure;

/// What became of a request that `fetch` gave no answer to, be it the platform's or the application's own.
pub fn failure(error: JsValue, request: &Request, is_own: bool) -> Failure {
    let mut causes = Vec::new();
    collect(&error, 0, &mut causes);
    let found = classify(&causes);
    let cause = Rc::new(without_token(error, request));
    let advice = found.advice.or_else(|| is_own.then(|| "the `fetch` of the configuration failed: see the cause.".to_owned()));
    Failure { outcome: found.outcome, is_final: found.is_final, advice, cause }
}

/// What the error says, and all behind it. What cannot be looked at, or lies too deep, says nothing.
fn collect(error: &JsValue, depth: usize, causes: &mut Vec<CauseFacts>) {
    let facts = if error.is_object() && depth < DEPTH && causes.len() < CAUSES { facts(error) } else { Ok(Default::default()) };
    let (own, behind) = facts.unwrap_or_default();
    causes.push(CauseFacts { is_innermost: behind.is_empty(), ..own });
    for error in behind {
        collect(&error, depth.saturating_add(1), causes);
    }
}

fn facts(error: &JsValue) -> Result<(CauseFacts, Vec<JsValue>), JsValue> {
    let own = CauseFacts {
        name: text(error, "name")?,
        code: text(error, "code")?,
        syscall: text(error, "syscall")?,
        message: text(error, "message")?,
        is_innermost: false,
    };
    let mut behind: Vec<_> = property(error, "cause")?.into_iter().collect();
    if let Some(errors) = property(error, "errors")?
        && is_array(&errors)?
    {
        behind.extend(items(&errors)?.unwrap_or_default().iter());
    }
    Ok((own, behind))
}

fn text(error: &JsValue, name: &str) -> Result<String, JsValue> {
    Ok(property(error, name)?.and_then(|text| text.as_string()).unwrap_or_default())
}

/// How many errors are looked at in all.
const CAUSES: usize = 64;

/// How many errors behind one another are looked at.
const DEPTH: usize = 8;

/// The failure, or what can be said of it where it shows the token, as that of an injected `fetch` may.
fn without_token(error: JsValue, request: &Request) -> JsValue {
    let Some(token) = request.headers.get("authorization").and_then(Token::of_authorization) else { return error };
    match redacted(&error, &token) {
        Ok(None) => error,
        Ok(Some(text)) => js_sys::Error::new(&text).into(),
        Err(_) => js_sys::Error::new("fetch failed with something that cannot be looked at").into(),
    }
}

/// The message of the first error whose texts show the token, without it.
fn redacted(error: &JsValue, token: &Token) -> Result<Option<String>, JsValue> {
    let mut next = Some(error.clone());
    for _ in 0..DEPTH {
        let Some(error) = next else { break };
        if !error.is_object() {
            return Ok(error.as_string().filter(|text| token.is_in(text)).map(|text| token.redact(&text)));
        }
        let message = text(&error, "message")?;
        if token.is_in(&message) || token.is_in(&text(&error, "stack")?) {
            return Ok(Some(token.redact(&message)));
        }
        next = property(&error, "cause")?;
    }
    Ok(None)
}
