//! The one error type of the core.

use std::any::Any;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use crate::http::Response;
use crate::json::{Object, ToJson};
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
    /// The answer, with the beginning of its body.
    pub response: Response<String>,
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

impl Error {
    /// An argument has the wrong type.
    pub fn wrong_type(path: &str, message: &str) -> Self {
        Self::new(Kind::Type { path: path.to_owned() }, format!("{path} {message}"), Outcome::NotSent)
    }

    /// An argument has an unusable value.
    pub fn wrong_value(path: &str, message: &str) -> Self {
        Self::new(Kind::Value { path: path.to_owned() }, format!("{path} {message}"), Outcome::NotSent)
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

/// The properties that JavaScript sees on the error, the message among them.
impl ToJson for Error {
    fn write(&self, json: &mut String) {
        let mut fields = Object::begin(json);
        fields.member("message", &self.message);
        fields.member("outcome", &self.outcome.as_str());
        fields.member("retryable", &self.retryable);
        fields.optional("hint", &self.hint);
        if let Some(Call { operation, attempts }) = &self.call {
            fields.member("operation", operation);
            fields.member("attempts", attempts);
        }
        match &self.kind {
            Kind::Type { path } | Kind::Value { path } => fields.member("path", path),
            Kind::Decode { path, status } => {
                fields.member("path", path);
                fields.member("statusCode", status);
            }
            Kind::Timeout { milliseconds } => fields.member("timeout", milliseconds),
            Kind::Api(refusal) => {
                let Refusal { response, problem, rate_limit } = refusal.as_ref();
                fields.member("status", &response.status);
                fields.member("reason", &response.reason);
                fields.member("headers", &response.headers);
                fields.member("body", &response.body);
                fields.member("rateLimit", rate_limit);
                fields.member("problem", &problem.problem);
                fields.member("fieldErrors", &problem.field_errors);
            }
            Kind::Connection | Kind::Closed => {}
        }
        fields.end();
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}({}, {})", self.class(), self.message, self.outcome.as_str())
    }
}
