//! What users and files can hand in: each with its category, its exit code, a sentence and a hint.

use std::io::Cursor;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use image::{DynamicImage, GrayImage, ImageFormat, Luma, imageops};
use qrcode::{Color, QrCode};

use crate::support::getcard::{Getcard, Outcome};
use crate::support::keyring::Session;
use crate::support::service::Service;

fn qr(text: &str) -> GrayImage {
    let code = QrCode::new(text).unwrap();
    let (side, colors) = (code.width(), code.to_colors());
    let pixels = u32::try_from((side + 8) * 6).unwrap();
    GrayImage::from_fn(pixels, pixels, |x, y| {
        let (column, row) = ((x as usize / 6).wrapping_sub(4), (y as usize / 6).wrapping_sub(4));
        let dark = column < side && row < side && colors[row * side + column] == Color::Dark;
        Luma([if dark { 0 } else { 255 }])
    })
}

fn png(image: GrayImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(image).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn file(user: &Getcard, name: &str, bytes: &[u8]) -> PathBuf {
    let path = user.home.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn a_picture_of_a_code_links_from_a_file_and_from_standard_input() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url());
    let mut inverted = qr(&service.validated_url());
    imageops::invert(&mut inverted);
    let picture = file(&user, "code.png", &png(inverted));
    let by_file = user.run(&["link", "--json", "--qr", picture.to_str().unwrap()]);
    assert_eq!(by_file.json()["linked"], true);
    let by_stdin =
        user.run_with_stdin(&["link", "--json", "--replace", "--qr", "-"], png(qr(&service.validated_url())));
    assert_eq!(by_stdin.json()["linked"], true);
    assert_eq!(service.live_devices().len(), 1);
}

#[test]
fn pictures_that_hold_no_session_are_told_apart() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url());
    let bomb = png(GrayImage::new(8193, 1));
    let cases: [(&str, &[u8], &str); 4] = [
        ("empty.png", &png(GrayImage::new(64, 64)), "no_qr_code"),
        ("note.txt", b"not an image", "bad_image"),
        ("bomb.png", &bomb, "bad_image"),
        ("other.png", &png(qr("https://example.org")), "no_session"),
    ];
    for (name, bytes, code) in cases {
        let path = file(&user, name, bytes);
        let error =
            user.run(&["link", "--json", "--qr", path.to_str().unwrap()]).fails(2, "validation_error", code);
        assert!(error["hint"].is_string(), "{name}");
    }
    user.run(&["link", "--json", "--qr", "/nonexistent.png"]).fails(2, "validation_error", "bad_image");
    assert!(service.requests().is_empty());
}

#[test]
fn an_unsafe_api_url_is_wrong_usage() {
    let user = Getcard::at("http://192.0.2.1/json");
    user.run(&["status", "--json"]).fails(2, "validation_error", "api_url");
}

#[test]
fn wrong_usage_is_an_error_line_too_and_suggests() {
    let user = Getcard::at("http://127.0.0.1:9/");
    let error = user.run(&["balanc", "--json"]).fails(2, "validation_error", "usage");
    assert!(error["hint"].as_str().unwrap().contains("'balance'"), "{error}");
    let plain = user.run(&["balanc"]);
    assert_eq!((plain.code, plain.text()), (Some(2), ""));
    assert!(plain.stderr.starts_with("error: ") && plain.stderr.contains("\nhint: "), "{}", plain.stderr);
    let user = user.with("GETCARD_JSON", "yes");
    let error = user.run(&["balance", "--store", "cloud"]).fails(2, "validation_error", "usage");
    assert!(
        error["message"].as_str().unwrap().ends_with("[possible values: keychain, file, memory]"),
        "{error}"
    );
}

#[test]
fn a_broken_config_file_is_refused_and_an_unknown_key_is_named() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url());
    let broken = file(&user, "broken.toml", b"school = ");
    user.run(&["status", "--json", "--config", broken.to_str().unwrap()]).fails(
        2,
        "validation_error",
        "config",
    );
    let dir = user.home.path().join(".config/getcard");
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("config.toml"), "scool = \"x\"\nschool = \"sandstone\"\n").unwrap();
    let outcome = user.run(&["login", "--print-url"]);
    assert!(outcome.stderr.contains("unknown key `scool`"), "{}", outcome.stderr);
    assert!(outcome.text().contains("/sandstone/"));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let user = Getcard::at("http://127.0.0.1:9/");
    let mut child = user.command(&["login", "--print-url", "--school", "ucsc", "--quiet"]).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

/// A user without a keychain, with a configuration file that runs a command for the passphrase.
fn configured(service: &Service) -> (Getcard, PathBuf) {
    let user = Getcard::with_keyring(&service.base_url(), Session::without_service());
    let ran = user.home.path().join("ran");
    let dir = user.home.path().join(".config/getcard");
    std::fs::create_dir_all(&dir).unwrap();
    let command = format!("touch {}; echo correct horse battery", ran.display());
    let text = format!("store = \"file\"\npassphrase_command = \"{command}\"\n");
    std::fs::write(dir.join("config.toml"), text).unwrap();
    (user, ran)
}

