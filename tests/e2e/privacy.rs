//! The README's section "Privacy and security": each sentence, and the tests that hold it.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::thread::spawn;

use crate::support::canary::files_below;
use crate::support::getcard::Getcard;
use crate::support::keyring::Session;
use crate::support::service::Service;

const README: &str = include_str!("../../README.md");

/// How a sentence begins, and the tests of it. Without any it is a heading, advice, or says what getcard does not do.
const SENTENCES: [(&str, &[&str]); 59] = [
    ("A linked device has full access", &[]),
    ("- **Where credentials are kept.**", &[]),
    ("In the operating system's keychain", &["a_card_lives_in_a_sealed_file_from_link_to_unlink"]),
    (
        "getcard never writes them",
        &[
            "no_secret_leaves_the_store_when_all_goes_well",
            "no_secret_is_an_argument",
            "no_bus_and_no_service_are_an_absent_store",
        ],
    ),
    ("An entry belongs to the scheme", &["credentials_of_one_origin_are_not_sent_to_another"]),
    ("- **Where they go.**", &[]),
    (
        "To the service, over TLS.",
        &["a_certificate_that_proves_nothing_ends_the_call_at_once_and_no_secret_is_sent"],
    ),
    (
        "Plain HTTP is accepted",
        &["an_unsafe_api_url_is_wrong_usage", "localhost_is_this_machine_whatever_the_resolver_says"],
    ),
    ("Redirects are not followed.", &["a_redirect_is_never_followed_whatever_its_target"]),
    ("There is no telemetry", &["there_is_no_telemetry_and_no_update_check"]),
    (
        "`HTTPS_PROXY` and the system's",
        &[
            "a_proxy_sees_the_host_name_and_not_the_content",
            "a_malformed_proxy_is_an_error_and_no_direct_connection",
        ],
    ),
    ("- **What is not checked.**", &[]),
    ("On Linux, a revoked certificate", &[]),
    ("There is no certificate pinning.", &["a_private_authority_is_trusted_through_the_environment"]),
    ("- **What else is on disk.**", &[]),
    ("A journal of calls", &["linking_reading_and_unlinking_leave_their_lines"]),
    (
        "It contains no secrets",
        &[
            "no_secret_and_no_amount_is_in_it",
            "files_are_for_their_user_alone",
            "three_files_are_kept",
            "it_can_be_switched_off_and_is_off_in_ephemeral_mode",
        ],
    ),
    ("The cache has the names", &["no_secret_leaves_the_store_when_all_goes_well"]),
    ("`history --new` stores the keys", &["transactions_without_key_or_id_are_counted"]),
    ("`getcard help files` lists every file.", &["every_file_is_listed_by_help_files"]),
    ("- **Which files are trusted.**", &[]),
    (
        "Configuration, passphrase, store",
        &[
            "a_configuration_that_others_may_change_is_not_obeyed_and_the_hint_helps",
            "a_file_that_others_can_read_is_refused_and_the_hint_mends_it",
        ],
    ),
    ("Paths come from `HOME`", &["relative_xdg_paths_are_ignored_and_a_relative_home_is_used"]),
    ("A relative XDG path", &["relative_xdg_paths_are_ignored_and_a_relative_home_is_used"]),
    ("On Windows, owners and access lists", &["conditions_denials_and_unknown_rights_are_read_with_caution"]),
    ("- **Linking survives a crash.**", &[]),
    (
        "A new device is stored as pending",
        &[
            "link_is_killed_at_any_time",
            "killed_at_each_call",
            "a_keychain_that_keeps_nothing_costs_an_error_and_no_device",
        ],
    ),
    (
        "`getcard unlink` revokes first",
        &["unlink_is_killed_at_any_time", "unlink_against_a_phone_app_that_steals_the_session"],
    ),
    ("`--local` skips that", &["an_unreachable_service_keeps_the_link"]),
    ("- **The service cannot control", &[]),
    (
        "Control and bidirectional characters",
        &[
            "tables_messages_and_the_log_are_harmless",
            "json_is_exact_and_harmless",
            "a_spreadsheet_is_handed_no_formula",
        ],
    ),
    (
        "Replies are limited",
        &[
            "a_large_exception_costs_little",
            "a_large_response_costs_little",
            "an_endless_reply_ends_in_time_and_costs_little",
        ],
    ),
    ("- **The service is not flooded.**", &[]),
    ("Retries are few and spaced", &["sign_ins_are_a_second_apart"]),
    ("After three refused sign-ins", &["three_refusals_stop_signing_in_until_the_user_acts"]),
    ("What each attacker gets:", &[]),
    ("| someone with … |", &[]),
    (
        "| a copy of the disk |",
        &["sealed_bytes_open_only_with_their_passphrase", "no_secret_leaves_the_store_when_all_goes_well"],
    ),
    ("| your scrollback", &["no_secret_leaves_the_store_when_all_goes_well"]),
    ("| the network |", &["a_proxy_sees_the_host_name_and_not_the_content"]),
    (
        "| another account on this machine |",
        &[
            "a_validated_url_links_from_standard_input_and_as_an_argument",
            "files_are_for_their_user_alone",
            "a_crash_leaves_no_core_and_nobody_may_look_inside",
        ],
    ),
    ("| your own account |", &[]),
    ("On Linux, the keychain protocol's", &[]),
    ("While getcard runs, core dumps", &["a_crash_leaves_no_core_and_nobody_may_look_inside"]),
    ("Secrets are wiped from memory", &[]),
    ("Memory is not locked", &[]),
    ("The Linux version is tested", &["a_locked_keyring_is_a_locked_store"]),
    ("The Windows version runs its unit tests", &[]),
    ("The macOS code is compiled", &[]),
    ("Neither has been tried", &[]),
    ("`tests/platforms.sh` does all of this", &[]),
    ("**The file store** takes", &["excessive_work_is_refused_at_once"]),
    (
        "getcard prompts for the passphrase",
        &[
            "the_first_line_of_a_file_is_the_passphrase",
            "the_configured_command_gives_the_passphrase_and_reads_nothing_of_standard_input",
        ],
    ),
    (
        "`getcard store rekey` changes it",
        &["a_new_passphrase_takes_the_place_of_the_old_one", "every_profile_moves_there_and_back"],
    ),
    ("If either is killed halfway", &["rekey_is_killed_at_any_time", "migrate_is_killed_at_any_time"]),
    ("`age -d` decrypts the file", &["sealed_bytes_open_only_with_their_passphrase"]),
    ("**To revoke a device**", &["unlinking_revokes_the_device_and_forgets_it"]),
    ("Do it before you give", &[]),
    ("If someone may have seen", &["a_second_link_is_refused_and_a_replacement_revokes_the_first"]),
];

