//! How long a frame of the barcode takes: fit, encode, draw; the bar is 150 µs for the 22 digits of a card.

use std::hint::black_box;

use divan::{Bencher, Divan};
use getcard::barcode::{
    ansi,
    bitmap::Bitmap,
    cells::{ColorDepth, Grid},
    encode_error::EncodeError,
    fit::{CellArea, Fit, Size, fit},
    pixels::{Canvas, PixelFit, sixel},
    shape::ShapeOptions,
    symbol::Symbol,
};

/// A card's, and one of 300 characters, each in a terminal that it fits.
const PAYLOADS: [(&str, CellArea); 2] =
    [("1234567890123456789012", CellArea::new(80, 21)), (LONG, CellArea::new(120, 57))];
const LONG: &str = "https://example.org/card?holder=0123456789&issued=2026-02-09T19:04:11Z&scope=dining,library,laundry\
    &more=abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyz\
    &signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef012345";

fn main() {
    Divan::from_args().main();
}

/// What the full-screen view does for a new payload.
fn frame(payload: &str, area: CellArea) -> Result<Option<Grid>, EncodeError> {
    let Fit::Layout(layout) = fit(payload, area, ShapeOptions::default(), Size::default())? else {
        return Ok(None);
    };
    let symbol = Symbol::encode(payload, layout.shape.columns, layout.shape.level)?;
    Ok(Some(Grid::draw(&symbol, layout)))
}

#[divan::bench(args = PAYLOADS.map(|(text, _)| text.len()))]
fn cells(bencher: Bencher, length: usize) {
    bench(bencher, length, |payload, area| frame(payload, area).is_ok_and(|grid| grid.is_some()));
}

#[divan::bench(args = PAYLOADS.map(|(text, _)| text.len()))]
fn cells_as_text(bencher: Bencher, length: usize) {
    bench(bencher, length, |payload, area| {
        frame(payload, area).is_ok_and(|grid| {
            grid.is_some_and(|grid| !ansi::colored(&grid, ColorDepth::TrueColor).is_empty())
        })
    });
}

#[divan::bench(args = PAYLOADS.map(|(text, _)| text.len()))]
fn pixels_as_sixel(bencher: Bencher, length: usize) {
    let canvas = Canvas { columns: 80, lines: 21, cell_width: 10, cell_height: 20 };
    bench(bencher, length, |payload, _| {
        let fitted = getcard::barcode::pixels::fit(payload, canvas, ShapeOptions::default(), Size::default());
        let Ok(PixelFit::Layout(layout)) = fitted else { return false };
        Symbol::encode(payload, layout.shape.columns, layout.shape.level)
            .is_ok_and(|symbol| !sixel(&Bitmap::draw(&symbol, layout.scale)).is_empty())
    });
}

#[divan::bench(args = PAYLOADS.map(|(text, _)| text.len()))]
fn fit_only(bencher: Bencher, length: usize) {
    bench(bencher, length, |payload, area| {
        fit(payload, area, ShapeOptions::default(), Size::default()).is_ok()
    });
}

#[divan::bench(args = PAYLOADS.map(|(text, _)| text.len()))]
fn encode_only(bencher: Bencher, length: usize) {
    bench(bencher, length, |payload, _| Symbol::encode(payload, 3, 3).is_ok());
}

/// Runs `work` on the payload of this length; a false answer would time an error instead of the work.
fn bench(bencher: Bencher, length: usize, work: impl Fn(&str, CellArea) -> bool + Sync) {
    let of_length = PAYLOADS.into_iter().find(|(payload, _)| payload.len() == length);
    let (payload, area) = of_length.unwrap_or(("", CellArea::new(0, 0)));
    assert!(work(payload, area), "no barcode for {length} bytes");
    bencher.bench(|| work(black_box(payload), area));
}
