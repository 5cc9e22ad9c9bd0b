//! How long the full-screen view takes for a new payload, from the service's answer to the last cell; the bar is 1 ms.

use std::time::Duration;

use divan::{Bencher, Divan};
use getcard::barcode::shape::ShapeOptions;
use getcard::platform::clock::{Clock, SystemClock};
use getcard::secret::Payload;
use getcard::terminal::capabilities::Capabilities;
use getcard::terminal::pictures::PicturePreference;
use getcard::terminal::screen::Screen;
use getcard::tui::model::{Event, Model, Msg, Setup};
use getcard::tui::update::update;
use getcard::tui::view::view;
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{TerminalOptions, Viewport};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

fn main() {
    Divan::from_args().main();
}

#[expect(clippy::default_trait_access, reason = "the type is private to the crate")]
fn setup() -> Setup {
    Setup {
        profile: "default".to_owned(),
        school: Some("ucsc".to_owned()),
        school_name: None,
        repeated: Default::default(),
        interval: Duration::from_secs(5),
        shape: ShapeOptions::default(),
        until_charged: None,
        charge_filter: Default::default(),
        zone: TimeZone::UTC,
        terminal: Capabilities::modern(Screen::new(80, 24)),
        pictures: PicturePreference::Cells,
        refused_at: None,
        seed: 1,
    }
}

#[divan::bench(args = SIZES)]
fn new_payload_to_bytes(bencher: Bencher, (columns, lines): (u16, u16)) {
    let clock = SystemClock;
    let mut model = Model::new(setup(), Screen::new(columns, lines), clock.moment());
    let viewport = Viewport::Fixed(Rect::new(0, 0, columns, lines));
    let backend = CrosstermBackend::new(std::io::sink());
    let Ok(mut terminal) = Terminal::with_options(backend, TerminalOptions { viewport }) else { return };
    let mut number: u64 = 0;
    bencher.bench_local(|| {
        number += 1;
        let payload = Payload::new(format!("17706638511{:011}", number * 7_919).into());
        update(&mut model, Msg { at: clock.moment(), event: Event::Payload(Ok(payload)) });
        terminal.draw(|frame| view(&model, frame)).is_ok()
    });
}
