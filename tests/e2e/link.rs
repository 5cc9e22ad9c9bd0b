//! Linking: every way in, and every way that fails.

use getcard::sandbox::{Calls, Fault, FaultKind};
use serde_json::json;

use crate::support::getcard::Getcard;
use crate::support::service::Service;

fn at(service: &Service) -> Getcard {
    Getcard::at(&service.base_url())
}

#[test]
fn a_validated_url_links_from_standard_input_and_as_an_argument() {
    let service = Service::start();
    let url = service.validated_url();
    let by_stdin = at(&service).run_with_stdin(&["link", "--json"], &url);
    let document = by_stdin.json();
    let device = &service.live_devices()[0];
    assert_eq!(document["device"], format!("{}…{}", &device[..2], &device[14..]));
    assert_eq!(document["profile"], "default");
    assert_eq!((&document["linked"], &document["resumed"]), (&json!(true), &json!(false)));
    assert_eq!((&document["school"], &document["store"]), (&json!("ucsc"), &json!("keychain")));
    assert!(by_stdin.stderr.contains("full access to the card until it is unlinked"), "{}", by_stdin.stderr);
    assert_eq!(by_stdin.stderr.lines().count(), 1);

    let by_argument = at(&service).run(&["--profile", "other", "link", &url]);
    assert_eq!(by_argument.code, Some(0));
    assert!(by_argument.stderr.contains("link -"), "it points to standard input: {}", by_argument.stderr);
    assert_eq!(service.live_devices().len(), 2);
}

#[test]
fn a_second_link_is_refused_and_a_replacement_revokes_the_first() {
    let service = Service::start();
    let user = at(&service);
    user.link(&service.validated_url());
    let first = service.live_devices();
    let refused = user.run_with_stdin(&["link", "--json", "-"], service.validated_url());
    refused.fails(2, "validation_error", "already_linked");
    assert_eq!(service.live_devices(), first);

    let replaced = user.run_with_stdin(&["link", "--json", "--replace", "-"], service.validated_url());
    assert_eq!(replaced.code, Some(0), "{}", replaced.stderr);
    let live = service.live_devices();
    assert_eq!(live.len(), 1);
    assert_ne!(live, first);
}

#[test]
fn a_replaced_device_that_cannot_be_revoked_is_remembered() {
    let service = Service::start();
    let user = at(&service).with("GETCARD_RETRIES", "0");
    user.link(&service.validated_url());
    service.set_faults(vec![Fault::new(FaultKind::ResetBefore).at("deletePIN")]);
    let replaced = user.run_with_stdin(&["link", "--replace", "-"], service.validated_url());
    assert_eq!(replaced.code, Some(0));
    assert!(replaced.stderr.contains("could not be revoked yet"), "{}", replaced.stderr);
    assert_eq!(service.live_devices().len(), 2);

    service.set_faults(Vec::new());
    assert_eq!(user.run(&["status", "--check"]).code, Some(0));
    assert_eq!(service.live_devices().len(), 1);
}

#[test]
fn text_without_a_session_or_with_two_changes_nothing() {
    let service = Service::start();
    let user = at(&service);
    let two = format!("{} {}", service.validated_url(), service.validated_url());
    user.run_with_stdin(&["link", "--json"], "https://example.org").fails(
        2,
        "validation_error",
        "no_session",
    );
    user.run_with_stdin(&["link", "--json"], two).fails(2, "validation_error", "ambiguous_session");
    user.run_with_stdin(&["link", "--json"], b"\xff\xfe").fails(2, "validation_error", "not_text");
    assert_eq!(service.hits("createPIN"), 0);
}

#[test]
fn a_dead_web_session_leaves_nothing_behind() {
    let service = Service::start();
    let user = at(&service);
    let dead = "0f8fad5b-d9cb-469f-a165-70867728950e";
    let error = user.run_with_stdin(&["link", "--json"], dead).fails(3, "authentication_error", "4001");
    assert_eq!(error["method"], "user.createPIN");
    assert_eq!(error["attempts"], 1);
    assert_eq!(error["hint"], "the sign-in has expired; run: getcard login");
    let status = user.run(&["status", "--json"]).json();
    assert_eq!((&status["linked"], &status["pending"]), (&json!(false), &json!(false)));
    assert!(service.live_devices().is_empty());
}