/// The sentences of the section, each on one line.
fn sentences() -> Vec<String> {
    let section = README.split("\n## Privacy and security\n").nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let mut sentences = Vec::new();
    for block in section.replace("\n- ", "\n\n- ").replace("\n|", "\n\n|").split("\n\n") {
        let block = block.split_whitespace().collect::<Vec<_>>().join(" ");
        if block.starts_with('|') {
            sentences.push(block);
            continue;
        }
        let ends = [". ", ".** "];
        let mut rest = block.as_str();
        while let Some(end) = ends.iter().filter_map(|end| Some(rest.find(end)? + end.len())).min() {
            sentences.push(rest[..end].trim().to_owned());
            rest = &rest[end..];
        }
        sentences.push(rest.to_owned());
    }
    sentences.retain(|sentence| !sentence.is_empty() && !sentence.starts_with("|---"));
    sentences
}

#[test]
fn every_sentence_has_its_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources: String = ["src", "tests"]
        .iter()
        .flat_map(|dir| files_below(&root.join(dir)))
        .filter(|path| path.extension().is_some_and(|it| it == "rs"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let sentences = sentences();
    let unknown: Vec<_> = sentences
        .iter()
        .filter(|sentence| !SENTENCES.iter().any(|(begins, _)| sentence.starts_with(begins)))
        .collect();
    assert!(unknown.is_empty(), "without an entry: {unknown:#?}");
    for (begins, tests) in SENTENCES {
        assert!(sentences.iter().any(|sentence| sentence.starts_with(begins)), "not in the README: {begins}");
        for test in tests {
            assert!(sources.contains(&format!("fn {test}()")), "no test {test}: {begins}");
        }
    }
}

#[test]
fn no_secret_is_an_argument() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = files_below(&root.join("man"));
    assert!(pages.len() > 10);
    for page in pages {
        // Hyphens are escaped there.
        let text = fs::read_to_string(&page).unwrap().replace('\\', "");
        for option in ["--pin", "--passphrase", "--password", "--device-id", "--session"] {
            let takes = |after: char| text.contains(&format!("{option}{after}"));
            assert!(!takes(' ') && !takes('f') && !takes('='), "{option} in {}", page.display());
        }
    }
}

