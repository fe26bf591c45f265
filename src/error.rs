//! The one error type of the core.

use std::any::Any;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::http::{Method, Response};
use crate::json::Fields;
use crate::path::Path;
use crate::problem::{FieldError, ProblemBody};
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
    /// All of them.
    pub const ALL: [Outcome; 3] = [Outcome::NotSent, Outcome::Rejected, Outcome::Unknown];

    /// What JavaScript calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::NotSent => "not-sent",
            Outcome::Rejected => "rejected",
            Outcome::Unknown => "unknown",
        }
    }
}

/// What the transport hands over as the reason of a failure; only the transport's own side looks into it.
pub type Cause = Rc<dyn Any>;

/// The setting that limits how long something may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeSetting {
    /// One attempt, the token included.
    Timeout,
    /// All attempts, and the backoff between them.
    TotalTimeout,
    /// All waiting for a turn: for a permit, for the window of the rate limit, after a 429.
    QueueTimeout,
}

impl TimeSetting {
    /// The name of the setting.
    pub const fn name(self) -> &'static str {
        match self {
            TimeSetting::Timeout => "timeout",
            TimeSetting::TotalTimeout => "totalTimeout",
            TimeSetting::QueueTimeout => "queueTimeout",
        }
    }
}

/// What went wrong.
#[derive(Clone)]
pub enum ErrorKind {
    /// An argument of the wrong type.
    Type(Argument),
    /// An argument of the right type with an unusable value.
    Value(Argument),
    /// The API answered with another status than success.
    Api(Box<ApiFailure>),
    /// No answer: the connection could not be made or broke.
    Connection,
    /// A time limit was reached.
    Timeout {
        /// The limit in milliseconds.
        milliseconds: u32,
        /// The setting that says so.
        setting: TimeSetting,
    },
    /// An answer of success whose body is not what the API documents.
    Decode {
        /// Where in the body, as far as it is known.
        path: String,
        /// The status of the answer.
        status: u16,
    },
    /// A user is not what the change was made for: somebody else changed it meanwhile.
    Conflict(Box<Three>),
    /// An update was answered with other roles than were asked for.
    Unexpected(Box<Three>),
    /// What is asked for would do harm by mistake.
    Guarded(Vec<Guarded>),
    /// The client was closed.
    Closed,
    /// The client itself failed.
    Internal,
}

/// Three views of a user as JSON: of a conflict what the change began from, what is there now, and what it would have made; of
/// an unexpected result what was there before, what was asked for, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Three(pub String, pub String, pub String);

/// Why something is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guarded {
    /// The name of the guard, by which it can be lifted.
    pub guard: &'static str,
    /// What would happen.
    pub message: String,
}

/// What is wrong in the arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// Its path, such as `userRequest.name`.
    pub path: String,
    /// The same as the API tells of fields; none where it is no field of the body.
    pub field: Option<FieldError>,
}

/// An answer that is no success.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiFailure {
    /// The answer, with the beginning of its body.
    pub response: Response<String>,
    /// Its body as a problem.
    pub problem: ProblemBody,
    /// The rate limit that it told.
    pub rate_limit: RateLimit,
    /// The method of the request.
    pub method: Method,
    /// The address of the request below the base URL; of its query only the account group's value is shown.
    pub url: String,
    /// When the request may be sent again, in milliseconds since the epoch by the local clock, if the server named a time.
    pub retry_at: Option<u64>,
}

/// The call that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailedCall {
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
    pub kind: ErrorKind,
    /// A sentence that says what to do.
    pub message: String,
    /// What became of the request.
    pub outcome: Outcome,
    /// Whether the same call may succeed later and cannot do its work twice.
    pub retryable: bool,
    /// What a person at night should know beside the message.
    pub hint: Option<String>,
    /// The call, once there is one.
    pub call: Option<FailedCall>,
    /// What lies behind it, for the transport's side.
    pub cause: Option<Cause>,
}

impl Error {
    /// An argument has the wrong type.
    pub fn wrong_type(path: &Path<'_>, problem: &str) -> Self {
        Self::of_input(ErrorKind::Type, "invalid-type", path, problem)
    }

    /// An argument has an unusable value.
    pub fn wrong_value(path: &Path<'_>, problem: &str) -> Self {
        Self::of_input(ErrorKind::Value, "invalid-value", path, problem)
    }

