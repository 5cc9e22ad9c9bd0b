//! Reading barcodes as a till does: with zxing-cpp, which shares no code with the encoder.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// The payload of a picture, or of text with the colors of a terminal; `None` where no barcode is seen.
pub fn scan(barcode: &[u8]) -> Option<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scan/decode.py");
    let mut decoder = Command::new("python3")
        .arg(script)
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
