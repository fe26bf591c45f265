//! Walks over JSON text (RFC 8259) and checks it, without building values: a span of the text is enough.
//!
//! It takes what `JSON.parse` takes, halves of surrogate pairs in escapes and numbers of any size included; serde_json
//! refuses both, and its deserialiser alone would be a quarter of the published WebAssembly. Only the depth is limited.

use std::ops::Range;

/// Lists and objects within one another; deeper values cannot be walked by most code that gets them.
const DEPTH: usize = 128;

/// Where the text stops being JSON, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Syntax {
    /// The byte.
    pub at: usize,
    /// What is wrong there.
    pub problem: &'static str,
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

/// A position in a text.
pub struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// The brackets that are still to be closed, the innermost last.
    open: Vec<u8>,
}

impl<'a> Scanner<'a> {
    /// At the beginning of a text.
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, open: Vec::new() }
    }

    /// The bytes before this one are read.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The text of a span that the scanner gave.
    pub fn slice(&self, span: Range<usize>) -> &'a str {
        self.text.get(span).unwrap_or_default()
    }

    /// Whether nothing but white space is left; passes over it.
    pub fn is_done(&mut self) -> bool {
        self.space();
        self.at >= self.text.len()
    }

    /// Passes over the end of the text.
    pub fn end(&mut self) -> Result<(), Syntax> {
        if self.is_done() { Ok(()) } else { self.wrong("something follows its end") }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn wrong<T>(&self, problem: &'static str) -> Result<T, Syntax> {
        let problem = if self.at < self.text.len() { problem } else { "it ends too early" };
        Err(Syntax { at: self.at, problem })
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.step();
        }
    }

    /// Passes over a byte, if it comes next.
    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        if there {
            self.step();
        }
        there
    }

    /// What comes next.
    pub fn kind(&self) -> Result<Kind, Syntax> {
        match self.peek() {
            Some(b'"') => Ok(Kind::Text),
            Some(b'-' | b'0'..=b'9') => Ok(Kind::Number),
            Some(b't' | b'f') => Ok(Kind::Flag),
            Some(b'n') => Ok(Kind::Null),
            Some(b'[') => Ok(Kind::List),
            Some(b'{') => Ok(Kind::Object),
            _ => self.wrong("a value is due"),
        }
    }

    /// Goes into a list or an object, to its first item; false where it is empty, and thereby passed.
    pub fn enter(&mut self) -> Result<bool, Syntax> {
        let close = match self.peek() {
            Some(b'[') => b']',
            Some(b'{') => b'}',
            _ => return self.wrong("a list or an object is due"),
        };
        if self.open.len() >= DEPTH {
            return self.wrong("it is nested too deeply");
        }
        self.step();
        self.space();
        let is_empty = self.take(close);
        if !is_empty {
            self.open.push(close);
        }
        Ok(!is_empty)
    }

    /// After an item: goes to the next one; false at the end of its list or object, and thereby out of it.
    pub fn follows(&mut self) -> Result<bool, Syntax> {
        self.space();
        if self.take(b',') {
            self.space();
            return Ok(true);
        }
        if self.open.last().copied().is_some_and(|close| self.take(close)) {
            self.open.pop();
            return Ok(false);
        }
        self.wrong("a comma or the end of the list or object is due")
    }

    /// The name of a member with its colon; the span has no quotes.
    pub fn name(&mut self) -> Result<Range<usize>, Syntax> {
        if self.peek() != Some(b'"') {
            return self.wrong("the name of a property is due");
        }
        let start = self.at.saturating_add(1);
        self.string()?;
        let end = self.at.saturating_sub(1);
        self.space();
        if !self.take(b':') {
            return self.wrong("a colon is due");
        }
        self.space();
        Ok(start..end)
    }

    /// The next value, whatever it is; the span is the whole of it.
    pub fn value(&mut self) -> Result<Range<usize>, Syntax> {
        let (start, outside) = (self.at, self.open.len());
        loop {
            match self.kind()? {
                Kind::Text => self.string()?,
                Kind::Number => self.number()?,
                Kind::Flag | Kind::Null => self.word()?,
                Kind::List | Kind::Object => {
                    if self.enter()? {
                        self.name_in_object()?;
                        continue;
                    }
                }
            }
            loop {
                if self.open.len() == outside {
                    return Ok(start..self.at);
                }
                if self.follows()? {
                    self.name_in_object()?;
                    break;
                }
            }
        }
    }

    /// At an item: the name, where the item is a member of an object.
    fn name_in_object(&mut self) -> Result<(), Syntax> {
        if self.open.last() == Some(&b'}') {
            self.name()?;
        }
        Ok(())
    }

    fn item(&mut self) -> Result<Item<'a>, Syntax> {
        let kind = self.kind()?;
        let span = self.value()?;
        Ok((kind, self.slice(span)))
    }

    fn string(&mut self) -> Result<(), Syntax> {
        self.step();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.step();
                    return Ok(());
                }
                Some(b'\\') => {
                    self.step();
                    match self.peek() {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.step(),
                        Some(b'u') => {
                            self.step();
                            for _ in 0..4 {
                                if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                                    return self.wrong("four hexadecimal digits are due after \\u");
                                }
                                self.step();
                            }
                        }
                        _ => return self.wrong("no such escape exists"),
                    }
                }
                Some(0x20..) => self.step(),
                _ => return self.wrong("a control character must be escaped"),
            }
        }
    }

    fn number(&mut self) -> Result<(), Syntax> {
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            if !self.take(b'+') {
                self.take(b'-');
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Syntax> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return self.wrong("a digit is due");
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.step();
        }
        Ok(())
    }

    fn word(&mut self) -> Result<(), Syntax> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        match ["true", "false", "null"].iter().find(|word| rest.starts_with(**word)) {
            Some(word) => {
                self.at = self.at.saturating_add(word.len());
                Ok(())
            }
            None => self.wrong("a value is due"),
        }
    }
}

