//! What the failures of `fetch` mean, over `tests/faults/failures.json`: what each runtime rejected with when the matter was
//! brought about on one machine, and what cannot be brought about there, made by hand.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;

use serde_json::{Value, json};
use thousandeyes_admin::error::Outcome;
use thousandeyes_admin::failure::{CauseFacts, Classification, Matter, classify};

fn recorded() -> Vec<Value> {
    serde_json::from_str(include_str!("faults/failures.json")).unwrap()
}

/// An error and all behind it.
fn facts(error: &Value) -> Vec<CauseFacts> {
    let text = |key: &str| error[key].as_str().unwrap_or_default().to_owned();
    let behind: Vec<_> = error.get("cause").into_iter().chain(error["errors"].as_array().into_iter().flatten()).collect();
    let own = CauseFacts {
        name: text("name"),
        code: text("code"),
        syscall: text("syscall"),
        message: text("message"),
        is_innermost: behind.is_empty(),
    };
    std::iter::once(own).chain(behind.into_iter().flat_map(facts)).collect()
}

fn told(classification: &Classification) -> Value {
    let kind = match classification.kind {
        Some(Matter::Certificate) => "certificate",
        Some(Matter::Protocol) => "protocol",
        Some(Matter::Connection) => "connection",
        None => "none",
    };
    json!({ "outcome": classification.outcome.name(), "kind": kind, "retry": !classification.is_final })
}

fn advice(code: &str) -> String {
    let error = json!({ "name": "TypeError", "message": "fetch failed", "cause": { "name": "Error", "message": "", "code": code } });
    classify(&facts(&error)).advice.unwrap()
}

