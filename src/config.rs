//! The configuration of a client: checked once, here.

use std::fmt;

use crate::endpoints::{self, CallOptions};
use crate::error::Error;
use crate::http::Headers;
use crate::input::{self, Value};
use crate::path::Path;

/// The vendor's own base URL.
pub const DEFAULT_HOST: &str = "https://api.thousandeyes.com/v7";

/// An access token. It is in no message and no `Debug`; [`Token::authorization`] is the one way out.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Checks a token; `path` is for the message.
    pub fn new(path: &Path<'_>, token: &str) -> Result<Self, Error> {
        input::token(path, token).map(|()| Self(token.into()))
    }

    /// The value of the `Authorization` header.
    pub fn authorization(&self) -> String {
        format!("Bearer {}", self.0)
    }

    /// The token in such a value.
    pub fn of_authorization(value: &str) -> Option<Self> {
        value.strip_prefix("Bearer ").map(|token| Self(token.into()))
    }

    /// Whether it has more characters than another one.
    pub fn is_longer_than(&self, other: &Token) -> bool {
        self.0.len() > other.0.len()
    }

    /// Whether a text shows the token.
    pub fn is_in(&self, text: &str) -> bool {
        self.redact(text) != text
    }

    /// The text without the token: a server may repeat what it refuses, with escapes of JSON or of a URL in it. A token
    /// of less than eight characters is no secret, and would be found in ordinary words.
    pub fn redact(&self, text: &str) -> String {
        if self.0.len() < SHORTEST_SECRET {
            return text.to_owned();
        }
        let mut redacted = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            if let Some(behind) = rest.strip_prefix(&*self.0).or_else(|| behind_escaped(rest, &self.0)) {
                redacted += "(token)";
                rest = behind;
            } else {
                redacted.push(next);
                rest = rest.get(next.len_utf8()..).unwrap_or_default();
            }
        }
        redacted
    }
}

/// The fewest characters of a token that is looked for.
const SHORTEST_SECRET: usize = 8;

/// What comes behind the secret where the text begins with it, each character escaped as in JSON or a URL, or not.
fn behind_escaped<'a>(text: &'a str, secret: &str) -> Option<&'a str> {
    // What looks like an escape may be the secret itself.
    ["", "%", "\\", "%\\"].into_iter().find_map(|literal| behind_spelled(text, secret, literal))
}

/// The same; the characters of `literal` are not escaped.
fn behind_spelled<'a>(text: &'a str, secret: &str, literal: &str) -> Option<&'a str> {
    secret.chars().try_fold(text, |text, due| {
        let coded = |prefix: &str, digits: usize| {
            let (code, behind) = text.strip_prefix(prefix)?.split_at_checked(digits)?;
            (u32::from_str_radix(code, 16) == Ok(due.into())).then_some(behind)
        };
        let plain = text.strip_prefix(due);
        if plain.is_some() && (!matches!(due, '\\' | '%') || literal.contains(due)) {
            return plain;
        }
        let escaped = text.strip_prefix('\\').filter(|_| matches!(due, '"' | '\\' | '/')).and_then(|text| text.strip_prefix(due));
        escaped.or_else(|| coded("\\u", 4)).or_else(|| coded("%", 2)).or(plain)
    })
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
    /// How many requests may be under way at a time.
    pub max_concurrency: usize,
    /// Whether calls wait for the next window of a spent rate limit.
    pub rate_limiter: bool,
    /// Whether a store is asked, by which several limiters share a window.
    pub has_store: bool,
    /// How calls are made that say nothing else.
    pub settings: Settings,
}

/// How a call is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Milliseconds for an attempt, the token included; 0 for no limit.
    pub timeout: u32,
    /// Milliseconds for all attempts and the backoff between them; 0 for no limit.
    pub total_timeout: u32,
    /// Milliseconds for all waiting for a turn; 0 for no limit.
    pub queue_timeout: u32,
    /// Who goes first.
    pub priority: Priority,
    /// How often a request may be sent again.
    pub max_retries: u32,
    /// Header fields for every request.
    pub headers: Headers,
    /// Whether an answer that deviates from its model is refused.
    pub strict: bool,
    /// Whose window of the rate limit it counts in; empty where nobody says so.
    pub rate_limit_key: String,
}

/// Which calls go first where calls wait for their turn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Priority {
    /// Somebody waits for it.
    #[default]
    Interactive,
    /// Nobody does: it lets the others pass, but one in ten of those that go is such a call.
    Bulk,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timeout: 30_000,
            total_timeout: 120_000,
            queue_timeout: 0,
            priority: Priority::Interactive,
            max_retries: 2,
            headers: Headers::new(),
            strict: false,
            rate_limit_key: String::new(),
        }
    }
}

/// What one call sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The parameters of the query.
    pub query: Vec<(&'static str, String)>,
    /// The call's own token in place of the client's.
    pub access_token: Option<AccessToken>,
    /// How the call is made.
    pub settings: Settings,
}

/// The settings that a client and a call have in common.
const SETTINGS: [&str; 9] =
    ["accessToken", "timeout", "totalTimeout", "queueTimeout", "priority", "maxRetries", "headers", "decode", "rateLimitKey"];
