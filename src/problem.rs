//! What the API says when it refuses. Seven bodies are known; all of them end as one [`ProblemBody`].

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::json::{self, Fields, Item, Kind};
use crate::path::{Step, steps_to};
use crate::text::join;

/// The members of a problem (RFC 9457), as far as the answer had them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Problem {
    /// A URI that names the kind of problem.
    pub kind: Option<String>,
    /// A short summary.
    pub title: Option<String>,
    /// The status that the body claims; the answer's own status counts.
    pub status: Option<u16>,
    /// What happened in this case.
    pub detail: Option<String>,
    /// A URI that names this occurrence.
    pub instance: Option<String>,
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_some("type", self.kind.as_deref())?;
        fields.serialize_some("title", self.title.as_deref())?;
        fields.serialize_some("status", self.status.as_ref())?;
        fields.serialize_some("detail", self.detail.as_deref())?;
        fields.serialize_some("instance", self.instance.as_deref())?;
        fields.end()
    }
}

/// What is wrong with one field of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldError {
    /// The way to the field from the body; empty where no field is named.
    pub path: Vec<Step>,
    /// The code for what is wrong, if there is one.
    pub code: Option<String>,
    /// What is wrong.
    pub message: String,
}

impl Serialize for FieldError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("path", &self.path)?;
        fields.serialize_some("code", self.code.as_deref())?;
        fields.serialize_entry("message", self.message.as_str())?;
        fields.end()
    }
}

/// An error body, whichever of the known forms it came in.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProblemBody {
    /// The problem; empty where the body was empty or not JSON.
    pub problem: Problem,
    /// The fields that the API objects to.
    pub field_errors: Vec<FieldError>,
}

impl ProblemBody {
    /// Reads an error body, each text of it by way of `redact`. Never fails: what cannot be read is missing.
    pub fn read(body: &str, redact: &dyn Fn(&str) -> String) -> Self {
        let Some(object) = json::object(body) else { return Self::default() };
        let errors = json::member(&object, "errors").and_then(|(_, raw)| json::list(raw)).unwrap_or_default();
        let text = |names: &[&str]| text(&object, names, redact);
        Self {
            problem: Problem {
                kind: text(&["type"]),
                title: text(&["title", "errorMessage", "error", "httpStatus"]),
                status: json::member(&object, "status").and_then(|(_, raw)| u16::try_from(raw.parse::<u64>().ok()?).ok()),
                detail: text(&["detail", "error_description", "message"]),
                instance: text(&["instance", "path"]),
            },
            field_errors: errors.into_iter().filter_map(|entry| field_error(entry, redact)).take(FIELD_LIMIT).collect(),
        }
    }

    /// What the API said, as sentences in one line; nothing where it said nothing.
    pub fn summary(&self) -> Option<String> {
        let mut parts: Vec<String> = [&self.problem.title, &self.problem.detail].into_iter().flatten().map(|part| sentence(part)).collect();
        parts.dedup();
        parts.extend(self.field_errors.iter().take(SUMMARY_LIMIT).map(|FieldError { path, message, .. }| {
            let message = sentence(message);
            if path.is_empty() { message } else { format!("{}: {message}", path_text(path)) }
        }));
        let more = self.field_errors.len().saturating_sub(SUMMARY_LIMIT);
        if more > 0 {
            parts.push(format!("fieldErrors has {more} more."));
        }
        (!parts.is_empty()).then(|| join(parts.iter().map(String::as_str), " "))
    }
}

/// A body may be anything: longer texts and lists are cut, so that an error can be logged.
const TEXT_LIMIT: usize = 500;
const FIELD_LIMIT: usize = 50;
/// The fields that a summary names.
const SUMMARY_LIMIT: usize = 5;

/// The first of the given members that is a string with something in it.
fn text(object: &[(String, Item<'_>)], names: &[&str], redact: &dyn Fn(&str) -> String) -> Option<String> {
    names.iter().find_map(|name| non_empty(json::member(object, name)?, redact))
}

fn non_empty((kind, raw): Item<'_>, redact: &dyn Fn(&str) -> String) -> Option<String> {
    let text = if kind == Kind::Text { redact(&json::unescape(raw)) } else { String::new() };
    let text = json::beginning(text.trim(), TEXT_LIMIT);
    (!text.is_empty()).then(|| text.to_owned())
}

/// An entry of `errors`: an object, or in older services a plain string.
fn field_error(entry: Item<'_>, redact: &dyn Fn(&str) -> String) -> Option<FieldError> {
    match entry {
        (Kind::Text, _) => Some(FieldError { message: non_empty(entry, redact)?, ..FieldError::default() }),
        (Kind::Object, raw) => {
            let object = json::object(raw)?;
            let [field, code, message] = ["field", "code", "message"].map(|name| text(&object, &[name], redact));
            if field.is_none() && code.is_none() && message.is_none() {
                return None;
            }
            let path = field.map(|field| steps_to(&field)).unwrap_or_default();
            Some(FieldError { path, code, message: message.unwrap_or_else(|| "is not accepted by the API.".to_owned()) })
        }
        _ => None,
    }
}

/// A path as people write it.
fn path_text(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Property(name) if text.is_empty() => text += name,
            Step::Property(name) => text += &format!(".{name}"),
            Step::Index(index) => text += &format!("[{index}]"),
        }
    }
    text
}

/// A text in one line, with an end.
fn sentence(text: &str) -> String {
    let line = join(text.split_whitespace(), " ");
    if line.ends_with(['.', '!', '?']) { line } else { line + "." }
}
