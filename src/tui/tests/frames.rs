//! Whole frames, with the colors of their cells.

use std::fmt::Write;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use super::states::STATES;
use super::{View, timeout};
use crate::barcode::cells::ColorDepth;
use crate::terminal::screen::Screen;
use crate::tui::keys::Action;
use crate::tui::view::view;

pub fn frame(of: &View) -> Buffer {
    let screen = of.model.screen;
    let mut terminal = Terminal::new(TestBackend::new(screen.columns, screen.lines)).unwrap();
    terminal.draw(|frame| view(&of.model, frame)).unwrap().buffer.clone()
}

pub fn lines(buffer: &Buffer) -> impl Iterator<Item = &[Cell]> {
    buffer.content.chunks(usize::from(buffer.area.width))
}

/// The frame's characters.
pub fn words(of: &View) -> String {
    let text = |line: &[Cell]| line.iter().map(Cell::symbol).collect::<String>();
    lines(&frame(of)).map(|line| text(line).trim_end().to_owned() + "\n").collect()
}

/// The frame's characters, and below them a letter for the style of each cell. The barcode itself is masked: that it
/// reads is tested where it is read.
pub fn picture(of: &View) -> String {
    let mut buffer = frame(of);
    let mut styles: Vec<Vec<char>> = lines(&buffer).map(|line| line.iter().map(style).collect()).collect();
    let masked = (!of.model.has_overlay() && !of.model.help).then(|| of.model.layout.ground()).flatten();
    for position in masked.into_iter().flat_map(Rect::positions) {
        buffer[position].set_char('▒');
        styles[usize::from(position.y)][usize::from(position.x)] = '▒';
    }
    let text = lines(&buffer).map(|line| line.iter().map(Cell::symbol).collect());
    let styles = styles.into_iter().map(|line| line.into_iter().collect());
    format!("{}---\n{}", folded(text), folded(styles))
}

/// Lines of which those that repeat the one above are only counted.
fn folded(lines: impl Iterator<Item = String>) -> String {
    let mut text = String::new();
    let mut above: Option<(String, u32)> = None;
    for line in lines.map(|line| line.trim_end().to_owned()).map(Some).chain([None]) {
        match (&mut above, line) {
            (Some((last, count)), Some(line)) if *last == line => *count += 1,
            (above, line) => {
                if let Some((_, count @ 2..)) = above {
                    writeln!(text, "(× {count})").unwrap();
                }
                if let Some(line) = &line {
                    writeln!(text, "{line}").unwrap();
                }
                *above = line.map(|line| (line, 1));
            }
        }
    }
    text
}

/// What a cell looks like.
fn style(cell: &Cell) -> char {
    let (black, white) = (Color::Rgb(0, 0, 0), Color::Rgb(255, 255, 255));
    let reversed = cell.modifier.contains(Modifier::REVERSED);
    match (cell.fg, cell.bg) {
        (ink, ground) if (ink, ground) == (black, white) => 'p',
        (Color::Indexed(31), Color::Reset) if reversed => 'A',
        (Color::Indexed(31), Color::Reset) => 'a',
        (Color::Indexed(166), Color::Reset) if reversed => 'W',
        (Color::Indexed(166), Color::Reset) => 'w',
        (Color::Indexed(196), Color::Reset) if reversed => 'E',
        (Color::Indexed(196), Color::Reset) => 'e',
        (Color::Reset, Color::Reset) if reversed => 'R',
        (Color::Reset, Color::Reset) if cell.symbol() == " " => ' ',
        (Color::Reset, Color::Reset) if cell.modifier.contains(Modifier::BOLD) => 'b',
        (Color::Reset, Color::Reset) if cell.modifier.contains(Modifier::DIM) => 'd',
        (Color::Reset, Color::Reset) => '.',
        _ => '?',
    }
}

/// The terminal may shrink after the layout was planned and before the event says so.
#[test]
fn a_terminal_that_just_shrank_waits_for_its_new_layout() {
    let of = View::live_on(Screen::new(80, 24), None);
    for (columns, lines) in [(60, 20), (80, 20), (60, 24)] {
        let mut terminal = Terminal::new(TestBackend::new(columns, lines)).unwrap();
        let frame = terminal.draw(|frame| view(&of.model, frame)).unwrap();
        assert!(frame.buffer.content.iter().all(|cell| cell.symbol() == " "), "{columns}x{lines}");
    }
}

/// Every state in five sizes. Letters: p black on white, a accent, w warning, e error, b bold, d dim; capitals
/// reversed; ▒ the barcode.
#[test]
fn every_state_in_five_sizes() {
    for (name, make) in STATES {
        let mut pictures = String::new();
        for (columns, lines) in [(60, 20), (80, 24), (100, 30), (120, 40), (160, 50)] {
            let view = make(Screen::new(columns, lines));
            writeln!(pictures, "=== {columns}x{lines}\n{}", picture(&view)).unwrap();
        }
        // The list of keys has one fewer there.
        if cfg!(windows) && name == "help" {
            continue;
        }
        insta::assert_snapshot!(name, pictures);
    }
}

#[test]
fn without_colors_the_barcode_keeps_its_own() {
    for (depth, black, white) in [
        (ColorDepth::TrueColor, Color::Rgb(0, 0, 0), Color::Rgb(255, 255, 255)),
        (ColorDepth::Indexed256, Color::Indexed(16), Color::Indexed(231)),
        (ColorDepth::Indexed16, Color::Indexed(0), Color::Indexed(15)),
    ] {
        let mut view = View::live();
        (view.model.setup.terminal.color, view.model.setup.terminal.depth) = (false, depth);
        view.run(1..13, Err(&timeout()));
        let buffer = frame(&view);
        let area = view.model.layout.body;
        for (x, y) in area.rows().flat_map(Rect::columns).map(|cell| (cell.x, cell.y)) {
            let cell = &buffer[(x, y)];
            let inside = cell.bg == black || cell.bg == white;
            assert!(inside || (cell.bg, cell.fg) == (Color::Reset, Color::Reset));
        }
        let text: Vec<_> = lines(&buffer).skip(view.model.layout.footer.y.into()).flatten().collect();
        assert!(text.iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
        assert!(text.iter().any(|cell| cell.modifier.contains(Modifier::REVERSED)), "it still stands out");
    }
}

#[test]
fn no_size_and_no_state_panics() {
    for columns in [0, 1, 2, 5, 20, 53, 54, 107, 300] {
        for lines in [0, 1, 2, 3, 9, 13, 24, 90] {
            let mut view = View::live_on(Screen::new(columns, lines), None);
            for action in
                [Action::Bare, Action::Larger, Action::Help, Action::Back, Action::Smaller, Action::Pause]
            {
                view.press(3, action);
                frame(&view);
            }
            view.tick(99);
            frame(&view);
        }
    }
}
