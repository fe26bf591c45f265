//! The path of an item in what a caller handed in, such as `userRequest.accountGroupRoles[0].roleIds`.

use std::fmt;

use serde::Serialize;

/// A path, which borrows what leads to it: nothing is copied unless there is a complaint.
#[derive(Debug, Clone, Copy)]
pub enum Path<'a> {
    /// An argument, by its name.
    Argument(&'a str),
    /// The argument that becomes the body of the request: what is in it are fields.
    Body(&'a str),
    /// A property of what the path leads to.
    Property(&'a Path<'a>, &'a str),
    /// An item of the list that the path leads to.
    Index(&'a Path<'a>, usize),
}

/// A step to a field, below the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Step {
    /// Into a property.
    Property(String),
    /// Into an item of a list.
    Index(usize),
}

impl<'a> Path<'a> {
    /// The path of a property.
    pub const fn property(&'a self, name: &'a str) -> Self {
        Path::Property(self, name)
    }

    /// The path of an item.
    pub const fn index(&'a self, index: usize) -> Self {
        Path::Index(self, index)
    }

    /// The steps to a field of the body; none where the item is no such field.
    pub fn field(&self) -> Option<Vec<Step>> {
        let (parent, step) = match self {
            Path::Argument(_) => return None,
            Path::Body(_) => return Some(Vec::new()),
            Path::Property(parent, name) => (parent, Step::Property((*name).to_owned())),
            Path::Index(parent, index) => (parent, Step::Index(*index)),
        };
        let mut steps = parent.field()?;
        steps.push(step);
        Some(steps)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Argument(name) | Path::Body(name) => formatter.write_str(name),
            Path::Property(parent, name) => write!(formatter, "{parent}.{name}"),
            Path::Index(parent, index) => write!(formatter, "{parent}[{index}]"),
        }
    }
}

/// The steps that the API's own name of a field stands for, such as `accountGroupRoles[0].roleIds`.
pub fn steps_to(field: &str) -> Vec<Step> {
    let parts = field.split(['.', '[', ']', '/']).filter(|part| !part.is_empty() && *part != "$");
    parts.map(|part| part.parse().map_or_else(|_| Step::Property(part.to_owned()), Step::Index)).collect()
}