/// A value and the text of it.
pub type Item<'a> = (Kind, &'a str);

/// The value that a text is. None where it is not JSON.
pub fn item(text: &str) -> Option<Item<'_>> {
    let mut scanner = Scanner::new(text);
    scanner.space();
    let item = scanner.item().ok()?;
    scanner.is_done().then_some(item)
}

/// The members of an object: name and value. None where the text is no such object.
pub fn object(text: &str) -> Option<Vec<(String, Item<'_>)>> {
    let mut members = Vec::new();
    let whole = each(text, Kind::Object, |scanner| {
        let name = scanner.name()?;
        let name = unescape(scanner.slice(name));
        members.push((name, scanner.item()?));
        Ok(())
    });
    whole.then_some(members)
}

/// The items of a list. None where the text is no such list.
pub fn list(text: &str) -> Option<Vec<Item<'_>>> {
    let mut items = Vec::new();
    let whole = each(text, Kind::List, |scanner| {
        items.push(scanner.item()?);
        Ok(())
    });
    whole.then_some(items)
}

fn each<'a>(text: &'a str, kind: Kind, mut next: impl FnMut(&mut Scanner<'a>) -> Result<(), Syntax>) -> bool {
    let mut scanner = Scanner::new(text);
    if scanner.is_done() || scanner.kind() != Ok(kind) {
        return false;
    }
    let mut more = scanner.enter();
    while more == Ok(true) {
        more = next(&mut scanner).and_then(|()| scanner.follows());
    }
    more == Ok(false) && scanner.end().is_ok()
}

/// The beginning of a text, of so many characters at most.
pub fn beginning(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// What a string stands for, quotes included or not. A half of a surrogate pair becomes U+FFFD, as nothing else can hold it.
pub fn unescape(raw: &str) -> String {
    let inner = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')).unwrap_or(raw);
    let (mut text, mut rest) = (String::new(), inner);
    while let Some((plain, escape)) = rest.split_once('\\') {
        let (character, behind) = escaped(escape);
        text += plain;
        text.push(character);
        rest = behind;
    }
    text + rest
}

/// The character that an escape stands for, which a text begins with, and what is behind; the backslash is gone.
fn escaped(text: &str) -> (char, &str) {
    let Some((first, behind)) = unit(text) else {
        let mut rest = text.chars();
        let character = match rest.next() {
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            itself => itself.unwrap_or_default(),
        };
        return (character, rest.as_str());
    };
    match (first, behind.strip_prefix('\\').and_then(unit)) {
        (0xd800..0xdc00, Some((second @ 0xdc00..0xe000, behind))) => {
            let character = char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00));
            (character.unwrap_or_default(), behind)
        }
        _ => (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), behind),
    }
}

/// The UTF-16 unit that a text begins with, written as `u` and four hexadecimal digits, and what is behind.
fn unit(text: &str) -> Option<(u32, &str)> {
    let (digits, behind) = text.strip_prefix('u')?.split_at_checked(4)?;
    Some((u32::from_str_radix(digits, 16).ok()?, behind))
}
