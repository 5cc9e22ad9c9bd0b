//! Nothing that has to be read is cut, whatever the state and the size.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frames::{frame, lines, words};
use super::states::{STATES, latin1};
use super::{View, account, accounts, at};
use crate::model::account::Account;
use crate::model::money::Unit;
use crate::platform::system::System;
use crate::terminal::screen::Screen;
use crate::tui::keys;
use crate::tui::message;
use crate::tui::model::Event;
use crate::tui::subject::Subject;

/// Words that stand in an area, borders and shades left out.
fn words_in(buffer: &Buffer, area: Rect) -> String {
    let text: String = area
        .rows()
        .map(|row| row.columns().map(|cell| buffer[(cell.x, cell.y)].symbol()).collect::<String>() + " ")
        .collect();
    text.replace(['│', '╭', '╮', '╰', '╯', '─', '\u{a0}'], " ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether a line of the frame holds nothing at all.
fn has_free_row(of: &View, buffer: &Buffer) -> bool {
    let card = of.model.layout.card().unwrap_or_default();
    (0u16..).zip(lines(buffer)).any(|(y, line)| {
        !(card.top()..card.bottom()).contains(&y) && line.iter().all(|cell| cell.symbol() == " ")
    })
}

fn assert_whole(name: &str, view: &View) {
    let model = &view.model;
    let buffer = frame(view);
    let size = format!("{name} {}x{}\n{}", model.screen.columns, model.screen.lines, words(view));
    let footer = words_in(&buffer, model.layout.footer);
    let body = words_in(&buffer, model.layout.body);
    if let Some(message) = message::message(model) {
        assert!(footer.contains(&message.text), "{} in {size}", message.text);
    }
    if model.help {
        for (_, text) in keys::help(System::HERE) {
            assert!(words(view).contains(text), "{text} in {size}");
        }
        return;
    }
    if model.options.bare {
        return;
    }
    for key in ["r refresh", "p pause", "+/- size", "? help", "q quit"] {
        assert!(footer.contains(key), "{key} in {size}");
    }
    assert!(!matches!(model.layout.subject, Subject::TooSmall(..)), "{size}");
    if model.has_overlay() {
        let (headline, text) = message::overlay(model);
        assert!(body.contains(&headline), "{headline} in {size}");
        for line in text {
            assert!(body.contains(&line), "{line} in {size}");
        }
    } else {
        assert!(footer.contains(" ago)") && footer.contains("in ") || model.paused, "{size}");
    }
    let everywhere = words_in(&buffer, *buffer.area());
    for account in model.accounts().unwrap_or_default() {
        let balance = format!("{} {}", account.name, account.balance_text());
        let shown = everywhere.contains(&balance);
        assert!(shown || !has_free_row(view, &buffer), "{balance} in {size}");
    }
}

#[test]
fn no_message_is_cut_from_60x20_to_200x60() {
    for (name, make) in STATES {
        let mut view = make(Screen::new(60, 20));
        for columns in [60, 80, 119, 120, 160, 200] {
            for lines in [20, 21, 22, 24, 28, 33, 40, 60] {
                let now = view.model.now;
                view.send(now, Event::Resized(Screen::new(columns, lines)));
                assert_whole(name, &view);
            }
        }
    }
}

#[test]
fn balances_are_left_out_whole() {
    let mut view = View::live_on(Screen::new(60, 20), None);
    let mut many = accounts("15.50");
    many.accounts.extend((1..=6).map(|number| account(&format!("Club {number}"), "123.45", Unit::Usd)));
    let mut cut = 0;
    for columns in 60..120 {
        let now = view.model.now;
        view.send(now, Event::Resized(Screen::new(columns, 15)));
        view.send(now, Event::Accounts(Ok(many.clone())));
        let last = view.model.layout.header.rows().next_back().unwrap();
        let header = words_in(&frame(&view), last);
        let items = header.strip_suffix(" · …").unwrap_or(&header);
        cut += usize::from(items != header);
        let known = |item: &str| {
            let told = |account: &Account| format!("{} {}", account.name, account.balance_text());
            item == "ucsc" || many.accounts.iter().any(|account| item == told(account))
        };
        assert!(items.split(" · ").all(known), "{header}");
    }
    assert!(cut > 10, "{cut}");
}

#[test]
fn a_terminal_without_half_blocks_is_shown_none() {
    for (columns, lines) in [(60, 20), (80, 24), (106, 30)] {
        let view = latin1(Screen::new(columns, lines));
        let text = words(&view);
        assert!(text.is_ascii(), "{text}");
        let text = words_in(&frame(&view), view.model.layout.body);
        assert!(text.contains("cannot draw half blocks"), "{text}");
        assert!(text.contains("The barcode needs 107 columns"), "{text}");
    }
    let view = latin1(Screen::new(107, 40));
    assert!(words(&view).is_ascii());
    assert!(matches!(view.model.layout.subject, Subject::Barcode { .. }));
    assert_eq!(view.model.now, at(14, 0));
}

#[test]
fn the_panel_does_not_come_before_the_bars() {
    for (columns, rows) in [(120, 40), (160, 50), (200, 60)] {
        let mut view = View::live_on(Screen::new(columns, rows), None);
        view.run(1..9, Ok("15.50"));
        let (panel, first) = (view.model.layout.panel.unwrap(), view.model.layout.first_bars().unwrap());
        let above = Rect { height: first - panel.y, ..panel };
        let buffer = frame(&view);
        assert_eq!(words_in(&buffer, above), "", "{columns}x{rows}");
        assert!(words_in(&buffer, panel).contains("Flexi"), "{columns}x{rows}");
    }
}
