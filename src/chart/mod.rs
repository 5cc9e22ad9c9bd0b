//! Charts of balances over time, forecasts and spending by place: in the terminal, as SVG, as PNG. Pure.

mod axis;
mod data;
mod picture;
mod png;
mod svg;
mod terminal;

pub use self::data::{Chart, Drawing, FanPoint, Track};
pub use self::png::EncodingError;

impl Chart {
    /// Draws the chart for a terminal this many columns wide.
    #[must_use]
    pub fn terminal(&self, columns: u16, color: bool) -> String {
        terminal::draw(self, columns, color)
    }

    #[must_use]
    pub fn svg(&self) -> String {
        svg::write(&picture::lay_out(self))
    }

    /// Encodes the chart as PNG.
    ///
    /// # Errors
    /// If the picture is larger than PNG allows, which a chart never is.
    pub fn png(&self) -> Result<Vec<u8>, EncodingError> {
        png::write(&picture::lay_out(self))
    }
}

#[cfg(test)]
mod tests;
