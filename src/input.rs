//! Reads what a caller hands in. Every complaint names the path of the item.

use crate::date::is_date;
use crate::error::Error;
use crate::http::{Headers, is_header_name, is_header_value};
use crate::path::Path;
use crate::text::join;

pub use crate::value::{Properties, Value};

fn expected(path: &Path<'_>, what: &str, value: &Value) -> Error {
    Error::wrong_type(path, &format!("must be {what}, but is {}.", value.kind()))
}

/// An object with no other properties than the given ones.
pub fn object<'a>(path: &Path<'_>, value: &'a Value, properties: &[&str]) -> Result<&'a Properties, Error> {
    let object = any_object(path, value)?;
    match object.0.iter().find(|(name, _)| !properties.contains(&name.as_str())) {
        Some((unknown, _)) => {
            let known = join(properties.iter().copied(), ", ");
            Err(Error::wrong_type(&path.property(unknown), &format!("is not a known property. Known are: {known}.")))
        }
        None => Ok(object),
    }
}

/// Any object.
pub fn any_object<'a>(path: &Path<'_>, value: &'a Value) -> Result<&'a Properties, Error> {
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(expected(path, "an object", value)),
    }
}

/// A string.
pub fn text(path: &Path<'_>, value: &Value) -> Result<String, Error> {
    match value {
        Value::Text(text) => Ok(text.clone()),
        _ => Err(expected(path, "a string", value)),
    }
}

/// A function.
pub fn function(path: &Path<'_>, value: &Value) -> Result<(), Error> {
    match value {
        Value::Function => Ok(()),
        _ => Err(expected(path, "a function", value)),
    }
}

/// One of a few words.
pub fn word<T: Copy>(path: &Path<'_>, value: &Value, words: [(&str, T); 2]) -> Result<T, Error> {
    let text = text(path, value)?;
    let [(first, _), (second, _)] = words;
    let found = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
    found.ok_or_else(|| Error::wrong_value(path, &format!("must be \"{first}\" or \"{second}\".")))
}

/// A list of some of these words, as text with commas.
pub fn words(path: &Path<'_>, value: &Value, known: &[&str]) -> Result<String, Error> {
    let mut words = Vec::new();
    for (index, item) in items(path, value)?.iter().enumerate() {
        let (path, word) = (path.index(index), text(&path.index(index), item)?);
        let found = known.iter().find(|known| **known == word);
        words.push(*found.ok_or_else(|| Error::wrong_value(&path, &format!("must be one of: {}.", join(known.iter().copied(), ", "))))?);
    }
    Ok(join(words.iter().copied(), ","))
}

/// The largest whole number that is exact in JavaScript: a larger one may be another number already.
const EXACT: f64 = 9_007_199_254_740_991.0;

/// A number, rounded up to a whole one, and whether it was whole before; none where it is negative or too large to be
/// exact.
fn whole(number: f64) -> Option<(u64, bool)> {
    let up = number.ceil();
    (0.0..=EXACT).contains(&up).then_some((up as u64, up == number)).filter(|_| number >= 0.0)
}

/// An identifier: a string, or a whole number that becomes one.
pub fn id(path: &Path<'_>, value: &Value) -> Result<String, Error> {
    let id = match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => match whole(*number) {
            Some((number, true)) => number.to_string(),
            _ => return Err(Error::wrong_value(path, "must be a whole number from 0 to 9007199254740991; a longer id must be a string.")),
        },
        _ => return Err(expected(path, "a string or a number", value)),
    };
    match id.as_str() {
        "" => Err(Error::wrong_value(path, "must not be empty.")),
        "." | ".." => Err(Error::wrong_value(path, "must not be \".\" or \"..\": that would be another address.")),
        _ if id.trim() != id || id.chars().any(char::is_control) => {
            Err(Error::wrong_value(path, "must not begin or end with a space, and must not hold control characters."))
        }
        _ => visible(path, id),
    }
}

/// An identifier as it was read, whatever it looks like.
pub fn read_id(path: &Path<'_>, value: &Value) -> Result<String, Error> {
    match value {
        Value::Number(_) => number(path, value),
        _ => text(path, value),
    }
}

/// A text without characters that nobody sees: pasted from a spreadsheet, they would make another id or another user.
fn visible(path: &Path<'_>, text: String) -> Result<String, Error> {
    match text.chars().find(|character| is_invisible(*character)) {
        Some(character) => {
            let code = u32::from(character);
            let problem = format!("holds the invisible character U+{code:04X}: remove it, or type the text anew.");
            Err(Error::wrong_value(path, &problem))
        }
        None => Ok(text),
    }
}

