//! The path of decoding that checks an answer against its model and normalises what older services write differently.
//!
//! The answer stays text: what deviates is normalised by edits of that text, so that order, numbers and unknown properties
//! come through untouched, and JavaScript's own parser makes the value. Each edit is recorded as [`Drift`]. An item that
//! nothing can be made of is omitted, and recorded; an answer that is no such object at all is a [`Undecodable`].

use std::borrow::Cow;
use std::ops::Range;

use super::fit::{Fit, expected, fit};
use super::{Drift, Links, Undecodable, identifies};
use crate::json::{Brackets, DEPTH, Kind, Scanner, SyntaxError, beginning, list, unescape};
use crate::models::{Model, NEXT_LINK, SELF_LINK, Shape};

/// The most deviations that are listed; all are normalised.
pub const DRIFT_LIMIT: usize = 1000;

/// The most characters of a deviating value that are shown.
const EXCERPT: usize = 60;

/// An answer that matches its model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Normalised {
    /// JSON that matches the model.
    pub json: String,
    /// What was done for that.
    pub drift: Vec<Drift>,
    /// Where its links lead.
    pub links: Links,
}

/// Checks `body` against `model`.
pub fn normalise(body: Vec<u8>, model: &'static Model) -> Result<Normalised, Undecodable> {
    let json = utf8(body)?;
    let mut walk = Walk::new(json.strip_prefix('\u{feff}').unwrap_or(&json), Vec::new());
    if walk.whole(model)? {
        return Ok(walk.finish());
    }
    if let (Some(item), Some(wrapper)) = (walk.wrapped, model.wrapper) {
        let mut walk = Walk::new(item, vec![Place::Property(wrapper)]);
        walk.record("the object itself", "a list with the object".to_owned());
        walk.path.push(Place::Index(0));
        if walk.whole(model)? {
            return Ok(walk.finish());
        }
    }
    Err(whole("has none of the properties that were expected".to_owned()))
}

/// Gives a body as it is, if it is JSON.
pub fn valid(body: Vec<u8>) -> Result<String, Undecodable> {
    let json = utf8(body)?;
    let json = json.strip_prefix('\u{feff}').unwrap_or(&json);
    let mut scanner = Scanner::new(json.as_bytes(), 0);
    scanner.space();
    let read = scanner.value(DEPTH).and_then(|()| scanner.end());
    read.map_err(|error| whole(format!("is not JSON: {}, at byte {}", error.problem(), scanner.at())))?;
    Ok(json.to_owned())
}

fn utf8(body: Vec<u8>) -> Result<String, Undecodable> {
    String::from_utf8(body).map_err(|error| whole(format!("is not UTF-8 from byte {} on", error.utf8_error().valid_up_to())))
}

fn whole(problem: String) -> Undecodable {
    Undecodable { path: String::new(), problem }
}

/// A step of the path to a value.
enum Place {
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
    Omit,
}

