//! Reading barcodes as a register does: with decoders that share no code with the encoder.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// The payload of a picture, or of text with the colors of a terminal; `None` where no barcode is seen.
pub fn scan(barcode: &[u8]) -> Option<String> {
    scan_with(barcode, &[])
}

/// The same with options for tests/scan/decode.py.
pub fn scan_with(barcode: &[u8], options: &[&str]) -> Option<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scan/decode.py");
    let mut decoder = Command::new("python3")
        .arg(script)
        .args(options)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    decoder.stdin.take().unwrap().write_all(barcode).unwrap();
    let output = decoder.wait_with_output().unwrap();
    let trouble = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() || trouble.contains("no barcode"), "{trouble}");
    let text = String::from_utf8(output.stdout).unwrap();
    output.status.success().then(|| text.trim_end_matches('\n').to_owned())
}
