//! The one scanner of JSON (RFC 8259): it passes over bytes and checks them, eight at a time in strings, and builds no
//! values.
//!
//! It takes what `JSON.parse` takes, halves of surrogate pairs in escapes and numbers of any size included; serde_json
//! refuses both, and its deserialiser alone would be a quarter of the published WebAssembly. Only the depth is limited.
//! Whether the bytes are UTF-8 is for those to check who make text of them.
//!
//! The bytes may be a window of a longer text: whatever the window cuts off stops the scanner exactly at its end.

use std::ops::Range;

/// Lists and objects within one another; deeper values cannot be walked by most code that gets them.
pub const DEPTH: usize = 128;

/// Why a text is not JSON, at the byte where the scanner stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each says what it means")]
pub enum SyntaxError {
    End,
    Value,
    Name,
    Colon,
    Comma,
    Digit,
    Escape,
    Hexadecimal,
    Control,
    Depth,
    Rest,
}

impl SyntaxError {
    /// What is wrong.
    pub const fn problem(self) -> &'static str {
        match self {
            SyntaxError::End => "it ends too early",
            SyntaxError::Value => "a value was expected",
            SyntaxError::Name => "the name of a property was expected",
            SyntaxError::Colon => "a colon was expected",
            SyntaxError::Comma => "a comma or the end of the list or object was expected",
            SyntaxError::Digit => "a digit was expected",
            SyntaxError::Escape => "there is no such escape",
            SyntaxError::Hexadecimal => "four hexadecimal digits were expected after \\u",
            SyntaxError::Control => "a control character must be escaped",
            SyntaxError::Depth => "it is nested too deeply",
            SyntaxError::Rest => "something follows its end",
        }
    }
}

/// What a value is, by its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A string.
    Text,
    /// A number.
    Number,
    /// A boolean.
    Flag,
    /// `null`.
    Null,
    /// A list.
    List,
    /// An object.
    Object,
}

impl Kind {
    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Text => "a string",
            Kind::Number => "a number",
            Kind::Flag => "a boolean",
            Kind::Null => "null",
            Kind::List => "a list",
            Kind::Object => "an object",
        }
    }
}

/// What a list or an object stands between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Brackets {
    open: u8,
    close: u8,
}

impl Brackets {
    /// Those of a list.
    pub const LIST: Self = Self { open: b'[', close: b']' };
    /// Those of an object.
    pub const OBJECT: Self = Self { open: b'{', close: b'}' };
}

/// A position in a text.
pub struct Scanner<'a> {
    bytes: &'a [u8],
    /// The bytes before this one are read.
    at: usize,
    /// The UTF-16 unit of the text that stands here, less the byte.
    shift: i32,
}

/// Where it is.
impl<'a> Scanner<'a> {
    /// At the beginning of a text, or of a window that begins with this UTF-16 unit of the text.
    pub const fn new(bytes: &'a [u8], unit: i32) -> Self {
        Self { bytes, at: 0, shift: unit }
    }

    /// The bytes before this one are read.
    #[inline(always)]
    pub const fn at(&self) -> usize {
        self.at
    }

    /// The UTF-16 unit of the text that stands here: JavaScript counts these.
    #[inline(always)]
    pub const fn unit(&self) -> i32 {
        self.at as i32 + self.shift
    }

    /// Whether nothing is left.
    pub const fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// Some of the bytes.
    pub fn slice(&self, span: Range<usize>) -> &'a [u8] {
        self.bytes.get(span).unwrap_or_default()
    }

    /// The byte that comes next; 0, which is never right, at the end.
    #[inline(always)]
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or_default()
    }

    /// Whether these bytes come next: eight a word, the first in the lowest place, and zeros to the end.
    #[inline(always)]
    pub fn is_next(&self, words: &[u64]) -> bool {
        let mut at = self.at;
        for word in words {
            if *word == 0 {
                break;
            }
            let mask = u64::MAX >> (word.leading_zeros() & !7);
            if self.load(at) & mask != *word {
                return false;
            }
            at += 8;
        }
        true
    }

    /// Eight bytes, the first in the lowest place, with zeros behind the end.
    #[inline(always)]
    fn load(&self, at: usize) -> u64 {
        match self.bytes.get(at..).and_then(<[u8]>::first_chunk) {
            Some(bytes) => u64::from_le_bytes(*bytes),
            None => self.load_last(at),
        }
    }

    #[cold]
    #[inline(never)]
    fn load_last(&self, at: usize) -> u64 {
        let rest = self.bytes.get(at..).unwrap_or_default();
        rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
    }

    /// Passes over bytes that are known.
    #[inline(always)]
    pub fn advance(&mut self, count: usize) {
        self.at += count;
    }

    #[inline(always)]
    fn step(&mut self) {
        self.advance(1);
    }

    #[cold]
    #[inline(never)]
    fn stop<T>(&self, error: SyntaxError) -> Result<T, SyntaxError> {
        Err(if self.is_at_end() { SyntaxError::End } else { error })
    }
}

