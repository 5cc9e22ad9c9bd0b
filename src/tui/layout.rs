//! The layout of the screen: the barcode first, in the shape that scans best, then text in the remaining space.

use ratatui::layout::Rect;

use super::subject::{BarcodeOptions, Demand, Subject};
use crate::terminal::screen::Screen;

/// From this width on, there is a panel next to the barcode.
pub const WIDE: u16 = 120;
/// White around the barcode beyond its quiet zone, if there is room: columns and lines on each side.
const MARGIN: (u16, u16) = (2, 1);
/// A frame around text: columns for its border and the air beside the text, and lines for its border.
pub const FRAME: (u16, u16) = (4, 2);

/// The lines of text that have content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TextNeeds {
    /// Title and balances one after the other.
    pub heading: u16,
    /// The balances on lines of their own.
    pub balances: u16,
    /// What happened and what to do.
    pub message: u16,
}

/// A division of the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreenLayout {
    /// Above the barcode.
    pub header: Rect,
    /// What the barcode may take.
    pub body: Rect,
    /// Beside the barcode, where the screen is wide.
    pub panel: Option<Rect>,
    /// Below the barcode.
    pub footer: Rect,
    /// What stands in the body.
    pub subject: Subject,
}

/// Lines of text around the barcode.
#[derive(Debug, Clone, Copy)]
struct Text {
    header: u16,
    footer: u16,
}

impl Text {
    /// Lines that are left for the barcode.
    fn leaves(self, screen: Screen) -> u16 {
        screen.lines.saturating_sub(self.header + self.footer)
    }
}

const fn text(header: u16, footer: u16) -> Text {
    Text { header, footer }
}

/// The text that gives way to a good barcode, in order: rows of eight modules are worth the balances, any rows that
/// scan the line of the keys, and freshness stays.
const DIVISIONS: [(Demand, &[Text]); 2] =
    [((2, 6.0), &[text(1, 2), text(0, 2)]), ((2, 3.0), &[text(1, 2), text(1, 1), text(0, 1)])];
/// The least text that there is.
const LEAST: Text = text(0, 1);

impl ScreenLayout {
    /// The best division for a payload and the text around it.
    #[must_use]
    pub fn plan(payload: Option<&str>, screen: Screen, options: BarcodeOptions, needs: TextNeeds) -> Self {
        let full = Self::across(payload, screen, options, needs, screen.columns);
        if options.bare || screen.columns < WIDE {
            return full;
        }
        // A barcode that was enlarged beyond its half takes the panel's.
        let half = Self::across(payload, screen, options, needs, screen.columns / 2);
        let fits = !half.subject.is_too_small() && half.step() == full.step();
        if fits { half } else { full }
    }

    /// The best division with the barcode in the `width` leftmost columns and the panel in the rest.
    fn across(
        payload: Option<&str>,
        screen: Screen,
        options: BarcodeOptions,
        needs: TextNeeds,
        width: u16,
    ) -> Self {
        let mut least = None;
        let fitting = divisions(options, needs).into_iter().find_map(|(demand, text)| {
            let subject = Subject::fit(payload, (width, text.leaves(screen)), screen, options);
            if subject.meets(demand, screen.aspect()) {
                return Some((text, subject));
            }
            least = Some((text, subject));
            None
        });
        let (text, subject) = fitting.or(least).unwrap_or((LEAST, Subject::Nothing));
        let subject = match subject {
            Subject::TooSmall(columns, lines) => {
                Subject::TooSmall(columns, lines + LEAST.header + LEAST.footer)
            }
            subject => subject,
        };
        let wide = width < screen.columns;
        let text = match subject.size() {
            Some((_, lines)) if !options.bare => text.with(text.leaves(screen) - lines, needs, wide),
            None if !options.bare => {
                let least = Text { header: 1, footer: 2 + needs.message };
                least.with(least.leaves(screen) / 3, needs, wide)
            }
            _ => text,
        };
        Self::divide(screen, text, width, subject)
    }