#[test]
fn every_recorded_failure_means_what_it_is_known_to_mean() {
    let wrong: Vec<_> = recorded()
        .iter()
        .filter(|entry| told(&classify(&facts(&entry["error"]))) != entry["expected"])
        .map(|entry| format!("{entry}\n  was taken for {}", told(&classify(&facts(&entry["error"])))))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_record_is_of_every_runtime_and_of_every_meaning() {
    let entries = recorded();
    let seen = |key: &str| -> BTreeSet<String> { entries.iter().map(|entry| entry[key].to_string()).collect() };
    for runtime in ["Node 20", "Node 22", "Node 24", "Deno 2.9", "Bun 1.4", "workerd", "Chromium", "by hand"] {
        assert!(seen("runtime").contains(&json!(runtime).to_string()), "{runtime}");
    }
    let meanings = [
        ("not-sent", "certificate", false),
        ("not-sent", "protocol", false),
        ("not-sent", "connection", true),
        ("not-sent", "connection", false),
        ("unknown", "certificate", false),
        ("unknown", "protocol", false),
        ("unknown", "none", true),
    ];
    let meanings = meanings.map(|(outcome, kind, retry)| json!({ "outcome": outcome, "kind": kind, "retry": retry }).to_string());
    assert_eq!(seen("expected"), BTreeSet::from(meanings));
}

#[test]
fn where_one_of_several_may_have_left_nothing_is_certain() {
    for entry in recorded() {
        let lost = json!({ "name": "Error", "message": "read ECONNRESET", "code": "ECONNRESET", "syscall": "read" });
        for errors in [json!([entry["error"], lost]), json!([lost, entry["error"]])] {
            let classification = classify(&facts(&json!({ "name": "AggregateError", "message": "", "errors": errors })));
            assert_eq!(classification.outcome, Outcome::Unknown, "{entry}");
        }
    }
    assert_eq!(told(&classify(&[])), json!({ "outcome": "unknown", "kind": "none", "retry": true }));
}

#[test]
fn the_advice_names_the_matter_the_code_and_what_helps() {
    for (code, parts) in [
        ("DEPTH_ZERO_SELF_SIGNED_CERT", ["certificate is not trusted", "NODE_EXTRA_CA_CERTS"]),
        ("SELF_SIGNED_CERT_IN_CHAIN", ["certificate is not trusted", "NODE_EXTRA_CA_CERTS"]),
        ("CERT_HAS_EXPIRED", ["certificate has expired", "renewed"]),
        ("CERT_NOT_YET_VALID", ["certificate is not valid yet", "clock of this machine"]),
        ("ERR_TLS_CERT_ALTNAME_INVALID", ["certificate is for another name", "name in `host`"]),
        ("CERT_REVOKED", ["certificate was revoked", "whoever runs that server"]),
        ("INVALID_PURPOSE", ["certificate cannot be used", "whoever runs that server"]),
        ("ERR_SSL_WRONG_VERSION_NUMBER", ["does not speak TLS", "http:// instead of https://"]),
        ("ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE", ["handshake was refused", "certificate of this client"]),
        ("Malformed_HTTP_Response", ["not HTTP", "https:// instead of http://"]),
        ("ECONNREFUSED", ["connection was refused", "the port in `host`"]),
        ("ENOTFOUND", ["could not be looked up", "name in `host`"]),
        ("UND_ERR_CONNECT_TIMEOUT", ["no connection was made in time", "firewalls"]),
        ("ERR_PROXY_TUNNEL", ["proxy", "HTTPS_PROXY"]),
    ] {
        let advice = advice(code);
        for part in parts.iter().chain([&code]) {
            assert!(advice.contains(part), "{advice} lacks {part}");
        }
    }
}

#[test]
fn a_fetch_that_gives_no_response_is_told_what_to_give() {
    let classification = classify(&facts(&json!({ "name": "NoResponse", "message": "undefined" })));
    assert_eq!(told(&classification), json!({ "outcome": "unknown", "kind": "protocol", "retry": false }));
    assert!(classification.advice.unwrap().contains("it has to give a Response"));
}

#[test]
fn what_deno_says_in_words_is_told_apart() {
    for (words, part) in [
        ("invalid peer certificate: UnknownIssuer", "certificate is not trusted"),
        ("invalid peer certificate: certificate expired: verification time 2 (UNIX)", "certificate has expired"),
        ("invalid peer certificate: certificate not valid yet: verification time 2 (UNIX)", "certificate is not valid yet"),
        ("invalid peer certificate: certificate not valid for name \"localhost\"", "certificate is for another name"),
        ("invalid peer certificate: Revoked", "certificate was revoked"),
        ("invalid peer certificate: BadSignature", "certificate cannot be used"),
        ("received corrupt message of type InvalidContentType", "does not speak TLS"),
        ("received fatal alert: ProtocolVersion", "handshake was refused"),
        ("peer is incompatible: ServerTlsVersionIsDisabledByOurConfig", "handshake was refused"),
        ("tls handshake eof", "cut before TLS was set up"),
        ("Connection reset by peer (os error 104)", "cut before TLS was set up"),
        ("tcp connect error: Connection refused (os error 111)", "connection was refused"),
        ("tcp connect error: Connection timed out (os error 110)", "no connection was made in time"),
        ("tcp connect error: Network is unreachable (os error 101)", "no connection could be made"),
        ("dns error: failed to lookup address information: Name or service not known", "could not be looked up"),
        ("unsuccessful tunnel", "the proxy"),
        ("proxy authentication required", "the proxy"),
    ] {
        let message = format!("error sending request for url (https://proxy.tunnel/): client error (Connect): {words}");
        let error = json!({ "name": "TypeError", "message": "fetch failed", "cause": { "name": "Error", "message": message } });
        let Classification { outcome, advice, .. } = classify(&facts(&error));
        assert_eq!(outcome, Outcome::NotSent, "{words}");
        assert!(advice.as_ref().unwrap().contains(part), "{words}: {advice:?}");
    }
}

#[test]
fn every_advice_goes_on_from_a_colon_and_ends_as_a_sentence() {
    for entry in recorded() {
        let classification = classify(&facts(&entry["error"]));
        let Some(advice) = classification.advice else {
            assert_eq!(classification.kind, None, "{entry}");
            continue;
        };
        assert!(advice.starts_with(char::is_lowercase) && advice.ends_with('.'), "{advice}");
        assert!(!advice.contains("()") && !advice.contains("  "), "{advice}");
    }
}

#[test]
fn a_code_is_told_where_there_is_one() {
    let error = json!({ "name": "TypeError", "message": "fetch failed", "cause": { "name": "Error",
        "message": "error sending request for url (https://x/): client error (Connect): invalid peer certificate: UnknownIssuer" } });
    assert!(classify(&facts(&error)).advice.unwrap().starts_with("its certificate is not trusted. "));
    assert!(advice("CERT_HAS_EXPIRED").starts_with("its certificate has expired (CERT_HAS_EXPIRED). "));
}

#[test]
fn of_several_addresses_the_first_is_told_of() {
    let connect = |code: &str| json!({ "name": "Error", "message": "", "code": code, "syscall": "connect" });
    for (codes, told) in [
        (["ETIMEDOUT", "ECONNREFUSED"], "no connection was made in time (ETIMEDOUT). "),
        (["ECONNREFUSED", "ETIMEDOUT"], "the connection was refused (ECONNREFUSED). "),
        (["EADDRNOTAVAIL", "ETIMEDOUT"], "no connection could be made (EADDRNOTAVAIL). "),
    ] {
        let error = json!({ "name": "AggregateError", "message": "", "errors": codes.map(connect) });
        let advice = classify(&facts(&error)).advice.unwrap();
        assert!(advice.starts_with(told), "{advice}");
    }
}
