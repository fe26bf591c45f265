//! What the API says when it refuses. Seven bodies are known; all of them end as one [`ProblemBody`].

use serde::Serialize;
use serde_json::Value;

/// The members of a problem (RFC 9457), as far as the answer had them.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Problem {
    /// A URI that names the kind of problem.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// A short summary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The status that the body claims; the answer's own status counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What happened in this case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// A URI that names this occurrence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
}

/// What the API finds wrong with one field of a request.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FieldError {
    /// The field, where the API names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The API's own code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
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
    pub fn read(body: &[u8]) -> Self {
        match serde_json::from_slice::<Value>(body) {
            Ok(Value::Object(object)) => Self {
                problem: Problem {
                    kind: text(&object, &["type"]),
                    title: text(&object, &["title", "errorMessage", "error", "httpStatus"]),
                    status: object.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok()),
                    detail: text(&object, &["detail", "error_description", "message"]),
                    instance: text(&object, &["instance", "path"]),
                },
                field_errors: object
                    .get("errors")
                    .and_then(Value::as_array)
                    .map(|list| list.iter().filter_map(field_error).take(FIELD_LIMIT).collect())
                    .unwrap_or_default(),
            },
            _ => Self::default(),
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
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

/// A body may be anything: longer texts and lists are cut, so that an error can be logged.
const TEXT_LIMIT: usize = 500;
const FIELD_LIMIT: usize = 50;
/// The fields that a summary names.
const SUMMARY_LIMIT: usize = 5;

/// The first of the given members that is a string with something in it.
fn text(object: &serde_json::Map<String, Value>, names: &[&str]) -> Option<String> {
    names.iter().filter_map(|name| object.get(*name)?.as_str()).map(cut).find(|text| !text.is_empty())
}

fn cut(text: &str) -> String {
    text.trim().chars().take(TEXT_LIMIT).collect()
}

/// An entry of `errors`: an object, or in older services a plain string.
fn field_error(entry: &Value) -> Option<FieldError> {
    match entry {
        Value::String(message) => Some(FieldError { message: Some(cut(message)), ..FieldError::default() }),
        Value::Object(object) => {
            Some(FieldError { field: text(object, &["field"]), code: text(object, &["code"]), message: text(object, &["message"]) })
        }
        _ => None,
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
