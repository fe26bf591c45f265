//! Keeps who may know whom, by reading the sources.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::path::{Path, PathBuf};

/// Each room and the rooms before it that it may use.
const ROOMS: [(&str, &[&str]); 16] = [
    ("json", &[]),
    ("models", &["json"]),
    ("http", &["json"]),
    ("rate_limit", &["json", "http"]),
    ("error", &["json", "models", "http", "rate_limit"]),
    ("failure", &["error"]),
    ("input", &["json", "models", "http", "error"]),
    ("config", &["json", "http", "error", "input"]),
    ("decode", &["json", "models"]),
    ("tape", &["json", "models", "decode"]),
    ("retry", &["http", "error"]),
    ("endpoints", &["json", "models", "http"]),
    ("transport", &["http", "rate_limit", "error", "tape"]),
    ("limiter", &["rate_limit", "retry", "transport"]),
    ("tokens", &["config"]),
    (
        "client",
        &[
            "json",
            "models",
            "http",
            "rate_limit",
            "error",
            "config",
            "decode",
            "tape",
            "retry",
            "endpoints",
            "transport",
            "limiter",
            "tokens",
        ],
    ),
];

fn sources(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let mut files: Vec<_> = fs::read_dir(path).unwrap().flat_map(|entry| sources(&entry.unwrap().path())).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    files
}

fn room(name: &str) -> Vec<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let file = source.join(format!("{name}.rs"));
    if file.exists() { vec![file] } else { sources(&source.join(name)) }
}

#[test]
fn every_file_belongs_to_a_room() {
    let mut known: Vec<_> = ROOMS.iter().flat_map(|(name, _)| room(name)).chain(room("lib")).chain(room("wasm")).collect();
    let mut present = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    known.sort();
    present.sort();
    assert_eq!(present, known);
}

#[test]
fn a_room_uses_only_the_rooms_before_it() {
    for (name, allowed) in ROOMS {
        for file in room(name) {
            let text = fs::read_to_string(&file).unwrap();
            for used in text.split("crate::").skip(1).map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap()) {
                assert!(used == name || allowed.contains(&used), "{} uses crate::{used}", file.display());
            }
        }
    }
}

#[test]
fn only_the_bindings_know_javascript() {
    for file in ROOMS.iter().flat_map(|(name, _)| room(name)) {
        let text = fs::read_to_string(&file).unwrap();
        for word in ["wasm_bindgen", "js_sys", "web_sys", "gloo", "JsValue"] {
            assert!(!text.contains(word), "{} names {word}", file.display());
        }
    }
}

#[test]
fn the_bindings_name_neither_statuses_nor_properties_nor_addresses() {
    for file in room("wasm") {
        let text = fs::read_to_string(&file).unwrap();
        let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for word in ["404", "401", "\"/users", "accountGroupRoles", "loginAccountGroup", "\"email\"", "\"uid\""] {
            assert!(!code.contains(word), "{} names {word}", file.display());
        }
    }
}
