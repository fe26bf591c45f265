//! Requests and responses as plain values.

use std::fmt;
use std::iter;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::json::{Object, ToJson};

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
}

impl Method {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }

    /// Whether a request of this method changes nothing.
    pub const fn is_safe(self) -> bool {
        matches!(self, Method::Get)
    }

    /// Whether sending the same request twice leaves what sending it once does.
    pub const fn is_idempotent(self) -> bool {
        !matches!(self, Method::Post)
    }
}

/// Header fields in the order in which they were set. Names are compared without regard to case.
///
/// They are the text that crosses to JavaScript and back: each field is a line such as `accept: text/plain`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(String);

impl Headers {
    /// No header at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// The fields of a text with one in each line. What is no field is nothing.
    pub fn from_lines(lines: String) -> Self {
        Self(lines)
    }

    /// The fields, one in each line.
    pub fn lines(&self) -> &str {
        &self.0
    }

    /// Sets a header and drops what it was before.
    pub fn set(&mut self, name: &str, value: &str) {
        self.remove(name);
        self.add(name, value);
    }

    /// Sets a header that is not there yet.
    pub fn add(&mut self, name: &str, value: &str) {
        self.0.reserve(name.len().saturating_add(value.len()).saturating_add(3));
        for part in [if self.0.is_empty() { "" } else { "\n" }, name, ": ", value] {
            self.0 += part;
        }
    }

    /// Takes a header away.
    pub fn remove(&mut self, name: &str) {
        if self.get(name).is_some() {
            let others = std::mem::take(self);
            others.iter().filter(|(present, _)| !present.eq_ignore_ascii_case(name)).for_each(|(name, value)| self.set(name, value));
        }
    }

    /// The value of a header.
    pub fn get(&self, name: &str) -> Option<&str> {
        let [value] = self.find([name]);
        value
    }

    /// The values of some headers, in one pass.
    pub fn find<const N: usize>(&self, names: [&str; N]) -> [Option<&str>; N] {
        let mut values = [None; N];
        for line in each_line(&self.0) {
            for (name, place) in names.iter().zip(&mut values) {
                // Every answer is asked, so this looks at no more of a line than it must.
                let value = line.get(name.len()..).and_then(|rest| rest.strip_prefix(": "));
                if value.is_some() && place.is_none() && line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)) {
                    *place = value;
                }
            }
        }
        values
    }

    /// All headers.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        // `split_once(": ")` would be half a kilobyte of the published WebAssembly.
        each_line(&self.0).filter_map(|line| {
            let end = line.as_bytes().windows(2).position(|pair| pair == b": ")?;
            Some((line.get(..end)?, line.get(end.saturating_add(2)..)?))
        })
    }
}

/// `str::lines` and `split` weigh more and search for more.
fn each_line(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    iter::from_fn(move || {
        let text = rest?;
        let end = text.bytes().position(|byte| byte == b'\n');
        rest = end.and_then(|end| text.get(end.saturating_add(1)..));
        text.get(..end.unwrap_or(text.len()))
    })
}

impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        let mut headers = Self::new();
        fields.into_iter().for_each(|(name, value)| headers.set(name.as_ref(), value.as_ref()));
        headers
    }
}

/// An object of names and values.
impl ToJson for Headers {
    fn write(&self, json: &mut String) {
        let mut object = Object::begin(json);
        self.iter().for_each(|(name, value)| object.member(name, &value));
        object.end();
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
    /// A request without headers or body for the given path segments, each percent-encoded by itself.
    pub fn new(method: Method, segments: &[&str]) -> Self {
        let mut url = String::new();
        for segment in segments {
            url.push('/');
            url.extend(utf8_percent_encode(segment, UNRESERVED));
        }
        Self { method, url, headers: Headers::new(), body: None }
    }

    /// As HTTP has it, but for the whole address.
    pub fn head(&self) -> String {
        [self.method.as_str(), " ", &self.url, "\n", self.headers.lines()].concat()
    }

    /// Adds a query parameter, if there is a value.
    pub fn query(mut self, name: &str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            self.url.push(if self.url.contains('?') { '&' } else { '?' });
            self.url += name;
            self.url.push('=');
            self.url.extend(utf8_percent_encode(value, UNRESERVED));
        }
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.add(name, value);
        self
    }
}

/// What RFC 3986 leaves unreserved stays; all else is encoded.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

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
    /// A response from its parts; the first line of the head is the reason phrase.
    pub fn new(status: u16, head: &str, body: B) -> Self {
        let (reason, fields) = head.split_once('\n').unwrap_or((head, ""));
        Self { status, reason: reason.to_owned(), headers: Headers::from_lines(fields.to_owned()), body }
    }

    /// The same response with what is made of its body.
    pub fn map<C>(self, body: impl FnOnce(B) -> C) -> Response<C> {
        Response { status: self.status, reason: self.reason, headers: self.headers, body: body(self.body) }
    }

    /// Whether the status says success.
    pub const fn is_success(&self) -> bool {
        matches!(self.status, 200..300)
    }
}
