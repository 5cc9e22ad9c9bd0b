//! Lays out a chart as shapes on a canvas: lines, areas and text, in pixels.

use super::axis::Axes;
use super::data::{Bars, Chart, FanPoint, Track, seconds, value};
use super::terminal::shortened;

/// The width of the canvas.
const WIDTH: f64 = 1200.0;
const MARGIN: f64 = 40.0;
/// The height of one account's plot, without its title and dates.
const PLOT: f64 = 180.0;
/// The height of a bar, including the gap below it.
const BAR: f64 = 30.0;
/// How many columns of a line are kept apart when thinning it.
const COLUMNS: f64 = 1000.0;
/// The maximum width of a place name, in characters.
const MAX_NAME_WIDTH: usize = 44;

/// Red, green, blue.
pub type Color = [u8; 3];
/// The background.
pub const GROUND: Color = [255, 255, 255];
const TEXT: Color = [26, 26, 26];
const FAINT: Color = [110, 110, 110];
const GRID: Color = [222, 222, 222];
const INK: Color = [31, 95, 191];
const AREA: Color = [219, 231, 247];
const FORECAST: Color = [191, 84, 0];
const FAN: Color = [250, 221, 193];

/// The length of a dash, and of the gap after it.
pub const DASH: f64 = 7.0;
pub const GAP: f64 = 5.0;

/// A text size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    Label,
    /// Titles, bold.
    Title,
}

impl Size {
    /// The width of a character and the height of a line, in pixels.
    pub fn cell(self) -> (f64, f64) {
        match self {
            Self::Label => (9.0, 20.0),
            Self::Title => (11.0, 24.0),
        }
    }
}

/// Which part of a text is at its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// A shape on the canvas; y grows downward.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A filled rectangle: left, top, width, height.
    Area([f64; 4], Color),
    /// A line through these points.
    Line(Vec<(f64, f64)>, Color),
    /// A dashed line through these points, from left to right.
    Dashes(Vec<(f64, f64)>, Color),
    /// A filled band: points from left to right, each with x, top and bottom.
    Band(Vec<(f64, f64, f64)>, Color),
    /// A line of text; `at` is at half its height.
    Text { at: (f64, f64), anchor: Anchor, size: Size, color: Color, text: String },
}

/// A canvas with its shapes, in drawing order.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    pub width: f64,
    pub height: f64,
    pub shapes: Vec<Shape>,
}

impl Picture {
    fn text(&mut self, at: (f64, f64), anchor: Anchor, (size, color): (Size, Color), text: String) {
        self.shapes.push(Shape::Text { at, anchor, size, color, text });
    }
}

/// Lays out a chart from top to bottom: title, legend, accounts, bars.
pub fn lay_out(chart: &Chart) -> Picture {
    let mut picture = Picture { width: WIDTH, height: MARGIN + 12.0, shapes: Vec::new() };
    let title = format!("{}, {}", chart.title, chart.days());
    picture.text((MARGIN, picture.height), Anchor::Start, (Size::Title, TEXT), title);
    picture.height += 34.0;
    legend(&mut picture, chart);
    picture.height += 44.0;
    for track in &chart.tracks {
        plot(&mut picture, chart, track);
    }
    for bars in &chart.bars {
        blocks(&mut picture, bars);
    }
    picture
}

/// Draws the legend.
fn legend(picture: &mut Picture, chart: &Chart) {
    let middle = picture.height;
    let mut left = MARGIN;
    let mut entry = |sample: fn(f64, f64) -> Shape, text: &str| {
        picture.shapes.push(sample(left, middle));
        picture.text((left + 42.0, middle), Anchor::Start, (Size::Label, FAINT), text.to_owned());
        let width = Size::Label.cell().0 * f64::from(u16::try_from(text.len()).unwrap_or(u16::MAX));
        left += 42.0 + width + 36.0;
    };
    if !chart.tracks.is_empty() {
        entry(|x, y| Shape::Line(vec![(x, y), (x + 32.0, y)], INK), "balance");
    }
    if chart.has_fans() {
        entry(|x, y| Shape::Dashes(vec![(x, y), (x + 32.0, y)], FORECAST), "median of the simulated futures");
        entry(|x, y| Shape::Area([x, y - 8.0, 32.0, 16.0], FAN), "10th to 90th percentile");
    }
    if !chart.bars.is_empty() {
        entry(|x, y| Shape::Area([x, y - 8.0, 32.0, 16.0], INK), "spent");
    }
}

