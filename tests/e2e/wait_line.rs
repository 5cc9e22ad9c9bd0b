//! The line that says what a command waits for: on a terminal only, after a moment, and gone at the end.

use std::time::Duration;

use getcard::sandbox::Options;

use crate::support::getcard::Getcard;
use crate::support::screen::Screen;
use crate::support::service::Service;

fn slow() -> Service {
    Service::with(Options { latency: Duration::from_millis(1500), ..Options::default() })
}

#[test]
fn a_slow_service_is_waited_for_in_words() {
    let service = slow();
    let user = Getcard::ephemeral(&service);
    let mut screen = Screen::of(&user, &["balance"]);
    screen.until_text("waiting for the service (commerce.retrieveAccounts)");
    assert_eq!(screen.exit(), Some(0));
    let text = screen.text();
    assert!(text.contains("Flexi Dollars") && !text.contains("waiting"), "{text}");
}

#[test]
fn linking_says_what_it_waits_for_to_the_end() {
    let service = slow();
    let user = Getcard::at(&service.base_url()).with_file_store("a passphrase of the tests");
    let mut screen = Screen::of(&user, &["link", &service.validated_url()]);
    screen.until_text("linked at ucsc");
    screen.until_text("waiting for the service (commerce.retrieveAccounts)");
    screen.until_text("waiting for the service (institution.retrieveLookupList)");
    assert_eq!(screen.exit(), Some(0));
    assert!(!screen.text().contains("waiting"), "{}", screen.text());
}

#[test]
fn a_pipe_and_a_quiet_run_wait_in_silence() {
    let service = slow();
    let user = Getcard::ephemeral(&service);
    assert_eq!(user.run(&["balance"]).stderr, "");
    let mut screen = Screen::of(&user, &["balance", "--quiet"]);
    screen.until_text("Flexi Dollars");
    assert_eq!(screen.exit(), Some(0));
    assert!(!screen.text().contains("waiting"), "{}", screen.text());
}
