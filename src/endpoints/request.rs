//! Any other request to the API: what the caller says of it, checked so that it goes to the configured host and below its path.

use std::borrow::Cow;

use super::{ACCEPT, Content, Operation};
use crate::error::Error;
use crate::http::{Method, Request, is_header_value};
use crate::input::{self, Properties, Value};
use crate::path::Path;

/// What JavaScript calls it.
const NAME: &str = "request";

const METHODS: [(&str, Method); 5] =
    [("GET", Method::Get), ("POST", Method::Post), ("PUT", Method::Put), ("PATCH", Method::Patch), ("DELETE", Method::Delete)];

/// Reads a request. `query` is what the options of the call add to its address; `stringify` gives the JSON of its body.
pub fn request(value: &Value, query: &[(&'static str, String)], stringify: fn(&Value) -> Option<String>) -> Result<Operation, Error> {
    let root = Path::Argument(NAME);
    let object = input::object(&root, value, &["method", "path", "query", "body", "accept", "template"])?;
    let method = input::required(object, &root, "method", method)?;
    let mut request = Request::new(method, &input::required(object, &root, "path", below_host)?);
    if let Some(parameters) = input::part(object, &root, "query", parameters)? {
        for (name, value) in parameters {
            request = request.query(&name, &value);
        }
    }
    for (name, value) in query {
        request = request.query(name, value);
    }
    request.headers.add("Accept", &input::part(object, &root, "accept", media_types)?.unwrap_or_else(|| ACCEPT.to_owned()));
    if let Some(body) = object.get("body") {
        let path = root.property("body");
        if method.is_safe() {
            return Err(Error::wrong_value(&path, "must be omitted: a GET has no body."));
        }
        is_json(&path, body)?;
        let json = stringify(body).ok_or_else(|| Error::wrong_type(&path, "cannot be written as JSON."))?;
        request = request.header("Content-Type", "application/json");
        request.body = Some(json);
    }
    let template = input::part(object, &root, "template", template)?;
    Ok(Operation { name: NAME, permissions: None, request, content: Content::Any, template: template.map(Cow::Owned), tells_path: false })
}

fn method(path: &Path<'_>, value: &Value) -> Result<Method, Error> {
    let text = input::text(path, value)?;
    let found = METHODS.iter().find(|(name, _)| *name == text).map(|(_, method)| *method);
    found.ok_or_else(|| Error::wrong_value(path, "must be GET, POST, PUT, PATCH or DELETE."))
}

/// A path that, put behind the base URL, stays below it: whoever parses the address, and however often it is decoded.
fn below_host(path: &Path<'_>, value: &Value) -> Result<String, Error> {
    let text = input::text(path, value)?;
    let wrong = |problem: &str| Err(Error::wrong_value(path, problem));
    if !text.starts_with('/') {
        return wrong("must begin with a slash: it goes on from host, as in /tests.");
    }
    if !is_path(&text) {
        return wrong(
            "must be printable ASCII without spaces, ? and #: encode them with encodeURIComponent, and give parameters in query.",
        );
    }
    let mut decoded = text.clone();
    loop {
        if decoded.bytes().any(|byte| byte == b'\\' || byte.is_ascii_control()) {
            return wrong("must not hold a backslash or a control character, encoded or not.");
        }
        if decoded.split('/').any(|segment| matches!(segment, "." | "..")) {
            return wrong("must not hold \".\" or \"..\" between slashes, encoded or not: that would be another address.");
        }
        let before = decoded;
        decoded = decode(&before);
        if decoded == before {
            break;
        }
    }
    if text.as_bytes().windows(2).any(|pair| pair == b"//") {
        return wrong("must not hold \"//\".");
    }
    Ok(text)
}

/// A text with the escapes of ASCII characters replaced by what they stand for.
fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let behind = rest.get(next.len_utf8()..).unwrap_or_default();
        let code = if next == '%' { behind.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) } else { None };
        match code {
            Some(code) if code.is_ascii() => {
                decoded.push(code.into());
                rest = behind.get(2..).unwrap_or_default();
            }
            _ => {
                decoded.push(next);
                rest = behind;
            }
        }
    }
    decoded
}

/// The parameters of the query: a list stands for several of one name.
fn parameters(path: &Path<'_>, value: &Value) -> Result<Vec<(String, String)>, Error> {
    let mut parameters = Vec::new();
    for (name, value) in input::any_object(path, value)?.given() {
        let path = path.property(name);
        if name == "aid" {
            return Err(Error::wrong_value(&path, "must be omitted: give aid in the options of the call."));
        }
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)) {
            return Err(Error::wrong_value(&path, "is no name of a parameter: letters, digits and - . _ ~ make one."));
        }
        match value {
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    parameters.push((name.to_owned(), parameter(&path.index(index), item)?));
                }
            }
            value => parameters.push((name.to_owned(), parameter(&path, value)?)),
        }
    }
    Ok(parameters)
}

fn parameter(path: &Path<'_>, value: &Value) -> Result<String, Error> {
    match value {
        Value::Text(text) | Value::Date(text) => Ok(text.clone()),
        Value::Flag(flag) => Ok(flag.to_string()),
        Value::Number(_) => input::number(path, value),
        _ => Err(Error::wrong_type(path, &format!("must be a string, a number or a boolean, but is {}.", value.kind()))),
    }
}

fn media_types(path: &Path<'_>, value: &Value) -> Result<String, Error> {
    let text = input::text(path, value)?;
    if text.is_empty() || !is_header_value(&text) {
        return Err(Error::wrong_value(path, "must be media types, such as application/json."));
    }
    Ok(text)
}

/// What stands for the path where it is told of: it is the caller's to keep secrets out of it.
fn template(path: &Path<'_>, value: &Value) -> Result<String, Error> {
    let text = input::text(path, value)?;
    if !text.starts_with('/') || !is_path(&text) {
        return Err(Error::wrong_value(path, "must be a path with names in place of what differs, such as /tests/{id}."));
    }
    Ok(text)
}

fn is_path(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'?' | b'#'))
}

fn is_json(path: &Path<'_>, value: &Value) -> Result<(), Error> {
    match value {
        Value::Function | Value::Signal => Err(Error::wrong_type(path, &format!("must not be {}.", value.kind()))),
        Value::List(items) => items.iter().enumerate().try_for_each(|(index, item)| is_json(&path.index(index), item)),
        Value::Object(Properties(members)) => members.iter().try_for_each(|(name, member)| is_json(&path.property(name), member)),
        _ => Ok(()),
    }
}
