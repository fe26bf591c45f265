//! Decoding: from the bytes of an answer to a value that matches its model. [`checked`] is the one door.
//!
//! Behind it are two paths. The fast one ([`offsets`]) takes what matches the model in every way, and leaves all else to
//! the one that normalises ([`normalise`]): slower, obviously right, and the only one that knows drift. What both take,
//! they make the same of; `tests/differential` compares them.

mod fit;
pub mod normalise;
pub mod offsets;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::models::Model;
use normalise::{Normalised, normalise, valid};
use offsets::{Materialised, materialise};

/// The body of an answer, where the platform keeps it, and what makes a value of it.
pub trait RawBody {
    /// A value of the platform.
    type Value;
    /// How many bytes there are.
    fn len(&self) -> usize;
    /// Copies the bytes from `start` on.
    fn copy(&self, start: usize, to: &mut [u8]);
    /// Makes the value by an offset table whose first row is the whole; none where the text is not UTF-8. What is handed
    /// over in parts comes in several tables, each with the `value` that was made of the ones before; with all but the
    /// `last`, only the required list of the whole has something new, which is to be added.
    fn build(&self, value: Option<Self::Value>, model: &'static Model, offsets: &[i32], last: bool) -> Option<Self::Value>;

    /// Whether there is nothing.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes as the platform has them.
    fn raw(&self) -> Self::Value;

    /// All of it.
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; self.len()];
        self.copy(0, &mut bytes);
        bytes
    }
}

/// A body that was checked against its model.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked<V> {
    /// What it holds.
    pub data: Data<V>,
    /// What deviated from the model and was normalised.
    pub drift: Vec<Drift>,
    /// Where its links lead.
    pub links: Links,
}

/// The addresses of a value's links, as they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    /// At `_links.self.href`: where the value can be read again.
    pub this: Option<String>,
    /// At `_links.next.href`: where the next page can be read.
    pub next: Option<String>,
}

/// What an operation gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Data<V> {
    /// Nothing.
    Nothing,
    /// A value of the platform that matches the model.
    Value(V),
    /// JSON that matches the model.
    Json(String),
    /// A text.
    Text(String),
}

/// A deviation from the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// Where it was in the answer as it came, such as `users[3].uid`.
    pub path: String,
    /// What the model says.
    pub expected: &'static str,
    /// What was there: the JSON of a plain value, shortened; else the name of its type.
    pub got: String,
}

impl Serialize for Drift {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("path", self.path.as_str())?;
        fields.serialize_entry("expected", self.expected)?;
        fields.serialize_entry("got", self.got.as_str())?;
        fields.end()
    }
}

/// Why an answer cannot be used at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecodable {
    /// Where, as far as it is known; empty for the whole.
    pub path: String,
    /// What is wrong: the end of a sentence that begins with "the body".
    pub problem: String,
}

/// Checks a body against its model.
pub fn checked<B: RawBody>(body: &B, model: &'static Model) -> Result<Checked<B::Value>, Undecodable> {
    if let Some(Materialised { value, links }) = materialise(body, model) {
        return Ok(Checked { data: Data::Value(value), drift: Vec::new(), links });
    }
    let Normalised { json, drift, links } = normalise(body.bytes(), model)?;
    Ok(Checked { data: Data::Json(json), drift, links })
}

/// Takes a body for what its media type says: JSON, a text, or else bytes.
pub fn any<B: RawBody>(body: &B, content_type: Option<&str>) -> Result<Checked<B::Value>, Undecodable> {
    let essence = content_type.and_then(|content_type| content_type.split(';').next()).unwrap_or_default().trim().to_ascii_lowercase();
    let data = if body.is_empty() {
        Data::Nothing
    } else if essence == "application/json" || essence.ends_with("+json") {
        Data::Json(valid(body.bytes())?)
    } else if essence.starts_with("text/") {
        Data::Text(String::from_utf8_lossy(&body.bytes()).into_owned())
    } else {
        Data::Value(body.raw())
    };
    Ok(Checked { data, drift: Vec::new(), links: Links::default() })
}

/// Whether a property shows that an object is of the model: its required list, or where it has none, any property but
/// HAL's own, such as `_links`.
fn identifies(model: &Model, property: &str) -> bool {
    model.required.map_or(!property.starts_with('_'), |required| required == property)
}
