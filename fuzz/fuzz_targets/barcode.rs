//! Any payload in any area: payload → symbol → cells, picture, drawing.

#![no_main]

use getcard::barcode::bitmap::{Bitmap, Scale};
use getcard::barcode::cells::{ColorDepth, Grid};
use getcard::barcode::fit::{CellArea, Fit, Size, fit};
use getcard::barcode::shape::ShapeOptions;
use getcard::barcode::symbol::Symbol;
use getcard::barcode::{ansi, png, svg};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, u8, u8, u16, u16)| {
    let (payload, columns, level, width, height) = input;
    if let Ok(symbol) = Symbol::encode(payload, columns, level) {
        assert!((3..=90).contains(&symbol.rows()) && (1..=30).contains(&symbol.shape().columns));
        assert!(svg::render(&symbol, &[payload]).ends_with("</svg>\n"));
        png::encode(&Bitmap::draw(&symbol, Scale::of_modules(1, 3))).expect("a picture");
        png::render(&symbol, &[payload]).expect("a picture");
    }
    let area = CellArea::new(width % 400, height % 200);
    if let Ok(Fit::Layout(layout)) = fit(payload, area, ShapeOptions::default(), Size::default()) {
        assert!(layout.width() <= width % 400 && layout.height() <= height % 200);
        let symbol = Symbol::encode(payload, layout.shape.columns, layout.shape.level).expect("what fits can be encoded");
        let text = ansi::colored(&Grid::draw(&symbol, layout), ColorDepth::TrueColor);
        assert_eq!(text.lines().count(), usize::from(layout.height()));
    }
});
