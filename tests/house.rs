//! The rules of the house, held against the source: who may use whom, and what a file looks like.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms of the house, from the roof down, and what each may use.
const USES: &[(&str, &[&str])] = &[
    ("tui", &["barcode", "charge", "clock", "error", "model", "secret", "session"]),
    ("history", &["error", "get", "model"]),
    ("cli", &["history", "model", "sandbox", "store"]),
    ("chart", &["model"]),
    ("error", &[]),
    ("model", &[]),
    ("redact", &[]),
    ("secret", &[]),
    ("charge", &["clock", "model"]),
    ("clock", &[]),
    ("colors", &["barcode"]),
    ("barcode", &[]),
    ("sandbox", &[]),
    ("signals", &["error"]),
    ("usage", &["error", "ui"]),
    ("help", &["cli", "output"]),
    ("known", &["paths"]),
    ("complete", &["cli", "config", "endpoint", "error", "help", "known", "model", "paths", "schools"]),
    ("hardening", &[]),
    ("log", &["cli", "model", "output"]),
    ("journal", &["clock", "error", "get", "output", "paths", "redact"]),
    ("paths", &["error"]),
    ("endpoint", &[]),
    ("output", &["error", "model"]),
    ("progress", &[]),
    ("ui", &["cli", "error", "model", "output", "progress", "redact"]),
    ("prompt", &["error", "ui"]),
    ("passphrase", &["error", "prompt", "secret", "ui"]),
    ("config", &["cli", "endpoint", "error", "paths", "store"]),
    ("store", &["error", "paths", "secret"]),
    ("get", &["error", "model", "redact", "secret"]),
    ("schools", &["error", "get", "model", "paths"]),
    ("restraint", &["error", "store"]),
    ("session", &["clock", "error", "get", "restraint", "secret", "store"]),
    ("link", &["clock", "error", "get", "redact", "secret", "session", "store"]),
    (
        "app",
        &[
            "clock",
            "config",
            "endpoint",
            "error",
            "get",
            "journal",
            "known",
            "link",
            "passphrase",
            "paths",
            "secret",
            "session",
            "store",
            "ui",
        ],
    ),
];

/// The longest a file may be, tests beside the code included.
const LONGEST: usize = 400;

fn sources(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The room that a source file belongs to: the first part of its path below src.
fn room(path: &Path) -> String {
    let first = path.strip_prefix("src").unwrap().components().next().unwrap();
    first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// The lines of a file's code, without comments and the tests beside it.
fn code(source: &str) -> impl Iterator<Item = &str> {
    let code = source.split("#[cfg(test)]\n").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//"))
}

/// Every `crate::room` that the code of a file names, its tests left out.
fn used(source: &str) -> Vec<String> {
    let names = code(source).flat_map(|line| line.split("crate::").skip(1));
    names.map(|rest| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect()).collect()
}

#[test]
fn nobody_uses_what_is_above() {
    let allowed: BTreeMap<&str, &[&str]> = USES.iter().copied().collect();
    for path in sources(Path::new("src")) {
        let room = room(&path);
        if ["lib", "main", "commands"].contains(&room.as_str()) {
            continue;
        }
        let allowed =
            allowed.get(room.as_str()).unwrap_or_else(|| panic!("{room} has no place in the house"));
        for used in used(&fs::read_to_string(&path).unwrap()) {
            assert!(used == room || allowed.contains(&used.as_str()), "{} uses {used}", path.display());
        }
    }
}

#[test]
fn a_file_says_its_job_and_is_short() {
    for path in sources(Path::new("src")).into_iter().chain(sources(Path::new("tests"))) {
        let source = fs::read_to_string(&path).unwrap();
        assert!(source.starts_with("//! "), "{} does not say its job", path.display());
        assert!(source.lines().count() <= LONGEST, "{} is too long", path.display());
        let imports_all =
            code(&source).any(|line| line.trim_start().starts_with("use ") && line.contains("::*"));
        assert!(!imports_all, "{} imports everything", path.display());
    }
}
