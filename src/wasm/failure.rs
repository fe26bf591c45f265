//! What a failure of `fetch` says.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::convert::property;
use crate::config::Token;
use crate::error::Outcome;
use crate::http::Request;
use crate::transport::Failure;

#[wasm_bindgen(module = "/pkg-template/fetch.js")]
extern "C" {
    type NoResponse;
}

/// What became of a request that `fetch` gave no answer to.
pub fn failure(error: JsValue, request: &Request) -> Failure {
    let is_final = error.is_instance_of::<NoResponse>();
    let never_made = code_behind(&error).is_some_and(|code| NEVER_MADE.contains(&code.as_str()));
    let outcome = if never_made && !is_final { Outcome::NotSent } else { Outcome::Unknown };
    Failure { outcome, is_final, advice: None, cause: Rc::new(without_token(error, request)) }
}

/// Node tells of connections that were never made; browsers tell nothing.
const NEVER_MADE: [&str; 6] = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"];

fn code_behind(error: &JsValue) -> Option<String> {
    property(&property(error, "cause").ok()??, "code").ok()??.as_string()
}

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
        let text = |name| Ok::<_, JsValue>(property(&error, name)?.and_then(|text| text.as_string()).unwrap_or_default());
        let (message, stack) = (text("message")?, text("stack")?);
        if token.is_in(&message) || token.is_in(&stack) {
            return Ok(Some(token.redact(&message)));
        }
        next = property(&error, "cause")?;
    }
    Ok(None)
}
