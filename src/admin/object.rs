//! Plain values in the making, and their JSON. Plans, results and journals are made of them, so that all of them share one way
//! out: a `Serialize` of their own each would be compiled for each serialiser.

use std::collections::BinaryHeap;
use std::mem;

use crate::error::Error;
use crate::input::{self, Read};
use crate::path::Path;
use crate::value::{self, Properties, Value};

/// An object in the making.
#[derive(Default)]
pub struct Object(Vec<(String, Value)>);

impl Object {
    /// With one more property.
    pub fn put(mut self, name: &str, value: Value) -> Self {
        self.0.push((name.to_owned(), value));
        self
    }

    /// With a text.
    pub fn text(self, name: &str, text: &str) -> Self {
        self.put(name, Value::Text(text.to_owned()))
    }

    /// With a text, if there is one.
    pub fn maybe(self, name: &str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    /// With a text, or `null` where there is none.
    pub fn or_null(self, name: &str, text: Option<&str>) -> Self {
        self.put(name, text.map_or(Value::Null, |text| Value::Text(text.to_owned())))
    }

    /// With a number.
    pub fn number(self, name: &str, number: u32) -> Self {
        self.put(name, Value::Number(number.into()))
    }

    /// With a list of texts.
    pub fn texts(self, name: &str, texts: &[String]) -> Self {
        self.put(name, values(texts, |text| Value::Text(text.clone())))
    }

    /// All of it.
    pub fn done(self) -> Value {
        Value::Object(Properties(self.0))
    }
}

/// What becomes a plain value.
pub trait AsValue {
    /// The plain value.
    fn as_value(&self) -> Value;
}

impl AsValue for Value {
    fn as_value(&self) -> Value {
        self.clone()
    }
}

impl<T: AsValue> AsValue for Vec<T> {
    fn as_value(&self) -> Value {
        values(self, T::as_value)
    }
}

/// The `Serialize` of what becomes a plain value.
macro_rules! serialize_as_value {
    ($($type:ty),+) => {
        $(impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serde::Serialize::serialize(&$crate::admin::object::AsValue::as_value(self), serializer)
            }
        })+
    };
}
pub(super) use serialize_as_value;

/// The JSON of what becomes a plain value, always the same for the same value.
pub fn json(thing: &impl AsValue) -> String {
    value::json(&thing.as_value())
}

/// The most characters of any text in a plan or a journal.
const LONGEST: usize = 4096;

/// A text of bearable length.
pub fn text(path: &Path<'_>, value: &Value) -> Result<String, Error> {
    let text = input::text(path, value)?;
    if text.chars().count() > LONGEST { Err(Error::wrong_value(path, "is longer than 4096 characters.")) } else { Ok(text) }
}

/// A list of bearable length.
pub(super) fn list<T>(path: &Path<'_>, value: &Value, most: usize, read: Read<T>) -> Result<Vec<T>, Error> {
    input::each(path, bearable(path, value, most)?, read)
}

fn bearable<'a>(path: &Path<'_>, value: &'a Value, most: usize) -> Result<&'a [Value], Error> {
    let items = input::items(path, value)?;
    if items.len() > most {
        return Err(Error::wrong_value(path, &format!("has more than {most} items.")));
    }
    Ok(items)
}

/// The plain values of a list.
pub(super) fn values<T>(items: &[T], value: fn(&T) -> Value) -> Value {
    let mut all = Vec::new();
    for item in items {
        all.push(value(item));
    }
    Value::List(all)
}

/// A list of texts.
pub(super) fn texts(path: &Path<'_>, value: &Value) -> Result<Vec<String>, Error> {
    list(path, value, 10_000, text)
}

/// Where things are by a text, sorted. (`slice::sort` would be several kilobytes of what a page loads, a heap is next to nothing.)
#[derive(Debug, Clone, Default)]
pub(super) struct Index(Vec<(String, usize)>);

impl Index {
    /// Of so many things, by a text that each of them has or lacks.
    pub fn of(count: usize, text: &dyn Fn(usize) -> Option<String>) -> Self {
        let mut heap = BinaryHeap::new();
        for place in 0..count {
            if let Some(text) = text(place) {
                heap.push((text, place));
            }
        }
        Self(heap.into_sorted_vec())
    }

    /// All that have a text, in their order.
    pub fn find(&self, text: &str) -> &[(String, usize)] {
        let start = self.0.partition_point(|(present, _)| present.as_str() < text);
        let behind = self.0.get(start..).unwrap_or_default();
        let count = behind.iter().take_while(|(present, _)| present == text).count();
        behind.get(..count).unwrap_or_default()
    }

    /// The first two places that have the same text.
    pub fn twice(&self) -> Option<(usize, usize)> {
        self.0.windows(2).find_map(|pair| match pair {
            [(first, one), (second, other)] if first == second => Some((*one, *other)),
            _ => None,
        })
    }
}

/// Puts a thing where a search found its place. (`Vec::insert` has a way to panic, which is never taken here.)
pub(super) fn put_in<T>(all: &mut Vec<T>, place: usize, thing: T) {
    all.push(thing);
    for at in (place + 1..all.len()).rev() {
        swap(all, at - 1, at);
    }
}

/// Swaps two that are there. (So has `slice::swap`.)
pub(super) fn swap<T>(all: &mut [T], one: usize, other: usize) {
    if let Ok([one, other]) = all.get_disjoint_mut([one, other]) {
        mem::swap(one, other);
    }
}
