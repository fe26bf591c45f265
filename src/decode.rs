//! Checks an answer against its model and mends what older services write differently.
//!
//! The answer stays text: what deviates is mended by edits of that text, so that order, numbers and unknown properties
//! come through untouched, and JavaScript's own parser makes the value. Each edit is told as [`Drift`]. An item that
//! cannot be mended is left out, and told; an answer that is no such object at all is a [`Refusal`].

use std::borrow::Cow;
use std::ops::Range;

use crate::json::{Kind, Scanner, Syntax, beginning, unescape};
pub use crate::tape::Body as RawBody;
use crate::tape::{Materialised, materialise};
use serde::Serialize;
use crate::models::{Model, Name, Shape};

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
    let json = String::from_utf8(body).map_err(|error| whole(format!("is not UTF-8 from byte {} on", error.utf8_error().valid_up_to())))?;
    let mut walk = Walk::new(json.strip_prefix('\u{feff}').unwrap_or(&json), Vec::new());
    if walk.whole(model)? {
        return Ok(walk.finish());
    }
    if let (Some(item), Some(wrapper)) = (walk.wrapped, model.wrapper) {
        let mut walk = Walk::new(item, vec![Step::Property(wrapper)]);
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
    wrapped: Option<&'a str>,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str, path: Vec<Step>) -> Self {
        Self { text, scanner: Scanner::new(text), path, edits: Vec::new(), drift: Vec::new(), self_link: None, wrapped: None }
    }

    /// Reads the whole text as an object; false where it has no known property.
    fn whole(&mut self, model: &'static Model) -> Result<bool, Refusal> {
        if self.scanner.is_done() {
            return Err(self.refuse("is empty".to_owned()));
        }
        let (kind, found) = match self.read(model) {
            Ok(read) => read,
            Err(Syntax { at, problem }) => return Err(self.refuse(format!("is not JSON: {problem}, at byte {at}"))),
        };
        if kind != Kind::Object {
            return Err(self.refuse(format!("is {}, not an object", kind.name())));
        }
        match model.required {
            Some(required) if !found.required => {
                self.path.push(Step::Property(required));
                Err(self.refuse(format!("has no list {required}")))
            }
            _ => Ok(found.any),
        }
    }

    fn read(&mut self, model: &'static Model) -> Result<(Kind, Found), Syntax> {
        let kind = self.scanner.kind()?;
        let found = match kind {
            Kind::Object => self.object(model)?,
            _ => self.scanner.value().map(|_| Found::default())?,
        };
        self.scanner.end()?;
        Ok((kind, found))
    }

    fn object(&mut self, model: &'static Model) -> Result<Found, Syntax> {
        let mut found = Found::default();
        self.items(|walk| {
            let name = walk.scanner.name()?;
            let name = walk.scanner.slice(name);
            let name = if name.contains('\\') { Cow::Owned(unescape(name)) } else { Cow::Borrowed(name) };
            let Some(property) = model.properties.iter().find(|property| property.name == name) else {
                let value = walk.scanner.value()?;
                if model.wrapper.is_some_and(|wrapper| wrapper == name) {
                    walk.wrapped = only_item(walk.scanner.slice(value));
                }
                return Ok(Verdict::Keep);
            };
            walk.path.push(Step::Property(property.name));
            let required = model.required == Some(property.name);
            let verdict = walk.shaped(property.shape, required)?;
            walk.path.pop();
            if verdict == Verdict::Keep {
                // HAL's own properties, such as `_links`, do not say what an object is.
                found.any |= !property.name.starts_with('_');
                found.required |= required;
            }
            Ok(verdict)
        })?;
        Ok(found)
    }

    /// Reads a list; false where an item was left out.
    fn list(&mut self, model: &'static Model) -> Result<bool, Syntax> {
        let mut index: usize = 0;
        let mut is_whole = true;
        self.items(|walk| {
            walk.path.push(Step::Index(index));
            let verdict = walk.shaped(Shape::One(model), false)?;
            walk.path.pop();
            index = index.saturating_add(1);
            is_whole &= verdict == Verdict::Keep;
            Ok(verdict)
        })?;
        Ok(is_whole)
    }

    /// Walks over the items of a list or the members of an object, and cuts out those that are left out: each with the
    /// comma before it, but those before the first that stays with the comma behind them.
    fn items(&mut self, mut item: impl FnMut(&mut Self) -> Result<Verdict, Syntax>) -> Result<(), Syntax> {
        if !self.scanner.enter()? {
            return Ok(());
        }
        let first = self.scanner.at();
        // Where the last item that stays ended, or the cut behind it.
        let mut settled: Option<usize> = None;
        loop {
            let (start, edits) = (self.scanner.at(), self.edits.len());
            if settled.is_none() && first < start {
                self.edit(first..start, String::new());
            }
            let verdict = item(self)?;
            let stop = self.scanner.at();
            match verdict {
                Verdict::Keep => settled = Some(stop),
                Verdict::LeaveOut => {
                    self.edits.truncate(edits);
                    if let Some(from) = settled {
                        self.edit(from..stop, String::new());
                        settled = Some(stop);
                    }
                }
            }
            if !self.scanner.follows()? {
                if settled.is_none() {
                    self.edit(first..stop, String::new());
                }
                return Ok(());
            }
        }
    }

    /// A known property or item. Of lists, only a `required` one may lose items: some of somebody's roles, sent back as
    /// all of them, would take the others away.
    fn shaped(&mut self, shape: Shape, required: bool) -> Result<Verdict, Syntax> {
        match (shape, self.scanner.kind()?) {
            (Shape::One(model), Kind::Object) => {
                // It takes the place of one by the same name before it, and of what that led to.
                if matches!(model.name, Name::SelfLinks | Name::Link) {
                    self.self_link = None;
                }
                self.object(model).map(|_| Verdict::Keep)
            }
            (Shape::Many(model), Kind::List) => {
                if self.list(model)? || required {
                    return Ok(Verdict::Keep);
                }
                self.tell("a list of objects", "a list that is left out".to_owned());
                Ok(Verdict::LeaveOut)
            }
            (shape, kind) => {
                let span = self.scanner.value()?;
                Ok(self.plain(shape, kind, span))
            }
        }
    }

    /// A value that is neither a known object nor a known list.
    fn plain(&mut self, shape: Shape, kind: Kind, span: Range<usize>) -> Verdict {
        let raw = self.scanner.slice(span.clone());
        if matches!((shape, kind), (Shape::Address, Kind::Text)) {
            self.self_link = Some(unescape(raw));
        }
        let fit = fit(shape, kind, raw);
        if fit != Fit::Right {
            self.tell(expected(shape), excerpt(kind, raw));
        }
        match fit {
            Fit::Right | Fit::Odd => Verdict::Keep,
            Fit::Mended(with) => {
                self.edit(span, with);
                Verdict::Keep
            }
            Fit::Useless => Verdict::LeaveOut,
        }
    }

    fn edit(&mut self, span: Range<usize>, with: String) {
        self.edits.push(Edit { span, with });
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

/// The one object of a list, if it is such a list.
fn only_item(list: &str) -> Option<&str> {
    let mut scanner = Scanner::new(list);
    if scanner.kind() != Ok(Kind::List) || scanner.enter() != Ok(true) || scanner.kind() != Ok(Kind::Object) {
        return None;
    }
    let item = scanner.value().ok()?;
    (scanner.follows() == Ok(false)).then(|| scanner.slice(item))
}

/// How a plain value suits its place.
#[derive(PartialEq)]
enum Fit {
    Right,
    /// Not what the model says, but nothing better is known.
    Odd,
    /// With this in its place.
    Mended(String),
    Useless,
}

fn fit(shape: Shape, kind: Kind, raw: &str) -> Fit {
    match (shape, kind) {
        (Shape::Text | Shape::Id | Shape::Address, Kind::Text) | (Shape::Flag, Kind::Flag) => Fit::Right,
        (Shape::Date, Kind::Text) => date(raw.trim_matches('"')),
        (Shape::Id, Kind::Number) if raw.contains(['.', 'e', 'E']) => Fit::Useless,
        (Shape::Text | Shape::Id, Kind::Number) => Fit::Mended(format!("\"{raw}\"")),
        (Shape::Flag, Kind::Number) if raw == "0" => Fit::Mended("false".to_owned()),
        (Shape::Flag, Kind::Number) if raw == "1" => Fit::Mended("true".to_owned()),
        (Shape::Many(_), Kind::Null) => Fit::Mended("[]".to_owned()),
        _ => Fit::Useless,
    }
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

fn excerpt(kind: Kind, raw: &str) -> String {
    match kind {
        Kind::List | Kind::Object => kind.name().to_owned(),
        _ => match beginning(raw, EXCERPT) {
            whole if whole.len() == raw.len() => whole.to_owned(),
            start => format!("{start}…"),
        },
    }
}

/// Whether a text is a date as the model has it.
pub fn is_date(text: &str) -> bool {
    date(text) == Fit::Right
}

/// A date. Empty or a dash, it stands for never; without a zone, it is taken for UTC (assumed).
fn date(text: &str) -> Fit {
    if matches!(text, "" | "-" | "--") {
        return Fit::Useless;
    }
    let (Some(day), Some(between), Some(time), Some(rest)) = (text.get(..10), text.get(10..11), text.get(11..19), text.get(19..)) else {
        return Fit::Odd;
    };
    if !like(day, "0000-00-00") || !like(time, "00:00:00") {
        return Fit::Odd;
    }
    let zone = match rest.strip_prefix('.') {
        Some(fraction) if fraction.starts_with(|first: char| first.is_ascii_digit()) => {
            fraction.trim_start_matches(|digit: char| digit.is_ascii_digit())
        }
        Some(_) => return Fit::Odd,
        None => rest,
    };
    match (between, zone) {
        ("T", "Z" | "+00:00" | "-00:00") => Fit::Right,
        ("T" | " ", "") => Fit::Mended(format!("\"{day}T{time}{rest}Z\"")),
        _ => Fit::Odd,
    }
}

/// Whether a text has the form of a pattern, where 0 stands for any digit.
fn like(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, form)| if form == b'0' { byte.is_ascii_digit() } else { byte == form })
}

/// What an operation gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Data<V> {
    /// Nothing.
    Nothing,
    /// A value of the platform that matches the model.
    Value(V),
    /// JSON that matches the model.
    Json(String),
}

/// A body that was checked against its model.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked<V> {
    /// What it holds.
    pub data: Data<V>,
    /// What deviated from the model and was mended.
    pub drift: Vec<Drift>,
    /// The address of the object's `self` link, as it came.
    pub self_link: Option<String>,
}

/// Checks a body against its model: by the fast path where it can, and else by the one that mends.
pub fn checked<B: RawBody>(body: &B, model: &'static Model) -> Result<Checked<B::Value>, Refusal> {
    if let Some(Materialised { value, self_link }) = materialise(body, model) {
        return Ok(Checked { data: Data::Value(value), drift: Vec::new(), self_link });
    }
    let Decoded { json, drift, self_link } = decode(body.bytes(), model)?;
    Ok(Checked { data: Data::Json(json), drift, self_link })
}