struct Walk<'a> {
    text: &'a str,
    scanner: Scanner<'a>,
    /// The lists and objects around the next value.
    depth: usize,
    path: Vec<Place>,
    edits: Vec<Edit>,
    drift: Vec<Drift>,
    links: Links,
    /// The one item of the list that some services wrap an object in.
    wrapped: Option<&'a str>,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str, path: Vec<Place>) -> Self {
        let scanner = Scanner::new(text.as_bytes(), 0);
        Self { text, scanner, depth: 0, path, edits: Vec::new(), drift: Vec::new(), links: Links::default(), wrapped: None }
    }

    /// Reads the whole text as an object; false where it has no known property.
    fn whole(&mut self, model: &'static Model) -> Result<bool, Undecodable> {
        self.scanner.space();
        if self.scanner.is_at_end() {
            return Err(self.refuse("is empty".to_owned()));
        }
        let (kind, is_identified) = match self.read(model) {
            Ok(read) => read,
            Err(error) => return Err(self.refuse(format!("is not JSON: {}, at byte {}", error.problem(), self.scanner.at()))),
        };
        if kind != Kind::Object {
            return Err(self.refuse(format!("is {}, not an object", kind.name())));
        }
        match model.required {
            Some(required) if !is_identified => {
                self.path.push(Place::Property(required));
                Err(self.refuse(format!("has no list \"{required}\"")))
            }
            _ => Ok(is_identified),
        }
    }

    fn read(&mut self, model: &'static Model) -> Result<(Kind, bool), SyntaxError> {
        let kind = self.scanner.kind()?;
        let is_identified = match kind {
            Kind::Object => self.object(model)?,
            _ => self.any().map(|_| false)?,
        };
        self.scanner.end()?;
        Ok((kind, is_identified))
    }

    /// Passes over any value.
    fn any(&mut self) -> Result<&'a str, SyntaxError> {
        let start = self.scanner.at();
        self.scanner.value(DEPTH - self.depth)?;
        Ok(self.slice(start..self.scanner.at()))
    }

    fn slice(&self, span: Range<usize>) -> &'a str {
        self.text.get(span).unwrap_or_default()
    }

    /// Reads an object; whether it has a property that identifies it.
    fn object(&mut self, model: &'static Model) -> Result<bool, SyntaxError> {
        let mut is_identified = false;
        self.items(Brackets::OBJECT, |walk| {
            let name = walk.scanner.name()?;
            let name = walk.slice(name);
            let name = if name.as_bytes().contains(&b'\\') { Cow::Owned(unescape(name)) } else { Cow::Borrowed(name) };
            let Some(property) = model.properties.iter().find(|property| property.name == name) else {
                let value = walk.any()?;
                if model.wrapper.is_some_and(|wrapper| wrapper == name) {
                    walk.wrapped = only_item(value);
                }
                return Ok(Verdict::Keep);
            };
            walk.path.push(Place::Property(property.name));
            let verdict = walk.shaped(property.shape, model.required == Some(property.name))?;
            walk.path.pop();
            is_identified |= verdict == Verdict::Keep && identifies(model, property.name);
            Ok(verdict)
        })?;
        Ok(is_identified)
    }

    /// Reads a list; false where an item was omitted.
    fn list(&mut self, model: &'static Model) -> Result<bool, SyntaxError> {
        let mut index: usize = 0;
        let mut is_whole = true;
        self.items(Brackets::LIST, |walk| {
            walk.path.push(Place::Index(index));
            let verdict = walk.shaped(Shape::One(model), false)?;
            walk.path.pop();
            index += 1;
            is_whole &= verdict == Verdict::Keep;
            Ok(verdict)
        })?;
        Ok(is_whole)
    }

    /// Walks over the items of a list or the members of an object, and cuts out those that are omitted: each with the
    /// comma before it, but those before the first that stays with the comma behind them.
    fn items(&mut self, brackets: Brackets, mut item: impl FnMut(&mut Self) -> Result<Verdict, SyntaxError>) -> Result<(), SyntaxError> {
        if !self.scanner.enter(brackets)? {
            return Ok(());
        }
        self.depth += 1;
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
                Verdict::Omit => {
                    self.edits.truncate(edits);
                    if let Some(from) = settled {
                        self.edit(from..stop, String::new());
                        settled = Some(stop);
                    }
                }
            }
            if !self.scanner.follows(brackets)? {
                if settled.is_none() {
                    self.edit(first..stop, String::new());
                }
                self.depth -= 1;
                return Ok(());
            }
        }
    }

    /// A known property or item. Of lists, only a `required` one may lose items: some of somebody's roles, sent back as
    /// all of them, would take the others away.
    fn shaped(&mut self, shape: Shape, required: bool) -> Result<Verdict, SyntaxError> {
        match (shape, self.scanner.kind()?) {
            (Shape::One(model), Kind::Object) => {
                // It takes the place of one by the same name before it, and of what that led to.
                if self.is_on_way(&SELF_LINK) {
                    self.links.this = None;
                }
                if self.is_on_way(&NEXT_LINK) {
                    self.links.next = None;
                }
                self.object(model).map(|_| Verdict::Keep)
            }
            (Shape::Many(model), Kind::List) => {
                if self.list(model)? || required {
                    return Ok(Verdict::Keep);
                }
                self.record("a list of objects", "a missing list".to_owned());
                Ok(Verdict::Omit)
            }
            (shape, kind) => {
                let start = self.scanner.at();
                let raw = self.any()?;
                Ok(self.plain(shape, kind, start, raw))
            }
        }
    }

    /// A value that is neither a known object nor a known list.
    fn plain(&mut self, shape: Shape, kind: Kind, start: usize, raw: &str) -> Verdict {
        if matches!((shape, kind), (Shape::Address, Kind::Text)) && self.depth == SELF_LINK.len() {
            if self.is_on_way(&SELF_LINK) {
                self.links.this = Some(unescape(raw));
            } else if self.is_on_way(&NEXT_LINK) {
                self.links.next = Some(unescape(raw));
            }
        }
        let fit = fit(shape, kind, raw);
        if fit != Fit::Right {
            self.record(expected(shape), excerpt(kind, raw));
        }
        match fit {
            Fit::Right | Fit::Odd => Verdict::Keep,
            Fit::Normalised(with) => {
                self.edit(start..self.scanner.at(), with);
                Verdict::Keep
            }
            Fit::Useless => Verdict::Omit,
        }
    }

    /// Whether a known value is where the way to a link leads past or to, from the object itself.
    fn is_on_way(&self, way: &[&str; 3]) -> bool {
        // Each list or object is a step.
        let outside = self.path.len() - self.depth;
        let mut steps = self.path.iter().skip(outside).zip(way);
        steps.all(|(step, name)| matches!(step, Place::Property(property) if property == name))
    }

    fn edit(&mut self, span: Range<usize>, with: String) {
        self.edits.push(Edit { span, with });
    }

    fn record(&mut self, expected: &'static str, got: String) {
        if self.drift.len() < DRIFT_LIMIT {
            self.drift.push(Drift { path: self.path(), expected, got });
        }
    }

    fn path(&self) -> String {
        let mut path = String::new();
        for step in &self.path {
            match step {
                Place::Property(name) if path.is_empty() => path += name,
                Place::Property(name) => path += &format!(".{name}"),
                Place::Index(index) => path += &format!("[{index}]"),
            }
        }
        path
    }

    fn refuse(&self, problem: String) -> Undecodable {
        Undecodable { path: self.path(), problem }
    }

    fn finish(self) -> Normalised {
        let mut json = String::with_capacity(self.text.len());
        let mut done = 0;
        for Edit { span, with } in &self.edits {
            json += self.text.get(done..span.start).unwrap_or_default();
            json += with;
            done = span.end;
        }
        json += self.text.get(done..).unwrap_or_default();
        Normalised { json, drift: self.drift, links: self.links }
    }
}

/// The one object of a list, if it is such a list.
fn only_item(text: &str) -> Option<&str> {
    match list(text)?.as_slice() {
        [(Kind::Object, item)] => Some(item),
        _ => None,
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
