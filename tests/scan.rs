//! Every barcode that the fit chooses, read back by independent decoders (tests/scan/decode.py).

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::collections::BTreeMap;
use std::fs;
use std::iter::StepBy;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::Command;

use getcard::barcode::{
    ansi,
    bitmap::{Bitmap, Scale},
    cells::{ColorDepth, Grid},
    fit::{CellArea, Fit, Glyphs, Size, fit},
    geometry::Layout,
    pixels::{self, Canvas, PixelFit},
    png,
    shape::{Shape, ShapeOptions},
    svg,
    symbol::Symbol,
};

const DIGITS: &str = "6009553312789002345117";

/// Decodes files in one call; a file without barcode is `None`.
fn decode(files: &[PathBuf], options: &[&str]) -> Vec<Option<String>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scan/decode.py");
    let output =
        Command::new("python3").arg(script).arg("--json").args(options).args(files).output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let payloads: Vec<_> = lines
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["payload"].as_str().map(str::to_owned)
        })
        .collect();
    assert_eq!(payloads.len(), files.len(), "{}", String::from_utf8_lossy(&output.stderr));
    payloads
}

/// Writes each barcode to a file, decodes all of them and compares.
fn assert_all_read(barcodes: impl IntoIterator<Item = (String, Vec<u8>, String)>, options: &[&str]) {
    let directory = tempfile::tempdir().unwrap();
    let (mut files, mut expected) = (Vec::new(), Vec::new());
    for (i, (what, bytes, payload)) in barcodes.into_iter().enumerate() {
        let file = directory.path().join(i.to_string());
        fs::write(&file, bytes).unwrap();
        files.push(file);
        expected.push((what, payload));
    }
    assert!(!files.is_empty());
    let wrong: Vec<_> = decode(&files, options)
        .into_iter()
        .zip(&expected)
        .filter(|(read, (_, payload))| read.as_ref() != Some(payload))
        .map(|(read, (what, _))| {
            format!("{what}: {}", if read.is_some() { "another text" } else { "nothing" })
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), expected.len());
}

fn payloads() -> Vec<String> {
    let text = "The quick brown fox, 42 lazy dogs; https://example.org/a?b=c&d=\"e\" ";
    vec![
        DIGITS.to_owned(),
        "7".to_owned(),
        text.to_owned(),
        text.repeat(5)[..300].to_owned(),
        "Grüße, 学生 🎓 0123456789".to_owned(),
    ]
}

fn encoded(payload: &str, shape: Shape) -> Symbol {
    Symbol::encode(payload, shape.columns, shape.level).unwrap()
}

/// What the fit draws in an area that holds the payload.
fn drawn(payload: &str, area: CellArea, size: Size) -> Option<(Layout, Grid)> {
    match fit(payload, area, ShapeOptions::default(), size).unwrap() {
        Fit::Layout(layout) => Some((layout, Grid::draw(&encoded(payload, layout.shape), layout))),
        Fit::TooSmall { .. } => None,
    }
}

fn text(grid: &Grid) -> Vec<u8> {
    ansi::colored(grid, ColorDepth::TrueColor).into_bytes()
}

/// Every different layout for these columns in several heights and sizes.
fn fitted(columns: &StepBy<RangeInclusive<u16>>, glyphs: Glyphs) -> BTreeMap<String, (Grid, String)> {
    let mut layouts = BTreeMap::new();
    for payload in payloads() {
        for (columns, lines) in
            columns.clone().flat_map(|columns| [6, 11, 21, 27, 37, 57].map(|lines| (columns, lines)))
        {
            let area = CellArea { glyphs, ..CellArea::new(columns, lines) };
            for size in [Size::Step(0), Size::Step(-2), Size::Step(1), Size::Largest] {
                if let Some((layout, grid)) = drawn(&payload, area, size) {
                    assert!(grid.width() <= columns && grid.height() <= lines);
                    let what = format!("{} bytes, {layout:?}", payload.len());
                    layouts.entry(what).or_insert_with(|| (grid, payload.clone()));
                }
            }
        }
    }
    layouts
}