#[test]
fn there_is_no_telemetry_and_no_update_check() {
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    proxy.set_nonblocking(true).unwrap();
    let service = Service::start();
    let mut user = Getcard::at(&service.base_url());
    for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        user = user.with(variable, format!("http://{}", proxy.local_addr().unwrap()));
    }
    user.link(&service.validated_url());
    for args in [
        &["status", "--check"][..],
        &["balance"],
        &["history"],
        &["barcode", "--once"],
        &["forecast"],
        &["schools"],
        &["doctor"],
        &["journal"],
        &["--version"],
        &["unlink", "--yes"],
    ] {
        user.run(args);
    }
    // The service on this machine is reached directly; whoever else is called, is called through the proxy.
    assert_eq!(proxy.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn a_proxy_sees_the_host_name_and_not_the_content() {
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = proxy.local_addr().unwrap();
    let seen = spawn(move || {
        let mut stream = proxy.accept().unwrap().0;
        let mut seen = vec![0; 65536];
        let request = stream.read(&mut seen).unwrap();
        stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").unwrap();
        let hello = stream.read(&mut seen[request..]).unwrap();
        seen.truncate(request + hello);
        (request, seen)
    });
    let user = Getcard::with_keyring("https://card.example/json", Session::without_service())
        .with("HTTPS_PROXY", format!("http://{address}"))
        .with("GETCARD_EPHEMERAL", "1")
        .with("GETCARD_DEVICE_ID", "0123456789abcdef")
        .with("GETCARD_PIN", "4711")
        .with("GETCARD_RETRIES", "0");
    assert_eq!(user.run(&["balance"]).code, Some(5));
    let (request, seen) = seen.join().unwrap();
    assert!(seen.starts_with(b"CONNECT card.example:443 HTTP/1.1\r\n"));
    // What follows is a TLS handshake.
    assert_eq!(seen[request..request + 2], [0x16, 3]);
    let has = |text: &[u8]| seen.windows(text.len()).any(|window| window == text);
    assert!(has(b"card.example") && !has(b"0123456789abcdef") && !has(b"4711") && !has(b"json"));
}

#[test]
fn relative_xdg_paths_are_ignored_and_a_relative_home_is_used() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with_file_store("a passphrase");
    let user = ["XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"]
        .iter()
        .fold(user, |user, variable| user.with(variable, "elsewhere"));
    let elsewhere = tempfile::tempdir().unwrap();
    let link = |user: &Getcard| {
        let mut command = user.command(&["link", service.validated_url().as_str()]);
        let output = command.current_dir(&elsewhere).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    link(&user);
    assert!(user.home.path().join(".local/share/getcard/store.age").exists());
    assert!(fs::read_dir(&elsewhere).unwrap().next().is_none(), "nothing under the current directory");
    let user = user.with("HOME", "home");
    link(&user);
    assert!(elsewhere.path().join("home/.local/share/getcard/store.age").exists());
}

#[test]
fn every_file_is_listed_by_help_files() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with_file_store("a passphrase");
    user.link(&service.validated_url());
    for args in [&["history", "--new"][..], &["balance"], &["schools"], &["barcode", "--once"]] {
        assert_eq!(user.run(args).code, Some(0), "{args:?}");
    }
    let help = user.run(&["help", "files"]).text().to_owned();
    let files = files_below(user.home.path());
    assert!(files.len() > 5, "{files:?}");
    for file in files {
        let path = format!("~/{}", file.strip_prefix(user.home.path()).unwrap().display());
        let (dir, extension) = (path.rsplit_once('/').unwrap().0, path.rsplit_once('.').unwrap().1);
        // By its name, by its kind, or as a part of the cache.
        let listed = help.contains(&path)
            || help.contains(&format!("{dir}/*.{extension}"))
            || dir.starts_with("~/.cache/getcard");
        assert!(listed, "{path} in\n{help}");
    }
}
