//! Charts of a few transactions in every format.

use rust_decimal::Decimal;

use super::{Chart, Drawing, FanPoint, Track};
use crate::model::money::{Amount, Unit};
use crate::model::transaction::Transaction;
use crate::model::transaction::tests::transaction;

fn cents(cents: i64) -> Amount {
    Decimal::new(cents, 2).into()
}

/// Balances of an account, oldest first, a day apart.
fn balances(account: &str, unit: Unit, balances: &[i64]) -> Vec<Transaction> {
    let rows = balances.iter().zip(0..).map(|(balance, day)| Transaction {
        account: Some(account.into()),
        unit,
        balance_after: Some(cents(*balance)),
        ..transaction(0, day * 86_400)
    });
    rows.collect()
}

fn chart(rows: &[Transaction], spent: &[(Option<&str>, Unit, Amount)]) -> Option<Chart> {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| std::cmp::Reverse(row.occurred_at));
    let mut drawing = Drawing::default();
    for row in &rows {
        drawing.add(row);
    }
    drawing.finish(spent.iter().copied(), jiff::tz::TimeZone::UTC)
}

fn sample() -> Chart {
    let mut rows = balances("Flexi\u{1b}[31m", Unit::Usd, &[5000, 4325, 2000, 7000, 6500, 1250]);
    rows.extend(balances("Board", Unit::Meals, &[5000, 4900, 4700, 4600]));
    rows.extend(balances("Still", Unit::Usd, &[100]));
    let spent = [
        (Some("Perk <Coffee> & Bar"), Unit::Usd, cents(4250)),
        (Some("学食 🍜"), Unit::Usd, cents(1225)),
        (None, Unit::Usd, cents(3)),
        (Some("Web"), Unit::Usd, Amount::ZERO),
        (Some("Hall"), Unit::Meals, cents(400)),
    ];
    chart(&rows, &spent).unwrap()
}

#[test]
fn a_terminal_shows_lines_and_bars() {
    let text = sample().terminal(60, false);
    assert!(text.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) <= 60), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn color_is_added_only_when_it_is_allowed() {
    let chart = sample();
    assert!(!chart.terminal(80, false).contains('\x1b'));
    let colored = chart.terminal(80, true);
    assert!(colored.contains("\x1b[36m"));
    let plain = ["\x1b[36m", "\x1b[39m", "\x1b[1m", "\x1b[22m"];
    let plain = plain.iter().fold(colored, |text, code| text.replace(code, ""));
    assert_eq!(plain, chart.terminal(80, false));
}

#[test]
fn an_svg_is_xml_and_contains_every_text() {
    let svg = sample().svg();
    for text in [
        "Perk &lt;Coffee&gt; &amp; Bar",
        "学食 🍜",
        "$42.50",
        "4 meals",
        "Flexi[31m  $12.50",
        "2026-02-02 to 2026-02-07",
    ] {
        assert!(svg.contains(text), "{text}");
    }
    assert!(!svg.contains('\x1b') && !svg.contains("Still") && !svg.contains("Web"));
    assert_eq!(svg, sample().svg());
}

#[test]
fn a_png_has_ink_on_a_white_background() {
    let image = image::load_from_memory(&sample().png().unwrap()).unwrap().into_rgb8();
    assert_eq!(image.width(), 1200);
    assert_eq!(image.get_pixel(0, 0).0, [255; 3]);
    let inked = image.pixels().filter(|pixel| pixel.0 == [31, 95, 191]).count();
    assert!((10_000..200_000).contains(&inked), "{inked}");
}

#[test]
fn places_beyond_the_limit_share_a_bar() {
    let names: Vec<String> = (0..20).map(|number| format!("place {number}")).collect();
    let spent: Vec<_> = names.iter().map(|name| (Some(name.as_str()), Unit::Usd, cents(100))).collect();
    let text = chart(&balances("A", Unit::Usd, &[1, 2]), &spent).unwrap().terminal(80, false);
    assert!(text.contains("place 11") && !text.contains("place 12"));
    assert!(text.contains("all others  $8.00"), "{text}");
}

