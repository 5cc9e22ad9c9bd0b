//! The full-screen view in real terminals on a virtual X server, read from screenshots as a camera sees them.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::support::getcard::Getcard;
use crate::support::service::Service;

const LATIN1: &str = "-misc-fixed-medium-r-normal--15-*-75-75-c-90-iso8859-1";

/// A process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(command: &mut Command) -> Running {
    let started = command.stdin(Stdio::null()).stderr(Stdio::null()).spawn();
    let program = command.get_program().to_string_lossy().into_owned();
    Running(started.unwrap_or_else(|error| panic!("{program} (tests/run.sh installs it): {error}")))
}

/// A virtual X server, and its display's name.
fn display() -> (Running, String) {
    let mut server = start(
        Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped()),
    );
    let mut number = String::new();
    BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut number).unwrap();
    (server, format!(":{}", number.trim()))
}

/// Runs the view in a terminal, whose command line `getcard` and its arguments follow, and reads it from screenshots,
/// one of them turned by 15°.
#[track_caller]
fn reads_in(terminal: &[&str], environment: &[(&str, &str)]) {
    reads_with(terminal, environment, &["--turn", "15"]);
}

/// The same with options for tests/scan/screenshot.py.
#[track_caller]
fn reads_with(terminal: &[&str], environment: &[(&str, &str)], options: &[&str]) {
    let payload = "1770663851140506070809";
    let service = Service::start();
    service.set_payload(Some(json!(payload)));
    let user = Getcard::ephemeral(&service);
    let runtime = tempfile::tempdir().unwrap();
    let (_server, display) = display();
    let _terminal = start(
        Command::new(terminal[0])
            .args(&terminal[1..])
            .args([env!("CARGO_BIN_EXE_getcard"), "barcode"])
            .env_clear()
            .envs(user.environment())
            .envs(environment.iter().copied())
            .env("DISPLAY", &display)
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("XDG_RUNTIME_DIR", runtime.path())
            .stdout(Stdio::null()),
    );
    let name = std::thread::current().name().unwrap().replace("::", "_");
    let picture = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name + ".png");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scan/screenshot.py");
    let mut screenshot = Command::new("python3");
    screenshot.arg(script).args([&display, payload]).arg("--save").arg(&picture).args(options);
    let output = screenshot.output().unwrap();
    let (text, trouble) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "no barcode in {}\n{trouble}", picture.display());
    let pictures: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(!pictures.is_empty());
    let unread: Vec<_> = pictures.iter().filter(|picture| picture["read"] != true).collect();
    assert!(unread.is_empty(), "{}: {unread:?}", picture.display());
}

#[test]
fn xterm_with_a_bitmap_font_that_has_half_blocks() {
    let font = "-*-terminus-medium-r-normal--16-*-*-*-*-*-iso10646-1";
    reads_in(&["xterm", "-fn", font, "-geometry", "80x24+0+0", "-e"], &[]);
}

#[test]
fn xterm_with_an_outline_font() {
    reads_in(&["xterm", "-fa", "DejaVu Sans Mono", "-fs", "11", "-geometry", "80x24+0+0", "-e"], &[]);
}

/// Its rows are only four modules high.
#[test]
fn xterm_in_latin_1_gets_cells_of_one_color() {
    let xterm = ["xterm", "+u8", "-fn", LATIN1, "-geometry", "120x40+0+0", "-e"];
    reads_with(&xterm, &[], &["--turn", "10"]);
}

/// No terminal says what its font lacks; the key for a larger barcode helps.
#[test]
fn xterm_in_utf_8_with_a_latin_1_font_reads_when_enlarged() {
    let xterm = ["xterm", "-u8", "-fn", LATIN1, "-geometry", "120x40+0+0", "-e"];
    reads_with(&xterm, &[], &["--turn", "10", "--press", "plus"]);
}

#[test]
fn urxvt() {
    let font = "xft:DejaVu Sans Mono:pixelsize=16";
    reads_in(&["urxvt", "-fn", font, "-geometry", "80x24+0+0", "-e"], &[]);
}

#[test]
fn kitty() {
    let size = ["-o", "remember_window_size=no", "-o", "initial_window_width=80c"];
    let options = ["kitty", "-c", "NONE", "-o", "initial_window_height=24c"];
    reads_in(&[&options[..], &size[..]].concat(), &[]);
}

#[test]
fn konsole() {
    reads_in(&["konsole", "--geometry", "900x600+0+0", "-e"], &[("QT_QPA_PLATFORM", "xcb")]);
}

/// A terminal of the VTE library, as GNOME's and Xfce's are.
#[test]
fn sakura() {
    reads_in(&["sakura", "-c", "80", "-r", "24", "-f", "DejaVu Sans Mono 11", "-e"], &[]);
}
