//! The one error type of the core.

use std::any::Any;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::http::Response;
use crate::models::ProblemBody;
use crate::rate_limit::RateLimit;

/// What became of the request that failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Nothing was sent.
    #[default]
    NotSent,
    /// The API answered and did not carry the request out.
    Rejected,
    /// The request may or may not have been carried out.
    Unknown,
}

impl Outcome {
    /// The name that JavaScript sees.
    pub const fn as_str(self) -> &'static str {
        match self {
            Outcome::NotSent => "not-sent",
            Outcome::Rejected => "rejected",
            Outcome::Unknown => "unknown",
        }
    }
}

/// What the transport hands over as the reason of a failure; only the transport's own side looks into it.
pub type Cause = Rc<dyn Any>;

/// What went wrong.
#[derive(Clone)]
pub enum Kind {
    /// An argument of the wrong type; `path` says which.
    Type {
        /// The path of the item, such as `userRequest.name`.
        path: String,
    },
    /// An argument of the right type with an unusable value; `path` says which.
    Value {
        /// The path of the item.
        path: String,
    },
    /// The API answered with another status than success.
    Api(Box<Refusal>),
    /// No answer: the connection could not be made or broke.
    Connection,
    /// No answer in time, for an attempt or for the whole call.
    Timeout {
        /// The limit in milliseconds.
        milliseconds: u32,
    },
    /// An answer of success whose body is not what the API documents.
    Decode {
        /// Where in the body, as far as it is known.
        path: String,
        /// The status of the answer.
        status: u16,
    },
    /// The client was closed.
    Closed,
}

/// An answer that is no success.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// The whole answer.
    pub response: Response,
    /// Its body as a problem.
    pub problem: ProblemBody,
    /// The rate limit that it told.
    pub rate_limit: RateLimit,
}

/// The call that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// The name of the method in JavaScript.
    pub operation: &'static str,
    /// How many requests were sent for it.
    pub attempts: u32,
}

/// A failure of a call. It is a single pointer: nearly every function hands one through, and the code for that is what
/// users load.
#[derive(Clone)]
pub struct Error(Box<Details>);

/// What is known of a failure.
#[derive(Clone)]
pub struct Details {
    /// What went wrong.
    pub kind: Kind,
    /// A sentence that says what to do.
    pub message: String,
    /// What became of the request.
    pub outcome: Outcome,
    /// Whether the same call may succeed later and cannot do its work twice.
    pub retryable: bool,
    /// What a person at night should know beside the message.
    pub hint: Option<String>,
    /// The call, once there is one.
    pub call: Option<Call>,
    /// What lies behind it, for the transport's side.
    pub cause: Option<Cause>,
}

/// The most characters of a body that an error keeps.
const BODY_LIMIT: usize = 16_384;

impl Error {
    /// An argument has the wrong type.
    pub fn wrong_type(path: impl Into<String>, message: impl fmt::Display) -> Self {
        let path = path.into();
        Self::new(Kind::Type { path: path.clone() }, format!("{path} {message}"), Outcome::NotSent)
    }

    /// An argument has an unusable value.
    pub fn wrong_value(path: impl Into<String>, message: impl fmt::Display) -> Self {
        let path = path.into();
        Self::new(Kind::Value { path: path.clone() }, format!("{path} {message}"), Outcome::NotSent)
    }

    /// An error of which nothing more is known.
    pub fn new(kind: Kind, message: impl Into<String>, outcome: Outcome) -> Self {
        Self(Box::new(Details { kind, message: message.into(), outcome, retryable: false, hint: None, call: None, cause: None }))
    }

    /// With what lies behind it.
    pub fn because(mut self, cause: Cause) -> Self {
        self.cause = Some(cause);
        self
    }

    /// The JavaScript class of this error.
    pub fn class(&self) -> &'static str {
        match &self.kind {
            Kind::Type { .. } => "ApiTypeError",
            Kind::Value { .. } => "ApiValueError",
            Kind::Api(refusal) => match refusal.response.status {
                400 => "BadRequestException",
                401 => "UnauthorizedException",
                403 => "ForbiddenException",
                404 => "NotFoundException",
                429 => "TooManyRequestsException",
                500.. => "ServiceException",
                _ => "ApiException",
            },
            Kind::Connection => "ConnectionException",
            Kind::Timeout { .. } => "TimeoutException",
            Kind::Decode { .. } => "DecodeException",
            Kind::Closed => "ClientClosedException",
        }
    }

    /// The properties that JavaScript sees on the error, the message among them.
    pub fn fields(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl Deref for Error {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.0
    }
}

impl DerefMut for Error {
    fn deref_mut(&mut self) -> &mut Details {
        &mut self.0
    }
}

impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("message", &self.message)?;
        fields.serialize_entry("outcome", self.outcome.as_str())?;
        fields.serialize_entry("retryable", &self.retryable)?;
        if let Some(hint) = &self.hint {
            fields.serialize_entry("hint", hint)?;
        }
        if let Some(Call { operation, attempts }) = &self.call {
            fields.serialize_entry("operation", operation)?;
            fields.serialize_entry("attempts", attempts)?;
        }
        match &self.kind {
            Kind::Type { path } | Kind::Value { path } => fields.serialize_entry("path", path)?,
            Kind::Decode { path, status } => {
                fields.serialize_entry("path", path)?;
                fields.serialize_entry("statusCode", status)?;
            }
            Kind::Timeout { milliseconds } => fields.serialize_entry("timeout", milliseconds)?,
            Kind::Api(refusal) => {
                let Refusal { response, problem, rate_limit } = refusal.as_ref();
                let body: String = String::from_utf8_lossy(&response.body).chars().take(BODY_LIMIT).collect();
                fields.serialize_entry("status", &response.status)?;
                fields.serialize_entry("reason", &response.reason)?;
                fields.serialize_entry("headers", &response.headers)?;
                fields.serialize_entry("body", &body)?;
                fields.serialize_entry("rateLimit", rate_limit)?;
                fields.serialize_entry("problem", &problem.problem)?;
                fields.serialize_entry("fieldErrors", &problem.field_errors)?;
            }
            Kind::Connection | Kind::Closed => {}
        }
        fields.end()
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}({}, {})", self.class(), self.message, self.outcome.as_str())
    }
}