    fn divide(screen: Screen, text: Text, width: u16, subject: Subject) -> Self {
        let footer = text.footer.min(screen.lines);
        let header = text.header.min(screen.lines - footer);
        let body = screen.lines - header - footer;
        let strip = |x, y, width, height| Rect { x, y, width, height };
        let beside = screen.columns - width;
        Self {
            header: strip(0, 0, screen.columns, header),
            body: strip(0, header, width, body),
            panel: (beside > 0).then(|| strip(width, header, beside, body)),
            footer: strip(0, header + body, screen.columns, footer),
            subject,
        }
    }

    /// The position of the barcode, in the middle of the body.
    #[must_use]
    pub fn ground(&self) -> Option<Rect> {
        self.subject.size().map(|(width, height)| middle(self.body, width, height))
    }

    /// The first line below the quiet zone above the bars.
    #[must_use]
    pub fn first_bars(&self) -> Option<u16> {
        let quiet_lines = match &self.subject {
            Subject::Barcode { layout, .. } => layout.quiet_lines.into(),
            // The quiet zone of a picture ends within its first line.
            _ => 1,
        };
        self.ground().map(|ground| ground.y + quiet_lines)
    }

    /// The white card that the barcode stands on.
    #[must_use]
    pub fn card(&self) -> Option<Rect> {
        let (width, height) = self.subject.size()?;
        let room = |size, all, margin| if all >= size + 2 * margin { size + 2 * margin } else { size };
        let width = room(width, self.body.width, MARGIN.0);
        let height = room(height, self.body.height.saturating_sub(2), MARGIN.1);
        Some(middle(self.body, width, height))
    }

    /// The step of the size that is shown.
    #[must_use]
    pub fn step(&self) -> i8 {
        self.subject.step()
    }
}

impl Text {
    /// The remaining space: first for the keys, then for the balances, then for the title, then left empty.
    fn with(mut self, mut spare: u16, needs: TextNeeds, wide: bool) -> Self {
        let mut take = |line: &mut u16, wanted: u16| {
            let taken = wanted.saturating_sub(*line).min(spare);
            spare -= taken;
            *line += taken;
        };
        let footer = 2 + needs.message;
        let heading = if wide { 1 } else { needs.heading };
        let apart = if wide { 1 } else { 1 + needs.balances };
        take(&mut self.footer, footer);
        take(&mut self.header, heading);
        take(&mut self.header, apart);
        take(&mut self.footer, footer + 1);
        take(&mut self.header, apart + 1);
        self
    }
}

/// The divisions to try, each with what it demands of the barcode. Nothing of a message gives way as long as any
/// barcode fits.
fn divisions(options: BarcodeOptions, needs: TextNeeds) -> Vec<(Demand, Text)> {
    const ANY: Demand = (0, 0.0);
    let said = needs.message;
    if options.bare {
        return vec![(ANY, text(0, said.max(1))), (ANY, LEAST)];
    }
    let usual = DIVISIONS.iter().flat_map(|(demand, texts)| texts.iter().map(|text| (*demand, *text)));
    let saying = [(ANY, text(1, 2 + said)), (ANY, text(0, 2 + said)), (ANY, text(0, 1 + said))];
    let saying = saying.into_iter().filter(|_| said > 0);
    saying.chain(usual).chain([(ANY, LEAST)]).collect()
}

/// A frame in the middle of an area for text of this size, with air above and below the text if there is room for it.
#[must_use]
pub fn framed(area: Rect, width: u16, height: u16) -> Rect {
    let height = height.saturating_add(FRAME.1);
    let air = if height.saturating_add(2) <= area.height { 2 } else { 0 };
    middle(area, width.saturating_add(FRAME.0), height.saturating_add(air))
}

