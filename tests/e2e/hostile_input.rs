//! What users and files can hand in: each with its category, its exit code, a sentence and a hint.

use std::io::Cursor;
use std::path::PathBuf;

use image::{DynamicImage, GrayImage, ImageFormat, Luma, imageops};
use qrcode::{Color, QrCode};

use crate::support::getcard::Getcard;
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
    assert!(plain.stderr.starts_with("error: "));
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
    let mut child = user.command(&["login", "--print-url"]).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}
