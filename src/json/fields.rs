//! How what goes out is serialised: as maps.
//!
//! Each name that a derived `Serialize` gives, the platform's serialiser keeps in a hash table, which is 1.9 KB of what a page
//! loads.

use serde::ser::{Serialize, SerializeMap};

/// The properties of an object.
pub trait Fields: SerializeMap {
    /// Adds a property, if there is a value.
    fn serialize_some<V: Serialize + ?Sized>(&mut self, name: &'static str, value: Option<&V>) -> Result<(), Self::Error> {
        value.map_or(Ok(()), |value| self.serialize_entry(name, value))
    }
}

impl<M: SerializeMap> Fields for M {}
