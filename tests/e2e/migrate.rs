//! `store rekey` and `store migrate`: everything is there afterwards, under the new passphrase or in the new store.

use serde_json::json;

use crate::support::getcard::Getcard;
use crate::support::service::Service;

const PROFILES: [&str; 3] = ["default", "second", "third"];

fn profiles_in(user: &Getcard, store: &str) -> Vec<&'static str> {
    let linked = |profile: &&str| match user.run(&["status", "--store", store, "--profile", profile]).code {
        Some(0) => true,
        Some(3) => false,
        other => panic!("{other:?}"),
    };
    PROFILES.into_iter().filter(linked).collect()
}

fn linked_in_the_keychain(service: &Service) -> Getcard {
    let user = Getcard::at(&service.base_url());
    let file = user.passphrase_file("passphrase", "correct horse");
    let user = user.with("GETCARD_PASSPHRASE_FILE", file);
    for profile in PROFILES {
        let linking = user.run_with_stdin(&["link", "--profile", profile], service.validated_url());
        assert_eq!(linking.code, Some(0), "{}", linking.stderr);
    }
    user
}

#[test]
fn every_profile_moves_there_and_back() {
    let service = Service::start();
    let user = linked_in_the_keychain(&service);
    let devices = service.live_devices();
    let calls = service.requests().len();
    let there = user.run(&["store", "migrate", "--to", "file", "--json"]);
    let moved: Vec<_> =
        PROFILES.map(|profile| json!({"profile": profile, "origin": origin(&service)})).into();
    assert_eq!(there.json(), json!({"store": "file", "profiles": moved}));
    assert_eq!(there.stderr, "");
    // No option says where they are now, and they are found.
    let balance = user.run(&["balance"]);
    assert_eq!(balance.code, Some(0), "{}", balance.stderr);
    assert_eq!(user.run(&["status", "--json"]).json()["store"]["kind"], "file");
    let calls = service.requests().len().max(calls);
    assert_eq!((profiles_in(&user, "keychain"), profiles_in(&user, "file")), (vec![], PROFILES.to_vec()));

    let again = user.run(&["store", "migrate", "--to", "file", "--json"]);
    assert_eq!((again.code, &again.json()["profiles"]), (Some(0), &json!([])));
    assert_eq!(user.run(&["store", "migrate", "--to", "keychain"]).code, Some(0));
    assert_eq!((profiles_in(&user, "keychain"), profiles_in(&user, "file")), (PROFILES.to_vec(), vec![]));
    assert_eq!((service.live_devices(), service.requests().len()), (devices, calls));
    assert_eq!(user.run(&["balance"]).code, Some(0));
}

fn origin(service: &Service) -> String {
    service.base_url().split("/GET").next().unwrap().to_owned()
}

#[test]
fn a_link_in_the_other_store_stops_the_move_before_it_begins() {
    let service = Service::start();
    let user = linked_in_the_keychain(&service);
    // A link in the other store is refused where it is known; a cache may be deleted at any time.
    std::fs::remove_dir_all(user.home.path().join(".cache/getcard")).unwrap();
    let file = ["link", "--store", "file", "--profile", "second"];
    assert_eq!(user.run_with_stdin(&file, service.validated_url()).code, Some(0));
    let refused = user.run(&["store", "migrate", "--to", "file", "--json"]);
    let error = refused.fails(2, "validation_error", "already_linked");
    let hint = error["hint"].as_str().unwrap();
    assert!(
        hint.starts_with("run: getcard ") && hint.ends_with(" unlink --store file --profile second"),
        "{hint}"
    );
    assert_eq!((profiles_in(&user, "keychain").len(), profiles_in(&user, "file")), (3, vec!["second"]));
    let unlinking = ["unlink", "--yes", "--store", "file", "--profile", "second"];
    assert_eq!(user.run(&unlinking).code, Some(0));
    assert_eq!(user.run(&["store", "migrate", "--to", "file"]).code, Some(0));
}

#[test]
fn a_store_that_does_not_open_stops_the_move() {
    let service = Service::start();
    let user = linked_in_the_keychain(&service);
    let empty = Getcard::at(&service.base_url());
    let no_passphrase = user.with("GETCARD_PASSPHRASE_FILE", "");
    let refused = no_passphrase.run(&["store", "migrate", "--to", "file", "--json"]);
    refused.fails(1, "internal_error", "store_passphrase");
    no_passphrase.keyring.lock();
    let refused = no_passphrase.run(&["store", "migrate", "--to", "file", "--json"]);
    refused.fails(1, "internal_error", "store_locked");
    let ephemeral = empty.run(&["store", "migrate", "--to", "file", "--json", "--ephemeral"]);
    ephemeral.fails(2, "validation_error", "ephemeral");
}

#[test]
fn a_new_passphrase_takes_the_place_of_the_old_one() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with_file_store("correct horse");
    let new = user.passphrase_file("new", "battery staple");
    let rekey = ["store", "rekey", "--json", "--new-passphrase-file", &new];
    user.run(&rekey).fails(1, "internal_error", "store_absent");
    user.link(&service.validated_url());
    let profiles = json!([{"profile": "default", "origin": origin(&service)}]);
    assert_eq!(user.run(&rekey).json(), json!({"store": "file", "profiles": profiles}));
    user.run(&["balance", "--json"]).fails(1, "internal_error", "store_passphrase");
    user.run(&rekey).fails(1, "internal_error", "store_passphrase");
    let user = user.with("GETCARD_PASSPHRASE_FILE", new);
    assert_eq!(user.run(&["balance"]).code, Some(0));
}

#[test]
fn a_profile_that_moved_is_never_linked_a_second_time() {
    let service = Service::start();
    let user = linked_in_the_keychain(&service);
    assert_eq!(user.run(&["store", "migrate", "--to", "file"]).code, Some(0));
    let devices = service.live_devices();
    let again = user.run_with_stdin(&["link", "--json"], service.validated_url());
    again.fails(2, "validation_error", "already_linked");
    // Without its passphrase it is not "not linked" either.
    let user = user.with("GETCARD_PASSPHRASE_FILE", "");
    user.run(&["balance", "--json"]).fails(1, "internal_error", "store_passphrase");
    assert_eq!(service.live_devices(), devices);
}

#[test]
fn a_store_that_the_settings_name_is_changed_when_asked() {
    let service = Service::start();
    let user = linked_in_the_keychain(&service);
    let config = user.home.path().join(".config/getcard/config.toml");
    std::fs::create_dir_all(config.parent().unwrap()).unwrap();
    std::fs::write(&config, "# mine\nstore = \"keychain\"\nschool = \"ucsc\"\n").unwrap();
    let moved = user.run(&["store", "migrate", "--to", "file"]);
    assert!(moved.stderr.contains("--store file"), "{}", moved.stderr);
    assert_eq!(user.run(&["store", "migrate", "--to", "keychain"]).code, Some(0));
    let moved = user.run(&["store", "migrate", "--to", "file", "--configure"]);
    assert_eq!(moved.code, Some(0), "{}", moved.stderr);
    let text = std::fs::read_to_string(&config).unwrap();
    assert_eq!(text, "# mine\nstore = \"file\"\nschool = \"ucsc\"\n");
    assert_eq!(user.run(&["balance"]).code, Some(0));
}
