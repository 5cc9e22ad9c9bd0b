//! The loop: keys, time and answers to the model, the model to the screen, each without waiting for the other.

use crossterm::event::{Event as Input, EventStream};
use futures_util::future::{LocalBoxFuture, ready};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use tokio::time::sleep;

use super::job_control::{self, Continued};
use super::keys;
use super::model::{Effect, End, Event, Model, Msg, Setup};
use super::terminal::Terminal;
use super::update::update;
use crate::error::Result;
use crate::live::feed::Feed;
use crate::platform::clock::Clock;
use crate::terminal::pictures::{PicturePreference, USUAL_CELL};
use crate::terminal::query::{self, Heard};
use crate::terminal::screen::Screen;
use crate::tui::request::request;

/// Shows the view until it ends. Dropped in the middle, it leaves the terminal as it was.
///
/// # Errors
/// When there is no terminal, or it is gone.
pub async fn run(
    mut setup: Setup,
    wanted: PicturePreference,
    source: &dyn Feed,
    clock: &dyn Clock,
) -> Result<End> {
    let mut terminal = Terminal::enter()?;
    // Asked before anybody else reads what the terminal says.
    let Heard { answers: told, typed } = if wanted.asks() { query::ask() } else { Heard::default() };
    setup.look.graphics = wanted.choose(&told);
    let cell = told.cell.or(setup.look.graphics.map(|_| USUAL_CELL));
    let screen = || Screen::of_terminal().or_cell(cell);
    let mut model = Model::new(setup, screen(), clock.moment());
    let mut input = EventStream::new();
    let mut continued = Continued::listen();
    let mut answers: FuturesUnordered<LocalBoxFuture<'_, Event>> = FuturesUnordered::new();
    let typed = typed.iter().filter_map(|byte| keys::action(keys::typed(*byte)));
    answers.extend(typed.map(|action| ready(Event::Key(action)).boxed_local()));
    let mut event = Event::Tick;
    loop {
        let mut back = None;
        for effect in update(&mut model, Msg { at: clock.moment(), event }) {
            match effect {
                Effect::Abandon => {
                    answers.clear();
                    source.reconnect();
                }
                Effect::Report(change) => source.report(&change),
                Effect::Repaint => terminal.clear()?,
                Effect::Suspend => {
                    terminal.give();
                    job_control::stop(&mut continued).await;
                    terminal.take()?;
                    back = Some(Event::Resumed(screen()));
                }
                fetch => answers.extend(request(source, fetch)),
            }
        }
        if let Some(end) = model.end.take() {
            return Ok(end);
        }
        if let Some(resumed) = back {
            event = resumed;
            continue;
        }
        terminal.draw(&model)?;
        event = tokio::select! {
            biased;
            read = input.next() => match read {
                Some(Ok(read)) => translate(&read, screen),
                // The terminal is gone, and the signal that says so on its way.
                Some(Err(_)) | None => return Ok(End::HungUp),
            },
            Some(answer) = answers.next() => answer,
            () = continued.wait() => {
                terminal.take()?;
                Event::Resumed(screen())
            }
            () = sleep(model.wait()) => Event::Tick,
        };
    }
}

fn translate(input: &Input, screen: impl Fn() -> Screen) -> Event {
    match input {
        Input::Key(key) => keys::action(*key).map_or(Event::Tick, Event::Key),
        Input::Resize(..) => Event::Resized(screen()),
        _ => Event::Tick,
    }
}
