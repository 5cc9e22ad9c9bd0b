//! Draws barcodes for the measurement: a JSON request a line on stdin, a JSON answer a line on stdout.
//!
//! `{"payload", "room": [columns, lines]}` is what the program shows there;
//! `{"payload", "shape": [data columns, level, module width, row height]}`, in half cells, any other shape.

use std::io::{BufRead, Write};

use anyhow::{Context, bail};
use getcard::barcode::{
    ansi, cells, codewords,
    fit::{Fit, Room, Wish, fit},
    layout::Layout,
    symbol::Symbol,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Request {
    payload: String,
    room: Option<(u16, u16)>,
    shape: Option<(u8, u8, u8, u8)>,
}

fn layout(request: &Request) -> anyhow::Result<Layout> {
    if let Some((columns, lines)) = request.room {
        return match fit(&request.payload, Room::new(columns, lines), Wish::default())? {
            Fit::Layout(layout) => Ok(layout),
            Fit::TooSmall { columns, lines } => bail!("needs {columns}x{lines}"),
        };
    }
    let (columns, level, module_width, row_height) = request.shape.context("neither room nor shape")?;
    let data = codewords::data_codewords(&request.payload)?;
    let rows = codewords::rows(data, columns, level).context("no such symbol")?;
    let quiet = module_width;
    Ok(Layout {
        columns,
        level,
        rows,
        module_width,
        row_height,
        quiet_top: quiet,
        quiet_bottom: quiet,
        step: 0,
    })
}

fn main() -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let request: Request = serde_json::from_str(&line?)?;
        let layout = layout(&request)?;
        let symbol = Symbol::encode(&request.payload, layout.columns, layout.level)?;
        let grid = cells::Grid::draw(&symbol, layout);
        let answer = serde_json::json!({
            "columns": layout.columns,
            "level": layout.level,
            "module_width": layout.module_width,
            "row_height": layout.row_height,
            "cells": [grid.width(), grid.height()],
            "text": ansi::coloured(&grid, cells::Depth::TrueColor),
        });
        writeln!(out, "{answer}")?;
    }
    Ok(())
}
