//! The loop: keys, time and answers to the model, the model to the screen, each without waiting for the other.

use crossterm::event::{Event as Input, EventStream};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::time::sleep;

use super::job_control::{self, Continued};
use super::keys;
use super::model::{Effect, End, Event, Model, Msg, Setup};
use super::screen::Screen;
use super::source::{Source, request};
use super::terminal::Terminal;
use super::update::update;
use crate::clock::Clock;
use crate::error::Result;

/// Shows the view until it ends. Dropped in the middle, it leaves the terminal as it was.
///
/// # Errors
/// When there is no terminal, or it is gone.
pub async fn run(setup: Setup, source: &dyn Source, clock: &dyn Clock) -> Result<End> {
    let mut model = Model::new(setup, Screen::of_terminal(), clock.moment());
    let mut terminal = Terminal::enter()?;
    let mut input = EventStream::new();
    let mut continued = Continued::listen();
    let mut answers: FuturesUnordered<LocalBoxFuture<'_, Event>> = FuturesUnordered::new();
    let mut event = Event::Tick;
    loop {
        let mut back = None;
        for effect in update(&mut model, Msg { at: clock.moment(), event }) {
            match effect {
                Effect::Abandon => answers.clear(),
                Effect::Repaint => terminal.clear()?,
                Effect::Suspend => {
                    terminal.give();
                    job_control::stop(&mut continued).await;
                    terminal.take()?;
                    back = Some(Event::Resumed(Screen::of_terminal()));
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
                Some(Ok(read)) => translate(&read),
                // The terminal is gone, and the signal that says so on its way.
                Some(Err(_)) | None => return Ok(End::HungUp),
            },
            Some(answer) = answers.next() => answer,
            () = continued.wait() => {
                terminal.take()?;
                Event::Resumed(Screen::of_terminal())
            }
            () = sleep(model.wait()) => Event::Tick,
        };
    }
}

fn translate(input: &Input) -> Event {
    match input {
        Input::Key(key) => keys::action(*key).map_or(Event::Tick, Event::Key),
        Input::Resize(..) => Event::Resized(Screen::of_terminal()),
        _ => Event::Tick,
    }
}
