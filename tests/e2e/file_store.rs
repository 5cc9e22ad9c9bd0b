//! `--store file`: everything works without a keychain, and its troubles have names of their own.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde_json::json;

use crate::support::getcard::Getcard;
use crate::support::keyring::Session;
use crate::support::service::Service;

/// A linked user on a machine without a Secret Service.
fn linked(service: &Service) -> Getcard {
    let user = Getcard::with_keyring(&service.base_url(), Session::without_service());
    let user = user.with_file_store("correct horse");
    user.link(&service.validated_url());
    user
}

fn file(user: &Getcard) -> PathBuf {
    user.home.path().join(".local/share/getcard/store.age")
}

#[test]
fn a_card_lives_in_a_sealed_file_from_link_to_unlink() {
    let service = Service::start();
    let user = linked(&service);
    let status = user.run(&["status", "--json"]).json();
    assert_eq!(status["linked"], true);
    assert_eq!(status["store"], json!({"kind": "file", "available": true}));
    let before = service.requests().len();
    assert_eq!(user.run(&["balance"]).code, Some(0));
    assert_eq!(service.requests().len() - before, 1, "the session is kept");
    let other = user.run_with_stdin(&["link", "--profile", "other"], service.validated_url());
    assert_eq!(other.code, Some(0), "{}", other.stderr);

    let sealed = fs::read(file(&user)).unwrap();
    assert!(sealed.starts_with(b"age-encryption.org/v1\n-> scrypt "));
    assert_eq!(fs::metadata(file(&user)).unwrap().permissions().mode() & 0o777, 0o600);
    for profile in ["other", "default"] {
        assert_eq!(user.run(&["unlink", "--yes", "--profile", profile]).code, Some(0));
    }
    assert!(!file(&user).exists());
    assert!(service.live_devices().is_empty());
}

#[test]
fn nothing_stored_needs_no_passphrase() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with("GETCARD_STORE", "file");
    let status = user.run(&["status", "--json"]);
    assert_eq!((status.code, &status.json()["store"]["available"]), (Some(3), &json!(true)));
    let refused = user.run_with_stdin(&["link", "--json"], service.validated_url());
    let error = refused.fails(1, "internal_error", "store_passphrase");
    assert!(error["hint"].as_str().unwrap().contains("GETCARD_PASSPHRASE_FILE"));
    assert_eq!(service.hits("createPIN"), 0);
}

#[test]
fn a_wrong_or_missing_passphrase_stops_every_command_before_the_service_hears_of_it() {
    let service = Service::start();
    let user = linked(&service);
    let before = service.requests().len();
    let wrong = user.passphrase_file("wrong", "battery staple");
    let absent = "/nonexistent/passphrase".to_owned();
    for (variable, said) in [
        (wrong, "does not open"),
        (absent, "cannot read the passphrase"),
        (String::new(), "cannot prompt here"),
    ] {
        let run = |args: &[&str]| {
            let mut command = user.command(args);
            command.env("GETCARD_PASSPHRASE_FILE", &variable);
            crate::support::getcard::Outcome::of(command.output().unwrap())
        };
        for args in
            [&["balance", "--json"][..], &["unlink", "--yes", "--json"], &["link", "--replace", "--json"]]
        {
            let error = run(args).fails(1, "internal_error", "store_passphrase");
            assert!(error["message"].as_str().unwrap().contains(said), "{error}");
            assert!(error["hint"].is_string());
        }
        let status = run(&["status", "--json"]);
        assert_eq!((status.code, &status.json()["store"]["available"]), (Some(1), &json!(false)));
        assert_eq!(status.error()["code"], "store_passphrase");
    }
    assert_eq!(service.requests().len(), before);
}

#[test]
fn the_configured_command_gives_the_passphrase_and_reads_nothing_of_standard_input() {
    let service = Service::start();
    let user = Getcard::with_keyring(&service.base_url(), Session::without_service());
    let dir = user.home.path().join(".config/getcard");
    fs::create_dir_all(&dir).unwrap();
    fs::write(
        dir.join("config.toml"),
        "store = \"file\"\npassphrase_command = \"cat; echo correct horse\"\n",
    )
    .unwrap();
    user.link(&service.validated_url());
    assert_eq!(user.run(&["status"]).code, Some(0));
    fs::write(dir.join("config.toml"), "store = \"file\"\npassphrase_command = \"exit 7\"\n").unwrap();
    let error = user.run(&["balance", "--json"]).fails(1, "internal_error", "store_passphrase");
    assert!(error["message"].as_str().unwrap().contains('7'), "{error}");
}

#[test]
fn a_file_that_others_can_read_is_refused_and_the_hint_mends_it() {
    let service = Service::start();
    let user = linked(&service);
    fs::set_permissions(file(&user), PermissionsExt::from_mode(0o644)).unwrap();
    let error = user.run(&["balance", "--json"]).fails(1, "internal_error", "store_unsafe");
    let command = error["hint"].as_str().unwrap().strip_prefix("run: ").unwrap();
    assert!(std::process::Command::new("sh").args(["-c", command]).status().unwrap().success());
    assert_eq!(user.run(&["balance"]).code, Some(0));
}

#[test]
fn a_passphrase_that_others_can_read_is_used_with_a_warning_that_mends_it() {
    let service = Service::start();
    let user = linked(&service);
    let path = user.passphrase_file("passphrase", "correct horse");
    fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
    let balance = user.run(&["balance"]);
    assert_eq!(balance.code, Some(0));
    let command = balance.stderr.trim_end().split_once("run: ").unwrap().1;
    assert!(std::process::Command::new("sh").args(["-c", command]).status().unwrap().success());
    assert_eq!(user.run(&["balance"]).stderr, "");
}

#[test]
fn a_damaged_file_is_refused_and_kept() {
    let service = Service::start();
    let user = linked(&service);
    let whole = fs::read(file(&user)).unwrap();
    for bytes in [&whole[..whole.len() / 2], b"not a store"] {
        fs::write(file(&user), bytes).unwrap();
        user.run(&["balance", "--json"]).fails(1, "internal_error", "store_broken");
        let linking = user.run_with_stdin(&["link", "--replace", "--json"], service.validated_url());
        linking.fails(1, "internal_error", "store_broken");
        assert_eq!(fs::read(file(&user)).unwrap(), bytes);
    }
    assert_eq!(service.live_devices().len(), 1);
}

#[test]
fn a_disk_without_room_keeps_the_old_file() {
    let service = Service::start();
    let user = linked(&service);
    // A directory where the new file is to be written stands for every failure to write it.
    fs::create_dir(file(&user).with_extension("age.new")).unwrap();
    let linking = user.run_with_stdin(&["link", "--replace", "--json"], service.validated_url());
    linking.fails(1, "internal_error", "store_failed");
    assert_eq!((service.hits("createPIN"), service.live_devices().len()), (1, 1));
    assert_eq!(user.run(&["balance"]).code, Some(0));
}
