//! The rules of the house, checked against the source: who may use whom, and what a file looks like.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from top to bottom. A room uses only rooms below its own level; those of the first level may use each
/// other, as clap's types join them.
const LEVELS: &[&[&str]] = &[
    &["lib", "main", "cli", "commands", "complete"],
    &["app"],
    &["tui"],
    &["cache", "forecast", "history", "journal", "live"],
    &["auth"],
    &["get"],
    &["settings"],
    &["store"],
    &["terminal"],
    &["chart", "output", "platform", "secret"],
    &["barcode", "model", "sandbox"],
    &["drawing"],
    &["error"],
];

/// Rooms that do no I/O.
const PURE: &[&str] = &["barcode", "chart", "error", "forecast", "model", "output"];

/// What I/O looks like in the source.
const IO: &[&str] = &["std::env", "std::fs", "std::net", "std::process::Command", "std::thread", "tokio::"];

/// Comparisons of a code or message by its text; callers match on `Cause` instead.
const COMPARISONS: &[&str] = &[
    ".code() ==",
    ".code() !=",
    "code.as_deref() ==",
    ".message ==",
    ".message.contains(",
    "message.starts_with(",
];

/// The file that reads exceptions off the wire, where codes are text.
const EXCEPTIONS: &str = "src/get/exception.rs";

/// The longest a file may be, unit tests included.
const LONGEST: usize = 400;

/// The most files directly in `src`.
const MOST_AT_ROOT: usize = 6;

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

/// The code of a file without comments and unit tests.
fn code(path: &Path) -> String {
    let source = fs::read_to_string(path).unwrap();
    let code = source.split("#[cfg(test)]\n").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The module of a source file, as the names on the way to it: `src/get/wire/mod.rs` is `[get, wire]`.
fn module(path: &Path) -> Vec<String> {
    let path = path.strip_prefix("src").unwrap().with_extension("");
    let mut names: Vec<String> =
        path.components().map(|part| part.as_os_str().to_str().unwrap().to_owned()).collect();
    if names.last().is_some_and(|name| name == "mod") {
        names.pop();
    }
    names
}

fn is_test(module: &[String]) -> bool {
    module.iter().any(|name| name == "tests" || name == "properties")
}

/// Every path that a `use` tree names.
fn expand(prefix: &str, tree: &str) -> Vec<String> {
    let (mut depth, mut part, mut parts) = (0, String::new(), Vec::new());
    for character in tree.chars() {
        depth += i32::from(character == '{') - i32::from(character == '}');
        if character == ',' && depth == 0 {
            parts.push(std::mem::take(&mut part));
        } else {
            part.push(character);
        }
    }
    parts.push(part);
    let paths = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
    let paths = paths.flat_map(|part| match part.split_once('{') {
        Some((before, tree)) => {
            expand(&format!("{prefix}{before}"), tree.rsplit_once('}').map_or(tree, |(tree, _)| tree))
        }
        None => vec![format!("{prefix}{part}")],
    });
    paths.collect()
}

/// Every path of this crate that the code names, from its root.
fn named(module: &[String], code: &str) -> Vec<Vec<String>> {
    let parent = &module[..module.len().saturating_sub(1)];
    let starts = [("crate::", &[][..]), ("super::", parent), ("self::", module)];
    let mut found = Vec::new();
    for (start, base) in starts {
        for (at, _) in code.match_indices(start) {
            let whole_word = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
            let rest = &code[at + start.len()..];
            let end =
                rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len());
            let tree =
                if rest[end..].starts_with('{') { rest.split(';').next().unwrap() } else { &rest[..end] };
            if whole_word {
                for path in expand("", tree) {
                    let names =
                        path.split(" as ").next().unwrap().split("::").map(|name| name.trim().to_owned());
                    found.push(base.iter().cloned().chain(names).collect());
                }
            }
        }
    }
    found
}