fn middle(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::barcode::fit::Size;

    const DIGITS: &str = "1234567890123456789012";
    const NEEDS: TextNeeds = TextNeeds { heading: 1, balances: 1, message: 0 };

    fn plan(columns: u16, lines: u16, options: BarcodeOptions) -> ScreenLayout {
        ScreenLayout::plan(Some(DIGITS), Screen::new(columns, lines), options, NEEDS)
    }

    fn lines(screen_layout: &ScreenLayout) -> [u16; 3] {
        [screen_layout.header.height, screen_layout.body.height, screen_layout.footer.height]
    }

    #[test]
    fn a_usual_terminal_shows_the_best_shape_with_balances_and_keys() {
        let screen_layout = plan(80, 24, BarcodeOptions::default());
        assert_eq!(lines(&screen_layout), [2, 20, 2]);
        let Subject::Barcode { layout, .. } = screen_layout.subject else {
            panic!("{:?}", screen_layout.subject)
        };
        assert_eq!((layout.width(), layout.height()), (54, 20));
        assert!(layout.row_modules(2.0) >= 8.0);
    }

    #[test]
    fn text_takes_what_the_barcode_leaves_and_gives_way_to_it() {
        assert_eq!(
            lines(&plan(80, 22, BarcodeOptions::default())),
            [0, 20, 2],
            "tall rows are worth the balances"
        );
        assert_eq!(lines(&plan(60, 13, BarcodeOptions::default())), [1, 11, 1]);
        assert_eq!(lines(&plan(60, 12, BarcodeOptions::default())), [0, 11, 1]);
        assert_eq!(
            lines(&plan(80, 24, BarcodeOptions { bare: true, ..BarcodeOptions::default() })),
            [0, 23, 1]
        );
    }

    #[test]
    fn a_message_is_worth_the_tall_rows() {
        let needs = TextNeeds { message: 3, ..NEEDS };
        let screen_layout =
            ScreenLayout::plan(Some(DIGITS), Screen::new(60, 20), BarcodeOptions::default(), needs);
        assert!(screen_layout.footer.height >= 5, "{:?}", lines(&screen_layout));
        assert!(matches!(screen_layout.subject, Subject::Barcode { .. }));
    }

    #[test]
    fn a_wide_screen_has_a_panel_unless_the_barcode_needs_its_half() {
        let screen_layout = plan(120, 40, BarcodeOptions::default());
        assert_eq!(screen_layout.panel.map(|panel| (panel.x, panel.width)), Some((60, 60)));
        let ground = screen_layout.ground().unwrap();
        assert_eq!((ground.x, ground.width), (3, 54));
        assert_eq!(plan(119, 40, BarcodeOptions::default()).panel, None);
        let larger = BarcodeOptions { size: Size::Step(1), ..BarcodeOptions::default() };
        assert_eq!(plan(120, 40, larger).panel, None);
        assert!(plan(240, 60, larger).panel.is_some());
    }

    #[test]
    fn a_small_terminal_is_told_what_would_do() {
        let Subject::TooSmall(columns, lines) = plan(40, 12, BarcodeOptions::default()).subject else {
            panic!()
        };
        assert!(matches!(plan(columns, lines, BarcodeOptions::default()).subject, Subject::Barcode { .. }));
    }

    #[test]
    fn pixels_are_drawn_within_the_cells_that_they_touch() {
        let screen = Screen { cell: Some((9, 18)), ..Screen::new(80, 24) };
        let options = BarcodeOptions { pixels: true, ..BarcodeOptions::default() };
        let screen_layout = ScreenLayout::plan(Some(DIGITS), screen, options, NEEDS);
        let (ground, Subject::Picture { bitmap, .. }) =
            (screen_layout.ground().unwrap(), &screen_layout.subject)
        else {
            panic!("{:?}", screen_layout.subject)
        };
        assert!(bitmap.width() <= usize::from(ground.width) * 9);
        assert!(bitmap.height() <= usize::from(ground.height) * 18);
        assert!(ground.bottom() < 24 && ground.right() <= 80);
        // Without the size of a cell there is no telling.
        assert!(matches!(plan(80, 24, options).subject, Subject::Barcode { .. }));
    }

    #[test]
    fn no_size_is_impossible() {
        for (columns, lines) in [(0, 0), (1, 1), (80, 0), (0, 24), (80, 1), (u16::MAX, 2), (3, u16::MAX)] {
            for bare in [false, true] {
                let screen_layout =
                    plan(columns, lines, BarcodeOptions { bare, ..BarcodeOptions::default() });
                assert_eq!(
                    screen_layout.header.height + screen_layout.body.height + screen_layout.footer.height,
                    lines
                );
            }
        }
    }
}
