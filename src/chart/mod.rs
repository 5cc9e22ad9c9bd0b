//! Balances over time, past and to come, and spending by place as pictures: on a terminal, as SVG, as PNG. Pure.

mod axis;
mod data;
mod picture;
mod png;
mod svg;
mod terminal;

pub use self::data::{Chart, Drawing, FanPoint, Track};
pub use self::png::EncodingError;

impl Chart {
    /// As lines of a terminal of so many columns.
    #[must_use]
    pub fn terminal(&self, columns: u16, color: bool) -> String {
        terminal::draw(self, columns, color)
    }

    /// As an SVG document.
    #[must_use]
    pub fn svg(&self) -> String {
        svg::write(&picture::lay_out(self))
    }

    /// As a PNG file.
    ///
    /// # Errors
    /// A picture larger than PNG allows, which getcard never makes.
    pub fn png(&self) -> Result<Vec<u8>, EncodingError> {
        png::write(&picture::lay_out(self))
    }
}

#[cfg(test)]
mod tests;
