//! One frame of the view as text with colors, for output that is not a terminal.

use std::collections::VecDeque;
use std::fmt::Write;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use super::model::{End, Event, Model, Msg, Setup};
use super::update::update;
use super::view::view;
use crate::error::{Cause, Error, Result};
use crate::live::feed::Feed;
use crate::platform::clock::Clock;
use crate::terminal::screen::Screen;
use crate::tui::request::request;

/// Fetches everything once, and draws what the view would show.
///
/// # Errors
/// When there is no code.
pub async fn snapshot(setup: Setup, source: &dyn Feed, clock: &dyn Clock, screen: Screen) -> Result<String> {
    let mut model = Model::new(setup, screen, clock.moment());
    let mut effects = VecDeque::from(update(&mut model, Msg { at: clock.moment(), event: Event::Tick }));
    while let Some(effect) = effects.pop_front() {
        if let Some(answer) = request(source, effect) {
            let event = answer.await;
            effects.extend(update(&mut model, Msg { at: clock.moment(), event }));
        }
    }
    match (model.end.take(), model.code.failure.take()) {
        (Some(End::Failed(error)), _) | (_, Some(error)) => Err(error),
        _ => draw(&model),
    }
}

fn draw(model: &Model) -> Result<String> {
    let (columns, lines) = (model.screen.columns, model.screen.lines);
    let Ok(mut terminal) = Terminal::new(TestBackend::new(columns, lines));
    let Ok(frame) = terminal.draw(|frame| view(model, frame));
    text(frame.buffer).map_err(|error| Error::new(Cause::Unexpected, error.to_string()))
}

/// The cells as lines of text, each with its colors and ending without any.
fn text(buffer: &Buffer) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    for line in buffer.content.chunks(usize::from(buffer.area.width.max(1))) {
        let mut style = String::new();
        for cell in line {
            let wanted = sgr(cell);
            if wanted != style {
                write!(text, "\x1b[0{wanted}m")?;
                style = wanted;
            }
            text.push_str(cell.symbol());
        }
        text.push_str(if style.is_empty() { "\n" } else { "\x1b[0m\n" });
    }
    Ok(text)
}

/// The parameters that set a cell's style from none.
fn sgr(cell: &Cell) -> String {
    let mut parameters = String::new();
    for (modifier, parameter) in [(Modifier::BOLD, ";1"), (Modifier::DIM, ";2"), (Modifier::REVERSED, ";7")] {
        if cell.modifier.contains(modifier) {
            parameters.push_str(parameter);
        }
    }
    parameters + &color(cell.fg, 30) + &color(cell.bg, 40)
}

/// A color as parameters from the base of its ground; those that the view uses.
fn color(color: Color, base: u8) -> String {
    match color {
        Color::Rgb(red, green, blue) => format!(";{};2;{red};{green};{blue}", base + 8),
        Color::Indexed(index) => format!(";{};5;{index}", base + 8),
        Color::Red => format!(";{}", base + 1),
        Color::Yellow => format!(";{}", base + 3),
        Color::Cyan => format!(";{}", base + 6),
        _ => String::new(),
    }
}
