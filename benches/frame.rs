//! How long a frame of the barcode takes: fit, encode, draw; the bar is 150 µs for the 22 digits of a card.

use std::hint::black_box;

use divan::{Bencher, Divan};
use getcard::barcode::{
    ansi,
    bitmap::Bitmap,
    cells::{Depth, Grid},
    fit::{Fit, Room, Wish, fit},
    pixels::{Canvas, PixelFit, sixel},
    symbol::{EncodeError, Symbol},
};

/// A card's, and one of 300 characters, each in a terminal that it fits.
const PAYLOADS: [(&str, Room); 2] =
    [("1234567890123456789012", Room::new(80, 21)), (LONG, Room::new(120, 57))];
const LONG: &str = "https://example.org/card?holder=0123456789&issued=2026-02-09T19:04:11Z&scope=dining,library,laundry\
    &more=abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyz\
    &signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef012345";

fn main() {
    Divan::from_args().main();
}

/// What the full-screen view does for a new payload.
fn frame(payload: &str, room: Room) -> Result<Option<Grid>, EncodeError> {
    let Fit::Layout(layout) = fit(payload, room, Wish::default())? else {
        return Ok(None);
    };
    let symbol = Symbol::encode(payload, layout.columns, layout.level)?;
    Ok(Some(Grid::draw(&symbol, layout)))
}

#[divan::bench(args = PAYLOADS.map(|(text, _)| text.len()))]
fn cells(bencher: Bencher, length: usize) {
    bench(bencher, length, |payload, room| frame(payload, room).is_ok_and(|grid| grid.is_some()));
}

#[divan::bench(args = PAYLOADS.map(|(text, _)| text.len()))]
fn cells_as_text(bencher: Bencher, length: usize) {
    bench(bencher, length, |payload, room| {
        frame(payload, room)
            .is_ok_and(|grid| grid.is_some_and(|grid| !ansi::coloured(&grid, Depth::TrueColor).is_empty()))
    });
}

#[divan::bench(args = PAYLOADS.map(|(text, _)| text.len()))]
fn pixels_as_sixel(bencher: Bencher, length: usize) {
    let canvas = Canvas { columns: 80, lines: 21, cell_width: 10, cell_height: 20 };
    bench(bencher, length, |payload, _| {
        let fitted = getcard::barcode::pixels::fit(payload, canvas, Wish::default());
        let Ok(PixelFit::Layout(layout)) = fitted else { return false };
        Symbol::encode(payload, layout.columns, layout.level)
            .is_ok_and(|symbol| !sixel(&Bitmap::draw(&symbol, layout.scale)).is_empty())
    });
}

#[divan::bench(args = PAYLOADS.map(|(text, _)| text.len()))]
fn fit_only(bencher: Bencher, length: usize) {
    bench(bencher, length, |payload, room| fit(payload, room, Wish::default()).is_ok());
}

#[divan::bench(args = PAYLOADS.map(|(text, _)| text.len()))]
fn encode_only(bencher: Bencher, length: usize) {
    bench(bencher, length, |payload, _| Symbol::encode(payload, 3, 3).is_ok());
}

/// Runs `work` on the payload of this length; a false answer would time an error instead of the work.
fn bench(bencher: Bencher, length: usize, work: impl Fn(&str, Room) -> bool + Sync) {
    let of_length = PAYLOADS.into_iter().find(|(payload, _)| payload.len() == length);
    let (payload, room) = of_length.unwrap_or(("", Room::new(0, 0)));
    assert!(work(payload, room), "no barcode for {length} bytes");
    bencher.bench(|| work(black_box(payload), room));
}
