//! Checks an answer against its model and mends what older services write differently.
//!
//! The answer stays text: what deviates is mended by edits of that text, so that order, numbers and unknown properties
//! come through untouched, and JavaScript's own parser makes the value. Each edit is told as [`Drift`]. An item that
//! cannot be mended is left out, and told; an answer that is no such object at all is a [`Refusal`].

use std::ops::Range;

use serde::Serialize;

use crate::json::{Kind, Scanner, Syntax, unescape};
use crate::models::{Model, Property, Shape};

/// The most deviations that are listed; all are mended.
pub const DRIFT_LIMIT: usize = 1000;

/// The most characters of a deviating value that are shown.
const EXCERPT: usize = 60;

/// A deviation from the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Drift {
    /// Where it was in the answer as it came, such as `users[3].uid`.
    pub path: String,
    /// What the model says.
    pub expected: &'static str,
    /// What was there: the JSON of a plain value, shortened; else the name of its type.
    pub got: String,
}

/// Why an answer cannot be used at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Where, as far as it is known; empty for the whole.
    pub path: String,
    /// What is wrong: the end of a sentence that begins with "the body".
    pub problem: String,
}

/// An answer that matches its model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decoded {
    /// JSON that matches the model.
    pub json: String,
    /// What was mended for that.
    pub drift: Vec<Drift>,
    /// The address of the object's `self` link, as it came.
    pub self_link: Option<String>,
}

/// Checks `body` against `model`.
pub fn decode(body: Vec<u8>, model: &'static Model) -> Result<Decoded, Refusal> {
    let whole = |problem: String| Refusal { path: String::new(), problem };
    let body = String::from_utf8(body).map_err(|error| whole(format!("is not UTF-8 from byte {} on", error.utf8_error().valid_up_to())))?;
    let json = body.strip_prefix('\u{feff}').unwrap_or(&body);
    let mut walk = Walk::new(json, Vec::new());
    if walk.whole(model)? {
        return Ok(walk.finish());
    }
    if let Some(inner) = walk.wrapped.take() {
        let wrapper = model.wrapper.unwrap_or_default();
        let mut walk = Walk::new(walk.scanner.slice(inner), vec![Step::Property(wrapper)]);
        walk.tell("the object itself", "a list with the object".to_owned());
        walk.path.push(Step::Index(0));
        if walk.whole(model)? {
            return Ok(walk.finish());
        }
    }
    Err(whole("has none of the properties that were expected".to_owned()))
}

