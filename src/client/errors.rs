//! What the errors of a call say: a sentence for the person who reads it at night, and what became of the request.

use super::execute::Call;
use crate::decode::{self, RawBody};
use crate::error::{ApiFailure, Error, ErrorKind, FailedCall, Outcome, TimeSetting};
use crate::http::{Method, Response};
use crate::json;
use crate::problem::ProblemBody;
use crate::rate_limit::RateLimit;
use crate::retry::{self, Ending};
use crate::text::join;
use crate::transport::Transport;

/// The bytes of a body that are looked at: of a longer one only the beginning, which is no JSON any more.
const READ_LIMIT: usize = 256 * 1024;

/// The most characters of a body that an error keeps.
const BODY_LIMIT: usize = 16_384;

impl<T: Transport> Call<'_, T> {
    /// The API answered with another status than success.
    pub(super) fn refused(&self, response: Response<T::Body>, rate_limit: RateLimit, retry_at: Option<u64>) -> Error {
        let (operation, status, method) = (self.operation.name, response.status, self.operation.request.method);
        let redacted = |text: &str| self.sent.iter().fold(text.to_owned(), |text, token| token.redact(&text));
        let mut beginning = vec![0; response.body.len().min(READ_LIMIT)];
        response.body.copy(0, &mut beginning);
        let body = String::from_utf8_lossy(&beginning);
        // Read as it came, and only its texts redacted: a token may look like a part of the JSON.
        let problem = ProblemBody::read(&body, &redacted);
        let said = problem.summary().map_or_else(|| ".".to_owned(), |summary| format!(": {summary}"));
        let message = match status {
            0 => format!("{operation} was redirected, and redirects are not followed: set host to where the API is."),
            300..=399 => {
                format!("{operation} was redirected with status {status}, and redirects are not followed: set host to where the API is.")
            }
            status => format!("{operation} failed with status {status}{said}"),
        };
        let outcome = match (status, method) {
            (408 | 500.., _) => Outcome::Unknown,
            // A create that was answered 404 has been seen to succeed all the same. A form that was carried out is often
            // answered by a redirect to its result, and browsers hide which redirect it was.
            (0 | 302 | 303 | 404, Method::Post) | (0 | 302 | 303, Method::Put | Method::Delete | Method::Patch) => Outcome::Unknown,
            _ => Outcome::Rejected,
        };
        let hint = match (status, self.operation.permissions) {
            (0 | 300..=399, _) => Some("The host may lack its version, such as /v7, or have one that the API does not know.".to_owned()),
            (401, _) if self.sent.is_empty() => {
                Some("This client sent no access token: set accessToken, or check the one that the proxy at host adds, because repeated failures lock the account.".to_owned())
            }
            (401, _) => Some("Check the access token before you call again: repeated failures lock the account.".to_owned()),
            (403, Some(permissions)) => Some(format!(
                "As documented, this needs {permissions}. The token's owner may lack that, or may not be in this account group."
            )),
            (403, None) => Some("The token's owner may lack a permission for this, or may not be in this account group.".to_owned()),
            (404, _) if !ends_with_version(&self.client.configuration.host) => {
                Some("If every call ends like this, the host lacks its version, such as /v7.".to_owned())
            }
            _ => None,
        };
        let response = Response {
            status,
            reason: redacted(&response.reason),
            headers: response.headers.iter().map(|(name, value)| (name, redacted(value))).collect(),
            body: redacted(json::beginning(&body, BODY_LIMIT)),
        };
        let url = url_to_show(&self.operation.request.url);
        let kind = ErrorKind::Api(Box::new(ApiFailure { response, problem, rate_limit, method, url, retry_at }));
        self.error(kind, message, outcome, Ending::Answer { status, asked: None }, hint)
    }

    /// There was no answer.
    pub(super) fn unreachable(&self, outcome: Outcome, is_final: bool, advice: Option<String>) -> Error {
        let (operation, host) = (self.operation.name, &self.client.configuration.host);
        let advice = advice.unwrap_or_else(|| "check the network, and that the host is right.".to_owned());
        let message = format!("{operation} got no answer from {host}: {advice}");
        let mut error = self.error(ErrorKind::Connection, message, outcome, Ending::NoAnswer(outcome), None);
        error.retryable &= !is_final;
        error
    }

    /// A time limit is reached.
    pub(super) fn late(&self, setting: TimeSetting, what: &str) -> Error {
        let milliseconds = match setting {
            TimeSetting::Timeout => self.settings.timeout,
            TimeSetting::TotalTimeout => self.settings.total_timeout,
            TimeSetting::QueueTimeout => self.settings.queue_timeout,
        };
        let (outcome, name) = (self.progress.outcome(), setting.name());
        let message = format!("{} {what} {milliseconds} ms: raise {name}, or try later.", self.operation.name);
        self.error(ErrorKind::Timeout { milliseconds, setting }, message, outcome, Ending::NoAnswer(outcome), None)
    }

    fn error(&self, kind: ErrorKind, message: String, outcome: Outcome, ending: Ending, hint: Option<String>) -> Error {
        let mut error = Error::new(kind, message, outcome);
        error.retryable = retry::may_repeat(self.operation.request.method, ending);
        error.hint = hint;
        error
    }

    /// A success whose body cannot be used at all.
    pub(super) fn unusable(&self, status: u16, decode::Undecodable { path, problem }: decode::Undecodable) -> Error {
        let place = if path.is_empty() { String::new() } else { format!(" (at {path})") };
        let mut error = self.undecodable(path, status, &format!("the body {problem}{place}"));
        error.hint = Some("Check that the API is at host: a page may answer where no proxy is mounted at that path.".to_owned());
        error
    }

    /// A success that is not what the API documents.
    pub(super) fn undecodable(&self, path: String, status: u16, problem: &str) -> Error {
        let message = format!("{} was answered with status {status}, but {problem}.", self.operation.name);
        Error::new(ErrorKind::Decode { path, status }, message, Outcome::Unknown)
    }

    /// The client was closed.
    pub(super) fn closed(&self) -> Error {
        let message = format!("{} ended because its client is closed: make a new client.", self.operation.name);
        self.complete(Error::new(ErrorKind::Closed, message, self.progress.outcome()))
    }

    /// Adds what the whole call knows to the error of its last attempt.
    pub(super) fn complete(&self, mut error: Error) -> Error {
        error.call = Some(FailedCall { operation: self.operation.name, attempts: self.progress.attempts.get() });
        if !self.operation.request.method.is_safe() {
            error.outcome = error.outcome.max(self.progress.outcome());
            if error.outcome == Outcome::Unknown {
                let look = "It may have been carried out all the same: look before you send it again.";
                error.hint = Some(error.hint.take().map_or_else(|| look.to_owned(), |hint| format!("{hint} {look}")));
            }
        }
        error
    }
}

/// Whether a base URL ends like that of the API, in `/v7`.
fn ends_with_version(host: &str) -> bool {
    let digits = host.bytes().rev().take_while(u8::is_ascii_digit).count();
    let before = host.get(..host.len() - digits).unwrap_or_default();
    digits > 0 && (before.ends_with("/v") || before.ends_with("/V"))
}

/// An address without what its query asks for; the account group is no secret.
fn url_to_show(url: &str) -> String {
    let Some((path, query)) = url.split_once('?') else { return url.to_owned() };
    let names = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if name != "aid" => name,
        _ => pair,
    });
    format!("{path}?{}", join(names, "&"))
}
