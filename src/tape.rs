//! The fast path of decoding: one strict pass over the bytes, guided by the model, that writes down where everything is.
//!
//! What it writes is the tape: numbers only, so that the platform can make the value from slices of the text, which it
//! decodes once. `JSON.parse` is not needed, and checking costs next to nothing. Whatever is in any way unusual, drift
//! above all, is left to [`crate::decode`]: this room gives an exact value or none.
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

use crate::decode::is_date;
use crate::json::unescape;
use crate::models::{Model, Property, Shape};

/// The body of an answer, where the platform keeps it, and what makes a value of it.
pub trait Body {
    /// A value of the platform.
    type Value;
    /// How many bytes there are.
    fn len(&self) -> usize;
    /// Copies the bytes from `start` on.
    fn copy(&self, start: usize, to: &mut [u8]);
    /// Makes the value from a tape whose first row is the whole; none where the text is not UTF-8. What is handed over
    /// in parts comes in several tapes, each with the `value` that was made of the ones before; with all but the
    /// `last`, only the required list of the whole has something new, which is to be added.
    fn build(&self, value: Option<Self::Value>, model: &'static Model, tape: &[i32], last: bool) -> Option<Self::Value>;

    /// Whether there is nothing.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of it.
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; self.len()];
        self.copy(0, &mut bytes);
        bytes
    }
}

/// A value whose body matches its model in every way.
#[derive(Debug)]
pub struct Materialised<V> {
    /// The value.
    pub value: V,
    /// The address of the object's `self` link, as it came.
    pub self_link: Option<String>,
}

/// The bytes that are looked at together.
const WINDOW: usize = 128 * 1024;

/// Zeros behind the window, so that whole words can be read up to its end. Every token but a string is shorter.
const PADDING: usize = 40;

/// Makes the value of a body, if nothing about it is unusual.
pub fn materialise<B: Body>(body: &B, model: &'static Model) -> Option<Materialised<B::Value>> {
    materialise_by(WINDOW, body, model)
}

/// Like [`materialise`], with windows of another size.
pub fn materialise_by<B: Body>(mut size: usize, body: &B, model: &'static Model) -> Option<Materialised<B::Value>> {
    let length = body.len();
    i32::try_from(length).ok()?;
    let mut done: usize = 0;
    let mut tape = Tape::new(model);
    let mut value = None;
    loop {
        let left = length.saturating_sub(done);
        let end = left.min(size);
        let is_last = end == left;
        let mut window = vec![0; end.saturating_add(PADDING)];
        body.copy(done, window.get_mut(..end)?);
        match tape.write(&window, end, is_last) {
            Ok(()) if is_last => {
                let value = body.build(value, model, tape.words(), true)?;
                return Some(Materialised { value, self_link: tape.self_link });
            }
            Err(Stop::End) if is_last => return None,
            Err(Stop::Unusual) => return None,
            _ => {}
        }
        match tape.rewind() {
            0 => size = size.saturating_add(1).saturating_mul(2),
            passed => {
                value = Some(body.build(value, model, tape.words(), false)?);
                done = done.saturating_add(passed);
            }
        }
    }
}

/// Why a pass stops.
#[derive(Debug, PartialEq)]
enum Stop {
    /// Perhaps only because the window is over.
    End,
    /// This is nothing for the fast path.
    Unusual,
}

/// Where the list that may come in parts can go on: before an item.
struct Part {
    list: &'static Property,
    /// The tape before the list: with each window it begins like this.
    head: Vec<i32>,
    /// The items up to here, of this window.
    count: i32,
    /// The words of the tape up to here.
    length: usize,
    /// The byte of the window.
    at: usize,
    /// See [`Scan`].
    shift: i32,
}

struct Tape {
    model: &'static Model,
    /// With room for more.
    words: Vec<i32>,
    length: usize,
    self_link: Option<String>,
    /// See [`Scan`]; at the beginning of the window.
    shift: i32,
    part: Option<Part>,
}

impl Tape {
    fn new(model: &'static Model) -> Self {
        Self { model, words: Vec::new(), length: 0, self_link: None, shift: 0, part: None }
    }

    fn words(&self) -> &[i32] {
        self.words.get(..self.length).unwrap_or_default()
    }

