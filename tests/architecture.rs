//! Keeps who may know whom, by reading the sources.

#![cfg(not(target_arch = "wasm32"))]
// A test may panic: that is how it fails.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::path::{Path, PathBuf};

/// Each module and the modules before it that it may use.
const MODULES: [(&str, &[&str]); 20] = [
    ("date", &[]),
    ("text", &[]),
    ("json", &[]),
    ("value", &["json"]),
    ("path", &[]),
    ("problem", &["text", "json", "path"]),
    ("http", &["json"]),
    ("rate_limit", &["json", "http"]),
    ("error", &["json", "value", "path", "problem", "http", "rate_limit"]),
    ("failure", &["text", "error"]),
    ("input", &["date", "text", "value", "path", "http", "error"]),
    ("models", &["value", "path", "error", "input"]),
    ("admin", &["date", "text", "json", "value", "path", "error", "input", "models"]),
    ("decode", &["date", "json", "models"]),
    ("endpoints", &["path", "http", "error", "input", "models"]),
    ("jobs", &["date", "json", "value", "path", "error", "input", "models", "admin", "endpoints"]),
    ("config", &["path", "http", "error", "input", "endpoints"]),
    ("retry", &["http", "error"]),
    ("transport", &["json", "http", "rate_limit", "error", "decode", "endpoints", "config"]),
    (
        "client",
        &["input", "text", "json", "path", "problem", "http", "rate_limit", "error", "config", "decode", "retry", "endpoints", "transport"],
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

fn module(name: &str) -> Vec<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let file = source.join(format!("{name}.rs"));
    if file.exists() { vec![file] } else { sources(&source.join(name)) }
}

#[test]
fn every_file_belongs_to_a_module() {
    let mut known: Vec<_> = MODULES.iter().flat_map(|(name, _)| module(name)).chain(module("lib")).chain(module("wasm")).collect();
    let mut present = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    known.sort();
    present.sort();
    assert_eq!(present, known);
}

#[test]
fn a_module_uses_only_the_modules_before_it() {
    for (name, allowed) in MODULES {
        for file in module(name) {
            let text = fs::read_to_string(&file).unwrap();
            for used in text.split("crate::").skip(1).map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap()) {
                assert!(used == name || allowed.contains(&used), "{} uses crate::{used}", file.display());
            }
        }
    }
}

#[test]
fn only_the_bindings_know_javascript() {
    for file in MODULES.iter().flat_map(|(name, _)| module(name)) {
        let text = fs::read_to_string(&file).unwrap();
        for word in ["wasm_bindgen", "js_sys", "web_sys", "gloo", "JsValue"] {
            assert!(!text.contains(word), "{} names {word}", file.display());
        }
    }
}

#[test]
fn the_bindings_name_neither_statuses_nor_properties_nor_addresses() {
    for file in module("wasm") {
        let text = fs::read_to_string(&file).unwrap();
        let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        for word in ["404", "401", "\"/users", "accountGroupRoles", "loginAccountGroup", "\"email\"", "\"uid\""] {
            assert!(!code.contains(word), "{} names {word}", file.display());
        }
    }
}

#[test]
fn decoding_has_one_door() {
    let behind = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/decode"));
    let all = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    for file in all.into_iter().filter(|file| !behind.contains(file)) {
        let text = fs::read_to_string(&file).unwrap();
        for word in ["offsets::", "normalise::", "Scanner"] {
            let is_home = word == "Scanner" && file.parent().unwrap().ends_with("json");
            assert!(is_home || !text.contains(word), "{} names {word}", file.display());
        }
    }
}
