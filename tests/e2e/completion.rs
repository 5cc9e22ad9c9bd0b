//! Completion in real shells: scripts load without a word, and TAB finds what it should.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use getcard::sandbox::Options;

use crate::support::getcard::Getcard;
use crate::support::service::Service;

const SHELLS: [&str; 6] = ["bash", "zsh", "fish", "powershell", "elvish", "nushell"];

/// A user who has seen accounts with two profiles, and has getcard on the path.
fn user() -> Getcard {
    let service = Service::with(Options::default());
    let user = Getcard::at(&service.base_url());
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_getcard"));
    let path = format!("{}:{}", binary.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let user = user.with("PATH", path);
    user.link(&service.validated_url());
    assert_eq!(user.run(&["balance"]).code, Some(0));
    let other = user.run_with_stdin(&["link", "-", "--profile", "work"], service.validated_url());
    assert_eq!(other.code, Some(0), "{}", other.stderr);
    user
}

/// Runs a shell script as that user.
fn run(user: &Getcard, shell: &str, args: &[&str]) -> Output {
    let mut command = Command::new(shell);
    let like = user.command::<&str>(&[]);
    command.args(args).env_clear().envs(like.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.output().unwrap_or_else(|error| panic!("{shell} (tests/run.sh installs it): {error}"))
}

/// The lines that a shell prints, and nothing on standard error.
#[track_caller]
fn lines(output: Output) -> Vec<String> {
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    String::from_utf8(output.stdout).unwrap().lines().map(ToOwned::to_owned).collect()
}

/// What bash has for a line whose last word is under the cursor.
fn bash(user: &Getcard, words: &[&str]) -> Vec<String> {
    let script = format!(
        "source <(getcard completions bash); COMP_WORDS=({}); COMP_CWORD={}; COMP_TYPE=9; \
         _clap_complete_getcard getcard \"${{COMP_WORDS[COMP_CWORD]}}\" x; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" "),
        words.len() - 1,
    );
    lines(run(user, "bash", &["--norc", "-c", &script]))
}

#[test]
fn bash_completes_commands_and_what_was_seen() {
    let user = user();
    let complete = |words: &[&str]| bash(&user, words);
    assert_eq!(complete(&["getcard", "ba"]), ["balance", "barcode"]);
    assert_eq!(complete(&["getcard", "balance", "ban"]), ["Banana\\ Bucks"]);
    assert_eq!(complete(&["getcard", "--profile", ""]), ["default", "work"]);
    assert_eq!(complete(&["getcard", "login", "--school", "ucs"]), ["ucsc"], "linking fetched the list");
    for entry in fs::read_dir(user.home.path().join(".cache/getcard")).unwrap().map(Result::unwrap) {
        if entry.file_name().to_str().unwrap().starts_with("schools-") {
            fs::remove_file(entry.path()).unwrap();
        }
    }
    assert_eq!(complete(&["getcard", "login", "--school", ""]), [""], "there is no list");
    assert!(complete(&["getcard", "help", "ex"]).contains(&"exit-codes".to_owned()));
    assert_eq!(complete(&["getcard", "--store", "k"]), ["keychain"]);
    assert_eq!(complete(&["getcard", "probe", "commerce.retrieveA"]), ["commerce.retrieveAccounts"]);
    assert_eq!(complete(&["getcard", "probe", "user", "reportCardL"]), ["reportCardLost"]);
    assert_eq!(complete(&["getcard", "history", "--since", "to"]), ["today"]);
    assert_eq!(complete(&["getcard", "sandbox", "--fault", "wrong"]), ["wrong-types"]);
}

#[test]
fn fish_zsh_and_elvish_load_their_scripts_and_complete() {
    let user = user();
    let fish = "getcard completions fish | source; complete -C 'getcard balance ban'";
    assert_eq!(lines(run(&user, "fish", &["--no-config", "-c", fish])), ["Banana Bucks"]);
    let zsh = "autoload -U compinit && compinit -u -d $HOME/zd && source <(getcard completions zsh) && \
               echo $_comps[getcard]";
    assert_eq!(lines(run(&user, "zsh", &["-f", "-c", zsh])), ["_clap_dynamic_completer_getcard"]);
    // As a file of the function path, the way that a package installs it.
    let directory = user.home.path().join("functions");
    fs::create_dir(&directory).unwrap();
    fs::write(directory.join("_getcard"), user.run(&["completions", "zsh"]).stdout).unwrap();
    let zsh = "fpath=($HOME/functions $fpath); autoload -U compinit && compinit -u -d $HOME/zd2 && echo $_comps[getcard]";
    assert_eq!(lines(run(&user, "zsh", &["-f", "-c", zsh])), ["_getcard"]);
    // Without a terminal elvish has no editor to complete in; the completer itself is a function like any other.
    let script = user.run(&["completions", "elvish"]);
    let elvish = script.text().replacen("set edit:completion:arg-completer[getcard] =", "var complete~ =", 1)
        + "\ncomplete getcard balance ban\n";
    assert_eq!(lines(run(&user, "elvish", &["-norc", "-c", &elvish])), ["Banana Bucks"]);
}

#[test]
fn commands_come_before_options() {
    let user = user();
    let script = "compdef() { : }; _describe() { print -rl -- ${(P)argv[-1]} }; source <(getcard completions zsh); \
                  words=(getcard ''); CURRENT=2; _clap_dynamic_completer_getcard";
    let of_shells = [
        ("bash", bash(&user, &["getcard", ""])),
        (
            "fish",
            lines(run(
                &user,
                "fish",
                &["--no-config", "-c", "getcard completions fish | source; complete -C 'getcard '"],
            )),
        ),
        ("zsh", lines(run(&user, "zsh", &["-f", "-c", script]))),
    ];
    for (shell, offered) in of_shells {
        let names: Vec<&str> = offered.iter().filter_map(|line| line.split(['\t', ':']).next()).collect();
        let options = names.iter().position(|name| name.starts_with('-')).unwrap();
        let commands = &names[..options];
        assert!(commands.contains(&"login") && commands.contains(&"help"), "{shell}: {names:?}");
        assert!(names[options..].iter().all(|name| name.starts_with('-')), "{shell}: {names:?}");
    }
}

#[test]
fn every_shell_has_a_script_even_without_home_and_configuration() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with("GETCARD_CONFIG", "/nonexistent");
    for shell in SHELLS {
        let outcome = user.run(&["completions", shell]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""), "{shell}");
        assert!(outcome.text().contains("getcard"), "{shell}");
    }
    user.run(&["completions", "cmd", "--json"]).fails(2, "validation_error", "usage");
}
