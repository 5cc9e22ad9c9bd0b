//! The manual pages and completion scripts that are checked in: as fresh as the command line, and clean.
//! `UPDATE=1 cargo test --test pages` writes them anew.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

mod manual;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use getcard::complete::scripts;
use getcard::complete::shell::Shell;

/// Holds a directory against what belongs into it, or writes it.
fn hold(directory: &str, files: &BTreeMap<String, String>) {
    let directory = Path::new(directory);
    if std::env::var_os("UPDATE").is_some() {
        // It may not be there yet.
        let _ = fs::remove_dir_all(directory);
        fs::create_dir_all(directory).unwrap();
        for (name, text) in files {
            fs::write(directory.join(name), text).unwrap();
        }
        return;
    }
    let advice = "run: UPDATE=1 cargo test --test pages";
    for (name, text) in files {
        let found = fs::read_to_string(directory.join(name)).unwrap_or_default();
        assert!(found == *text, "{} is stale; {advice}", directory.join(name).display());
    }
    for file in fs::read_dir(directory).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        assert!(files.contains_key(&name), "{}/{name} belongs to nothing; {advice}", directory.display());
    }
}

#[test]
fn manual_pages_are_fresh() {
    hold("man", &manual::pages());
}

#[test]
fn completion_scripts_are_fresh() {
    let names = [
        (Shell::Bash, "getcard.bash"),
        (Shell::Zsh, "_getcard"),
        (Shell::Fish, "getcard.fish"),
        (Shell::Powershell, "getcard.ps1"),
        (Shell::Elvish, "getcard.elv"),
        (Shell::Nushell, "getcard.nu"),
    ];
    let files = names
        .into_iter()
        .map(|(shell, name)| (name.to_owned(), scripts::script(shell, getcard::cli::help::command())));
    hold("completions", &files.collect());
}

#[test]
fn every_page_has_its_sections() {
    for (name, page) in manual::pages() {
        for section in [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "OPTIONS",
            "EXAMPLES",
            "EXIT STATUS",
            "ENVIRONMENT",
            "CONFIGURATION",
            "FILES",
        ] {
            let heading =
                if section.contains(' ') { format!(".SH \"{section}\"") } else { format!(".SH {section}") };
            assert!(page.contains(&heading), "{name} has no {section}");
        }
    }
}

#[test]
fn a_synopsis_shows_values() {
    let pages = manual::pages();
    for (name, says) in [
        ("getcard.1", r"[\fB\-\-profile\fR \fINAME\fR]"),
        ("getcard-balance.1", r"[\fB\-\-below\fR [\fIAMOUNT\fR]]"),
        ("getcard-balance.1", r"[\fIACCOUNT\fR]..."),
        ("getcard-probe.1", r" \fISERVICE\fR [\fIMETHOD\fR]"),
        ("getcard-store-migrate.1", r" \fB\-\-to\fR \fISTORE\fR"),
    ] {
        let synopsis = pages[name].split(".SH SYNOPSIS").nth(1).unwrap().lines().nth(1).unwrap();
        assert!(synopsis.contains(says), "{name}: {synopsis}");
    }
}

#[test]
fn man_shows_every_page_without_a_warning() {
    let dir = tempfile::tempdir().unwrap();
    for (name, page) in manual::pages() {
        let file = dir.path().join(&name);
        fs::write(&file, page).unwrap();
        let man = Command::new("man")
            .args(["--warnings", "--encoding=UTF-8", "--local-file", "--troff-device=utf8", "--ditroff"])
            .arg(&file)
            .env("LC_ALL", "C.UTF-8")
            .env("MANROFFSEQ", "")
            .env("MANWIDTH", "80")
            .output()
            .expect("man (tests/run.sh installs it)");
        let warnings = String::from_utf8(man.stderr).unwrap();
        assert!(man.status.success() && warnings.is_empty(), "{name}: {warnings}");
        assert!(!man.stdout.is_empty());
    }
}