/// What stands between values.
impl Scanner<'_> {
    #[inline(always)]
    fn has(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == byte;
        if is_there {
            self.step();
        }
        is_there
    }

    #[inline(always)]
    fn take(&mut self, byte: u8, error: SyntaxError) -> Result<(), SyntaxError> {
        if self.has(byte) { Ok(()) } else { self.stop(error) }
    }

    /// Passes over white space.
    #[inline(always)]
    pub fn space(&mut self) {
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

    /// Passes over the end of the text.
    pub fn end(&mut self) -> Result<(), SyntaxError> {
        self.space();
        if self.is_at_end() { Ok(()) } else { Err(SyntaxError::Rest) }
    }

    /// Goes into a list or an object, to its first item; false where it is empty, and thereby passed.
    #[inline(always)]
    pub fn enter(&mut self, brackets: Brackets) -> Result<bool, SyntaxError> {
        self.take(brackets.open, SyntaxError::Value)?;
        self.space();
        Ok(!self.has(brackets.close))
    }

    /// After an item: goes to the next one; false at the end of its list or object, and thereby out of it.
    #[inline(always)]
    pub fn follows(&mut self, brackets: Brackets) -> Result<bool, SyntaxError> {
        self.space();
        if self.has(b',') {
            self.space();
            return Ok(true);
        }
        self.take(brackets.close, SyntaxError::Comma)?;
        Ok(false)
    }

    /// Passes over the quote before a name.
    #[inline(always)]
    pub fn quote(&mut self) -> Result<(), SyntaxError> {
        self.take(b'"', SyntaxError::Name)
    }

    /// From behind a name to its value.
    #[inline(always)]
    pub fn colon(&mut self) -> Result<(), SyntaxError> {
        self.space();
        self.take(b':', SyntaxError::Colon)?;
        self.space();
        Ok(())
    }

    /// From a name to its value; the span of the name has no quotes.
    pub fn name(&mut self) -> Result<Range<usize>, SyntaxError> {
        self.quote()?;
        let start = self.at;
        self.text()?;
        let end = self.at - 1;
        self.colon()?;
        Ok(start..end)
    }
}

/// Values.
impl Scanner<'_> {
    /// What comes next.
    pub fn kind(&self) -> Result<Kind, SyntaxError> {
        match self.peek() {
            b'"' => Ok(Kind::Text),
            b'-' | b'0'..=b'9' => Ok(Kind::Number),
            b't' | b'f' => Ok(Kind::Flag),
            b'n' => Ok(Kind::Null),
            b'[' => Ok(Kind::List),
            b'{' => Ok(Kind::Object),
            _ => self.stop(SyntaxError::Value),
        }
    }

    /// Passes over any value, of so many lists and objects within one another at most.
    pub fn value(&mut self, depth: usize) -> Result<(), SyntaxError> {
        match self.kind()? {
            Kind::Text => self.string().map(drop),
            Kind::Number => self.number(),
            Kind::Flag => self.flag().map(drop),
            Kind::Null => self.word(b"null"),
            Kind::List => self.items(Brackets::LIST, depth),
            Kind::Object => self.items(Brackets::OBJECT, depth),
        }
    }

    fn items(&mut self, brackets: Brackets, depth: usize) -> Result<(), SyntaxError> {
        let Some(depth) = depth.checked_sub(1) else { return self.stop(SyntaxError::Depth) };
        let mut more = self.enter(brackets)?;
        while more {
            if brackets == Brackets::OBJECT {
                self.name()?;
            }
            self.value(depth)?;
            more = self.follows(brackets)?;
        }
        Ok(())
    }

    /// Passes over a string; whether it has an escape.
    #[inline(always)]
    pub fn string(&mut self) -> Result<bool, SyntaxError> {
        self.take(b'"', SyntaxError::Value)?;
        self.text()
    }

    /// From behind the first quote of a string to behind the last; whether it has an escape.
    pub fn text(&mut self) -> Result<bool, SyntaxError> {
        let mut is_escaped = false;
        loop {
            let mut rest = self.bytes.get(self.at..).unwrap_or_default();
            let special = loop {
                let (word, behind) = match rest.split_first_chunk() {
                    Some((word, behind)) => (u64::from_le_bytes(*word), behind),
                    None => (self.load_last(self.bytes.len() - rest.len()), rest),
                };
                match special(word) {
                    0 => rest = behind,
                    special => break special,
                }
            };
            self.at = self.bytes.len() - rest.len() + (special.trailing_zeros() / 8) as usize;
            match self.peek() {
                b'"' => {
                    self.step();
                    return Ok(is_escaped);
                }
                b'\\' => {
                    is_escaped = true;
                    self.step();
                    self.escape()?;
                }
                0x80.. => self.beyond_ascii(),
                _ => return self.stop(SyntaxError::Control),
            }
        }
    }

    fn beyond_ascii(&mut self) {
        while self.peek() >= 0x80 {
            // Two bytes are a unit, so are three, and four are two.
            match self.peek() {
                ..0xc0 => self.shift -= 1,
                0xf0.. => self.shift += 1,
                _ => {}
            }
            self.step();
        }
    }

    fn escape(&mut self) -> Result<(), SyntaxError> {
        match self.peek() {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.step(),
            b'u' => {
                self.step();
                for _ in 0..4 {
                    if !self.peek().is_ascii_hexdigit() {
                        return self.stop(SyntaxError::Hexadecimal);
                    }
                    self.step();
                }
            }
            _ => return self.stop(SyntaxError::Escape),
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), SyntaxError> {
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

    fn digits(&mut self) -> Result<(), SyntaxError> {
        if !self.peek().is_ascii_digit() {
            return self.stop(SyntaxError::Digit);
        }
        while self.peek().is_ascii_digit() {
            self.step();
        }
        Ok(())
    }

    /// Passes over a boolean, and gives it.
    pub fn flag(&mut self) -> Result<bool, SyntaxError> {
        let flag = self.peek() == b't';
        self.word(if flag { b"true" } else { b"false" })?;
        Ok(flag)
    }

    fn word(&mut self, word: &[u8]) -> Result<(), SyntaxError> {
        let start = self.at;
        if word.iter().all(|byte| self.has(*byte)) {
            return Ok(());
        }
        if !self.is_at_end() {
            self.at = start;
        }
        self.stop(SyntaxError::Value)
    }
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
