//! What users read, held against the words that their system does not know: every help text and every other text in
//! the source.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::fs;
use std::path::{Path, PathBuf};

use clap::Command;
use getcard::cli::help::{self, topics};
use getcard::platform::system::System;

/// What only Linux has.
const LINUX_ONLY: &[&str] = &[
    "/proc",
    "/sys/",
    "XDG",
    "wl-paste",
    "xclip",
    "notify-send",
    "apt ",
    "systemctl",
    "Secret Service",
    "gnome-keyring",
    "D-Bus",
    "~/.local",
    "~/.cache",
    "~/.config/getcard",
    "xdg-open",
];

/// What Linux and macOS have, and Windows has not.
const UNIX_ONLY: &[&str] = &[
    "~/",
    "$HOME",
    "HOME,",
    "variable HOME",
    "/dev/",
    "/tmp",
    "/etc",
    "export ",
    "chmod",
    "chown",
    "sudo",
    "cron",
    "SIGTERM",
    "SIGHUP",
    "SIGINT",
    "Ctrl-Z",
    "source <(",
    "LC_CTYPE",
    " || ",
    " && ",
    "| jq",
    "login keyring",
];

/// What only macOS has.
const MACOS_ONLY: &[&str] =
    &["Keychain Access", "unlock-keychain", "launchd", "launchctl", "osascript", "pbpaste", "~/Library"];

/// What only Windows has.
const WINDOWS_ONLY: &[&str] = &[
    "PowerShell",
    "Windows Terminal",
    "Credential Manager",
    "Task Scheduler",
    "icacls",
    "$env:",
    "%APPDATA%",
    "%LOCALAPPDATA%",
    "Get-Clipboard",
    "cmd:",
];

/// Texts in the source that only some systems show, and why.
const SHOWN_ON: &[(&str, &str, &[System], &str)] = &[
    ("src/terminal/query/tty.rs", "/dev/", &UNIX, "the module is for Unix"),
    ("src/platform/trust/modes.rs", "chmod", &UNIX, "the module is for Unix"),
    ("src/platform/trust/modes.rs", "HOME", &UNIX, "the module is for Unix"),
    ("src/platform/trust/access_list.rs", "icacls", &[System::Windows], "the module is for Windows"),
    ("src/platform/notification.rs", "/osascript", &[System::MacOs], "the function is for macOS"),
    ("src/store/keychain/secret_service.rs", "Secret Service", &[System::Linux], "the module is for Linux"),
    ("src/commands/doctor/terminal.rs", "LC_CTYPE", &UNIX, "Windows draws UTF-8 whatever the locale says"),
    ("src/terminal/capabilities.rs", "LC_CTYPE", &UNIX, "the locale is asked on Unix only"),
    ("src/tui/keys.rs", "Ctrl-Z", &UNIX, "left out of the help on Windows"),
    (
        "src/lib.rs",
        "Windows Terminal",
        &[System::Windows],
        "only Explorer starts programs in a window of theirs",
    ),
];

const UNIX: [System; 2] = [System::Linux, System::MacOs];

fn foreign(system: System) -> Vec<&'static str> {
    let lists: &[_] = match system {
        System::Linux => &[MACOS_ONLY, WINDOWS_ONLY],
        System::MacOs => &[LINUX_ONLY, WINDOWS_ONLY],
        System::Windows => &[LINUX_ONLY, UNIX_ONLY, MACOS_ONLY],
    };
    lists.concat()
}

/// The help of a command and of all below it.
fn help_texts(command: &mut Command) -> Vec<String> {
    let mut texts = vec![command.render_help().to_string(), command.render_long_help().to_string()];
    texts.extend(command.get_subcommands_mut().flat_map(help_texts));
    texts
}

fn assert_clean(system: System, what: &str, text: &str) {
    for word in foreign(system) {
        assert!(!text.contains(word), "{word:?} on {system:?} in {what}:\n{text}");
    }
}

#[test]
fn help_names_what_the_system_has() {
    for system in System::ALL {
        let mut command = help::command_on(system);
        command.build();
        let texts = help_texts(&mut command);
        assert!(texts.len() > 20);
        for text in texts {
            assert_clean(system, "the help", &text);
        }
        for topic in topics::Topic::ALL {
            assert_clean(system, topic.name(), &topics::text(topic, &command, system, 100));
        }
    }
}

#[test]
fn hints_by_system_name_what_the_system_has() {
    for system in System::ALL {
        let variable = system.set_variable(None, "NAME", "value");
        for text in [system.set_home(), system.start_keychain(), system.unlock_keychain(), &variable] {
            assert!(!text.is_empty());
            assert_clean(system, "a hint", text);
        }
    }
}

fn sources(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// The string literals of a file's code, without comments and the tests beside it.
fn literals(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]\n").next().unwrap_or_default();
    let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let (mut literals, mut current, mut quoted, mut escaped) = (Vec::new(), String::new(), false, false);
    let mut before = [' '; 2];
    for c in code.chars() {
        match (quoted, escaped, c) {
            (true, true, _) => (escaped, current) = (false, current + &c.to_string()),
            (true, false, '\\') => escaped = true,
            (true, false, '"') => {
                literals.push(std::mem::take(&mut current));
                quoted = false;
            }
            (true, false, _) => current.push(c),
            // A quotation mark as a character is no string.
            (false, _, '"') => quoted = before[1] != '\'' && before != ['\'', '\\'],
            (false, ..) => {}
        }
        before = [before[1], c];
    }
    literals
}

#[test]
fn texts_for_one_system_stand_where_only_that_system_shows_them() {
    let mut used = vec![false; SHOWN_ON.len()];
    let by_system = ["src/platform/system.rs", "src/cli/help/examples.rs", "src/cli/help/topics.rs"];
    let mut seen = Vec::new();
    for path in sources(Path::new("src")) {
        let name = path.to_str().unwrap();
        if by_system.contains(&name)
            || path.extension().is_none_or(|extension| extension != "rs")
            || name.contains("/tests")
        {
            continue;
        }
        seen.push(name.to_owned());
        for text in literals(&fs::read_to_string(&path).unwrap()) {
            let listed = SHOWN_ON.iter().position(|(file, part, ..)| *file == name && text.contains(part));
            let shown_on = listed.map_or(&System::ALL[..], |at| {
                used[at] = true;
                SHOWN_ON[at].2
            });
            for system in shown_on {
                let word = foreign(*system).into_iter().find(|word| text.contains(word));
                assert!(word.is_none(), "{name} shows {word:?} on {system:?}: {text:?}");
            }
        }
    }
    // The code for one system alone is read too, on whichever system this runs.
    for only in
        ["access_list.rs", "modes.rs", "credential_manager.rs", "macos.rs", "secret_service.rs", "console.rs"]
    {
        assert!(seen.iter().any(|name| name.ends_with(only)), "{only}");
    }
    for ((file, part, ..), used) in SHOWN_ON.iter().zip(used) {
        assert!(used, "{file} has no {part:?} any more");
    }
}
