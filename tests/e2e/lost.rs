//! `lost` and `found`: what the school allows, a question, a report; and a reply that is lost on its way.

use getcard::sandbox::{Fault, FaultKind};
use serde_json::json;

use crate::support::getcard::Getcard;
use crate::support::screen::Screen;
use crate::support::service::Service;

fn linked(service: &Service) -> Getcard {
    let user = Getcard::at(&service.base_url()).with("GETCARD_RETRIES", "0");
    user.link(&service.validated_url());
    user
}

#[test]
fn a_card_is_reported_lost_and_found_again() {
    let service = Service::start();
    let user = linked(&service);
    let card = |check: &[&str]| user.run(check).json()["card"].clone();
    assert_eq!(card(&["status", "--json"]), json!(null));
    let checked = user.run(&["status", "--check", "--json"]).json();
    assert_eq!((&checked["patron"], &checked["card"]), (&json!("Sam S."), &json!("active")));

    user.run(&["lost", "--json"]).fails(2, "validation_error", "no_input");
    assert!(!service.card_is_lost());
    let lost = user.run(&["lost", "--yes", "--json"]).json();
    assert_eq!(lost, json!({"profile": "default", "card": "lost"}));
    assert!(service.card_is_lost());
    assert_eq!(card(&["status", "--check", "--json"]), "lost");
    assert!(user.run(&["status", "--check"]).text().contains("getcard found"));

    let again = user.run(&["lost", "--yes"]);
    assert_eq!((again.code, service.hits("reportCardLost")), (Some(0), 1));
    assert!(again.stderr.contains("already"), "{}", again.stderr);

    let found = user.run(&["found", "--yes", "--json"]).json();
    assert_eq!(found, json!({"profile": "default", "card": "active"}));
    assert!(!service.card_is_lost());
}

#[test]
fn what_the_school_has_off_or_does_not_set_is_refused_with_the_reason() {
    let service = Service::start();
    let user = linked(&service);
    for value in [Some("0"), None] {
        service.set_setting("get.feature.enable_lost_card", value).unwrap();
        let error = user.run(&["lost", "--yes", "--json"]).fails(4, "authorization_error", "switched_off");
        assert!(error["message"].as_str().unwrap().contains("your school"), "{error}");
    }
    service.set_faults(vec![
        Fault::new(FaultKind::Exception("9801|No such setting".to_owned())).at("retrieveSetting"),
    ]);
    user.run(&["found", "--yes", "--json"]).fails(4, "authorization_error", "switched_off");
    service.set_faults(vec![
        Fault::new(FaultKind::Http { status: 404, retry_after: None }).at("retrieveSetting"),
    ]);
    user.run(&["found", "--yes", "--json"]).fails(2, "validation_error", "http_404");
    assert_eq!((service.hits("reportCardLost"), service.hits("reportCardFound")), (0, 0));
}

#[test]
fn a_lost_reply_is_resolved_by_asking_for_the_card() {
    let service = Service::start();
    let user = linked(&service);
    for kind in [
        FaultKind::ResetAfter,
        FaultKind::Null,
        FaultKind::ExceptionAfter("9999|Internal server error".to_owned()),
        FaultKind::ExceptionAfter("1234|Whatever".to_owned()),
    ] {
        service.set_faults(vec![Fault::new(kind.clone()).at("reportCardLost")]);
        let lost = user.run(&["lost", "--yes", "--json"]);
        assert_eq!((lost.code, service.card_is_lost()), (Some(0), true), "{kind:?}: {}", lost.stderr);
        service.set_faults(Vec::new());
        assert_eq!(user.run(&["found", "--yes"]).code, Some(0));
    }
    service.set_faults(vec![Fault::new(FaultKind::ResetBefore).at("reportCardLost")]);
    user.run(&["lost", "--yes", "--json"]).fails(5, "transient_upstream_error", "cut_short");
    assert!(!service.card_is_lost());
}

#[test]
fn the_question_says_whether_it_can_be_undone() {
    let service = Service::start();
    let user = linked(&service);
    let mut screen = Screen::of(&user, &["lost"]);
    screen.until_text("Undo it with: getcard found.");
    screen.until_text("Report the card lost? [y/N]");
    screen.send("n\n");
    screen.until_text("nothing was changed");
    assert_eq!((screen.exit(), service.card_is_lost()), (Some(0), false));

    service.set_setting("get.feature.enable_found_card", Some("0")).unwrap();
    let mut screen = Screen::of(&user, &["lost"]);
    screen.until_text("You cannot undo this here");
    screen.send("y\n");
    screen.until_text("the card is reported lost");
    assert_eq!((screen.exit(), service.card_is_lost()), (Some(0), true));
}