/// Draws the balance of one account.
fn plot(picture: &mut Picture, chart: &Chart, track: &Track) {
    picture.text((MARGIN, picture.height), Anchor::Start, (Size::Label, TEXT), track.title());
    let axes = Axes::new(chart, track, 4, 8);
    let top = picture.height + 28.0;
    let (left, right) = (MARGIN + 84.0, WIDTH - MARGIN);
    let across = |at: f64| left + (right - left) * at;
    let down = |at: f64| top + PLOT * (1.0 - at);
    for mark in &axes.balances {
        picture.shapes.push(Shape::Area([left, down(mark.at), right - left, 1.0], GRID));
        let at = (left - 12.0, down(mark.at));
        picture.text(at, Anchor::End, (Size::Label, FAINT), mark.label.clone());
    }
    let corners = track.corners(chart.last).into_iter();
    let corners = corners.map(|(at, balance)| (across(axes.x(at)), down(axes.y(balance))));
    let corners = thinned(corners, (right - left) / COLUMNS);
    let base = down(axes.base());
    let filled = corners.iter().map(|(x, y)| (*x, y.min(base), y.max(base)));
    picture.shapes.push(Shape::Band(filled.collect(), AREA));
    let place = |point: &FanPoint, value: f64| (across(axes.x(seconds(point.at))), down(axes.y(value)));
    if let Some(today) = track.fan.first() {
        let band = track.fan.iter().map(|point| {
            let (x, top) = place(point, point.high);
            (x, top, place(point, point.low).1)
        });
        picture.shapes.push(Shape::Band(band.collect(), FAN));
        let median = track.fan.iter().map(|point| place(point, point.median)).collect();
        picture.shapes.push(Shape::Dashes(median, FORECAST));
        let (x, _) = place(today, 0.0);
        picture.shapes.push(Shape::Area([x, top, 1.0, PLOT], FAINT));
        picture.text((x, top - 12.0), Anchor::Middle, (Size::Label, FAINT), "today".to_owned());
    }
    picture.shapes.push(Shape::Line(corners, INK));
    for mark in &axes.times {
        let x = across(mark.at);
        picture.shapes.push(Shape::Area([x, top + PLOT, 1.0, 6.0], FAINT));
        // Labels are centered on their ticks, but kept within the margins.
        let half =
            Size::Label.cell().0 * f64::from(u16::try_from(mark.label.len()).unwrap_or_default()) / 2.0;
        let x = x.clamp(MARGIN + half, WIDTH - MARGIN / 2.0 - half);
        picture.text((x, top + PLOT + 20.0), Anchor::Middle, (Size::Label, FAINT), mark.label.clone());
    }
    picture.height = top + PLOT + 64.0;
}

/// Reduces the points of each column to the first, the lowest, the highest and the last.
fn thinned(corners: impl Iterator<Item = (f64, f64)>, column: f64) -> Vec<(f64, f64)> {
    let mut thinned: Vec<(f64, f64)> = Vec::new();
    let mut run: Vec<(f64, f64)> = Vec::new();
    for corner in corners {
        if run.first().is_some_and(|(start, _)| corner.0 - start >= column) {
            flush(&mut run, &mut thinned);
        }
        run.push(corner);
    }
    flush(&mut run, &mut thinned);
    thinned
}

/// Ends a column: more than four points are replaced by the extremes, at the x of the first.
fn flush(run: &mut Vec<(f64, f64)>, thinned: &mut Vec<(f64, f64)>) {
    let by_balance = |one: &&(f64, f64), other: &&(f64, f64)| one.1.total_cmp(&other.1);
    let (lowest, highest) = (run.iter().min_by(by_balance), run.iter().max_by(by_balance));
    match (run.first(), lowest, highest, run.last()) {
        (Some(first), Some(low), Some(high), Some(last)) if run.len() > 4 => {
            thinned.extend([first.1, low.1, high.1, last.1].map(|balance| (first.0, balance)));
        }
        _ => thinned.extend(run.iter()),
    }
    run.clear();
}

/// Draws the bars, with names and amounts.
fn blocks(picture: &mut Picture, bars: &Bars) {
    picture.text((MARGIN, picture.height), Anchor::Start, (Size::Label, TEXT), bars.title().to_owned());
    let left = MARGIN + 410.0;
    let room = WIDTH - MARGIN - 130.0 - left;
    let highest = value(bars.highest());
    for (name, spent) in &bars.rows {
        picture.height += BAR;
        let middle = picture.height;
        picture.text(
            (left - 12.0, middle),
            Anchor::End,
            (Size::Label, TEXT),
            shortened(name, MAX_NAME_WIDTH),
        );
        let length = (room * value(*spent) / highest).max(2.0);
        picture.shapes.push(Shape::Area([left, middle - 9.0, length, 18.0], INK));
        let amount = spent.display(bars.unit);
        picture.text((left + length + 10.0, middle), Anchor::Start, (Size::Label, FAINT), amount);
    }
    picture.height += BAR + 24.0;
}
