//! Any payload in any room: payload → symbol → cells, picture, drawing.

#![no_main]

use getcard::barcode::bitmap::{Bitmap, Scale};
use getcard::barcode::cells::{Depth, Grid};
use getcard::barcode::fit::{Fit, Room, Wish, fit};
use getcard::barcode::symbol::Symbol;
use getcard::barcode::{ansi, png, svg};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, u8, u8, u16, u16)| {
    let (payload, columns, level, width, height) = input;
    if let Ok(symbol) = Symbol::encode(payload, columns, level) {
        assert!((3..=90).contains(&symbol.rows()) && (1..=30).contains(&symbol.columns()));
        let drawing = svg::svg(&symbol);
        assert!(drawing.ends_with("</svg>\n") || drawing.ends_with("</svg>"));
        png::png(&Bitmap::draw(&symbol, Scale::of_modules(1, 3))).expect("a picture");
    }
    let room = Room::new(width % 400, height % 200);
    if let Ok(Fit::Layout(layout)) = fit(payload, room, Wish::default()) {
        assert!(layout.width() <= width % 400 && layout.height() <= height % 200);
        let symbol = Symbol::encode(payload, layout.columns, layout.level).expect("what fits can be encoded");
        let text = ansi::coloured(&Grid::draw(&symbol, layout), Depth::TrueColor);
        assert_eq!(text.lines().count(), usize::from(layout.height()));
    }
});