    fn of_input(kind: fn(Argument) -> ErrorKind, code: &str, path: &Path<'_>, problem: &str) -> Self {
        let field = path.field().map(|path| FieldError { path, code: Some(code.to_owned()), message: problem.to_owned() });
        let path = format!("{path}");
        let message = format!("{path} {problem}");
        Self::new(kind(Argument { path, field }), message, Outcome::NotSent)
    }

    /// An error of which nothing more is known.
    pub fn new(kind: ErrorKind, message: impl Into<String>, outcome: Outcome) -> Self {
        Self(Box::new(Details { kind, message: message.into(), outcome, retryable: false, hint: None, call: None, cause: None }))
    }

    /// With what lies behind it.
    pub fn because(mut self, cause: Cause) -> Self {
        self.cause = Some(cause);
        self
    }

    /// The path of what is wrong in the arguments.
    pub fn path(&self) -> Option<&str> {
        match &self.kind {
            ErrorKind::Type(item) | ErrorKind::Value(item) => Some(&item.path),
            _ => None,
        }
    }

    /// The JavaScript class of this error.
    pub fn class(&self) -> &'static str {
        match &self.kind {
            ErrorKind::Type(_) => "ApiTypeError",
            ErrorKind::Value(_) => "ApiValueError",
            ErrorKind::Api(refusal) => match refusal.response.status {
                400 => "BadRequestException",
                401 => "UnauthorizedException",
                403 => "ForbiddenException",
                404 => "NotFoundException",
                429 => "TooManyRequestsException",
                500.. => "ServiceException",
                _ => "ApiException",
            },
            ErrorKind::Connection => "ConnectionException",
            ErrorKind::Timeout { .. } => "TimeoutException",
            ErrorKind::Decode { .. } => "DecodeException",
            ErrorKind::Conflict(_) => "ConflictException",
            ErrorKind::Unexpected(_) => "UnexpectedResultException",
            ErrorKind::Guarded(_) => "GuardException",
            ErrorKind::Closed => "ClientClosedException",
            ErrorKind::Internal => "InternalError",
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
impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("message", self.message.as_str())?;
        fields.serialize_entry("outcome", self.outcome.name())?;
        fields.serialize_entry("retryable", &self.retryable)?;
        fields.serialize_some("hint", self.hint.as_deref())?;
        if let Some(FailedCall { operation, attempts }) = &self.call {
            fields.serialize_entry("operation", *operation)?;
            fields.serialize_entry("attempts", attempts)?;
        }
        match &self.kind {
            ErrorKind::Type(item) | ErrorKind::Value(item) => {
                fields.serialize_entry("path", item.path.as_str())?;
                fields.serialize_entry("fieldErrors", item.field.as_slice())?;
            }
            ErrorKind::Decode { path, status } => {
                fields.serialize_entry("path", path.as_str())?;
                fields.serialize_entry("statusCode", status)?;
            }
            ErrorKind::Timeout { milliseconds, setting } => {
                fields.serialize_entry("timeout", milliseconds)?;
                fields.serialize_entry("setting", setting.name())?;
            }
            ErrorKind::Api(refusal) => {
                let ApiFailure { response, problem, rate_limit, method, url, retry_at } = refusal.as_ref();
                fields.serialize_entry("status", &response.status)?;
                fields.serialize_entry("reason", response.reason.as_str())?;
                fields.serialize_entry("method", method.as_str())?;
                fields.serialize_entry("url", url.as_str())?;
                fields.serialize_entry("headers", &response.headers)?;
                fields.serialize_entry("body", response.body.as_str())?;
                fields.serialize_entry("rateLimit", rate_limit)?;
                fields.serialize_entry("problem", &problem.problem)?;
                fields.serialize_entry("fieldErrors", problem.field_errors.as_slice())?;
                fields.serialize_some("retryAt", retry_at.as_ref())?;
            }
            // Jobs decide on these, and write them themselves: the client has neither.
            ErrorKind::Conflict(_) | ErrorKind::Unexpected(_) | ErrorKind::Guarded(_) => {}
            ErrorKind::Connection | ErrorKind::Closed | ErrorKind::Internal => {}
        }
        fields.end()
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}({}, {:?})", self.class(), self.message, self.outcome)
    }
}
