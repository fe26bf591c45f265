//! What a call may be told that becomes part of its address.

use crate::error::Error;
use crate::input::{self, Properties, Value};
use crate::path::Path;

/// The parameters of the query that operations have in common, under the name of their type in TypeScript.
#[derive(Debug)]
pub struct CallOptions {
    /// The name of the type.
    pub name: &'static str,
    /// The parameters.
    pub parameters: &'static [Parameter],
    /// A parameter, and others that it must not stand beside.
    pub apart: Option<(&'static str, &'static [&'static str])>,
    /// What it is, for people: empty in the WebAssembly.
    pub doc: &'static str,
}

impl CallOptions {
    /// Whether a call can be told its account group.
    pub const fn takes_aid(&self) -> bool {
        // In a constant there is no `any`.
        let mut rest = self.parameters;
        while let [parameter, others @ ..] = rest {
            if matches!(parameter.reading, Reading::AccountGroup) {
                return true;
            }
            rest = others;
        }
        false
    }
}

/// A parameter of the query.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Its name, in the query as in JavaScript.
    pub name: &'static str,
    /// What its value is.
    pub reading: Reading,
    /// What it is, for people: empty in the WebAssembly.
    pub doc: &'static str,
}

/// What the value of a parameter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// The account group of the call, in place of the client's.
    AccountGroup,
    /// A list of some of these words.
    Words(&'static [&'static str]),
    /// A boolean.
    Flag,
    /// A number with a unit of time.
    Window,
    /// A date and time in UTC.
    Date,
    /// A text that the API gave.
    Cursor,
}

macro_rules! parameter {
    ($(#[doc = $doc:literal])* $name:ident: $reading:expr) => {
        Parameter { name: stringify!($name), reading: $reading, doc: $crate::models::docs!($($doc)*) }
    };
}

macro_rules! call_options {
    ($(
        $(#[doc = $doc:literal])*
        $options:ident $name:ident [$($parameter:expr),*] $(apart $one:literal from $others:expr)?;
    )+) => { $(
        $(#[doc = $doc])*
        pub static $options: CallOptions = CallOptions {
            name: stringify!($name),
            parameters: &[$($parameter),*],
            apart: call_options!(@apart $($one, $others)?),
            doc: $crate::models::docs!($($doc)*),
        };
    )+ };
    (@apart) => { None };
    (@apart $one:literal, $others:expr) => { Some(($one, &$others)) };
}

const AID: Parameter = parameter! {
    /// Account group of the call; `null` for none in spite of the client's.
    aid: Reading::AccountGroup
};

call_options! {
    /// What every call may be told.
    REQUEST_OPTIONS RequestOptions [];

    /// What a call may be told that knows account groups.
    ACCOUNT_GROUP_OPTIONS AccountGroupOptions [AID];

    /// What a call may be told that gives one account group.
    EXPAND_OPTIONS ExpandOptions [
        parameter! {
            /// What the answer shall hold beside the account group itself: its users, its Enterprise Agents. Default: neither.
            expand: Reading::Words(&["user", "agent"])
        }
    ];

    /// What a call may be told that reads the activity log.
    USER_EVENTS_OPTIONS UserEventsOptions [
        AID,
        parameter! {
            /// Whether the events of all account groups are wanted that the token's owner can see. Default false. Needs View
            /// activity log for all users in account group.
            useAllPermittedAids: Reading::Flag
        },
        parameter! {
            /// How far to look back from now: a number and a unit (`s`, `m`, `h`, `d` or `w`; seconds if there is none), such as
            /// `"7d"`. Not beside `startDate` and `endDate`.
            window: Reading::Window
        },
        parameter! {
            /// The first moment that is wanted: a Date, or ISO 8601 in UTC such as `"2026-01-31T12:00:00Z"`.
            startDate: Reading::Date
        },
        parameter! {
            /// The last moment that is wanted, likewise. Default: now.
            endDate: Reading::Date
        },
        parameter! {
            /// Where to go on, as the API said in `_links.next` of the page before. `userEvents` does that by itself.
            cursor: Reading::Cursor
        }
    ] apart "window" from ["startDate", "endDate"];
}

/// Reads the parameters of a call. `aid` is the client's account group.
pub fn parameters(
    options: &CallOptions,
    path: &Path<'_>,
    object: &Properties,
    aid: Option<&String>,
) -> Result<Vec<(&'static str, String)>, Error> {
    if let Some((one, others)) = options.apart
        && let (Some(_), Some(other)) = (given(object, one), others.iter().find(|other| given(object, other).is_some()))
    {
        return Err(Error::wrong_value(&path.property(one), &format!("must not stand beside {other}: give the one or the other.")));
    }
    let mut read = Vec::new();
    for parameter in options.parameters {
        let value = object.get(parameter.name);
        let text = match (parameter.reading, value) {
            (Reading::AccountGroup, None) => aid.cloned(),
            (_, None | Some(Value::Null)) => None,
            (reading, Some(value)) => Some(reading.read(&path.property(parameter.name), value)?),
        };
        read.extend(text.map(|text| (parameter.name, text)));
    }
    Ok(read)
}

fn given<'a>(object: &'a Properties, name: &str) -> Option<&'a Value> {
    object.get(name).filter(|value| **value != Value::Null)
}

impl Reading {
    /// The text that stands in the address.
    fn read(self, path: &Path<'_>, value: &Value) -> Result<String, Error> {
        match self {
            Reading::AccountGroup => input::id(path, value),
            Reading::Words(words) => input::words(path, value, words),
            Reading::Flag => Ok(input::flag(path, value)?.to_string()),
            Reading::Window => window(path, value),
            Reading::Date => input::date(path, value),
            Reading::Cursor => input::text(path, value),
        }
    }
}

fn window(path: &Path<'_>, value: &Value) -> Result<String, Error> {
    let text = input::text(path, value)?;
    let digits = text.trim_end_matches(['s', 'm', 'h', 'd', 'w']);
    if digits.is_empty() || text.len() > digits.len() + 1 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::wrong_value(path, "must be a number and a unit (s, m, h, d or w), such as \"7d\"."));
    }
    Ok(text)
}
