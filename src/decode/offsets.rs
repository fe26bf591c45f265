//! The fast path of decoding: one strict pass over the bytes, guided by the model, that writes down where everything is.
//!
//! What it writes is the offset table: numbers only, so that the platform can make the value from slices of the text,
//! which it decodes once. `JSON.parse` is not needed, and checking costs next to nothing. Whatever is in any way unusual,
//! drift above all, is left to the path that normalises: this one gives an exact value or none.
//!
//! An object is a row of words: first a mask, whose bit n says that property n of the model is there; then the values,
//! each at the `slot` of its property; then the first and the last of the unknown properties, or 0.
//! - a string is two: the UTF-16 units of the text between which it stands, quotes not included; the sign of the first
//!   says that it has an escape;
//! - a boolean is one, 0 or 1;
//! - an object is its row;
//! - a list is two: where its first row is, and how many there are. The word before each row says where the next one is.
//!
//! An unknown property is five: name from and to, value from and to, and where the next one is. The sign of the mask says
//! that there are some.
//!
//! A long list is handed over in parts: only a window of the bytes is ever copied, so that the memory of WebAssembly,
//! which never shrinks, stays small.

use super::{Links, RawBody, identifies};
use crate::date::is_date;
use crate::json::{Brackets, Scanner, SyntaxError, unescape};
use crate::models::{Model, Property, Shape};

/// A value whose body matches its model in every way.
#[derive(Debug)]
pub struct Materialised<V> {
    /// The value.
    pub value: V,
    /// Where its links lead.
    pub links: Links,
}

/// The bytes that are looked at together.
const WINDOW: usize = 128 * 1024;

/// The depth of an unknown value. Within the few levels of a model it is far from [`crate::json::DEPTH`].
const UNKNOWN_DEPTH: usize = 63;

/// The first of all rows.
const WHOLE: usize = 0;

/// Makes the value of a body, if nothing about it is unusual.
pub fn materialise<B: RawBody>(body: &B, model: &'static Model) -> Option<Materialised<B::Value>> {
    materialise_by(WINDOW, body, model)
}

/// Like [`materialise`], with windows of another size.
pub fn materialise_by<B: RawBody>(mut size: usize, body: &B, model: &'static Model) -> Option<Materialised<B::Value>> {
    // Offsets have 31 bits.
    i32::try_from(body.len()).ok()?;
    let (mut table, mut value, mut done) = (Table::new(model), None, 0);
    loop {
        let left = body.len() - done;
        let mut window = vec![0; left.min(size)];
        body.copy(done, &mut window);
        let is_last = window.len() == left;
        table.begin(window.len());
        let mut pass = Pass { scanner: Scanner::new(&window, table.unit), is_last, table };
        let read = pass.whole();
        // Elsewhere than at the end of its window nothing can be cut off.
        let is_cut_off = pass.scanner.is_at_end();
        table = pass.table;
        if is_last {
            read.ok()?;
            let value = body.build(value, model, table.words(), true)?;
            return Some(Materialised { value, links: table.links });
        }
        if !is_cut_off {
            return None;
        }
        match table.rewind() {
            0 => size = size.saturating_add(1).saturating_mul(2),
            passed => {
                value = Some(body.build(value, model, table.words(), false)?);
                done += passed;
            }
        }
    }
}

/// Why a pass ends early: something is unusual, or cut off.
struct Unusual;

impl From<SyntaxError> for Unusual {
    fn from(_: SyntaxError) -> Self {
        Self
    }
}

/// The offset table, as far as it is written.
struct Table {
    model: &'static Model,
    /// With room for more.
    words: Vec<i32>,
    length: usize,
    /// Where the list is that may come in parts.
    list_slot: Option<usize>,
    /// Where the list can go on in the next window.
    part: Option<Part>,
    /// The UTF-16 unit with which the window begins.
    unit: i32,
    links: Links,
}

/// A place before an item of the list that may come in parts.
struct Part {
    items: &'static Model,
    /// The table before the list: with each window it begins like this.
    head: Vec<i32>,
    /// The items up to here, of this window.
    count: i32,
    /// The bytes of the window up to here.
    at: usize,
    /// The UTF-16 unit that stands here.
    unit: i32,
}