    /// Reads a window, from the beginning of the body or from where the last one left off.
    fn write(&mut self, window: &[u8], end: usize, is_last: bool) -> Result<(), Stop> {
        let head = self.part.as_ref().map_or(self.model.words(), |part| part.head.len());
        // A user of 200 bytes is 20 words.
        self.words.resize(self.words.len().max(end / 8).saturating_add(head), 0);
        self.length = head;
        self.restore_head();
        let words = std::mem::take(&mut self.words);
        let mut scan = Scan { window, end, is_last, at: 0, shift: self.shift, words, length: head, tape: self };
        let read = scan.whole();
        let Scan { words, length, .. } = scan;
        (self.words, self.length) = (words, length);
        read
    }

    fn restore_head(&mut self) {
        if let Some(Part { head, .. }) = &self.part {
            // `copy_from_slice` would come with a panic for other lengths.
            self.words.iter_mut().zip(head).for_each(|(word, as_before)| *word = *as_before);
        }
    }

    /// Cuts the tape behind the last item that is complete; gives how many bytes that is, 0 if there is no such item.
    fn rewind(&mut self) -> usize {
        // What comes behind the list will come again.
        self.restore_head();
        let Some(Part { list, head, count, length, at, shift }) = &mut self.part else { return 0 };
        let passed = std::mem::take(at);
        if passed > 0 {
            self.shift = shift.wrapping_add(word(passed));
            self.length = std::mem::replace(length, head.len());
            set(&mut self.words, list.slot, word(head.len().saturating_add(1)));
            set(&mut self.words, list.slot.wrapping_add(1), std::mem::take(count));
        }
        passed
    }
}

#[inline(always)]
fn set(words: &mut [i32], index: usize, word: i32) {
    if let Some(place) = words.get_mut(index) {
        *place = word;
    }
}

/// Nothing here is longer than a body, whose length is checked.
const fn word(number: usize) -> i32 {
    number as i32
}

/// The first of all rows.
const WHOLE: usize = 0;

struct Scan<'a> {
    /// With the padding.
    window: &'a [u8],
    /// Where the padding begins.
    end: usize,
    /// Whether the body ends where the window ends.
    is_last: bool,
    /// The bytes of the window before this one are read.
    at: usize,
    /// The UTF-16 unit of the text that stands here, less the byte of the window.
    shift: i32,
    /// The tape's words, and how many are in use.
    words: Vec<i32>,
    length: usize,
    tape: &'a mut Tape,
}