/// Which module uses which, tests left out.
fn uses() -> BTreeMap<Vec<String>, BTreeSet<Vec<String>>> {
    let files: BTreeMap<_, _> =
        sources(Path::new("src")).into_iter().map(|path| (module(&path), path)).collect();
    let mut graph = BTreeMap::new();
    for (module, path) in files.iter().filter(|(module, _)| !is_test(module)) {
        let used = named(module, &code(path));
        let used = used
            .iter()
            .filter_map(|path| {
                (1..=path.len()).rev().map(|n| &path[..n]).find(|name| files.contains_key(*name))
            })
            .filter(|used| used != module);
        graph.insert(module.clone(), used.map(<[String]>::to_vec).collect());
    }
    graph
}

fn level(room: &str) -> usize {
    let level = LEVELS.iter().position(|rooms| rooms.contains(&room));
    assert!(level.is_some(), "{room} has no level");
    level.unwrap()
}

#[test]
fn rooms_use_only_what_is_below() {
    for (module, used) in uses() {
        for used in used.iter().filter(|used| used[0] != module[0]) {
            let (from, to) = (level(&module[0]), level(&used[0]));
            assert!(from < to || (from, to) == (0, 0), "{} uses {}", module.join("::"), used.join("::"));
        }
    }
}

#[test]
fn the_sandbox_shares_nothing_with_the_client() {
    for (module, used) in uses() {
        let shared = used.iter().find(|used| module[0] == "sandbox" && used[0] != "sandbox");
        assert_eq!(shared, None, "{}", module.join("::"));
    }
}

#[test]
fn no_modules_use_each_other_in_a_circle() {
    let mut graph = uses();
    // Whatever uses nothing that is left is in no circle; what can never be taken away is.
    loop {
        let ends: Vec<_> =
            graph.iter().filter(|(_, used)| used.is_empty()).map(|(module, _)| module.clone()).collect();
        if ends.is_empty() {
            break;
        }
        for end in &ends {
            graph.remove(end);
        }
        let left: BTreeSet<_> = graph.keys().cloned().collect();
        for used in graph.values_mut() {
            used.retain(|used| left.contains(used));
        }
    }
    // What only leads to a circle is not part of it.
    loop {
        let used: BTreeSet<_> = graph.values().flatten().cloned().collect();
        let before = graph.len();
        graph.retain(|module, _| used.contains(module));
        if graph.len() == before {
            break;
        }
    }
    let circle: Vec<_> = graph.keys().map(|module| module.join("::")).collect();
    assert!(circle.is_empty(), "circles among {circle:?}");
}

#[test]
fn pure_rooms_do_no_io() {
    for path in sources(Path::new("src")).iter().filter(|path| PURE.contains(&module(path)[0].as_str())) {
        let code = code(path);
        let found = IO.iter().find(|io| code.contains(**io));
        assert_eq!(found, None, "{}", path.display());
    }
}

#[test]
fn nobody_compares_the_text_of_codes_and_messages() {
    for path in sources(Path::new("src")) {
        if path == Path::new(EXCEPTIONS) || is_test(&module(&path)) || path.starts_with("src/sandbox") {
            continue;
        }
        let code = code(&path);
        let found = COMPARISONS.iter().find(|comparison| code.contains(**comparison));
        assert_eq!(found, None, "{}", path.display());
    }
}

#[test]
fn few_files_lie_outside_the_rooms() {
    let files = fs::read_dir("src").unwrap().filter(|entry| entry.as_ref().unwrap().path().is_file()).count();
    assert!(files <= MOST_AT_ROOT, "{files} files in src");
}

#[test]
fn a_file_says_its_job_and_is_short() {
    for path in sources(Path::new("src")).into_iter().chain(sources(Path::new("tests"))) {
        let source = fs::read_to_string(&path).unwrap();
        assert!(source.starts_with("//! "), "{} does not say its job", path.display());
        assert!(source.lines().count() <= LONGEST, "{} is too long", path.display());
        let code = code(&path);
        let imports_all =
            code.lines().any(|line| line.trim_start().starts_with("use ") && line.contains("::*"));
        assert!(!imports_all, "{} imports everything", path.display());
    }
}
