//! Every barcode that the fit chooses, read back by an independent decoder (tests/scan/decode.py, zxing-cpp).

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use getcard::barcode::{
    ansi,
    bitmap::{Bitmap, Scale},
    cells::{Depth, Grid},
    fit::{Fit, Room, Size, Wish, fit},
    pixels::{self, Canvas, PixelFit},
    png::png,
    svg::svg,
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

/// Every different shape for 40 to 250 columns in several heights and sizes.
fn fitted() -> BTreeMap<String, (Symbol, Grid, String)> {
    let mut shapes = BTreeMap::new();
    for payload in payloads() {
        for (columns, lines) in
            (40..=250).flat_map(|columns| [6, 10, 21, 27, 37, 57].map(|lines| (columns, lines)))
        {
            for size in [Size::Step(0), Size::Step(-2), Size::Step(1), Size::Largest] {
                let wish = Wish { size, ..Wish::default() };
                if let Fit::Layout(layout) = fit(&payload, Room::new(columns, lines), wish).unwrap() {
                    let what = format!("{} bytes, {layout:?}", payload.len());
                    shapes.entry(what).or_insert_with(|| {
                        let symbol = Symbol::encode(&payload, layout.columns, layout.level).unwrap();
                        let grid = Grid::draw(&symbol, layout);
                        assert!(grid.width() <= columns && grid.height() <= lines);
                        (symbol, grid, payload.clone())
                    });
                }
            }
        }
    }
    shapes
}

#[test]
fn every_fitted_symbol_reads_from_its_cells() {
    let barcodes = fitted().into_iter().map(|(what, (_, grid, payload))| {
        (what, ansi::coloured(&grid, Depth::TrueColor).into_bytes(), payload)
    });
    assert_all_read(barcodes, &[]);
}

#[test]
fn every_color_depth_reads_on_every_theme() {
    let Fit::Layout(layout) = fit(DIGITS, Room::new(80, 21), Wish::default()).unwrap() else {
        panic!("80x21")
    };
    let grid = Grid::draw(&Symbol::encode(DIGITS, layout.columns, layout.level).unwrap(), layout);
    let colored = || {
        [Depth::TrueColor, Depth::Indexed256, Depth::Indexed16]
            .map(|depth| (format!("{depth:?}"), ansi::coloured(&grid, depth).into_bytes(), DIGITS.to_owned()))
    };
    assert_all_read(colored(), &["--theme", "dark"]);
    assert_all_read(colored(), &["--theme", "light"]);
    let ink = ("ink".to_owned(), ansi::ink(&grid).into_bytes(), DIGITS.to_owned());
    assert_all_read([ink], &["--theme", "light"]);
}

#[test]
fn cells_of_odd_sizes_read() {
    let barcodes: Vec<_> = [(80, 21), (100, 27), (120, 37)]
        .into_iter()
        .map(|(columns, lines)| {
            let fitted = fit(DIGITS, Room::new(columns, lines), Wish::default()).unwrap();
            let Fit::Layout(layout) = fitted else { panic!("{columns}x{lines}") };
            let grid = Grid::draw(&Symbol::encode(DIGITS, layout.columns, layout.level).unwrap(), layout);
            (format!("{layout:?}"), ansi::coloured(&grid, Depth::TrueColor).into_bytes(), DIGITS.to_owned())
        })
        .collect();
    for cell in ["6x12", "7x15", "9x17", "9x19", "12x25"] {
        assert_all_read(barcodes.clone(), &["--cell", cell]);
    }
}

#[test]
fn images_read() {
    let barcodes = payloads().into_iter().flat_map(|payload| {
        let symbol = Symbol::auto(&payload, None, None).unwrap();
        let picture = png(&Bitmap::draw(&symbol, Scale::of_modules(3, 4))).unwrap();
        let drawing = svg(&symbol).into_bytes();
        [("png".to_owned(), picture, payload.clone()), ("svg".to_owned(), drawing, payload)]
    });
    assert_all_read(barcodes, &[]);
}

#[test]
fn every_fitted_symbol_reads_from_its_pixels() {
    let canvases = [(40, 12), (60, 16), (80, 21), (120, 37), (200, 57)]
        .into_iter()
        .flat_map(|room| [(6, 12), (9, 19), (20, 40)].map(|cell| (room, cell)))
        .map(|((columns, lines), (cell_width, cell_height))| Canvas {
            columns,
            lines,
            cell_width,
            cell_height,
        });
    let sizes = [Size::Step(0), Size::Step(-2), Size::Largest];
    let wishes = canvases.flat_map(|canvas| sizes.map(|size| (canvas, Wish { size, ..Wish::default() })));
    let barcodes = wishes.flat_map(|(canvas, wish)| {
        payloads().into_iter().filter_map(move |payload| {
            let PixelFit::Layout(layout) = pixels::fit(&payload, canvas, wish).unwrap() else { return None };
            let symbol = Symbol::encode(&payload, layout.columns, layout.level).unwrap();
            let picture = png(&Bitmap::draw(&symbol, layout.scale)).unwrap();
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
        let picture = png(&Bitmap::draw(&symbol, Scale::of_modules(2, 3))).unwrap();
        Some((format!("{symbol:?}"), picture, DIGITS.to_owned()))
    });
    assert_all_read(barcodes, &[]);
}
