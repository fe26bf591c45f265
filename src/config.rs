//! The configuration of a client: checked once, here.

use std::fmt;

use serde_json::Value;

use crate::error::Error;
use crate::input;

/// The vendor's own base URL.
pub const DEFAULT_HOST: &str = "https://api.thousandeyes.com/v7";
/// How long an attempt may take, in milliseconds.
pub const DEFAULT_TIMEOUT: u32 = 30_000;

/// An access token. It is in no message and no `Debug`; [`Token::authorization`] is the one way out.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Checks a token; `path` is for the message.
    pub fn new(path: &str, value: &Value) -> Result<Self, Error> {
        input::token(path, value).map(Self)
    }

    /// The value of the `Authorization` header.
    pub fn authorization(&self) -> String {
        format!("Bearer {}", self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(…)")
    }
}

/// Where the token comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessToken {
    /// No token is sent: a proxy adds it.
    None,
    /// The same token for every call.
    Fixed(Token),
    /// The transport is asked before each call.
    Provided,
}

/// A checked configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configuration {
    /// Base URL without a slash at its end: absolute, or a path on the page's own origin.
    pub host: String,
    /// The token.
    pub access_token: AccessToken,
    /// The account group for calls that name none.
    pub aid: Option<String>,
    /// Milliseconds for an attempt; 0 for no limit.
    pub timeout: u32,
}

/// What one call may set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The account group; `Some(None)` where the caller wants none.
    pub aid: Option<Option<String>>,
    /// Milliseconds for an attempt.
    pub timeout: Option<u32>,
}

impl Configuration {
    /// Checks a configuration. `provided` says that the access token is a function, which is not part of `value`.
    pub fn read(value: &Value, provided: bool) -> Result<Self, Error> {
        let path = "configuration";
        let object = input::object(path, value, &["host", "accessToken", "aid", "timeout", "fetch"])?;
        let given = |name: &str| object.get(name).filter(|value| !value.is_null());
        Ok(Self {
            host: given("host").map_or_else(|| Ok(DEFAULT_HOST.to_owned()), |value| host("configuration.host", value))?,
            access_token: match given("accessToken") {
                _ if provided => AccessToken::Provided,
                Some(token) => AccessToken::Fixed(Token::new("configuration.accessToken", token)?),
                None => AccessToken::None,
            },
            aid: given("aid").map(|value| input::id("configuration.aid", value)).transpose()?,
            timeout: given("timeout").map_or(Ok(DEFAULT_TIMEOUT), |value| input::milliseconds("configuration.timeout", value))?,
        })
    }
}

impl Options {
    /// Checks the options of a call; `with_aid` says whether the operation knows account groups.
    pub fn read(value: &Value, with_aid: bool) -> Result<Self, Error> {
        let known: &[&str] = if with_aid { &["aid", "timeout", "signal"] } else { &["timeout", "signal"] };
        let object = input::object("options", value, known)?;
        Ok(Self {
            aid: match object.get("aid") {
                None => None,
                Some(Value::Null) => Some(None),
                Some(value) => Some(Some(input::id("options.aid", value)?)),
            },
            timeout: object.get("timeout").map(|value| input::milliseconds("options.timeout", value)).transpose()?,
        })
    }
}

fn host(path: &str, value: &Value) -> Result<String, Error> {
    let host = input::text(path, value)?;
    let wrong = |message: &str| Err(Error::wrong_value(path, message));
    if host.is_empty() || host.chars().any(|character| character.is_whitespace() || character.is_control() || character == '\\') {
        return wrong("must be a URL such as https://api.thousandeyes.com/v7, without spaces.");
    }
    if host.contains(['?', '#']) {
        return wrong("must have neither a query nor a fragment.");
    }
    let trimmed = host.trim_end_matches('/');
    if host.starts_with('/') {
        return if host.starts_with("//") {
            wrong("must not begin with \"//\": give the scheme, such as https://.")
        } else {
            Ok(trimmed.to_owned())
        };
    }
    let rest = ["https://", "http://"].iter().find_map(|scheme| {
        let start = host.get(..scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then(|| host.get(scheme.len()..)).flatten()
    });
    match rest.and_then(|rest| rest.split('/').next()) {
        None => wrong("must begin with https://, or with / for a proxy on the page's own origin."),
        Some("") => wrong("names no host."),
        Some(authority) if authority.contains('@') => wrong("must hold no user name or password: use accessToken."),
        Some(_) => Ok(trimmed.to_owned()),
    }
}
