//! `unlink --purge`, and what `unlink` asks.

use crate::support::getcard::Getcard;
use crate::support::screen::Screen;
use crate::support::service::Service;

#[test]
fn nothing_is_left_behind_once_no_profile_is_left() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    let work = user.run_with_stdin(&["link", "--profile", "work", "-"], service.validated_url());
    assert_eq!(work.code, Some(0));
    assert_eq!(user.run(&["schools"]).code, Some(0));
    let path = |name: &str| user.home.path().join(name);
    std::fs::create_dir_all(path(".config/getcard")).unwrap();
    std::fs::write(path(".config/getcard/config.toml"), "refresh = 10\n").unwrap();

    let first = user.run(&["unlink", "--yes", "--purge"]);
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    assert!(
        first.stderr.contains("nothing was purged, because other profiles exist: work"),
        "{}",
        first.stderr
    );
    assert!(path(".local/state/getcard/journal.jsonl").exists());
    let last = user.run(&["unlink", "--yes", "--purge", "--profile", "work"]);
    assert_eq!(last.code, Some(0), "{}", last.stderr);
    assert!(!path(".local/state/getcard").exists() && !path(".cache/getcard").exists());
    assert!(path(".config/getcard/config.toml").exists());
    assert!(service.live_devices().is_empty());
}

#[test]
fn the_question_names_device_school_and_profile_and_logout_is_unlink() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    let device = service.live_devices()[0].clone();
    let question = format!(
        "Revoke device {}…{} at ucsc of profile default and forget it? [y/N]",
        &device[..2],
        &device[14..]
    );
    for command in ["unlink", "logout"] {
        let mut screen = Screen::of(&user, &[command]);
        screen.until_text(&question);
        screen.send("\n");
        screen.until_text("nothing was changed");
        assert_eq!(screen.exit(), Some(0));
    }
    assert_eq!(service.live_devices().len(), 1);
}