impl Table {
    fn new(model: &'static Model) -> Self {
        let list = model.properties.iter().find(|property| model.required == Some(property.name));
        Self { model, words: Vec::new(), length: 0, list_slot: list.map(|list| list.slot), part: None, unit: 0, links: Links::default() }
    }

    fn words(&self) -> &[i32] {
        self.words.get(..self.length).unwrap_or_default()
    }

    /// Begins with the rows that are there from the beginning, and with room for what so many bytes may hold.
    fn begin(&mut self, bytes: usize) {
        self.length = self.part.as_ref().map_or(self.model.words(), |part| part.head.len());
        // A user of 200 bytes is 20 words.
        let room = self.length + bytes / 8;
        self.words.resize(self.words.len().max(room), 0);
    }

    /// Goes back to behind the last item that is complete; gives how many bytes are passed thereby, 0 if there is no such
    /// item.
    fn rewind(&mut self) -> usize {
        let (Some(part), Some(slot)) = (&mut self.part, self.list_slot) else { return 0 };
        // What comes behind the list will come again. `copy_from_slice` would come with a panic for other lengths.
        self.words.iter_mut().zip(&part.head).for_each(|(word, as_before)| *word = *as_before);
        let (head, count) = (part.head.len(), part.count);
        let passed = std::mem::take(&mut part.at);
        if passed > 0 {
            self.unit = part.unit;
            self.set(slot, word(head + 1));
            self.set(slot + 1, count);
        }
        passed
    }

    /// Adds words and gives where they begin; what they are is still to be set.
    #[inline(always)]
    fn add(&mut self, count: usize) -> usize {
        let start = self.length;
        self.length = start + count;
        if self.length > self.words.len() {
            self.words.resize(self.length * 2, 0);
        }
        start
    }

    #[inline(always)]
    fn get(&self, slot: usize) -> i32 {
        self.words.get(slot).copied().unwrap_or_default()
    }

    #[inline(always)]
    fn set(&mut self, slot: usize, word: i32) {
        if let Some(place) = self.words.get_mut(slot) {
            *place = word;
        }
    }
}

/// Nothing here is longer than a body, whose length is checked.
const fn word(number: usize) -> i32 {
    number as i32
}

/// One window, from the beginning of the body or from where the last one left off.
struct Pass<'a> {
    scanner: Scanner<'a>,
    /// Whether the body ends where the window ends.
    is_last: bool,
    table: Table,
}

