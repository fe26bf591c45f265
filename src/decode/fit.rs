//! How a plain value suits its place: what of each shape is right, and what older services write instead.

use crate::date::{is_date, moment};
use crate::json::Kind;
use crate::models::Shape;

/// How a plain value suits its place.
#[derive(Debug, PartialEq)]
pub enum Fit {
    Right,
    /// Not what the model says, but nothing better is known.
    Odd,
    /// With this in its place.
    Normalised(String),
    Useless,
}

/// How a value suits its place; `raw` is its JSON.
pub fn fit(shape: Shape, kind: Kind, raw: &str) -> Fit {
    match (shape, kind) {
        (Shape::Text | Shape::Id | Shape::Address, Kind::Text) | (Shape::Flag, Kind::Flag) => Fit::Right,
        (Shape::Date, Kind::Text) => date(raw.trim_matches('"')),
        (Shape::Id, Kind::Number) if raw.contains(['.', 'e', 'E']) => Fit::Useless,
        (Shape::Text | Shape::Id, Kind::Number) => Fit::Normalised(format!("\"{raw}\"")),
        (Shape::Flag, Kind::Number) if raw == "0" => Fit::Normalised("false".to_owned()),
        (Shape::Flag, Kind::Number) if raw == "1" => Fit::Normalised("true".to_owned()),
        (Shape::Many(_), Kind::Null) => Fit::Normalised("[]".to_owned()),
        _ => Fit::Useless,
    }
}

/// What is right, for people.
pub const fn expected(shape: Shape) -> &'static str {
    match shape {
        Shape::Text | Shape::Address => "a string",
        Shape::Id => "an id, which is a string",
        Shape::Date => "a date, ISO 8601 in UTC",
        Shape::Flag => "true or false",
        Shape::One(_) => "an object",
        Shape::Many(_) => "a list",
    }
}

/// A date. Empty or a dash, it stands for never; without a zone, it is taken for UTC (assumed).
fn date(text: &str) -> Fit {
    if is_date(text.as_bytes()) {
        return Fit::Right;
    }
    match (text, moment(text.as_bytes())) {
        ("" | "-" | "--", _) => Fit::Useless,
        (_, Some((b'T' | b' ', b""))) => {
            let (day, time) = (text.get(..10).unwrap_or_default(), text.get(11..).unwrap_or_default());
            Fit::Normalised(format!("\"{day}T{time}Z\""))
        }
        _ => Fit::Odd,
    }
}