/// A step of the path to a value.
enum Step {
    Property(&'static str),
    Index(usize),
}

/// A change of the text.
struct Edit {
    span: Range<usize>,
    with: String,
}

/// What is to become of a value.
#[derive(Clone, Copy, PartialEq)]
enum Verdict {
    Keep,
    LeaveOut,
}

/// Which known properties an object has.
#[derive(Default)]
struct Found {
    any: bool,
    required: bool,
}

struct Walk<'a> {
    text: &'a str,
    scanner: Scanner<'a>,
    path: Vec<Step>,
    edits: Vec<Edit>,
    drift: Vec<Drift>,
    self_link: Option<String>,
    /// The one item of the list that some services wrap an object in.
    wrapped: Option<Range<usize>>,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str, path: Vec<Step>) -> Self {
        Self { text, scanner: Scanner::new(text), path, edits: Vec::new(), drift: Vec::new(), self_link: None, wrapped: None }
    }

    /// Reads the whole text as an object; false where it has no known property.
    fn whole(&mut self, model: &'static Model) -> Result<bool, Refusal> {
        self.scanner.space();
        if self.scanner.is_done() {
            return Err(self.refuse("is empty".to_owned()));
        }
        match self.scanner.kind() {
            Ok(Kind::Object) => {}
            Ok(kind) => return Err(self.refuse(format!("is {}, not an object", name(kind)))),
            Err(syntax) => return Err(self.not_json(&syntax)),
        }
        let found = self.object(model).map_err(|syntax| self.not_json(&syntax))?;
        self.scanner.space();
        if !self.scanner.is_done() {
            return Err(self.not_json(&self.scanner.not_done()));
        }
        match model.required {
            Some(required) if !found.required => {
                self.path.push(Step::Property(required));
                Err(self.refuse(format!("has no list {required}")))
            }
            _ => Ok(found.any),
        }
    }

    fn object(&mut self, model: &'static Model) -> Result<Found, Syntax> {
        let mut found = Found::default();
        self.items(b'}', |walk| {
            let key = walk.scanner.name()?;
            let key = walk.scanner.slice(key);
            let Some(property) = known(model, key) else {
                let value = walk.scanner.value()?;
                if model.wrapper == Some(key) {
                    walk.wrapped = only_item(walk.text, value);
                }
                return Ok(Verdict::Keep);
            };
            walk.path.push(Step::Property(property.name));
            let verdict = walk.shaped(property.shape)?;
            walk.path.pop();
            if verdict == Verdict::Keep {
                found.any = true;
                found.required |= model.required == Some(property.name);
            }
            Ok(verdict)
        })?;
        Ok(found)
    }

    fn list(&mut self, model: &'static Model) -> Result<(), Syntax> {
        let mut index: usize = 0;
        self.items(b']', |walk| {
            walk.path.push(Step::Index(index));
            let verdict = walk.shaped(Shape::One(model))?;
            walk.path.pop();
            index = index.saturating_add(1);
            Ok(verdict)
        })
    }

    /// Walks over the items of a list or the members of an object, and cuts out those that are left out, each with one
    /// comma.
    fn items(&mut self, end: u8, mut item: impl FnMut(&mut Self) -> Result<Verdict, Syntax>) -> Result<(), Syntax> {
        self.scanner.open();
        if self.scanner.is_empty(end) {
            return Ok(());
        }
        // Where the last item that stays ended, and where a run of items that do not stay began before any that does.
        let mut kept: Option<usize> = None;
        let mut leading: Option<usize> = None;
        loop {
            let (start, edits) = (self.scanner.at(), self.edits.len());
            let verdict = item(self)?;
            let stop = self.scanner.at();
            match (verdict, kept) {
                (Verdict::Keep, _) => {
                    if let Some(from) = leading.take() {
                        // Before the edits inside of the item, so that all stay in the order of the text.
                        self.edits.insert(edits, Edit { span: from..start, with: String::new() });
                    }
                    kept = Some(stop);
                }
                (Verdict::LeaveOut, Some(from)) => {
                    self.edits.truncate(edits);
                    self.edit(from..stop, "");
                    kept = Some(stop);
                }
                (Verdict::LeaveOut, None) => {
                    self.edits.truncate(edits);
                    leading.get_or_insert(start);
                }
            }
            if !self.scanner.follows(end)? {
                if let Some(from) = leading {
                    self.edit(from..stop, "");
                }
                return Ok(());
            }
        }
    }

    fn shaped(&mut self, shape: Shape) -> Result<Verdict, Syntax> {
        match (shape, self.scanner.kind()?) {
            (Shape::One(model), Kind::Object) => self.object(model).map(|_| Verdict::Keep),
            (Shape::Many(model), Kind::List) => self.list(model).map(|()| Verdict::Keep),
            (shape, kind) => {
                let span = self.scanner.value()?;
                Ok(self.plain(shape, kind, span))
            }
        }
    }

    /// A value that is neither a known object nor a known list: as it is, mended, or left out.
    fn plain(&mut self, shape: Shape, kind: Kind, span: Range<usize>) -> Verdict {
        let raw = self.scanner.slice(span.clone());
        let mended = match (shape, kind) {
            (Shape::Text | Shape::Id, Kind::Text) | (Shape::Flag, Kind::Flag) => return Verdict::Keep,
            (Shape::Address, Kind::Text) => {
                self.self_link = Some(unescape(raw));
                return Verdict::Keep;
            }
            (Shape::Date, Kind::Text) => match date(raw.trim_matches('"')) {
                Date::Utc => return Verdict::Keep,
                Date::Never => None,
                Date::Legacy(utc) => Some(utc),
                Date::Unknown => Some(raw.to_owned()),
            },
            (Shape::Id, Kind::Number) if raw.contains(['.', 'e', 'E']) => None,
            (Shape::Text | Shape::Id, Kind::Number) => Some(format!("\"{raw}\"")),
            (Shape::Flag, Kind::Number) if raw == "0" => Some("false".to_owned()),
            (Shape::Flag, Kind::Number) if raw == "1" => Some("true".to_owned()),
            (Shape::Many(_), Kind::Null) => Some("[]".to_owned()),
            _ => None,
        };
        self.tell(expected(shape), excerpt(kind, raw));
        match mended {
            Some(with) => {
                self.edit(span, &with);
                Verdict::Keep
            }
            None => Verdict::LeaveOut,
        }
    }

    fn edit(&mut self, span: Range<usize>, with: &str) {
        self.edits.push(Edit { span, with: with.to_owned() });
    }

    fn tell(&mut self, expected: &'static str, got: String) {
        if self.drift.len() < DRIFT_LIMIT {
            self.drift.push(Drift { path: self.path(), expected, got });
        }
    }

    fn path(&self) -> String {
        let mut path = String::new();
        for step in &self.path {
            match step {
                Step::Property(name) if path.is_empty() => path += name,
                Step::Property(name) => path += &format!(".{name}"),
                Step::Index(index) => path += &format!("[{index}]"),
            }
        }
        path
    }

    fn refuse(&self, problem: String) -> Refusal {
        Refusal { path: self.path(), problem }
    }

    fn not_json(&self, Syntax { at, problem }: &Syntax) -> Refusal {
        self.refuse(format!("is not JSON: {problem}, at byte {at}"))
    }

    fn finish(self) -> Decoded {
        let mut json = String::with_capacity(self.text.len());
        let mut done = 0;
        for Edit { span, with } in &self.edits {
            json += self.text.get(done..span.start).unwrap_or_default();
            json += with;
            done = span.end;
        }
        json += self.text.get(done..).unwrap_or_default();
        Decoded { json, drift: self.drift, self_link: self.self_link }
    }
}