#[test]
fn every_fitted_symbol_reads_from_its_cells() {
    let mut layouts = fitted(&(40..=250).step_by(1), Glyphs::HalfBlock);
    layouts.extend(fitted(&(107..=250).step_by(13), Glyphs::SpacesOnly));
    let barcodes = layouts.into_iter().map(|(what, (grid, payload))| (what, text(&grid), payload));
    assert_all_read(barcodes, &[]);
}

/// The digits as they are in a terminal of this size, between the view's lines of text.
fn digits_in(columns: u16, lines: u16) -> (String, Vec<u8>, String) {
    let (layout, grid) = drawn(DIGITS, CellArea::new(columns, lines - 3), Size::default()).unwrap();
    (format!("{columns}x{lines}, {layout:?}"), text(&grid), DIGITS.to_owned())
}

/// Turned clockwise by about 10° or more, no shape is read reliably by zxing-cpp: it loses the left row
/// indicators. The other decoder reads both ways.
#[test]
fn a_turned_screen_reads() {
    let screens = || [(80, 24), (100, 30), (120, 40)].map(|(columns, lines)| digits_in(columns, lines));
    for (degrees, cells) in [
        ("15", &["7x15", "8x16", "9x19", "10x20", "12x25"][..]),
        ("12", &["5x10", "6x12"]),
        ("-8", &["5x10", "6x12", "7x15", "8x16", "9x19", "10x20", "12x25"]),
    ] {
        for cell in cells {
            assert_all_read(screens(), &["--rotate", degrees, "--cell", cell]);
        }
    }
    assert_all_read(
        [(80, 24), (120, 40)].map(|(columns, lines)| digits_in(columns, lines)),
        &["--rotate", "-10"],
    );
    for degrees in ["15", "-15", "30", "-30"] {
        assert_all_read(screens(), &["--rotate", degrees, "--decoder", "pdf417decoder"]);
    }
    // There is room for rows of a single line only, four modules high.
    let small = || [digits_in(60, 20)];
    for degrees in ["8", "-8"] {
        assert_all_read(small(), &["--rotate", degrees]);
    }
    for degrees in ["15", "-15"] {
        assert_all_read(small(), &["--rotate", degrees, "--decoder", "pdf417decoder"]);
    }
}

/// Printed text has no glyph but the one that even small fonts have (tests/scan/fonts.py).
#[test]
fn printed_text_is_half_blocks_and_spaces() {
    let lines = [(60, 14), (80, 24), (100, 30), (120, 40), (160, 50), (250, 80)];
    for (_, text, _) in lines.map(|(columns, lines)| digits_in(columns, lines)) {
        let text = String::from_utf8(text).unwrap();
        let plain: String =
            text.split('\x1b').map(|part| part.split_once('m').map_or(part, |(_, rest)| rest)).collect();
        assert!(plain.contains('▌') && plain.chars().all(|glyph| "▌ \n".contains(glyph)), "{plain}");
    }
}

#[test]
fn every_color_depth_reads_on_every_theme() {
    let (_, grid) = drawn(DIGITS, CellArea::new(80, 21), Size::default()).unwrap();
    let colored = || {
        [ColorDepth::TrueColor, ColorDepth::Indexed256, ColorDepth::Indexed16]
            .map(|depth| (format!("{depth:?}"), ansi::colored(&grid, depth).into_bytes(), DIGITS.to_owned()))
    };
    assert_all_read(colored(), &["--theme", "dark"]);
    assert_all_read(colored(), &["--theme", "light"]);
    let ink = ("ink".to_owned(), ansi::ink(&grid).into_bytes(), DIGITS.to_owned());
    assert_all_read([ink], &["--theme", "light"]);
}

#[test]
fn cells_of_odd_sizes_read() {
    let barcodes = [(80, 24), (100, 30), (120, 40)].map(|(columns, lines)| digits_in(columns, lines));
    for cell in ["6x12", "7x15", "9x17", "9x19", "12x25"] {
        assert_all_read(barcodes.clone(), &["--cell", cell]);
    }
}