/// Characters that take no room on paper: soft hyphens, joiners, marks of direction and of byte order, and the like.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// A whole number, as text.
pub fn number(path: &Path<'_>, value: &Value) -> Result<String, Error> {
    match value {
        Value::Number(number) => match (whole(*number), whole(-*number)) {
            (Some((number, true)), _) => Ok(number.to_string()),
            (_, Some((number, true))) => Ok(format!("-{number}")),
            _ => Err(Error::wrong_value(path, "must be a whole number; any other must be a string.")),
        },
        _ => Err(expected(path, "a number", value)),
    }
}

/// Milliseconds, a part of one counted as one; 0 stands for no limit.
pub fn milliseconds(path: &Path<'_>, value: &Value) -> Result<u32, Error> {
    match value {
        Value::Number(number) => match whole(*number) {
            Some((number @ 0..=2_147_483_647, _)) => Ok(number as u32),
            _ => Err(Error::wrong_value(path, "must be between 0 (no limit) and 2147483647 milliseconds.")),
        },
        _ => Err(expected(path, "a number of milliseconds", value)),
    }
}

/// A boolean.
pub fn flag(path: &Path<'_>, value: &Value) -> Result<bool, Error> {
    match value {
        Value::Flag(flag) => Ok(*flag),
        _ => Err(expected(path, "true or false", value)),
    }
}

/// A whole number within bounds.
pub fn count(path: &Path<'_>, value: &Value, least: u32, most: u32) -> Result<u32, Error> {
    match value {
        Value::Number(number) => match whole(*number) {
            Some((number, true)) if (u64::from(least)..=u64::from(most)).contains(&number) => Ok(number as u32),
            _ => Err(Error::wrong_value(path, &format!("must be a whole number from {least} to {most}."))),
        },
        _ => Err(expected(path, "a number", value)),
    }
}

/// Header fields of the caller's own, added to `headers`; `null` takes one away. No message shows a value, which may be
/// a secret.
pub fn headers(path: &Path<'_>, value: &Value, headers: &mut Headers) -> Result<(), Error> {
    for (name, value) in &any_object(path, value)?.0 {
        let path = path.property(name);
        // The fields are handed over as a plain object, in which this name means something else.
        if !is_header_name(name) || name == "__proto__" {
            return Err(Error::wrong_value(&path, "is not a valid name of a header."));
        }
        if let Some((_, instead)) = OUR_HEADERS.iter().find(|(ours, _)| ours.eq_ignore_ascii_case(name)) {
            return Err(Error::wrong_value(&path, &format!("must not be set: {instead}.")));
        }
        if *value == Value::Null {
            headers.remove(name);
            continue;
        }
        let value = text(&path, value)?;
        if !is_header_value(&value) {
            return Err(Error::wrong_value(&path, "must be printable ASCII, and must not begin or end with a space."));
        }
        headers.set(name, &value);
    }
    Ok(())
}

/// Header fields that the client sets itself, and adds without a look at what is there; and what to do instead.
const OUR_HEADERS: [(&str, &str); 6] = [
    ("authorization", "the token belongs in accessToken"),
    ("accept", "the client sets it to what it can read"),
    ("content-type", "the client sets it to what it sends"),
    ("content-length", "it follows from what is sent"),
    ("host", "it follows from the setting host"),
    ("cookie", "the client sends no cookies"),
];

/// A token: visible ASCII. The message does not show it.
pub fn token(path: &Path<'_>, token: &str) -> Result<(), Error> {
    if token.is_empty() {
        return Err(Error::wrong_value(path, "must not be empty."));
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::wrong_value(
            path,
            "holds a character that no token has, such as a space or a line break: check how it was read.",
        ));
    }
    Ok(())
}

/// An e-mail address.
pub fn email(path: &Path<'_>, value: &Value) -> Result<String, Error> {
    let email = visible(path, text(path, value)?)?;
    match email.bytes().rposition(|byte| byte == b'@') {
        Some(at @ 1..) if at + 1 < email.len() && !email.contains(char::is_whitespace) => Ok(email),
        _ => Err(Error::wrong_value(path, "must be an e-mail address, such as ada@example.com.")),
    }
}

