//! What a failure of `fetch` says of the request: whether it ever left, what is wrong, and what helps. Some runtimes tell
//! by a code and a system call, some in words alone, browsers not at all: `tests/faults/failures.json` has what each of
//! them says.

use crate::error::Outcome;
use crate::text::{behind, has};

/// What one error says of itself: the one that `fetch` rejected with, or one behind it, as its `cause` or among its
/// `errors`. What it does not say is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CauseFacts {
    /// Its `name`.
    pub name: String,
    /// Its `code`, if that is a string.
    pub code: String,
    /// Its `syscall`.
    pub syscall: String,
    /// Its `message`.
    pub message: String,
    /// Whether no other error lies behind it.
    pub is_innermost: bool,
}

/// What the failure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matter {
    /// A certificate.
    Certificate,
    /// One side speaks something else than the other: TLS or not, versions of TLS, HTTP.
    Protocol,
    /// The connection could not be made.
    Connection,
}

/// What is known of a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classification {
    /// `NotSent` only where that is certain.
    pub outcome: Outcome,
    /// What it is about, as far as the runtime tells.
    pub kind: Option<Matter>,
    /// Whether it would be the same again, so that sending again is in vain.
    pub is_final: bool,
    /// What is wrong and what helps, to follow "got no answer from …: ".
    pub advice: Option<String>,
}

/// Judges a failure by all the errors that there are.
///
/// The innermost ones decide, since others only hand on what they say: the request never left if each of them says so.
/// There are several where several addresses were tried.
pub fn classify(causes: &[CauseFacts]) -> Classification {
    let innermost = causes.iter().filter(|facts| facts.is_innermost).map(|facts| (facts, finding(facts)));
    let mut outcome = Outcome::NotSent;
    let mut found: Option<(&CauseFacts, &Finding)> = None;
    for (facts, finding) in innermost {
        match finding {
            Some(finding) if finding.never_left => found = found.or(Some((facts, finding))),
            _ => {
                outcome = Outcome::Unknown;
                found = finding.map(|finding| (facts, finding));
                break;
            }
        }
    }
    match found {
        Some((facts, finding)) => {
            Classification { outcome, kind: Some(finding.kind), is_final: finding.is_final, advice: Some(finding.advice(&facts.code)) }
        }
        None => Classification { outcome: Outcome::Unknown, kind: None, is_final: false, advice: None },
    }
}

/// What an error can stand for.
#[derive(Debug)]
struct Finding {
    kind: Matter,
    /// Whether the request cannot have left then.
    never_left: bool,
    is_final: bool,
    what: &'static str,
    help: &'static str,
}

impl Finding {
    /// Found before anything was sent, and found again if it is sent again.
    const fn lasting(kind: Matter, what: &'static str, help: &'static str) -> Self {
        Self { kind, never_left: true, is_final: true, what, help }
    }

    /// No connection was made; the next one may be.
    const fn passing(what: &'static str, help: &'static str) -> Self {
        Self { kind: Matter::Connection, never_left: true, is_final: false, what, help }
    }

    /// The same, but found where the request may have left, too.
    const fn perhaps_sent(self) -> Self {
        Self { never_left: false, ..self }
    }

    fn advice(&self, code: &str) -> String {
        let Self { what, help, .. } = self;
        if code.is_empty() { format!("{what}. {help}") } else { format!("{what} ({code}). {help}") }
    }
}

const ASK: &str = "Ask whoever runs that server.";
const LOOK_ON_THE_WAY: &str = "Check the network and its firewalls, and whether a proxy is needed.";

static UNTRUSTED: Finding = Finding::lasting(
    Matter::Certificate,
    "its certificate is not trusted",
    "If you trust who signed it, name the file of the signer's certificate in NODE_EXTRA_CA_CERTS (Deno: DENO_CERT) before the program starts.",
);
static EXPIRED: Finding = Finding::lasting(
    Matter::Certificate,
    "its certificate has expired",
    "It has to be renewed on that server; if it was, check the clock of this machine.",
);
static NOT_YET_VALID: Finding =
    Finding::lasting(Matter::Certificate, "its certificate is not valid yet", "Check the clock of this machine.");