#[test]
fn empty_and_tiny_charts() {
    assert!(chart(&[], &[]).is_none());
    let unknown = Transaction { balance_after: None, ..transaction(0, 0) };
    let chart_of_one = chart(&balances("A", Unit::Usd, &[100]), &[]).unwrap();
    for chart in [chart(&[unknown], &[]).unwrap(), chart_of_one] {
        assert!(!chart.terminal(0, false).is_empty());
        assert!(chart.svg().ends_with("</svg>\n") && chart.png().is_ok());
    }
}

#[test]
fn a_hundred_thousand_balances_give_a_small_svg() {
    let rows: Vec<_> = (0..100_000)
        .map(|number| Transaction {
            account: Some("Flexi".into()),
            balance_after: Some(cents(number * 7_919 % 100_000)),
            ..transaction(0, -number * 300)
        })
        .collect();
    let svg = chart(&rows, &[]).unwrap().svg();
    assert!(svg.len() < 600_000, "{}", svg.len());
}

/// A balance that falls for a week, with a forecast of the next one.
fn outlook(name: &str) -> Chart {
    let day = |number: i64| jiff::Timestamp::from_second(1_770_000_000 + number * 86_400).unwrap();
    let points = (0..=7).map(|number| (day(number), cents(10_000 - number * 700))).collect();
    let fan = (0..=7_u8).map(|number| {
        let median = 51.0 - 6.0 * f64::from(number);
        let apart = 2.0 * f64::from(number);
        FanPoint {
            at: day(7 + i64::from(number)),
            low: (median - apart).max(0.0),
            median,
            high: median + apart,
        }
    });
    let track = Track {
        name: name.to_owned(),
        unit: Unit::Usd,
        caption: "$51.00, runs out Feb 15 to Feb 20".to_owned(),
        points,
        fan: fan.collect(),
    };
    Chart::of_forecasts(vec![track], jiff::tz::TimeZone::UTC).unwrap()
}

#[test]
fn a_terminal_shows_the_fan_of_what_may_come() {
    insta::assert_snapshot!(outlook("Flexi").terminal(72, false));
}

#[test]
fn pictures_show_the_fan_with_title_range_and_legend() {
    let chart = outlook("Flexi");
    let svg = chart.svg();
    for text in
        ["Balances and forecast, 2026-02-02 to 2026-02-16", "10th to 90th percentile", ">today<", ">Feb 10<"]
    {
        assert!(svg.contains(text), "{text}");
    }
    let image = image::load_from_memory(&chart.png().unwrap()).unwrap().into_rgb8();
    for color in [[250, 221, 193], [191, 84, 0], [31, 95, 191]] {
        assert!(image.pixels().filter(|pixel| pixel.0 == color).count() > 200, "{color:?}");
    }
}

#[test]
fn ticks_are_evenly_spaced() {
    for highest in [100, 999, 2_000, 4_100, 7_000, 12_345] {
        let text = chart(&balances("A", Unit::Usd, &[0, highest]), &[]).unwrap().terminal(80, false);
        let marks: Vec<usize> =
            text.lines().enumerate().filter(|(_, line)| line.contains('┤')).map(|(row, _)| row).collect();
        let apart = marks[1] - marks[0];
        assert!(marks.windows(2).all(|pair| pair[1] - pair[0] == apart), "{text}");
    }
}

/// Whether XML 1.0 allows a character in a document.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[test]
fn any_name_gives_valid_xml() {
    for name in ["a\u{fffe}b", "\u{ffff}", "\u{0}\u{b}\u{1f}", "]]><&\"'", "\u{85}\u{7f}"] {
        let svg = outlook(name).svg();
        assert!(svg.chars().all(is_xml), "{name:?}");
        assert!(!svg.contains("]]>"), "{name:?}");
    }
}
