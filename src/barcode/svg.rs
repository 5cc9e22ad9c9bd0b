//! Symbol → SVG: one path of bars on a white ground with quiet zone.

use std::fmt::Write;

use super::{layout::QUIET_MODULES, symbol::Symbol};

/// Height of a codeword row in modules.
pub const ROW_MODULES: usize = 4;

/// The symbol as an SVG document, a module half a millimetre wide, rows four modules high.
///
/// The same symbol gives the same bytes: no time, no identifiers.
#[must_use]
pub fn svg(symbol: &Symbol) -> String {
    let quiet = usize::from(QUIET_MODULES);
    let width = symbol.width() + 2 * quiet;
    let height = symbol.rows() * ROW_MODULES + 2 * quiet;
    let mut path = String::new();
    for row in 0..symbol.rows() {
        let y = quiet + row * ROW_MODULES;
        let mut x = quiet;
        for run in symbol.row(row).chunk_by(|one, next| one == next) {
            if run.first() == Some(&true) {
                let written = write!(path, "M{x} {y}h{w}v{ROW_MODULES}h-{w}z", w = run.len());
                debug_assert!(written.is_ok(), "writing to a String does not fail");
            }
            x += run.len();
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}mm\" height=\"{}mm\" viewBox=\"0 0 {width} {height}\" \
         shape-rendering=\"crispEdges\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n\
         <path fill=\"#000\" d=\"{path}\"/>\n</svg>\n",
        millimetres(width),
        millimetres(height),
    )
}

/// Half a millimetre a module, written without a float.
fn millimetres(modules: usize) -> String {
    format!("{}.{}", modules / 2, modules % 2 * 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_path_in_a_white_frame() {
        let svg = svg(&Symbol::encode("1234567890123456789012", 2, 2).unwrap());
        assert!(svg.starts_with(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"53.5mm\" height=\"20.0mm\" viewBox=\"0 0 107 40\" "
        ));
        assert_eq!(svg.matches("<path").count(), 1);
        // Start pattern 81111113 behind the quiet zone.
        assert!(svg.contains("d=\"M2 2h8v4h-8zM11 2h1v4h-1zM13 2h1v4h-1zM15 2h1v4h-1z"), "{svg}");
        assert_eq!(svg.matches("v4h-7z").count(), 9, "the wide bar of each row's stop pattern");
    }
}
