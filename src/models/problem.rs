//! What the API says when it refuses. Seven bodies are known; all of them end as one [`ProblemBody`].

use crate::json::{self, Item, Kind, Object, ToJson};

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

/// What the API finds wrong with one field of a request.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FieldError {
    /// The field, where the API names one.
    pub field: Option<String>,
    /// The API's own code.
    pub code: Option<String>,
    /// What is wrong.
    pub message: Option<String>,
}

impl ToJson for Problem {
    fn write(&self, json: &mut String) {
        let mut object = Object::begin(json);
        object.optional("type", &self.kind);
        object.optional("title", &self.title);
        object.optional("status", &self.status);
        object.optional("detail", &self.detail);
        object.optional("instance", &self.instance);
        object.end();
    }
}

impl ToJson for FieldError {
    fn write(&self, json: &mut String) {
        let mut object = Object::begin(json);
        object.optional("field", &self.field);
        object.optional("code", &self.code);
        object.optional("message", &self.message);
        object.end();
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
    /// Reads an error body. Never fails: what cannot be read is left out.
    pub fn read(body: &str) -> Self {
        let Some(object) = json::object(body) else { return Self::default() };
        let errors = json::member(&object, "errors").and_then(|(_, raw)| json::list(raw)).unwrap_or_default();
        Self {
            problem: Problem {
                kind: text(&object, &["type"]),
                title: text(&object, &["title", "errorMessage", "error", "httpStatus"]),
                status: json::member(&object, "status").and_then(|(_, raw)| u16::try_from(raw.parse::<u64>().ok()?).ok()),
                detail: text(&object, &["detail", "error_description", "message"]),
                instance: text(&object, &["instance", "path"]),
            },
            field_errors: errors.into_iter().filter_map(field_error).take(FIELD_LIMIT).collect(),
        }
    }

    /// What the API said, in one line; nothing where it said nothing.
    pub fn summary(&self) -> Option<String> {
        let mut parts: Vec<String> = [&self.problem.title, &self.problem.detail].into_iter().flatten().map(|part| one_line(part)).collect();
        parts.dedup();
        parts.extend(self.field_errors.iter().take(SUMMARY_LIMIT).filter_map(|error| match (&error.field, &error.message) {
            (Some(field), Some(message)) => Some(format!("{field}: {}", one_line(message))),
            (None, Some(message)) => Some(one_line(message)),
            (Some(field), None) => Some(field.clone()),
            (None, None) => None,
        }));
        let more = self.field_errors.len().saturating_sub(SUMMARY_LIMIT);
        if more > 0 {
            parts.push(format!("and {more} more, in fieldErrors"));
        }
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

/// A body may be anything: longer texts and lists are cut, so that an error can be logged.
const TEXT_LIMIT: usize = 500;
const FIELD_LIMIT: usize = 50;
/// The fields that a summary names.
const SUMMARY_LIMIT: usize = 5;

/// The first of the given members that is a string with something in it.
fn text(object: &[(String, Item<'_>)], names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| non_empty(json::member(object, name)?))
}

fn non_empty((kind, raw): Item<'_>) -> Option<String> {
    let text = if kind == Kind::Text { json::unescape(raw) } else { String::new() };
    let text = json::beginning(text.trim(), TEXT_LIMIT);
    (!text.is_empty()).then(|| text.to_owned())
}

/// An entry of `errors`: an object, or in older services a plain string.
fn field_error(entry: Item<'_>) -> Option<FieldError> {
    match entry {
        (Kind::Text, _) => Some(FieldError { message: non_empty(entry), ..FieldError::default() }),
        (Kind::Object, raw) => {
            let object = json::object(raw)?;
            Some(FieldError { field: text(&object, &["field"]), code: text(&object, &["code"]), message: text(&object, &["message"]) })
        }
        _ => None,
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
