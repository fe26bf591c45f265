//! The operations of the API, each declared once: what its request is made of, and what the answer holds.
//!
//! A file has the operations of one API class, as a macro that hands them to another one: here to [`declare`], which makes
//! tables of them, and in `wasm/apis.rs` to the one that makes the class of JavaScript.

pub mod account_groups;
mod declare;
mod options;
pub mod permissions;
mod request;
pub mod roles;
pub mod user_events;
pub mod users;

use std::borrow::Cow;

use crate::error::Error;
use crate::http::{Method, Request};
use crate::input::{self, Value};
use crate::models::{Form, Model};
use crate::path::Path;

pub use options::{ACCOUNT_GROUP_OPTIONS, CallOptions, Parameter, Reading, parameters};
pub use request::request;

#[cfg(all(target_arch = "wasm32", not(feature = "jobs")))]
pub(crate) use {
    account_groups::account_groups_api, permissions::permissions_api, roles::roles_api, user_events::user_events_api, users::users_api,
};

/// The API classes.
pub static APIS: [&Api; 5] = [&users::API, &account_groups::API, &roles::API, &permissions::API, &user_events::API];

/// The operations of one API class.
#[derive(Debug)]
pub struct Api {
    /// What the class is called.
    pub name: &'static str,
    /// What a client calls it.
    pub property: &'static str,
    /// Its operations.
    pub endpoints: &'static [&'static Endpoint],
    /// What it is there for, for people: empty in the WebAssembly.
    pub doc: &'static str,
}

/// An operation of the API.
#[derive(Debug)]
pub struct Endpoint {
    /// The name of the method in JavaScript.
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the host. Only its end may be a parameter, and that is called `id`.
    pub path: &'static str,
    /// What a call may be told.
    pub options: &'static CallOptions,
    /// What is sent; none where there is no body.
    pub body: Option<BodyOf>,
    /// What a successful answer holds; none where it has no body.
    pub answer: Option<&'static Model>,
    /// The permissions that the API documents for it.
    pub permissions: Option<&'static str>,
    /// What it does, for people: empty in the WebAssembly.
    pub doc: &'static str,
}

/// The body of an operation's request.
#[derive(Debug)]
pub struct BodyOf {
    /// What it is made of.
    pub form: &'static Form,
    /// The name of the argument in JavaScript.
    pub argument: &'static str,
    /// Reads it from what a caller hands in, and gives its JSON.
    pub read: fn(&Path<'_>, &Value) -> Result<String, Error>,
}

/// An operation with its arguments, whichever it is.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The name of the method in JavaScript.
    pub name: &'static str,
    /// The permissions that the API documents for it.
    pub permissions: Option<&'static str>,
    /// The request below the base URL, without a token.
    pub request: Request,
    /// What a successful answer holds.
    pub content: Content,
    /// The path with names in place of what differs, such as `/users/{id}`, where it is known.
    pub template: Option<Cow<'static, str>>,
    /// Whether the path may be told of: that of a declared operation holds nothing but an id.
    pub tells_path: bool,
}

/// What a successful answer holds.
#[derive(Debug, Clone, Copy)]
pub enum Content {
    /// No body.
    Nothing,
    /// A model, as the value that callers get.
    Model(&'static Model),
    /// Whatever its media type says.
    Any,
}

/// What the last part of a path is called where it is a parameter.
const ID: &str = "{id}";
/// What is taken for an answer, but for those without a body.
const ACCEPT: &str = "application/hal+json, application/json, application/problem+json";
const ACCEPT_WITHOUT_BODY: &str = "application/json, application/problem+json";

impl Endpoint {
    /// The path before the parameter; none where it has none.
    fn before_id(&self) -> Option<&'static str> {
        self.path.strip_suffix(ID)
    }

    /// Whether it changes something.
    pub const fn writes(&self) -> bool {
        !matches!(self.method, Method::Get)
    }

    /// Whether its path has a parameter.
    pub fn takes_id(&self) -> bool {
        self.before_id().is_some()
    }

    /// Reads the parameter of the path. One that makes the path of another operation is refused.
    pub fn read_id(&self, value: &Value) -> Result<String, Error> {
        let path = Path::Argument("id");
        let id = input::id(&path, value)?;
        let is_this = |other: &&&Endpoint| other.path.strip_prefix(self.before_id().unwrap_or(self.path)) == Some(&id);
        match APIS.iter().flat_map(|api| api.endpoints).find(is_this) {
            Some(other) => Err(Error::wrong_value(&path, &format!("must not be \"{id}\": call {} for that.", other.name))),
            None => Ok(id),
        }
    }

    /// The operation, with an id where it takes one, the parameters of the query, and a body where it has one.
    pub fn operation(&self, id: Option<&str>, query: &[(&'static str, String)], body: Option<String>) -> Operation {
        let mut request = Request::new(self.method, self.before_id().unwrap_or(self.path));
        if let Some(id) = id {
            request = request.segment(id);
        }
        for (name, value) in query {
            request = request.query(name, value);
        }
        request = request.header("Accept", if self.answer.is_some() { ACCEPT } else { ACCEPT_WITHOUT_BODY });
        if body.is_some() {
            request = request.header("Content-Type", "application/json");
        }
        request.body = body;
        Operation {
            name: self.name,
            permissions: self.permissions,
            request,
            content: self.answer.map_or(Content::Nothing, Content::Model),
            template: Some(Cow::Borrowed(self.path)),
            tells_path: true,
        }
    }
}