static OTHER_NAME: Finding = Finding::lasting(
    Matter::Certificate,
    "its certificate is for another name",
    "Check the name in `host`: it has to be one of those in the certificate.",
);
static REVOKED: Finding = Finding::lasting(Matter::Certificate, "its certificate was revoked", ASK);
static UNUSABLE: Finding = Finding::lasting(Matter::Certificate, "its certificate cannot be used", ASK);
/// In TLS 1.3 the server says so when the request may be on its way already.
static CLIENT_CERTIFICATE: Finding = Finding::lasting(
    Matter::Certificate,
    "it asks for a certificate of this client, or refuses the one that it got",
    "Configure a `fetch` that sends the right one.",
)
.perhaps_sent();
static NO_TLS: Finding = Finding::lasting(
    Matter::Protocol,
    "it does not speak TLS on this port",
    "If it is a plain server, begin `host` with http:// instead of https://; else check the port.",
);
/// Bun says so of connections that break later, too.
static NO_HANDSHAKE: Finding = Finding::lasting(
    Matter::Protocol,
    "the TLS handshake failed",
    "If it is a plain server, begin `host` with http:// instead of https://; else ask whoever runs that server.",
)
.perhaps_sent();
static HANDSHAKE_REFUSED: Finding = Finding::lasting(
    Matter::Protocol,
    "the TLS handshake was refused",
    "It may demand another version of TLS or a certificate of this client: ask whoever runs that server.",
);
static NO_HTTP: Finding = Finding::lasting(
    Matter::Protocol,
    "what came back is not HTTP",
    "If that port speaks TLS, begin `host` with https:// instead of http://; else check the port.",
)
.perhaps_sent();
static NO_RESPONSE: Finding = Finding::lasting(
    Matter::Protocol,
    "fetch gave something that cannot be read",
    "If it is a `fetch` of your own, it has to give a Response.",
)
.perhaps_sent();
static NO_FETCH: Finding = Finding::lasting(Matter::Connection, "this runtime has no fetch", "Give one as `fetch` in the configuration.");
static REFUSED: Finding = Finding::passing("the connection was refused", "Check that the server runs, and the port in `host`.");
static NO_ADDRESS: Finding = Finding::passing("its name could not be looked up", "Check the name in `host`, and the network.");
static TOO_SLOW: Finding = Finding::passing("no connection was made in time", LOOK_ON_THE_WAY);
static NO_CONNECTION: Finding = Finding::passing("no connection could be made", LOOK_ON_THE_WAY);
static CUT: Finding = Finding::passing("the connection was cut before TLS was set up", LOOK_ON_THE_WAY);
static NO_TUNNEL: Finding = Finding::passing(
    "the proxy did not let the request through",
    "Check HTTPS_PROXY, with user name and password where the proxy wants them, and NO_PROXY.",
);
static BLOCKED_PORT: Finding =
    Finding::lasting(Matter::Connection, "fetch blocks this port, as the rules for it demand", "Let the server listen on another port.");
static NO_PERMISSION: Finding = Finding::lasting(Matter::Connection, "this program may not reach it", "Start Deno with --allow-net.");

type Findings = [(&'static str, &'static Finding)];

/// Codes that say enough by themselves.
static BY_CODE: &Findings = &[
    ("ECONNREFUSED", &REFUSED),
    // Older versions of Bun, whatever kept it from connecting.
    ("ConnectionRefused", &NO_CONNECTION),
    ("ENOTFOUND", &NO_ADDRESS),
    ("EAI_AGAIN", &NO_ADDRESS),
    ("EHOSTUNREACH", &NO_CONNECTION),
    ("ENETUNREACH", &NO_CONNECTION),
    ("UND_ERR_CONNECT_TIMEOUT", &TOO_SLOW),
    ("ERR_SOCKET_CONNECTION_TIMEOUT", &TOO_SLOW),
    ("ERR_PROXY_TUNNEL", &NO_TUNNEL),
    ("DEPTH_ZERO_SELF_SIGNED_CERT", &UNTRUSTED),
    ("SELF_SIGNED_CERT_IN_CHAIN", &UNTRUSTED),
    ("UNABLE_TO_VERIFY_LEAF_SIGNATURE", &UNTRUSTED),
    ("UNABLE_TO_GET_ISSUER_CERT", &UNTRUSTED),
    ("UNABLE_TO_GET_ISSUER_CERT_LOCALLY", &UNTRUSTED),
    ("CERT_UNTRUSTED", &UNTRUSTED),
    ("CERT_HAS_EXPIRED", &EXPIRED),
    ("CERT_NOT_YET_VALID", &NOT_YET_VALID),
    ("ERR_TLS_CERT_ALTNAME_INVALID", &OTHER_NAME),
    ("HOSTNAME_MISMATCH", &OTHER_NAME),
    ("CERT_REVOKED", &REVOKED),
    ("INVALID_CA", &UNUSABLE),
    ("INVALID_PURPOSE", &UNUSABLE),
    ("PATH_LENGTH_EXCEEDED", &UNUSABLE),
    ("UNABLE_TO_GET_CRL", &UNUSABLE),
    ("Malformed_HTTP_Response", &NO_HTTP),
];

/// Other codes of OpenSSL, by how they begin.
static BY_BEGINNING: &Findings =
    &[("CERT_", &UNUSABLE), ("CRL_", &UNUSABLE), ("UNABLE_TO_DEC", &UNUSABLE), ("ERROR_IN_C", &UNUSABLE), ("ERR_TLS_CERT_", &UNUSABLE)];

