//! The demo: everything at once, with nothing but the binary.

use crate::support::getcard::Getcard;
use crate::support::scanner::scan;
use crate::support::screen::Screen;

/// Someone without keychain, link or network.
fn newcomer() -> Getcard {
    Getcard::at("http://127.0.0.1:9").with("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
}

#[test]
fn one_frame_scans_and_says_what_it_is() {
    for args in [&["demo", "--once"][..], &["demo"]] {
        let outcome = newcomer().run(args);
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        assert_eq!(scan(&outcome.stdout).unwrap().len(), 22);
        for part in ["ucsc · demo", "Flexi Dollars ", " live ", "Last fetched", "quit"] {
            assert!(outcome.text().contains(part), "{part}");
        }
    }
}

#[test]
fn without_colors_or_in_json_it_is_one_barcode() {
    let user = newcomer();
    assert_eq!(user.run(&["demo", "--json"]).json()["symbology"], "PDF417");
    let plain = user.run(&["demo", "--once", "--color", "never"]);
    assert!(plain.text().contains('█') && !plain.text().contains('\x1b'));
}

#[test]
fn on_a_terminal_it_is_the_view_and_people_use_the_card() {
    let user = newcomer();
    let mut screen = Screen::of(&user, &["demo"]);
    screen.until_text(" live ");
    let first = screen.scan().unwrap();
    assert_eq!(first.len(), 22);
    screen.until_text("Paid ");
    assert_ne!(screen.scan().unwrap(), first);
    screen.send("q");
    assert_eq!(screen.exit(), Some(0));
    screen.is_restored();
    assert!(
        std::fs::read_dir(user.home.path()).unwrap().next().is_none(),
        "nothing is left in the home directory"
    );
}
