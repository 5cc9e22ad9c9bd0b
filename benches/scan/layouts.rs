//! Draws barcodes for the measurement: a JSON request a line on stdin, a JSON answer a line on stdout.
//!
//! `{"payload", "area": [columns, lines]}` is what the program shows there;
//! `{"payload", "layout": [data columns, level, module width in half cells, lines a row]}` any other layout.

use std::io::{BufRead, Write};

use anyhow::{Context, bail};
use getcard::barcode::ansi;
use getcard::barcode::cells::{ColorDepth, Grid};
use getcard::barcode::codewords;
use getcard::barcode::fit::{CellArea, Fit, Size, fit};
use getcard::barcode::geometry::Layout;
use getcard::barcode::shape::{Shape, ShapeOptions};
use getcard::barcode::symbol::Symbol;
use serde::Deserialize;

#[derive(Deserialize)]
struct Request {
    payload: String,
    area: Option<(u16, u16)>,
    layout: Option<(u8, u8, u8, u8)>,
}

fn layout(request: &Request) -> anyhow::Result<Layout> {
    if let Some((columns, lines)) = request.area {
        let area = CellArea::new(columns, lines);
        return match fit(&request.payload, area, ShapeOptions::default(), Size::default())? {
            Fit::Layout(layout) => Ok(layout),
            Fit::TooSmall { columns, lines } => bail!("needs {columns}x{lines}"),
        };
    }
    let (columns, level, module_width, row_lines) = request.layout.context("neither area nor layout")?;
    let data = codewords::data_codewords(&request.payload)?;
    let shape = Shape::holding(data, columns, level).context("no such symbol")?;
    Ok(Layout { shape, module_width, row_lines, quiet_lines: module_width.div_ceil(2), step: 0 })
}

fn main() -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let request: Request = serde_json::from_str(&line?)?;
        let layout = layout(&request)?;
        let symbol = Symbol::encode(&request.payload, layout.shape.columns, layout.shape.level)?;
        let grid = Grid::draw(&symbol, layout);
        let answer = serde_json::json!({
            "columns": layout.shape.columns,
            "level": layout.shape.level,
            "module_width": layout.module_width,
            "row_lines": layout.row_lines,
            "cells": [grid.width(), grid.height()],
            "text": ansi::colored(&grid, ColorDepth::TrueColor),
        });
        writeln!(out, "{answer}")?;
    }
    Ok(())
}