#[test]
fn a_configuration_that_others_may_change_is_not_obeyed_and_the_hint_helps() {
    let service = Service::start();
    let (user, ran) = configured(&service);
    user.link(&service.validated_url());
    std::fs::remove_file(&ran).unwrap();
    let dir = user.home.path().join(".config/getcard");
    let file = dir.join("config.toml");
    for (path, loose) in [(&file, 0o666), (&file, 0o620), (&dir, 0o777), (&dir, 0o770)] {
        std::fs::set_permissions(path, PermissionsExt::from_mode(loose)).unwrap();
        let outcome = user.run(&["balance", "--json"]);
        let error = outcome.fails(2, "validation_error", "config");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(&*file.to_string_lossy()), "{message}");
        assert!(!ran.exists(), "{loose:o}: its command was run");
        assert_eq!(user.run(&["doctor"]).code, Some(1));
        assert!(!ran.exists(), "{loose:o}: its command was run by doctor");
        let command = error["hint"].as_str().unwrap().strip_prefix("run: ").unwrap();
        assert!(command.starts_with("chmod"), "{command}");
        assert!(std::process::Command::new("sh").args(["-c", command]).status().unwrap().success());
        assert_eq!(user.run(&["balance"]).code, Some(0), "{loose:o}: the hint helped");
        std::fs::remove_file(&ran).unwrap();
    }
}

/// A run that must end by itself, which one that waits for a pipe does not.
fn run_to_its_end(user: &Getcard, args: &[&str]) -> Outcome {
    let mut child = user.command(args).spawn().unwrap();
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > Duration::from_secs(60) {
            child.kill().unwrap();
            panic!("{args:?} hangs");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Outcome::of(child.wait_with_output().unwrap())
}

fn make_pipe(path: &Path) {
    let _ = std::fs::remove_file(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, path, rustix::fs::FileType::Fifo, mode, 0).unwrap();
}

#[test]
fn no_pipe_in_the_place_of_a_file_is_waited_for() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with_file_store("correct horse battery");
    user.link(&service.validated_url());
    let home = user.home.path();
    let pipe = home.join("pipe");
    make_pipe(&pipe);
    let (name, at) = (pipe.to_str().unwrap(), format!("@{}", pipe.display()));
    for (args, code) in [
        (&["balance", "--config", name][..], 2),
        (&["link", "--replace", "--qr", name], 2),
        (&["probe", "user", "retrieve", "--params", &at], 2),
        (&["store", "rekey", "--new-passphrase-file", name], 1),
    ] {
        let outcome = run_to_its_end(&user, args);
        assert_eq!(outcome.code, Some(code), "{args:?}: {}", outcome.stderr);
        assert!(outcome.stderr.contains("not a regular file"), "{args:?}: {}", outcome.stderr);
    }
    // State and cache: what cannot be read there is left out, what must be locked is an error.
    let state = home.join(".local/state/getcard");
    let files: Vec<PathBuf> = std::fs::read_dir(&state).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.len() >= 2, "a lock and a journal: {files:?}");
    let cache = home.join(".cache/getcard");
    for path in files.iter().chain(&[cache.join("names.json"), state.join("journal.jsonl.1")]) {
        let before = std::fs::read(path).ok();
        make_pipe(path);
        for args in [&["doctor"][..], &["balance"], &["status", "--check"], &["schools"]] {
            run_to_its_end(&user, args);
        }
        std::fs::remove_file(path).unwrap();
        before.map_or(Ok(()), |bytes| std::fs::write(path, bytes)).unwrap();
    }
    make_pipe(&home.join(".local/share/getcard/store.age"));
    run_to_its_end(&user, &["balance", "--json"]).fails(1, "internal_error", "store_broken");
}

#[test]
fn a_malformed_proxy_is_an_error_and_no_direct_connection() {
    let user = Getcard::with_keyring("https://getcard.invalid/", Session::without_service())
        .with("GETCARD_EPHEMERAL", "1")
        .with("GETCARD_VALIDATED_URL", "0f8fad5b-d9cb-469f-a165-70867728950e");
    for (name, value) in [("HTTPS_PROXY", "htp://user:hunter2@proxy"), ("all_proxy", "http//proxy:3128")] {
        let outcome = user.command(&["balance", "--json"]).env(name, value).output().unwrap();
        let outcome = Outcome::of(outcome);
        let error = outcome.fails(2, "validation_error", "usage");
        assert!(error["message"].as_str().unwrap().contains(name), "{error}");
        assert!(!outcome.stderr.contains("hunter2"));
    }
}

#[test]
fn what_was_typed_does_not_act_on_the_terminal() {
    let user = Getcard::at("http://127.0.0.1:9/");
    for args in [&["balance", "--\u{1b}]0;x\u{7}"][..], &["\u{1b}[2J"], &["status", "--config", "\u{1b}[2J"]]
    {
        for more in [&[][..], &["--json"]] {
            let outcome = user.run(&[args, more].concat());
            assert_eq!(outcome.code, Some(2), "{args:?}: {}", outcome.stderr);
            assert!(!outcome.stderr.contains(['\u{1b}', '\u{7}']), "{args:?}: {:?}", outcome.stderr);
        }
    }
}