/// Values.
impl Scan<'_> {
    fn whole(&mut self) -> Result<(), Stop> {
        let model = self.tape.model;
        self.space();
        match self.tape.part.as_ref().map(|part| part.list) {
            None => self.object(model, WHOLE)?,
            Some(list) => {
                if let Shape::Many(of) = list.shape {
                    self.items(of, list.slot, true)?;
                }
                if self.follows(b'}')? {
                    self.members(model, WHOLE)?;
                }
            }
        }
        self.space();
        if self.at == self.end && self.is_telling() { Ok(()) } else { self.stop() }
    }

    /// Whether the whole has what an answer of its model must have: its list, or anything but HAL's own properties.
    fn is_telling(&self) -> bool {
        let model = self.tape.model;
        let mask = self.get(WHOLE);
        model.properties.iter().enumerate().any(|(index, property)| {
            let tells = model.required.map_or(!property.name.starts_with('_'), |required| required == property.name);
            tells && mask & (1 << index) != 0
        })
    }

    fn object(&mut self, model: &'static Model, row: usize) -> Result<(), Stop> {
        self.take(b'{')?;
        self.set(row, 0);
        self.space();
        if self.has(b'}') { Ok(()) } else { self.members(model, row) }
    }

    /// From a name to the end of the object.
    fn members(&mut self, model: &'static Model, row: usize) -> Result<(), Stop> {
        let mut mask = self.get(row);
        // Properties mostly come in the same order.
        let mut expected = 0;
        loop {
            self.take(b'"')?;
            let found = match model.properties.get(expected) {
                Some(property) if self.is_next(&property.key) => Some((expected, property)),
                _ => self.property(model),
            };
            if let Some((index, property)) = found {
                let bit = 1 << index;
                if mask & bit != 0 {
                    return Err(Stop::Unusual);
                }
                mask |= bit;
                self.set(row, mask);
                self.at = self.at.wrapping_add(property.name.len()).wrapping_add(1);
                self.colon()?;
                self.value(property, row.wrapping_add(property.slot), row == WHOLE && model.required == Some(property.name))?;
                expected = index.wrapping_add(1);
            } else {
                self.unknown(row.wrapping_add(model.unknown()), mask >= 0)?;
                mask |= i32::MIN;
                self.set(row, mask);
            }
            if !self.follows(b'}')? {
                return Ok(());
            }
        }
    }

    #[inline(never)]
    fn property(&self, model: &'static Model) -> Option<(usize, &'static Property)> {
        model.properties.iter().enumerate().find(|(_, property)| self.is_next(&property.key))
    }

    fn value(&mut self, property: &'static Property, slot: usize, in_parts: bool) -> Result<(), Stop> {
        let start = self.at.wrapping_add(1);
        match property.shape {
            Shape::Text | Shape::Id => self.text(slot),
            Shape::Date => {
                self.text(slot)?;
                if self.is_common_date(start) || self.slice(start).is_some_and(is_date) { Ok(()) } else { self.stop() }
            }
            Shape::Address => {
                self.text(slot)?;
                self.tape.self_link = self.slice(start).map(|href| if self.get(slot) < 0 { unescape(href) } else { href.to_owned() });
                Ok(())
            }
            Shape::Flag => {
                let flag = self.peek() == b't';
                self.word(if flag { b"true" } else { b"false" })?;
                self.set(slot, flag.into());
                Ok(())
            }
            Shape::One(model) => self.object(model, slot),
            Shape::Many(model) => {
                self.take(b'[')?;
                self.set(slot.wrapping_add(1), 0);
                self.space();
                if self.has(b']') {
                    return Ok(());
                }
                if in_parts && !self.is_last {
                    let (at, shift, length) = (self.at, self.shift, self.length);
                    let head = self.words.get(..length).unwrap_or_default().to_vec();
                    self.tape.part = Some(Part { list: property, head, count: 0, length, at, shift });
                }
                self.items(model, slot, in_parts)
            }
        }
    }

    /// From an item to the end of the list.
    fn items(&mut self, model: &'static Model, slot: usize, in_parts: bool) -> Result<(), Stop> {
        let mut link = slot;
        let mut count: i32 = 0;
        loop {
            let next = self.add(model.words().wrapping_add(1));
            let row = next.wrapping_add(1);
            self.set(link, word(row));
            self.object(model, row)?;
            link = next;
            count = count.wrapping_add(1);
            if !self.follows(b']')? {
                break;
            }
            if in_parts && let Some(part) = &mut self.tape.part {
                (part.count, part.length, part.at, part.shift) = (count, self.length, self.at, self.shift);
            }
        }
        self.set(slot.wrapping_add(1), count);
        Ok(())
    }

    /// Lengthens the tape and gives where the new words begin; what they are is still to be set.
    #[inline(always)]
    fn add(&mut self, count: usize) -> usize {
        let start = self.length;
        self.length = start.wrapping_add(count);
        if self.length > self.words.len() {
            self.words.resize(self.length.saturating_mul(2), 0);
        }
        start
    }

    fn text(&mut self, slot: usize) -> Result<(), Stop> {
        let start = self.unit().wrapping_add(1);
        let escape = if self.string()? { i32::MIN } else { 0 };
        self.set(slot, start | escape);
        self.set(slot.wrapping_add(1), self.unit().wrapping_sub(1));
        Ok(())
    }

    /// From a name that is in no model to the end of its value.
    fn unknown(&mut self, slot: usize, is_first: bool) -> Result<(), Stop> {
        self.at = self.at.wrapping_sub(1);
        let name = self.unit().wrapping_add(1);
        if self.string()? {
            // It may spell one that is.
            return Err(Stop::Unusual);
        }
        let name_end = self.unit().wrapping_sub(1);
        self.colon()?;
        let value = self.unit();
        self.skip()?;
        let node = self.add(5);
        let last = slot.wrapping_add(1);
        let link = if is_first { slot } else { (self.get(last) as usize).wrapping_add(4) };
        self.set(link, word(node));
        self.set(last, word(node));
        for (index, word) in [name, name_end, value, self.unit(), 0].into_iter().enumerate() {
            self.set(node.wrapping_add(index), word);
        }
        Ok(())
    }

    #[inline(always)]
    fn get(&self, slot: usize) -> i32 {
        self.words.get(slot).copied().unwrap_or_default()
    }

    #[inline(always)]
    fn set(&mut self, slot: usize, word: i32) {
        set(&mut self.words, slot, word);
    }

    #[inline(always)]
    fn unit(&self) -> i32 {
        word(self.at).wrapping_add(self.shift)
    }
}

