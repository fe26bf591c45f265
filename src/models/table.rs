//! What a model is made of: the tables that decoding goes by, and that all else about a model is written from.

use super::Name;
use crate::error::Error;
use crate::input::Value;
use crate::path::Path;

/// A model of an answer as a table: what decoding goes by.
#[derive(Debug)]
pub struct Model {
    /// What it is called.
    pub name: Name,
    /// The properties that this release knows.
    pub properties: &'static [Property],
    /// The list without which an answer of this model is refused.
    pub required: Option<&'static str>,
    /// The list of one that older services wrap the object in.
    pub wrapper: Option<&'static str>,
    /// Where in a row of the offset table the address at [`SELF_LINK`] stands; none where the model has none.
    pub self_link: Option<usize>,
    /// Where the address at [`NEXT_LINK`] stands; none where the model is no page.
    pub next_link: Option<usize>,
    /// What it is, for people: empty in the WebAssembly.
    pub doc: &'static str,
    /// What each property is, likewise.
    pub docs: &'static [&'static str],
}

/// The way from an object to the address where it can be read again.
pub const SELF_LINK: [&str; 3] = ["_links", "self", "href"];
/// The way from a page to the address of the next one.
pub const NEXT_LINK: [&str; 3] = ["_links", "next", "href"];

/// A property of a model.
#[derive(Debug)]
pub struct Property {
    /// Its name in JSON.
    pub name: &'static str,
    /// What its value is.
    pub shape: Shape,
    /// The name and the quote behind it, eight bytes a word and zeros to the end: what text is compared with fastest.
    pub key: [u64; KEY_WORDS],
    /// Where its value stands in a row of the offset table.
    pub slot: usize,
}

/// The longest name has 31 bytes.
const KEY_WORDS: usize = 4;

impl Property {
    /// The properties of a model, which stand in a row one behind the other: the first behind the word that tells which
    /// of them there are.
    #[allow(clippy::indexing_slicing, reason = "it is called by the compiler only")]
    pub const fn row<const N: usize>(properties: [(&'static str, Shape); N]) -> [Property; N] {
        let mut row = [const { Property { name: "", shape: Shape::Text, key: [0; KEY_WORDS], slot: 0 } }; N];
        let (mut index, mut slot) = (0, 1);
        // The sign of a word of 32 bits is taken for something else.
        assert!(N < 32);
        while index < N {
            let (name, shape) = properties[index];
            row[index] = Property { name, shape, key: key(name), slot };
            slot += shape.words();
            index += 1;
        }
        row
    }
}

/// Where in a row the address at the end of a path stands.
const fn slot_of(properties: &[Property], path: &[&str]) -> Option<usize> {
    let ([property, others @ ..], [name, inner @ ..]) = (properties, path) else { return None };
    if !is_same(property.name.as_bytes(), name.as_bytes()) {
        return slot_of(others, path);
    }
    match property.shape {
        Shape::Address if inner.is_empty() => Some(property.slot),
        Shape::One(model) => match slot_of(model.properties, inner) {
            Some(slot) => Some(property.slot + slot),
            None => None,
        },
        _ => None,
    }
}

/// In a constant `==` compares no texts.
const fn is_same(one: &[u8], other: &[u8]) -> bool {
    match (one, other) {
        ([], []) => true,
        ([first, one @ ..], [second, other @ ..]) => *first == *second && is_same(one, other),
        _ => false,
    }
}

#[allow(clippy::indexing_slicing, reason = "it is called by the compiler only")]
const fn key(name: &str) -> [u64; KEY_WORDS] {
    let mut key = [0; KEY_WORDS];
    let (name, mut index) = (name.as_bytes(), 0);
    while index <= name.len() {
        let byte = if index < name.len() { name[index] } else { b'"' };
        key[index / 8] |= (byte as u64) << (8 * (index % 8));
        index += 1;
    }
    key
}

/// What the value of a property is.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// Any text.
    Text,
    /// An identifier: a string.
    Id,
    /// A moment, ISO 8601 in UTC.
    Date,
    /// A boolean.
    Flag,
    /// The address of a link.
    Address,
    /// An object.
    One(&'static Model),
    /// A list of objects.
    Many(&'static Model),
}

impl Shape {
    /// How many words a value takes in a row of the offset table.
    const fn words(self) -> usize {
        match self {
            Shape::Flag => 1,
            Shape::Text | Shape::Id | Shape::Date | Shape::Address | Shape::Many(_) => 2,
            Shape::One(model) => model.words(),
        }
    }
}

impl Model {
    /// A model of these properties: see there.
    pub const fn new(name: Name, properties: &'static [Property], required: Option<&'static str>, wrapper: Option<&'static str>) -> Self {
        let (self_link, next_link) = (slot_of(properties, &SELF_LINK), slot_of(properties, &NEXT_LINK));
        Self { name, properties, required, wrapper, self_link, next_link, doc: "", docs: &[] }
    }

    /// The same model with what people read of it.
    pub const fn documented(self, doc: &'static str, docs: &'static [&'static str]) -> Self {
        Self { doc, docs, ..self }
    }

    /// The model of a type that has one; any other does not compile.
    #[allow(clippy::panic, reason = "it is called by the compiler only")]
    pub(crate) const fn of<T: Body>() -> &'static Model {
        match T::MODEL {
            Some(model) => model,
            None => panic!("a property is a model or has a shape of its own"),
        }
    }

    /// How many words a row of the offset table has: behind the properties two for what is unknown.
    pub const fn words(&self) -> usize {
        self.unknown() + 2
    }

    /// Where in a row what is unknown stands.
    pub const fn unknown(&self) -> usize {
        match self.properties {
            [.., last] => last.slot + last.shape.words(),
            [] => 1,
        }
    }
}

/// A model that is made of what was read before: by this client, or by who calls it.
pub trait FromValue: Sized {
    /// Reads it; what it does not know is left aside. Every complaint names the path of the item.
    fn from_value(path: &Path<'_>, value: &Value) -> Result<Self, Error>;
}

/// What a successful answer holds: a model, or nothing.
pub trait Body {
    /// The model; none where the answer has no body.
    const MODEL: Option<&'static Model>;
}

impl Body for () {
    const MODEL: Option<&'static Model> = None;
}
