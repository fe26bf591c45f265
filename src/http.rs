//! Requests and responses as plain values.

use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::json::Fields;

/// The methods that the API uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates.
    Post,
    /// Replaces.
    Put,
    /// Removes.
    Delete,
    /// Changes a part; no declared operation does.
    Patch,
}

impl Method {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
            Method::Patch => "PATCH",
        }
    }

    /// Whether a request of this method changes nothing.
    pub const fn is_safe(self) -> bool {
        matches!(self, Method::Get)
    }

    /// Whether sending the same request twice leaves what sending it once does.
    pub const fn is_idempotent(self) -> bool {
        !matches!(self, Method::Post | Method::Patch)
    }
}

/// Header fields in the order in which they were set. Names are compared without regard to case.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// No header at all.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Sets a header and drops what it was before.
    pub fn set(&mut self, name: &str, value: &str) {
        self.remove(name);
        self.add(name, value);
    }

    /// Sets a header that is not there yet.
    pub fn add(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.to_owned()));
    }

    /// Takes a header away.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(present, _)| !present.eq_ignore_ascii_case(name));
    }

    /// The value of a header.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(present, _)| present.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// All headers.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        let mut headers = Self::new();
        fields.into_iter().for_each(|(name, value)| headers.set(name.as_ref(), value.as_ref()));
        headers
    }
}

/// A map of names and values.
impl Serialize for Headers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

/// Names only: a value may be a secret.
impl fmt::Debug for Headers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter().map(|(name, _)| name)).finish()
    }
}

/// Whether `name` can be the name of a header.
pub fn is_header_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// Whether `value` can be the value of a header: printable ASCII, no space at either end.
pub fn is_header_value(value: &str) -> bool {
    value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) && value.trim() == value
}

/// A request, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Endpoints give path and query below the base URL; the client puts the base URL before it.
    pub url: String,
    /// The header fields.
    pub headers: Headers,
    /// The body, JSON.
    pub body: Option<String>,
}

impl Request {
    /// A request without headers or body for a path.
    pub fn new(method: Method, path: &str) -> Self {
        Self { method, url: path.to_owned(), headers: Headers::new(), body: None }
    }

    /// Adds text to the path, as part of one segment.
    pub fn segment(mut self, text: &str) -> Self {
        encode(text, &mut self.url);
        self
    }

    /// Adds a query parameter.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.url.push(if self.url.as_bytes().contains(&b'?') { '&' } else { '?' });
        self.url += name;
        self.url.push('=');
        encode(value, &mut self.url);
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.add(name, value);
        self
    }
}

/// What `fetch` takes beside the address.
impl Serialize for Request {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("method", self.method.as_str())?;
        fields.serialize_entry("headers", &self.headers)?;
        fields.serialize_some("body", self.body.as_deref())?;
        fields.end()
    }
}

/// Adds a text to an address: what RFC 3986 leaves unreserved stays, all else is percent-encoded.
fn encode(text: &str, url: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => url.push(byte.into()),
            _ => *url += &format!("%{byte:02X}"),
        }
    }
}

/// A response, read to its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response<B = Vec<u8>> {
    /// The status; 0 where the platform hides it, as browsers do for a redirect that is not followed.
    pub status: u16,
    /// The reason phrase, often empty.
    pub reason: String,
    /// The header fields that the transport gives: of a success perhaps only those that the client goes by.
    pub headers: Headers,
    /// The body.
    pub body: B,
}

impl<B> Response<B> {
    /// The same response with what is made of its body.
    pub fn map<C>(self, body: impl FnOnce(B) -> C) -> Response<C> {
        Response { status: self.status, reason: self.reason, headers: self.headers, body: body(self.body) }
    }

    /// Whether the status says success.
    pub const fn is_success(&self) -> bool {
        matches!(self.status, 200..300)
    }
}
