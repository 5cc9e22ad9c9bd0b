//! `schools` and `login --school`: found by name, and cached for a day.

use getcard::sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::support::getcard::Getcard;
use crate::support::keyring::Session;
use crate::support::screen::Screen;
use crate::support::service::Service;

fn visitor(service: &Service) -> Getcard {
    Getcard::with_keyring(&service.base_url(), Session::without_service()).with("GETCARD_RETRIES", "0")
}

fn unreachable() -> Vec<Fault> {
    vec![Fault::new(FaultKind::ResetBefore)]
}

#[test]
fn schools_are_found_by_name_without_a_card() {
    let service = Service::start();
    let user = visitor(&service);
    let all = user.run(&["schools", "--json"]).json();
    let names: Vec<_> =
        all["schools"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert!(names.len() == 20 && names.is_sorted());
    let found = user.run(&["schools", "santa CRUZ", "--json"]).json();
    let id = found["schools"][0]["id"].clone();
    let expected = json!({"id": id, "name": "University of California, Santa Cruz", "short_name": "ucsc"});
    assert_eq!(found["schools"], Value::from(vec![expected]));
    user.run(&["schools", "nowhere", "--json"]).fails(2, "validation_error", "no_such_school");
    assert!(user.run(&["schools", "cornwell"]).stderr.contains("did you mean cornell"));
}

#[test]
fn the_list_is_asked_for_once_a_day_and_origin() {
    let (service, other) = (Service::start(), Service::start());
    let user = visitor(&service);
    for _ in 0..3 {
        assert_eq!(user.run(&["schools"]).code, Some(0));
    }
    assert_eq!(service.hits("retrieveLookupList"), 1);
    assert_eq!(user.run(&["schools", "--api-url", &other.base_url()]).code, Some(0));
    assert_eq!(other.hits("retrieveLookupList"), 1);
    let dir = user.home.path().join(".cache/getcard");
    let entries = std::fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<_> = entries.filter(|path| path.to_str().unwrap().contains("schools-")).collect();
    assert_eq!(files.len(), 2);
    for file in files {
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions()) & 0o777,
            0o600
        );
        // A list from long ago: asked for again, and used when there is no other.
        let old = std::fs::read_to_string(&file).unwrap();
        let mut old: Value = serde_json::from_str(&old).unwrap();
        old["fetched_at"] = "2020-01-01T00:00:00Z".into();
        std::fs::write(&file, old.to_string()).unwrap();
    }
    service.set_faults(unreachable());
    let outdated = user.run(&["schools", "ucsc"]);
    assert_eq!(outdated.code, Some(0));
    assert!(outdated.stderr.contains("the list is from 2020-01-01"), "{}", outdated.stderr);
    service.set_faults(Vec::new());
    assert!(user.run(&["schools", "ucsc"]).stderr.is_empty());
    assert_eq!(service.hits("retrieveLookupList"), 2);
    let ephemeral = Getcard::ephemeral(&service);
    assert_eq!(ephemeral.run(&["schools"]).code, Some(0));
    assert_eq!(std::fs::read_dir(ephemeral.home.path()).unwrap().count(), 0);
}

#[test]
fn login_takes_a_short_name_or_a_part_of_a_name() {
    let service = Service::start();
    let user = visitor(&service);
    let page = |words: &str| user.run(&["login", "--print-url", "--json", "--school", words]);
    for (words, short) in [("ucsc", "ucsc"), ("RICE", "rice"), ("santa cruz", "ucsc"), ("St. Olaf", "stolaf")]
    {
        assert_eq!(page(words).json()["url"], service.login_url().replace("{school}", short), "{words}");
    }
    let error = page("california").fails(2, "validation_error", "ambiguous_school");
    assert!(
        error["hint"].as_str().unwrap().contains("uci") && error["hint"].as_str().unwrap().contains("ucsc")
    );
    let error = page("skidmor colege").fails(2, "validation_error", "no_such_school");
    assert!(error["message"].as_str().unwrap().contains("did you mean skidmore"), "{error}");
}

#[test]
fn without_the_list_a_short_name_is_taken_as_it_is() {
    let service = Service::start();
    let user = visitor(&service);
    service.set_faults(unreachable());
    let taken = user.run(&["login", "--print-url", "--school", "sandstone"]);
    assert_eq!(taken.text().trim(), service.login_url().replace("{school}", "sandstone"));
    assert!(taken.stderr.contains("as it is"));
    let refused = user.run(&["login", "--print-url", "--json", "--school", "Sand Stone"]);
    assert_eq!((refused.code, refused.text()), (Some(5), ""));
    assert_eq!(user.run(&["schools"]).code, Some(5));
}

#[test]
fn linking_learns_the_name_that_the_view_shows() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with_file_store("a passphrase of the tests");
    let linked = user.run_with_stdin(&["link", "-"], service.validated_url());
    assert_eq!(linked.code, Some(0), "{}", linked.stderr);
    Screen::of(&user, &["barcode"]).until_text("University of California, Santa Cruz");

    // Once it is known, the list is not asked for again.
    user.run_with_stdin(&["--profile", "other", "link", "-"], service.validated_url());
    assert_eq!(service.hits("retrieveLookupList"), 1);
}

#[test]
fn a_list_that_cannot_be_had_is_no_trouble_when_linking() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with_file_store("a passphrase of the tests");
    service.set_faults(vec![Fault::new(FaultKind::ResetBefore).at("retrieveLookupList")]);
    let linked = user.run_with_stdin(&["link", "-"], service.validated_url());
    assert_eq!(linked.code, Some(0), "{}", linked.stderr);
    assert!(!linked.stderr.contains("warning"), "{}", linked.stderr);
    assert_eq!(service.hits("retrieveLookupList"), 1, "without retries");
}
