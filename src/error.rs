//! The one error type of the core.

use std::any::Any;
use std::fmt;
use std::rc::Rc;

use serde_json::{Map, Value, json};

use crate::http::Response;
use crate::models::ProblemBody;
use crate::rate_limit::RateLimit;

/// What became of the request that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was sent.
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
    /// No answer in time.
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
}

/// A failure of a call.
#[derive(Clone)]
pub struct Error {
    /// What went wrong.
    pub kind: Kind,
    /// A sentence that says what to do.
    pub message: String,
    /// What became of the request.
    pub outcome: Outcome,
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

    /// An error without a cause.
    pub fn new(kind: Kind, message: impl Into<String>, outcome: Outcome) -> Self {
        Self { kind, message: message.into(), outcome, cause: None }
    }

    /// The error for an answer that is no success.
    pub fn refused(operation: &str, response: Response) -> Self {
        let problem = ProblemBody::read(&response.body);
        let said = problem.summary().map(|summary| format!(": {summary}")).unwrap_or_default();
        let message = match response.status {
            0 => format!("{operation} was redirected, and redirects are not followed: set host to where the API is."),
            status => format!("{operation} failed with status {status}{said}"),
        };
        let outcome = match response.status {
            408 | 500.. => Outcome::Unknown,
            // A create that was answered 404 has been seen to succeed all the same.
            404 if operation == "createUser" => Outcome::Unknown,
            _ => Outcome::Rejected,
        };
        Self::new(Kind::Api(Box::new(Refusal { response, problem })), message, outcome)
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

    /// What a person at night should know beside the message.
    fn hint(&self) -> Option<&'static str> {
        let Kind::Api(refusal) = &self.kind else { return None };
        match refusal.response.status {
            0 | 300..=399 => Some("The host may lack its version, such as /v7."),
            401 => Some("Check the access token before trying again: repeated failures lock the account."),
            403 => Some("The token's owner may lack a permission for this operation or for this account group."),
            _ => None,
        }
    }

    /// Whether the same call may succeed later and does no harm if sent again.
    fn retryable(&self) -> bool {
        match &self.kind {
            Kind::Api(refusal) => refusal.response.status == 429,
            Kind::Connection => self.outcome == Outcome::NotSent,
            _ => false,
        }
    }

    /// The properties that JavaScript sees on the error, the message among them.
    pub fn fields(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        let mut put = |name: &str, value: Value| drop(fields.insert(name.to_owned(), value));
        put("message", self.message.clone().into());
        put("outcome", self.outcome.as_str().into());
        put("retryable", self.retryable().into());
        if let Some(hint) = self.hint() {
            put("hint", hint.into());
        }
        match &self.kind {
            Kind::Type { path } | Kind::Value { path } => put("path", path.clone().into()),
            Kind::Decode { path, status } => {
                put("path", path.clone().into());
                put("statusCode", (*status).into());
            }
            Kind::Timeout { milliseconds } => put("timeout", (*milliseconds).into()),
            Kind::Api(refusal) => {
                let Refusal { response, problem } = refusal.as_ref();
                let headers: Map<String, Value> = response.headers.iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
                put("status", response.status.into());
                put("reason", response.reason.clone().into());
                put("headers", headers.into());
                put("body", String::from_utf8_lossy(&response.body).chars().take(BODY_LIMIT).collect::<String>().into());
                put("rateLimit", json!(RateLimit::read(&response.headers)));
                put("problem", json!(problem.problem));
                put("fieldErrors", json!(problem.field_errors));
            }
            Kind::Connection | Kind::Closed => {}
        }
        fields
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}({}, {})", self.class(), self.message, self.outcome.as_str())
    }
}