impl Pass<'_> {
    fn whole(&mut self) -> Result<(), Unusual> {
        let model = self.table.model;
        self.scanner.space();
        if let (Some(part), Some(slot)) = (&self.table.part, self.table.list_slot) {
            self.items(part.items, slot)?;
            if self.scanner.follows(Brackets::OBJECT)? {
                self.members(model, WHOLE)?;
            }
        } else {
            self.object(model, WHOLE)?;
        }
        self.scanner.end()?;
        let mask = self.table.get(WHOLE);
        let mut known = model.properties.iter().enumerate().filter(|(index, _)| mask & (1 << index) != 0);
        if known.any(|(_, property)| identifies(model, property.name)) { Ok(()) } else { Err(Unusual) }
    }

    fn object(&mut self, model: &'static Model, row: usize) -> Result<(), Unusual> {
        let more = self.scanner.enter(Brackets::OBJECT)?;
        self.table.set(row, 0);
        if more { self.members(model, row) } else { Ok(()) }
    }

    /// From a name to the end of the object.
    fn members(&mut self, model: &'static Model, row: usize) -> Result<(), Unusual> {
        let mut mask = self.table.get(row);
        // Properties mostly come in the same order.
        let mut expected = 0;
        loop {
            self.scanner.quote()?;
            let found = match model.properties.get(expected) {
                Some(property) if self.scanner.is_next(&property.key) => Some((expected, property)),
                _ => self.property(model),
            };
            if let Some((index, property)) = found {
                let bit = 1 << index;
                if mask & bit != 0 {
                    return Err(Unusual);
                }
                mask |= bit;
                self.table.set(row, mask);
                self.scanner.advance(property.name.len() + 1);
                self.scanner.colon()?;
                self.value(property, row + property.slot)?;
                expected = index + 1;
            } else {
                self.unknown(row + model.unknown(), mask >= 0)?;
                mask |= i32::MIN;
                self.table.set(row, mask);
            }
            if !self.scanner.follows(Brackets::OBJECT)? {
                return Ok(());
            }
        }
    }

    #[inline(never)]
    fn property(&self, model: &'static Model) -> Option<(usize, &'static Property)> {
        model.properties.iter().enumerate().find(|(_, property)| self.scanner.is_next(&property.key))
    }

    fn value(&mut self, property: &'static Property, slot: usize) -> Result<(), Unusual> {
        match property.shape {
            Shape::Text | Shape::Id => self.text(slot),
            Shape::Date => {
                let start = self.scanner.at();
                self.text(slot)?;
                if is_date(self.inside(start)) { Ok(()) } else { Err(Unusual) }
            }
            Shape::Address => {
                let start = self.scanner.at();
                self.text(slot)?;
                // No slot of the first row is one of another.
                let (model, slot) = (self.table.model, Some(slot));
                if slot == model.self_link {
                    self.table.links.this = str::from_utf8(self.inside(start)).ok().map(unescape);
                } else if slot == model.next_link {
                    self.table.links.next = str::from_utf8(self.inside(start)).ok().map(unescape);
                }
                Ok(())
            }
            Shape::Flag => {
                let flag = self.scanner.flag()?;
                self.table.set(slot, flag.into());
                Ok(())
            }
            Shape::One(model) => self.object(model, slot),
            Shape::Many(model) => self.list(model, slot),
        }
    }

    #[inline(always)]
    fn text(&mut self, slot: usize) -> Result<(), Unusual> {
        let start = self.scanner.unit() + 1;
        let escape = if self.scanner.string()? { i32::MIN } else { 0 };
        self.table.set(slot, start | escape);
        self.table.set(slot + 1, self.scanner.unit() - 1);
        Ok(())
    }

    /// What is between the quotes of the string that began at `start`, and ends here.
    fn inside(&self, start: usize) -> &[u8] {
        self.scanner.slice(start + 1..self.scanner.at() - 1)
    }

    fn list(&mut self, model: &'static Model, slot: usize) -> Result<(), Unusual> {
        let more = self.scanner.enter(Brackets::LIST)?;
        self.table.set(slot + 1, 0);
        if !more {
            return Ok(());
        }
        // At the end of the window the list may still turn out to be empty.
        if self.table.list_slot == Some(slot) && !self.is_last && !self.scanner.is_at_end() {
            let (at, unit) = (self.scanner.at(), self.scanner.unit());
            self.table.part = Some(Part { items: model, head: self.table.words().to_vec(), count: 0, at, unit });
        }
        self.items(model, slot)
    }

    /// From an item to the end of the list.
    fn items(&mut self, model: &'static Model, slot: usize) -> Result<(), Unusual> {
        let in_parts = self.table.list_slot == Some(slot);
        let mut link = slot;
        let mut count: i32 = 0;
        loop {
            let next = self.table.add(model.words() + 1);
            let row = next + 1;
            self.table.set(link, word(row));
            self.object(model, row)?;
            link = next;
            count += 1;
            if !self.scanner.follows(Brackets::LIST)? {
                break;
            }
            if in_parts && let Some(part) = &mut self.table.part {
                (part.count, part.at, part.unit) = (count, self.scanner.at(), self.scanner.unit());
            }
        }
        self.table.set(slot + 1, count);
        Ok(())
    }

    /// From a name that is in no model to the end of its value.
    fn unknown(&mut self, slot: usize, is_first: bool) -> Result<(), Unusual> {
        let name = self.scanner.unit();
        if self.scanner.text()? {
            // It may spell one that is.
            return Err(Unusual);
        }
        let name_end = self.scanner.unit() - 1;
        self.scanner.colon()?;
        let value = self.scanner.unit();
        self.scanner.value(UNKNOWN_DEPTH)?;
        let node = self.table.add(5);
        let last = slot + 1;
        let link = if is_first { slot } else { self.table.get(last) as usize + 4 };
        self.table.set(link, word(node));
        self.table.set(last, word(node));
        for (index, word) in [name, name_end, value, self.scanner.unit(), 0].into_iter().enumerate() {
            self.table.set(node + index, word);
        }
        Ok(())
    }
}
