//! Whole frames, with the colors of their cells.

use std::fmt::Write;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use super::{View, at, coffee, timeout};
use crate::barcode::cells::ColorDepth;
use crate::terminal::screen::Screen;
use crate::tui::keys::Action;
use crate::tui::model::Event;
use crate::tui::view::view;

fn frame(of: &View) -> Buffer {
    let screen = of.model.screen;
    let mut terminal = Terminal::new(TestBackend::new(screen.columns, screen.lines)).unwrap();
    terminal.draw(|frame| view(&of.model, frame)).unwrap().buffer.clone()
}

fn lines(buffer: &Buffer) -> impl Iterator<Item = &[Cell]> {
    buffer.content.chunks(usize::from(buffer.area.width))
}

/// The frame's characters.
pub fn words(of: &View) -> String {
    let text = |line: &[Cell]| line.iter().map(Cell::symbol).collect::<String>();
    lines(&frame(of)).map(|line| text(line).trim_end().to_owned() + "\n").collect()
}

/// The frame's characters, and below them a letter for the style of each cell.
fn picture(of: &View) -> String {
    let buffer = frame(of);
    let styles: String = lines(&buffer)
        .map(|line| line.iter().map(style).collect::<String>().trim_end().to_owned() + "\n")
        .collect();
    let mut picture = words(of);
    write!(
        picture,
        "--- B/W on black/white: b black on white, w white on black, s space on white, # on black\n{styles}"
    )
    .unwrap();
    picture
}

/// What a cell looks like: its ground first, then what the glyph on it has.
fn style(cell: &Cell) -> char {
    let (black, white) = (Color::Rgb(0, 0, 0), Color::Rgb(255, 255, 255));
    let plain = cell.symbol() == " ";
    match (cell.fg, cell.bg) {
        (_, ground) if ground == white && plain => 's',
        (_, ground) if ground == black && plain => '#',
        (ink, ground) if (ink, ground) == (black, white) => 'b',
        (ink, ground) if (ink, ground) == (white, black) => 'w',
        (Color::Green, Color::Reset) => 'G',
        (Color::Yellow, Color::Reset) if cell.modifier.contains(Modifier::REVERSED) => 'Y',
        (Color::Red, Color::Reset) if cell.modifier.contains(Modifier::REVERSED) => 'R',
        (Color::Reset, Color::Reset) if cell.modifier.contains(Modifier::REVERSED) => 'V',
        (Color::Reset, Color::Reset) if cell.modifier.contains(Modifier::BOLD) => 'B',
        (Color::Reset, Color::Reset) if cell.modifier.contains(Modifier::DIM) => 'd',
        (Color::Reset, Color::Reset) if plain => ' ',
        (Color::Reset, Color::Reset) => '.',
        _ => '?',
    }
}

#[test]
fn live_frames_in_every_size() {
    for (columns, lines) in [(80, 24), (60, 20), (40, 12), (200, 60)] {
        let mut view = View::live_on(Screen::new(columns, lines), None);
        view.tick(3);
        insta::assert_snapshot!(format!("live_{columns}x{lines}"), picture(&view));
    }
}

#[test]
fn a_failed_refresh() {
    let mut view = View::live();
    view.run(1..13, Err(&timeout()));
    insta::assert_snapshot!(picture(&view));
}

#[test]
fn an_expired_code() {
    let mut view = View::live_on(Screen::new(60, 20), None);
    view.run(1..75, Err(&timeout()));
    insta::assert_snapshot!(picture(&view));
}

#[test]
fn before_the_first_code() {
    let mut view = View::on(Screen::new(60, 20), None);
    insta::assert_snapshot!("fetching", picture(&view));
    view.send(at(10, 0), Event::Payload(Err(timeout())));
    insta::assert_snapshot!("nothing_came", picture(&view));
}

#[test]
fn a_charge() {
    let mut view = View::live_on(Screen::new(100, 30), None);
    view.run(1..11, Ok("11.00"));
    insta::assert_snapshot!("charge_seen", words(&view));
    view.send(at(11, 0), Event::Transactions(Ok(vec![coffee("11.00")])));
    insta::assert_snapshot!("charge_confirmed", picture(&view));
}

#[test]
fn nothing_but_the_barcode() {
    let mut view = View::live_on(Screen::new(120, 40), None);
    view.press(3, Action::Bare);
    insta::assert_snapshot!("bare", picture(&view));
    view.run(4..75, Err(&timeout()));
    insta::assert_snapshot!("bare_expired", picture(&view));
}

#[test]
fn the_keys() {
    let mut view = View::live_on(Screen::new(60, 20), None);
    view.press(3, Action::Help);
    insta::assert_snapshot!(picture(&view));
}

#[test]
fn without_colors_the_barcode_keeps_its_own() {
    for (depth, black, white) in [
        (ColorDepth::TrueColor, Color::Rgb(0, 0, 0), Color::Rgb(255, 255, 255)),
        (ColorDepth::Indexed256, Color::Indexed(16), Color::Indexed(231)),
        (ColorDepth::Indexed16, Color::Indexed(0), Color::Indexed(15)),
    ] {
        let mut view = View::live();
        (view.model.setup.look.color, view.model.setup.look.depth) = (false, depth);
        view.run(1..13, Err(&timeout()));
        let buffer = frame(&view);
        let area = view.model.stage.body;
        for (x, y) in area.rows().flat_map(Rect::columns).map(|cell| (cell.x, cell.y)) {
            let cell = &buffer[(x, y)];
            let inside = cell.bg == black || cell.bg == white;
            assert!(inside || (cell.bg, cell.fg) == (Color::Reset, Color::Reset));
        }
        let text: Vec<_> = lines(&buffer).skip(view.model.stage.footer.y.into()).flatten().collect();
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
