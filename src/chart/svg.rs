//! Renders a canvas of shapes as an SVG document.

use std::fmt::Write as _;

use super::picture::{Anchor, Color, DASH, GAP, GROUND, Picture, Shape, Size};
use crate::drawing::xml::escaped;

/// Formats the document; the output is deterministic.
pub fn write(picture: &Picture) -> String {
    let Picture { width, height, shapes } = picture;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"'Noto Sans Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"{}\"/>\n",
        hex(GROUND)
    );
    for shape in shapes {
        // Writing to a String cannot fail.
        let _ = match shape {
            Shape::Area([x, y, width, height], color) => writeln!(
                svg,
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{}\"/>",
                hex(*color)
            ),
            Shape::Line(corners, color) => writeln!(
                svg,
                "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"/>",
                path(corners),
                hex(*color)
            ),
            Shape::Dashes(corners, color) => writeln!(
                svg,
                "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\" stroke-dasharray=\"{DASH} {GAP}\"/>",
                path(corners),
                hex(*color)
            ),
            Shape::Band(edges, color) => {
                let above = edges.iter().map(|(x, top, _)| (*x, *top));
                let below = edges.iter().rev().map(|(x, _, bottom)| (*x, *bottom));
                let outline: Vec<_> = above.chain(below).collect();
                writeln!(svg, "<path d=\"{}Z\" fill=\"{}\"/>", path(&outline), hex(*color))
            }
            Shape::Text { at: (x, y), anchor, size, color, text } => {
                let anchor = match anchor {
                    Anchor::Start => "start",
                    Anchor::Middle => "middle",
                    Anchor::End => "end",
                };
                // A monospace character is 0.6 times as wide as the font size: 9 and 10.8 pixels.
                let (points, weight) = match size {
                    Size::Label => (15, "normal"),
                    Size::Title => (18, "bold"),
                };
                writeln!(
                    svg,
                    "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\" font-size=\"{points}\" font-weight=\"{weight}\" fill=\"{}\" xml:space=\"preserve\">{}</text>",
                    y + f64::from(points) * 0.35,
                    hex(*color),
                    escaped(text)
                )
            }
        };
    }
    svg.push_str("</svg>\n");
    svg
}

fn path(corners: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for (number, (x, y)) in corners.iter().enumerate() {
        let verb = if number == 0 { 'M' } else { 'L' };
        let _ = write!(path, "{verb}{x:.1} {y:.1}");
    }
    path
}

fn hex([red, green, blue]: Color) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}