/// The property of that name; an escaped name is compared as what it stands for.
fn known(model: &'static Model, key: &str) -> Option<&'static Property> {
    let unescaped: String;
    let key = if key.contains('\\') {
        unescaped = unescape(key);
        &unescaped
    } else {
        key
    };
    model.properties.iter().find(|property| property.name == key)
}

/// Where the one object of a list is, if it is such a list.
fn only_item(text: &str, list: Range<usize>) -> Option<Range<usize>> {
    let mut scanner = Scanner::new(text.get(list.clone())?);
    let opened = scanner.kind() == Ok(Kind::List);
    scanner.open();
    scanner.space();
    let found = opened && scanner.kind() == Ok(Kind::Object);
    let item = scanner.value().ok().filter(|_| found)?;
    scanner.space();
    let shift = |at: usize| at.saturating_add(list.start);
    scanner.take(b']').then(|| shift(item.start)..shift(item.end))
}

fn expected(shape: Shape) -> &'static str {
    match shape {
        Shape::Text | Shape::Address => "a string",
        Shape::Id => "an id, which is a string",
        Shape::Date => "a date, ISO 8601 in UTC",
        Shape::Flag => "true or false",
        Shape::One(_) => "an object",
        Shape::Many(_) => "a list",
    }
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "a string",
        Kind::Number => "a number",
        Kind::Flag => "a boolean",
        Kind::Null => "null",
        Kind::List => "a list",
        Kind::Object => "an object",
    }
}

fn excerpt(kind: Kind, raw: &str) -> String {
    match kind {
        Kind::List | Kind::Object => name(kind).to_owned(),
        _ => match raw.char_indices().nth(EXCERPT) {
            Some((end, _)) => format!("{}…", raw.get(..end).unwrap_or_default()),
            None => raw.to_owned(),
        },
    }
}

/// What a date is written as.
enum Date {
    Utc,
    Never,
    /// Without a zone, which is taken for UTC (assumed); mended, in quotes.
    Legacy(String),
    Unknown,
}

fn date(text: &str) -> Date {
    if matches!(text, "" | "-" | "--") {
        return Date::Never;
    }
    let (Some(day), Some(time), Some(rest)) = (text.get(..10), text.get(11..19), text.get(19..)) else { return Date::Unknown };
    let between = text.get(10..11).unwrap_or_default();
    if !like(day, "0000-00-00") || !like(time, "00:00:00") || !matches!(between, "T" | " ") {
        return Date::Unknown;
    }
    let zone = match rest.strip_prefix('.') {
        Some(fraction) if fraction.starts_with(|first: char| first.is_ascii_digit()) => {
            fraction.trim_start_matches(|digit: char| digit.is_ascii_digit())
        }
        Some(_) => return Date::Unknown,
        None => rest,
    };
    let fraction = rest.strip_suffix(zone).unwrap_or_default();
    match (zone, between) {
        ("", _) => Date::Legacy(format!("\"{day}T{time}{fraction}Z\"")),
        ("Z" | "+00:00" | "-00:00", "T") => Date::Utc,
        _ => Date::Unknown,
    }
}

/// Whether a text has the form of a pattern, where 0 stands for any digit.
fn like(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, form)| if form == b'0' { byte.is_ascii_digit() } else { byte == form })
}