/// What OpenSSL says of TLS itself, by a part of the code: only what ends a handshake. Of a connection that breaks later
/// Node says no such thing, but that the other side closed it.
static BY_PART: &Findings = &[
    ("WRONG_VERSION_NUMBER", &NO_TLS),
    ("HANDSHAKE_FAILURE", &HANDSHAKE_REFUSED),
    ("PROTOCOL_VERSION", &HANDSHAKE_REFUSED),
    ("UNSUPPORTED_PROTOCOL", &HANDSHAKE_REFUSED),
    ("UNRECOGNIZED_NAME", &HANDSHAKE_REFUSED),
    ("INSUFFICIENT_SECURITY", &HANDSHAKE_REFUSED),
    ("LEGACY_RENEGOTIATION_DISABLED", &HANDSHAKE_REFUSED),
    ("KEY_TOO_SMALL", &HANDSHAKE_REFUSED),
    ("ALERT_CERTIFICATE", &CLIENT_CERTIFICATE),
    ("ALERT_BAD_CERTIFICATE", &CLIENT_CERTIFICATE),
    ("ALERT_UNKNOWN_CA", &CLIENT_CERTIFICATE),
];

/// What Deno says after "client error (Connect)", which stands for a connection that was never made.
static BY_WORDS: &Findings = &[
    ("UnknownIssuer", &UNTRUSTED),
    ("certificate expired", &EXPIRED),
    ("not valid yet", &NOT_YET_VALID),
    ("not valid for name", &OTHER_NAME),
    ("Revoked", &REVOKED),
    ("invalid peer certificate", &UNUSABLE),
    ("received corrupt message", &NO_TLS),
    ("received fatal alert", &HANDSHAKE_REFUSED),
    ("peer is incompatible", &HANDSHAKE_REFUSED),
    ("tls handshake eof", &CUT),
    ("Connection reset", &CUT),
    ("Connection refused", &REFUSED),
    ("dns error", &NO_ADDRESS),
    ("timed out", &TOO_SLOW),
    ("tunnel", &NO_TUNNEL),
    ("proxy", &NO_TUNNEL),
];

fn look_up(table: &Findings, matches: impl Fn(&str) -> bool) -> Option<&'static Finding> {
    table.iter().find(|(key, _)| matches(key)).map(|(_, finding)| *finding)
}

/// What an error says of itself.
fn finding(facts: &CauseFacts) -> Option<&'static Finding> {
    let CauseFacts { code, syscall, message, .. } = facts;
    match syscall.as_str() {
        "" if !code.is_empty() && has(message, &format!("connect {code}")) => Some(connecting(code)),
        "" => by_code(code).or_else(|| in_words(facts)),
        "connect" | "getaddrinfo" => Some(connecting(code)),
        // Of a connection that was there: `read`, `write`.
        _ => None,
    }
}

/// No connection was made, whatever the code.
fn connecting(code: &str) -> &'static Finding {
    if code == "ETIMEDOUT" { &TOO_SLOW } else { by_code(code).unwrap_or(&NO_CONNECTION) }
}

fn by_code(code: &str) -> Option<&'static Finding> {
    match code.strip_prefix("ERR_SSL_") {
        Some(reason) => look_up(BY_PART, |part| has(reason, part)),
        None => look_up(BY_CODE, |key| code == key).or_else(|| look_up(BY_BEGINNING, |beginning| code.starts_with(beginning))),
    }
}

/// What is told in words alone, each by the runtime that is named.
fn in_words(CauseFacts { name, message, .. }: &CauseFacts) -> Option<&'static Finding> {
    // Deno. An address in the message has no spaces, so it cannot be taken for these words.
    if let Some(words) = behind(message, "client error (Connect)") {
        return Some(look_up(BY_WORDS, |part| has(words, part)).unwrap_or(&NO_CONNECTION));
    }
    if let Some(words) = behind(message, "client error (SendRequest)") {
        return has(words, "invalid HTTP version").then_some(&NO_HTTP);
    }
    if let Some(alert) = message.strip_prefix("received fatal alert: ") {
        return (has(alert, "Certificate") || alert == "UnknownCA").then_some(&CLIENT_CERTIFICATE);
    }
    if message.starts_with("Fetch failed: Requests to port ") {
        return Some(&BLOCKED_PORT);
    }
    match name.as_str() {
        // What `pkg-template/platform.js` throws.
        "NoResponse" => return Some(&NO_RESPONSE),
        "NoFetch" => return Some(&NO_FETCH),
        "NotCapable" => return Some(&NO_PERMISSION),
        // Node.
        "HTTPParserError" => return has(message, "Expected HTTP/").then_some(&NO_HTTP),
        _ => {}
    }
    if message == "bad port" {
        return Some(&BLOCKED_PORT);
    }
    if message.ends_with("before secure TLS connection was established") {
        return Some(&CUT);
    }
    if message.ends_with("when HTTP Tunneling") {
        return Some(&NO_TUNNEL);
    }
    // Bun.
    has(message, "TLS handshake failed").then_some(&NO_HANDSHAKE)
}