/// The store by which several limiters share a window, which is a function.
pub const STORE: &str = "rateLimitStore";
/// What else a client can be told.
const OF_CLIENT: [&str; 6] = ["host", "aid", "maxConcurrency", "rateLimiter", "fetch", STORE];
/// The hooks, which are functions.
pub const HOOKS: [&str; 6] = ["onCallStart", "onRequest", "onResponse", "onRetry", "onRateLimit", "onCallEnd"];

impl Configuration {
    /// Checks a configuration.
    pub fn read(value: &Value) -> Result<Self, Error> {
        let root = Path::Argument("configuration");
        let object = input::object(&root, value, &[&OF_CLIENT[..], &SETTINGS, &HOOKS].concat())?;
        let mut configuration = Self {
            host: DEFAULT_HOST.to_owned(),
            access_token: AccessToken::None,
            aid: None,
            max_concurrency: 10,
            rate_limiter: true,
            has_store: false,
            settings: Settings::default(),
        };
        for (name, value) in object.given() {
            let path = root.property(name);
            match name {
                "host" => configuration.host = host(&path, value)?,
                "accessToken" => configuration.access_token = AccessToken::read(&path, value)?,
                "aid" => configuration.aid = Some(input::id(&path, value)?),
                "maxConcurrency" => configuration.max_concurrency = input::count(&path, value, 1, 10_000)? as usize,
                "rateLimiter" => configuration.rate_limiter = input::flag(&path, value)?,
                _ if SETTINGS.contains(&name) => configuration.settings.set(name, &path, value)?,
                _ => {
                    input::function(&path, value)?;
                    configuration.has_store |= name == STORE;
                }
            }
        }
        if configuration.has_store && configuration.settings.rate_limit_key.is_empty() {
            return Err(Error::wrong_type(&root.property("rateLimitKey"), "is missing: rateLimitStore needs it."));
        }
        Ok(configuration)
    }

    /// The options of one call; `known` are those that its operation has of its own.
    pub fn options(&self, value: &Value, known: &CallOptions) -> Result<Options, Error> {
        let root = Path::Argument("options");
        let own: Vec<_> = known.parameters.iter().map(|parameter| parameter.name).chain(["signal"]).collect();
        let object = input::object(&root, value, &[&own[..], &SETTINGS].concat())?;
        let query = endpoints::parameters(known, &root, object, self.aid.as_ref())?;
        let mut options = Options { query, access_token: None, settings: self.settings.clone() };
        for (name, value) in object.given() {
            let path = root.property(name);
            match name {
                "accessToken" => options.access_token = Some(AccessToken::read(&path, value)?),
                "signal" if *value == Value::Signal => {}
                "signal" => return Err(Error::wrong_type(&path, "must be an AbortSignal.")),
                _ => options.settings.set(name, &path, value)?,
            }
        }
        Ok(options)
    }

    /// An address that the API gave, on the configured host: answers name the vendor's host, which a page behind a proxy
    /// cannot call. An address elsewhere stays as it is.
    pub fn rebase(&self, address: &str) -> String {
        let below = [self.host.as_str(), DEFAULT_HOST, "https://api.thousandeyes.com:443/v7", "http://api.thousandeyes.com/v7", "/v7"]
            .into_iter()
            // A proxy at the root of its origin.
            .filter(|base| !base.is_empty())
            .find_map(|base| {
                let (start, below) = address.split_at_checked(base.len())?;
                (start.eq_ignore_ascii_case(base) && (below.is_empty() || below.starts_with(['/', '?', '#']))).then_some(below)
            });
        below.map_or_else(|| address.to_owned(), |below| format!("{}{below}", self.host))
    }
}

impl AccessToken {
    fn read(path: &Path<'_>, value: &Value) -> Result<Self, Error> {
        match value {
            Value::Function => Ok(AccessToken::Provided),
            Value::Text(token) => Token::new(path, token).map(AccessToken::Fixed),
            _ => Err(Error::wrong_type(path, "must be a string, or a function that gives one.")),
        }
    }
}

impl Settings {
    /// Changes the setting of that name.
    fn set(&mut self, name: &str, path: &Path<'_>, value: &Value) -> Result<(), Error> {
        match name {
            "timeout" => self.timeout = input::milliseconds(path, value)?,
            "totalTimeout" => self.total_timeout = input::milliseconds(path, value)?,
            "queueTimeout" => self.queue_timeout = input::milliseconds(path, value)?,
            "priority" => {
                self.priority = input::word(path, value, [("interactive", Priority::Interactive), ("bulk", Priority::Bulk)])?;
            }
            "maxRetries" => self.max_retries = input::count(path, value, 0, 100)?,
            "headers" => input::headers(path, value, &mut self.headers)?,
            "rateLimitKey" => self.rate_limit_key = input::id(path, value)?,
            "decode" => self.strict = input::word(path, value, [("lenient", false), ("strict", true)])?,
            _ => {}
        }
        Ok(())
    }
}

fn host(path: &Path<'_>, value: &Value) -> Result<String, Error> {
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
        Some("") => wrong("has no name of a host: write it as in https://api.thousandeyes.com/v7."),
        Some(authority) if authority.as_bytes().contains(&b'@') => wrong("must not hold a user name or a password: use accessToken."),
        Some(_) => Ok(trimmed.to_owned()),
    }
}
