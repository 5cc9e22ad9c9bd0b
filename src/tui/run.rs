//! The loop: keys, time, and replies go to the model, and the model goes to the screen; neither waits for the other.

use crossterm::event::{Event as Input, EventStream};
use futures_util::future::{LocalBoxFuture, ready};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::sleep;

use super::job_control::{self, Continued};
use super::keys;
use super::model::{Effect, End, Event, Model, Msg, Setup};
use super::terminal::Terminal;
use super::update::update;
use crate::error::Result;
use crate::live::feed::Feed;
use crate::platform::clock::Clock;
use crate::terminal::query::{self, QueryReplies};
use crate::terminal::screen::Screen;
use crate::tui::request::request;

/// Shows the view until it ends. If dropped early, it leaves the terminal as it was.
///
/// The terminal is queried for its capabilities while the first code is being fetched.
///
/// # Errors
/// When there is no terminal, or it is gone.
pub async fn run(setup: Setup, source: &dyn Feed, clock: &dyn Clock) -> Result<End> {
    let mut terminal = Terminal::enter()?;
    let asked = setup.terminal.asks(setup.pictures).then(query::ask).flatten();
    let mut hearing = asked.map(|asked| spawn_blocking(|| asked.wait()));
    let mut model = Model::new(setup, Screen::of_terminal(), clock.moment());
    // Nothing else reads from the terminal before its replies have arrived.
    let mut input: Option<EventStream> = None;
    let mut continued = Continued::listen();
    let mut answers: FuturesUnordered<LocalBoxFuture<'_, Event>> = FuturesUnordered::new();
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
            heard = hear(&mut hearing), if hearing.is_some() => {
                hearing = None;
                let typed = heard.typed.iter().filter_map(|byte| keys::action(keys::typed(*byte)));
                answers.extend(typed.map(|action| ready(Event::Key(action)).boxed_local()));
                Event::Answered(heard.answers)
            }
            read = input.get_or_insert_with(EventStream::new).next(), if hearing.is_none() => match read {
                Some(Ok(read)) => translate(&read),
                // The terminal is gone, and the signal for that is pending.
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

/// The terminal's replies; none if it cannot be queried.
async fn hear(hearing: &mut Option<JoinHandle<QueryReplies>>) -> QueryReplies {
    match hearing {
        Some(hearing) => hearing.await.unwrap_or_default(),
        None => QueryReplies::default(),
    }
}

fn translate(input: &Input) -> Event {
    match input {
        Input::Key(key) => keys::action(*key).map_or(Event::Tick, Event::Key),
        Input::Resize(..) => Event::Resized(Screen::of_terminal()),
        _ => Event::Tick,
    }
}
