//! Reads a JSON text piece by piece: each value stays text until somebody needs what it stands for.

use super::scanner::{Brackets, DEPTH, Kind, Scanner, SyntaxError};

/// A value and the text of it.
pub type Item<'a> = (Kind, &'a str);

/// The members of an object: name and value. None where the text is no such object.
pub fn object(text: &str) -> Option<Vec<(String, Item<'_>)>> {
    let mut members = Vec::new();
    let whole = each(text, Brackets::OBJECT, |scanner| {
        let name = scanner.name()?;
        let name = unescape(text.get(name).unwrap_or_default());
        members.push((name, next(text, scanner)?));
        Ok(())
    });
    whole.is_ok().then_some(members)
}

/// The value of a member; of several by the same name the last counts, as for `JSON.parse`.
pub fn member<'a>(members: &[(String, Item<'a>)], name: &str) -> Option<Item<'a>> {
    members.iter().rev().find(|(present, _)| present == name).map(|(_, value)| *value)
}

/// The items of a list. None where the text is no such list.
pub fn list(text: &str) -> Option<Vec<Item<'_>>> {
    let mut items = Vec::new();
    let whole = each(text, Brackets::LIST, |scanner| {
        items.push(next(text, scanner)?);
        Ok(())
    });
    whole.is_ok().then_some(items)
}

fn each(text: &str, brackets: Brackets, mut next: impl FnMut(&mut Scanner<'_>) -> Result<(), SyntaxError>) -> Result<(), SyntaxError> {
    let mut scanner = Scanner::new(text.as_bytes(), 0);
    scanner.space();
    let mut more = scanner.enter(brackets)?;
    while more {
        next(&mut scanner)?;
        more = scanner.follows(brackets)?;
    }
    scanner.end()
}

fn next<'a>(text: &'a str, scanner: &mut Scanner<'_>) -> Result<Item<'a>, SyntaxError> {
    let (kind, start) = (scanner.kind()?, scanner.at());
    scanner.value(DEPTH)?;
    Ok((kind, text.get(start..scanner.at()).unwrap_or_default()))
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
