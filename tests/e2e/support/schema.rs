//! Every JSON document and error of a run, held against its description by a validator that is not getcard's.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};

use getcard::cli::help::documents;
use serde_json::{Value, json};

/// One validator for all tests of this process; it ends when its standard input closes.
static VALIDATOR: LazyLock<Mutex<Validator>> = LazyLock::new(|| Mutex::new(Validator::start()));

struct Validator {
    _python: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Validator {
    fn start() -> Self {
        let mut python = Command::new("python3")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/support/validate.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = python.stdin.take().unwrap();
        writeln!(input, "{}", documents::schema().unwrap()).unwrap();
        let output = BufReader::new(python.stdout.take().unwrap());
        Self { _python: python, input, output }
    }

    fn ask(&mut self, case: &Value) -> Vec<String> {
        writeln!(self.input, "{case}").unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).expect("the validator answers (tests/run.sh installs jsonschema)")
    }
}

/// What is wrong with a document of this name; nothing if it is as it is described.
pub fn problems(name: &str, document: &Value) -> Vec<String> {
    let mut validator = VALIDATOR.lock().unwrap_or_else(PoisonError::into_inner);
    validator.ask(&json!({ "def": name, "document": document }))
}

/// Asserts that a document is as it is described.
#[track_caller]
pub fn assert_valid(name: &str, document: &Value) {
    let problems = problems(name, document);
    assert!(problems.is_empty(), "{name} is not as `getcard help json` has it: {problems:?}\n{document}");
}

/// Asserts that all JSON of a run with `--json` is as it is described.
#[track_caller]
pub fn assert_run(args: &[String], stdout: &[u8], stderr: &str) {
    if !args.iter().any(|arg| arg == "--json") {
        return;
    }
    let last = stderr.lines().last().and_then(|line| serde_json::from_str::<Value>(line).ok());
    // Without an error it may be a line of the log.
    if let Some(error) = last.filter(|document| document.get("error").is_some()) {
        assert_valid("error", &error);
    }
    let (Some(name), Ok(text)) = (document(args), std::str::from_utf8(stdout)) else { return };
    for line in text.lines() {
        let document = serde_json::from_str(line).unwrap_or_else(|_| panic!("{name} is not JSON: {line}"));
        assert_valid(&name, &document);
    }
}

/// The name of the document that a command prints; `None` where it prints none or is wrong usage.
fn document(args: &[String]) -> Option<String> {
    let words = std::iter::once("getcard").chain(args.iter().map(String::as_str));
    let matches = getcard::cli::help::command().try_get_matches_from(words).ok()?;
    let Some((name, matches)) = matches.subcommand() else { return Some("getcard".to_owned()) };
    let has = |id: &str| matches.value_source(id).is_some_and(|source| source != DEFAULT);
    let is_jsonl = args.iter().any(|arg| arg == "jsonl");
    let part = match name {
        "help" | "completions" | "demo" => return None,
        "history" if has("summary") => Some(if is_jsonl { "summary.group" } else { "summary" }),
        "history" if has("reconcile") => Some("reconcile"),
        "history" if is_jsonl => Some("transaction"),
        "barcode" if has("until_charged") => Some("until-charged"),
        "login" if has("print_url") => Some("print-url"),
        "store" => matches.subcommand_name(),
        _ => None,
    };
    Some(part.map_or_else(|| name.to_owned(), |part| format!("{name}.{part}")))
}

/// Where a value comes from that nobody gave.
const DEFAULT: clap::parser::ValueSource = clap::parser::ValueSource::DefaultValue;