/// How a value is read. Not generic over the function: each kind of one would be compiled anew.
pub type Read<T> = fn(&Path<'_>, &Value) -> Result<T, Error>;

/// A property that must be there.
pub fn required<T>(object: &Properties, path: &Path<'_>, name: &str, read: Read<T>) -> Result<T, Error> {
    let path = path.property(name);
    object.get(name).map_or_else(|| Err(Error::wrong_type(&path, "is missing.")), |value| read(&path, value))
}

/// A list.
pub fn list<T>(path: &Path<'_>, value: &Value, read: Read<T>) -> Result<Vec<T>, Error> {
    each(path, items(path, value)?, read)
}

/// The items of a list.
pub fn items<'a>(path: &Path<'_>, value: &'a Value) -> Result<&'a [Value], Error> {
    match value {
        Value::List(items) => Ok(items),
        _ => Err(expected(path, "a list", value)),
    }
}

/// Reads the items of a list. (Collecting them would be three times as much code, for each kind of item.)
pub fn each<T>(path: &Path<'_>, items: &[Value], read: Read<T>) -> Result<Vec<T>, Error> {
    let mut all = Vec::new();
    visit(path, items, &mut |path, item| {
        all.push(read(path, item)?);
        Ok(())
    })?;
    Ok(all)
}

/// What is the same for all kinds of items, and so is compiled once.
fn visit(path: &Path<'_>, items: &[Value], read: &mut dyn FnMut(&Path<'_>, &Value) -> Result<(), Error>) -> Result<(), Error> {
    for (index, item) in items.iter().enumerate() {
        read(&path.index(index), item)?;
    }
    Ok(())
}

/// The identifier of an object as it was read.
pub fn id_in(path: &Path<'_>, value: &Value, name: &str) -> Result<String, Error> {
    let object = any_object(path, value)?;
    part(object, path, name, id)?.ok_or_else(|| Error::wrong_type(&path.property(name), "is missing."))
}

/// A property of an answer; `null` counts as omitted.
pub fn part<T>(object: &Properties, path: &Path<'_>, name: &str, read: Read<T>) -> Result<Option<T>, Error> {
    object.get(name).filter(|value| **value != Value::Null).map(|value| read(&path.property(name), value)).transpose()
}

/// Reads an object property by property. The first complaint is kept until the end, and nothing is read behind it: a way out at
/// each property, with all that was read before to be given back, would be more code than reading is.
pub struct Parts<'a> {
    object: &'a Properties,
    path: &'a Path<'a>,
    complaint: Option<Error>,
}

impl<'a> Parts<'a> {
    /// Those of an object.
    pub const fn of(path: &'a Path<'a>, object: &'a Properties) -> Self {
        Self { object, path, complaint: None }
    }

    /// A property; `null` counts as omitted.
    pub fn part<T>(&mut self, name: &str, read: Read<T>) -> Option<T> {
        self.read(name, self.find(name).filter(|value| !matches!(value, Value::Null)), read)
    }

    /// A property that must be there.
    pub fn required<T: Default>(&mut self, name: &str, read: Read<T>) -> T {
        let value = self.find(name);
        if value.is_none() {
            self.complain(Error::wrong_type(&self.path.property(name), "is missing."));
        }
        self.read(name, value, read).unwrap_or_default()
    }

    /// A property, whatever it is; none either where there is a complaint already.
    pub fn find(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|_| self.complaint.is_none())
    }

    /// Reads a property that was found.
    pub fn read<T>(&mut self, name: &str, value: Option<&Value>, read: Read<T>) -> Option<T> {
        match read(&self.path.property(name), value?) {
            Ok(part) => Some(part),
            Err(error) => {
                self.complain(error);
                None
            }
        }
    }

    /// Keeps a complaint, unless there is one.
    fn complain(&mut self, error: Error) {
        self.complaint.get_or_insert(error);
    }

    /// The first complaint, if there is one: what was made of the properties is of no use then.
    pub fn done(self) -> Result<(), Error> {
        self.complaint.map_or(Ok(()), Err)
    }
}

/// A date and time in UTC.
pub fn date(path: &Path<'_>, value: &Value) -> Result<String, Error> {
    match value {
        Value::Date(date) => Ok(date.clone()),
        Value::Text(text) if is_date(text.as_bytes()) => Ok(text.clone()),
        Value::Text(_) => Err(Error::wrong_value(path, "must be a date and time in UTC, such as 2026-01-31T12:00:00Z, or a Date.")),
        _ => Err(expected(path, "a Date or a string", value)),
    }
}
