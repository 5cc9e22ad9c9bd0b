//! `login` with a person: which school, what is granted, a wrong paste, and what is linked afterwards.

use crate::support::getcard::Getcard;
use crate::support::screen::Screen;
use crate::support::service::Service;

#[test]
fn without_a_school_and_somebody_to_ask_it_is_wrong_usage() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url());
    for args in [&["login", "--json"][..], &["login", "--print-url", "--json"]] {
        let error = user.run(args).fails(2, "validation_error", "school_unknown");
        assert!(error["hint"].as_str().unwrap().contains("getcard login --school"), "{error}");
    }
    // The last link says which school.
    user.link(&service.validated_url());
    assert!(user.run(&["login", "--print-url"]).text().contains("/ucsc/full/login.php"));
}

#[test]
fn a_first_login_asks_for_the_school_and_again_for_a_wrong_paste() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url());
    let mut screen = Screen::of(&user, &["login", "--no-browser"]);
    screen.until_text("full access to the card until it is unlinked");
    screen.until_text("Your school, or part of its name:");
    screen.send("california\n");
    screen.until_text("1  uci (University of California, Irvine)");
    screen.until_text("Its number, or more of its name:");
    screen.send("santa cruz\n");
    screen.until_text("/ucsc/full/login.php");
    screen.until_text("Validated URL (hidden):");
    screen.send("https://get.cbord.com/ucsc/full/login.php\r");
    screen.until_text("warning: the text contains no session id");
    screen.until_text("Paste it again.");
    screen.send(&format!("{}\r", service.new_web_session()));
    screen.until_text("linked at ucsc as device");
    screen.until_text("Flexi Dollars");
    assert_eq!(screen.exit(), Some(0));
    assert_eq!(service.live_devices().len(), 1);
}

/// The terminal makes a line feed of a return that comes before the prompt.
#[test]
fn what_is_pasted_before_the_prompt_is_taken() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url());
    let mut screen = Screen::of(&user, &["login", "--no-browser", "--school", "ucsc"]);
    screen.send(&format!("{}\r", service.new_web_session()));
    screen.until_text("linked at ucsc as device");
    assert_eq!(screen.exit(), Some(0));
}

#[test]
fn the_third_wrong_paste_ends_it() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url());
    let mut screen = Screen::of(&user, &["login", "--no-browser", "--school", "ucsc"]);
    for times in 1..=3 {
        screen.until("asked again", |screen| screen.matches("(hidden):").count() == times);
        screen.send("nonsense\r");
    }
    screen.until_text("error: the text contains no session id");
    assert_eq!(screen.exit(), Some(2));
    assert_eq!(service.hits("createPIN"), 0);
}

#[test]
fn already_linked_says_login_replace_before_anything_is_asked() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    let error = user.run(&["login", "--json"]).fails(2, "validation_error", "already_linked");
    assert!(error["hint"].as_str().unwrap().contains("getcard login --replace"), "{error}");
}