/// JSON.
impl Scan<'_> {
    #[inline(always)]
    fn peek(&self) -> u8 {
        self.window.get(self.at).copied().unwrap_or_default()
    }

    #[inline(always)]
    fn step(&mut self) {
        self.at = self.at.wrapping_add(1);
    }

    /// Eight bytes, the first in the lowest place.
    #[inline(always)]
    fn load(&self, at: usize) -> u64 {
        self.window.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u64::from_le_bytes(*bytes))
    }

    /// The text from `start` to the quote before here.
    fn slice(&self, start: usize) -> Option<&str> {
        str::from_utf8(self.window.get(start..self.at.wrapping_sub(1))?).ok()
    }

    /// What does not fit may be cut off by the end of the window.
    #[inline(never)]
    fn stop<T>(&self) -> Result<T, Stop> {
        Err(if self.at.saturating_add(PADDING) > self.end { Stop::End } else { Stop::Unusual })
    }

    #[inline(always)]
    fn has(&mut self, byte: u8) -> bool {
        let there = self.peek() == byte;
        if there {
            self.step();
        }
        there
    }

    #[inline(always)]
    fn take(&mut self, byte: u8) -> Result<(), Stop> {
        if self.has(byte) { Ok(()) } else { self.stop() }
    }

    #[inline(always)]
    fn space(&mut self) {
        if self.peek() <= b' ' {
            self.spaces();
        }
    }

    #[inline(never)]
    fn spaces(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.step();
        }
    }

    #[inline(always)]
    fn colon(&mut self) -> Result<(), Stop> {
        self.space();
        self.take(b':')?;
        self.space();
        Ok(())
    }

    /// Behind an item: goes to the next one; false behind the end.
    #[inline(always)]
    fn follows(&mut self, close: u8) -> Result<bool, Stop> {
        self.space();
        if self.has(b',') {
            self.space();
            return Ok(true);
        }
        self.take(close).map(|()| false)
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Stop> {
        word.iter().try_for_each(|byte| self.take(*byte))
    }

    #[inline(always)]
    fn is_next(&self, key: &[u64]) -> bool {
        let mut at = self.at;
        for word in key {
            let mask = u64::MAX.checked_shr(word.leading_zeros() & !7).unwrap_or_default();
            if self.load(at) & mask != *word {
                return false;
            }
            at = at.wrapping_add(8);
        }
        true
    }

    /// Whether the quote behind `2022-10-25T12:32:41Z` is the one before here: most dates are written like this.
    #[inline(always)]
    fn is_common_date(&self, start: usize) -> bool {
        const DAY: Form = Form::new(*b"0000-00-");
        const TIME: Form = Form::new(*b"00T00:00");
        const END: Form = Form::new(*b":00Z\"\0\0\0");
        DAY.fits(self.load(start))
            && TIME.fits(self.load(start.saturating_add(8)))
            && END.fits(self.load(start.saturating_add(16)) & 0xff_ffff_ffff)
    }

    /// Passes over a string; whether it has an escape.
    fn string(&mut self) -> Result<bool, Stop> {
        self.take(b'"')?;
        let mut escaped = false;
        loop {
            let mut at = self.at;
            let special = loop {
                match special(self.load(at)) {
                    0 => at = at.wrapping_add(8),
                    special => break special,
                }
            };
            self.at = at.wrapping_add((special.trailing_zeros() / 8) as usize);
            match self.peek() {
                b'"' => {
                    self.step();
                    return Ok(escaped);
                }
                b'\\' => {
                    escaped = true;
                    self.step();
                    self.escape()?;
                }
                0x80.. => {
                    while self.peek() >= 0x80 {
                        // Two bytes are a unit, so are three, and four are two.
                        match self.peek() {
                            ..0xc0 => self.shift = self.shift.wrapping_sub(1),
                            0xf0.. => self.shift = self.shift.wrapping_add(1),
                            _ => {}
                        }
                        self.step();
                    }
                }
                _ => return self.stop(),
            }
        }
    }

    fn escape(&mut self) -> Result<(), Stop> {
        match self.peek() {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.step(),
            b'u' => {
                self.step();
                for _ in 0..4 {
                    if !self.peek().is_ascii_hexdigit() {
                        return self.stop();
                    }
                    self.step();
                }
            }
            _ => return self.stop(),
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), Stop> {
        self.has(b'-');
        if !self.has(b'0') {
            self.digits()?;
        }
        if self.has(b'.') {
            self.digits()?;
        }
        if self.has(b'e') || self.has(b'E') {
            if !self.has(b'+') {
                self.has(b'-');
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Stop> {
        if !self.peek().is_ascii_digit() {
            return self.stop();
        }
        while self.peek().is_ascii_digit() {
            self.step();
        }
        Ok(())
    }

    /// Passes over any value.
    fn skip(&mut self) -> Result<(), Stop> {
        // A bit for each bracket that is open, the innermost lowest, 1 for a brace; above them a 1 alone.
        let mut open: u64 = 1;
        loop {
            match self.peek() {
                b'"' => self.string().map(drop)?,
                b'-' | b'0'..=b'9' => self.number()?,
                b't' => self.word(b"true")?,
                b'f' => self.word(b"false")?,
                b'n' => self.word(b"null")?,
                bracket @ (b'[' | b'{') => {
                    self.step();
                    self.space();
                    // Deep nesting is for the slow path.
                    if open.leading_zeros() == 0 {
                        return Err(Stop::Unusual);
                    }
                    open = open << 1 | u64::from(bracket == b'{');
                    if self.has(close(open)) {
                        open >>= 1;
                    } else {
                        self.name_in_object(open)?;
                        continue;
                    }
                }
                _ => return self.stop(),
            }
            loop {
                if open == 1 {
                    return Ok(());
                }
                if self.follows(close(open))? {
                    self.name_in_object(open)?;
                    break;
                }
                open >>= 1;
            }
        }
    }

    fn name_in_object(&mut self, open: u64) -> Result<(), Stop> {
        if close(open) == b'}' {
            self.string()?;
            self.colon()?;
        }
        Ok(())
    }
}

const fn close(open: u64) -> u8 {
    if open & 1 == 1 { b'}' } else { b']' }
}

/// A bit in the byte of each quote, backslash, control character and part of a character beyond ASCII. Above the lowest
/// it may be wrong.
#[inline(always)]
const fn special(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 0xff;
    const HIGH: u64 = ONES << 7;
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    let below = word.wrapping_sub(ONES * 0x20) & !word;
    (quote.wrapping_sub(ONES) & !quote | backslash.wrapping_sub(ONES) & !backslash | below | word) & HIGH
}

/// Eight bytes as they must be, where 0 stands for any digit.
struct Form {
    bytes: u64,
    /// All bits of the bytes that are digits.
    digits: u64,
}

impl Form {
    #[allow(clippy::indexing_slicing, reason = "it is called by the compiler only")]
    const fn new(bytes: [u8; 8]) -> Self {
        let (mut digits, mut index) = (0, 0);
        while index < 8 {
            if bytes[index] == b'0' {
                digits |= 0xff << (8 * index);
            }
            index += 1;
        }
        Self { bytes: u64::from_le_bytes(bytes), digits }
    }

    #[inline(always)]
    const fn fits(&self, word: u64) -> bool {
        const ONES: u64 = u64::MAX / 0xff;
        // 0 to 9 where digits are, 0 elsewhere; 6 more than a digit is less than 16.
        let rest = word ^ self.bytes;
        let more = rest.wrapping_add(self.digits & (ONES * 6));
        rest & !self.digits == 0 && (rest | more) & (ONES * 0xf0) == 0
    }
}
