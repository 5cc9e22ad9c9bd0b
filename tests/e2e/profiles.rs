//! `profiles`, their sections in the configuration, and what a mistyped one is told.

use crate::support::getcard::Getcard;
use crate::support::service::Service;

fn configure(user: &Getcard, text: &str) {
    let dir = user.home.path().join(".config/getcard");
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("config.toml"), text).unwrap();
}

#[test]
fn profiles_are_listed_without_opening_a_store() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with_file_store("correct horse");
    assert_eq!(user.run(&["profiles", "--json"]).json(), serde_json::json!({ "profiles": [] }));
    user.link(&service.validated_url());
    let work = user.run_with_stdin(&["link", "-", "--profile", "work"], service.validated_url());
    assert_eq!(work.code, Some(0), "{}", work.stderr);
    configure(
        &user,
        "[profiles.home]\nschool = \"uiuc\"\napi_url = \"https://x.example/\"\nstore = \"keychain\"\n",
    );
    // No passphrase: nothing can be opened.
    let user = user.without("GETCARD_PASSPHRASE_FILE");
    let document = user.run(&["profiles", "--json"]).json();
    let profiles = document["profiles"].as_array().unwrap();
    let of = |field: &str| profiles.iter().map(|profile| profile[field].clone()).collect::<Vec<_>>();
    assert_eq!(of("name"), ["default", "home", "work"]);
    assert_eq!(of("default"), [true, false, false]);
    assert_eq!(of("store"), ["file", "keychain", "file"]);
    assert_eq!((&of("school")[1], &of("api_url")[1]), (&"uiuc".into(), &"https://x.example".into()));
    assert!(profiles[0]["device"].as_str().unwrap().contains('…') && profiles[1]["device"].is_null());
    assert!(profiles[2]["linked_at"].as_str().unwrap().ends_with('Z'));
    let table = user.run(&["profiles", "--profile", "work"]);
    assert!(
        table.text().contains("work (default)") && table.text().starts_with("PROFILE"),
        "{}",
        table.text()
    );
}

#[test]
fn a_section_is_its_profiles_own() {
    let (one, other) = (Service::start(), Service::start());
    let user = Getcard::at("unset").with_file_store("correct horse").without("GETCARD_API_URL");
    let (here, there) = (one.base_url(), other.base_url());
    configure(&user, &format!("api_url = \"{here}\"\n[profiles.other]\napi_url = \"{there}\"\nbroken = 1\n"));
    let status = |args: &[&str]| {
        let outcome = user.run(args);
        assert!(outcome.stderr.contains("unknown key `profiles.other.broken`"), "{}", outcome.stderr);
        outcome.json()["api_url"].as_str().unwrap().to_owned()
    };
    let (own, others) = (status(&["status", "--json"]), status(&["status", "--json", "--profile", "other"]));
    assert!(own != others, "{own}");
    assert!(here.starts_with(own.trim_end_matches('/')) && there.starts_with(others.trim_end_matches('/')));
}

#[test]
fn a_mistyped_profile_is_told_which_there_are() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with_file_store("correct horse");
    let work = user.run_with_stdin(&["link", "-", "--profile", "work"], service.validated_url());
    assert_eq!(work.code, Some(0), "{}", work.stderr);
    let error = user.run(&["balance", "--profile", "wrok", "--json"]);
    let error = error.fails(3, "authentication_error", "not_linked");
    assert!(error["hint"].as_str().unwrap().contains("work"), "{error}");
}

#[test]
fn completion_knows_linked_and_configured_profiles() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with_file_store("correct horse");
    let work = user.run_with_stdin(&["link", "-", "--profile", "work"], service.validated_url());
    assert_eq!(work.code, Some(0), "{}", work.stderr);
    configure(&user, "[profiles.home]\nschool = \"uiuc\"\n");
    let user = user.with("GETCARD_COMPLETE", "fish");
    let offered = user.run(&["--", "getcard", "--profile", ""]);
    let names: Vec<&str> = offered.text().lines().map(|line| line.split('\t').next().unwrap()).collect();
    for name in ["default", "home", "work"] {
        assert!(names.contains(&name), "{names:?} {}", offered.stderr);
    }
}