#[test]
fn a_lost_reply_is_found_out_by_the_retry() {
    let service = Service::start();
    let lost = Fault::new(FaultKind::ResetAfter).at("createPIN").on(Calls::FIRST);
    service.set_faults(vec![lost]);
    let user = at(&service);
    user.link(&service.validated_url());
    assert_eq!((service.hits("createPIN"), service.live_devices().len()), (2, 1));
}

#[test]
fn a_web_session_that_dies_with_the_lost_reply_does_not_hide_the_live_device() {
    let service = Service::start();
    service.set_faults(vec![
        Fault::new(FaultKind::ResetAfter).at("createPIN").on(Calls::FIRST),
        Fault::new(FaultKind::Exception("4001|Session not found".to_owned())).at("createPIN"),
    ]);
    let user = at(&service);
    user.link(&service.validated_url());
    assert_eq!(service.live_devices().len(), 1);
}

#[test]
fn a_sign_in_that_fails_after_create_pin_stays_pending_and_is_finished_later() {
    let service = Service::start();
    let user = at(&service);
    service
        .set_faults(vec![Fault::new(FaultKind::Exception("1234|Not now".to_owned())).at("authenticatePIN")]);
    let failed = user.run_with_stdin(&["link", "--json"], service.validated_url());
    failed.fails(3, "authentication_error", "1234");
    service.set_faults(Vec::new());
    assert_eq!(service.live_devices().len(), 1);

    let finished = user.run(&["link", "--json"]).json();
    assert_eq!(finished["resumed"], true);
    assert_eq!(service.live_devices().len(), 1);
}

#[test]
fn a_pending_device_that_is_dead_makes_room_for_a_new_one() {
    let service = Service::start();
    let user = at(&service).with("GETCARD_RETRIES", "0");
    service.set_faults(vec![
        Fault::new(FaultKind::ResetBefore).at("createPIN"),
        Fault::new(FaultKind::ResetBefore).at("authenticatePIN"),
    ]);
    user.run_with_stdin(&["link", "--json"], service.validated_url()).fails(
        5,
        "transient_upstream_error",
        "cut_short",
    );
    service.set_faults(Vec::new());
    let pending = user.run(&["--json", "balance"]).fails(3, "authentication_error", "not_linked");
    assert_eq!(pending["hint"], "finish linking with: getcard link");

    let linked = user.run_with_stdin(&["link", "--json"], service.validated_url()).json();
    assert_eq!(linked["resumed"], false);
    assert_eq!(service.live_devices().len(), 1);
}

#[test]
fn the_memory_store_takes_no_link() {
    let service = Service::start();
    let user = at(&service);
    let refused = user.run_with_stdin(&["link", "--json", "--store", "memory"], service.validated_url());
    refused.fails(2, "validation_error", "memory_store");
    assert!(service.live_devices().is_empty());
}

#[test]
fn login_prints_the_page_and_links_with_what_comes_back() {
    let service = Service::start();
    let user = at(&service);
    let page = user.run(&["login", "--print-url", "--school", "ucsc"]);
    assert_eq!(page.text().trim(), service.login_url().replace("{school}", "ucsc"));
    let document = user.run(&["login", "--print-url", "--school", "ucsc", "--json"]).json();
    assert_eq!(document, json!({"url": page.text().trim()}));
    let elsewhere =
        user.run(&["login", "--print-url", "--school", "sandstone", "--api-url", "https://x.example"]);
    assert_eq!(elsewhere.text(), "https://get.cbord.com/sandstone/full/login.php?mobileapp=1\n");

    let linked = user
        .run_with_stdin(&["login", "--no-browser", "--json", "--school", "ucsc"], service.new_web_session());
    assert_eq!(linked.json()["school"], "ucsc");
    assert!(linked.stderr.contains(page.text().trim()), "{}", linked.stderr);
}