/// Fonts without `▌`, and those of the Windows console, which are not twice as high as wide.
#[test]
fn whole_cells_read_in_raster_fonts() {
    let area = CellArea { glyphs: Glyphs::SpacesOnly, ..CellArea::new(120, 27) };
    let (_, grid) = drawn(DIGITS, area, Size::default()).unwrap();
    let barcode = ("whole cells".to_owned(), text(&grid), DIGITS.to_owned());
    let half_blocks = digits_in(80, 25);
    for cell in ["4x6", "6x8", "8x8", "5x12", "7x12", "8x12", "10x18", "12x16", "16x8", "16x12"] {
        assert_all_read([barcode.clone(), half_blocks.clone()], &["--cell", cell]);
    }
}

#[test]
fn images_read() {
    let caption = ["fetched 2026-02-09 19:04:11", "good until 19:05:11, <&> \u{fffe}\u{1b}"];
    let barcodes = payloads().into_iter().flat_map(|payload| {
        let symbol = Symbol::auto(&payload, ShapeOptions::default()).unwrap();
        [&[][..], &caption[..]]
            .into_iter()
            .flat_map(move |caption| {
                let picture = png::render(&symbol, caption).unwrap();
                let drawing = svg::render(&symbol, caption).into_bytes();
                [("png".to_owned(), picture, payload.clone()), ("svg".to_owned(), drawing, payload.clone())]
            })
            .collect::<Vec<_>>()
    });
    assert_all_read(barcodes, &[]);
}

#[test]
fn expired_images_hold_no_barcode() {
    let directory = tempfile::tempdir().unwrap();
    let shape = Symbol::auto(DIGITS, ShapeOptions::default()).unwrap().shape();
    let caption = ["fetched 19:04:11", "expired 19:05:11"];
    let files = [png::expired(shape, &caption).unwrap(), svg::expired(shape, &caption).into_bytes()];
    let paths: Vec<_> = files
        .iter()
        .zip(["png", "svg"])
        .map(|(file, name)| {
            let path = directory.path().join(name);
            fs::write(&path, file).unwrap();
            path
        })
        .collect();
    assert_eq!(decode(&paths, &[]), [None, None]);
}

#[test]
fn every_fitted_symbol_reads_from_its_pixels() {
    let canvases = [(40, 12), (60, 16), (80, 21), (120, 37), (200, 57)]
        .into_iter()
        .flat_map(|area| [(6, 12), (9, 19), (20, 40)].map(|cell| (area, cell)))
        .map(|((columns, lines), (cell_width, cell_height))| Canvas {
            columns,
            lines,
            cell_width,
            cell_height,
        });
    let sizes = [Size::Step(0), Size::Step(-2), Size::Largest];
    let areas = canvases.flat_map(|canvas| sizes.map(|size| (canvas, size)));
    let barcodes = areas.flat_map(|(canvas, size)| {
        payloads().into_iter().filter_map(move |payload| {
            let PixelFit::Layout(layout) =
                pixels::fit(&payload, canvas, ShapeOptions::default(), size).unwrap()
            else {
                return None;
            };
            let symbol = encoded(&payload, layout.shape);
            let picture = png::encode(&Bitmap::draw(&symbol, layout.scale)).unwrap();
            Some((format!("{} bytes, {canvas:?}, {layout:?}", payload.len()), picture, payload))
        })
    });
    assert_all_read(barcodes, &[]);
}

#[test]
fn every_width_and_level_reads() {
    let shapes = (1..=30).flat_map(|columns| (0..=8).map(move |level| (columns, level)));
    let barcodes = shapes.filter_map(|(columns, level)| {
        let symbol = Symbol::encode(DIGITS, columns, level).ok()?;
        let picture = png::encode(&Bitmap::draw(&symbol, Scale::of_modules(2, 3))).unwrap();
        Some((format!("{symbol:?}"), picture, DIGITS.to_owned()))
    });
    assert_all_read(barcodes, &[]);
}
