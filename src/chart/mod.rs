//! Balances over time and spending by place as pictures: on a terminal, as SVG, as PNG. Pure.
//!
//! Amounts become binary floats here, for places on a picture; every number that is written is exact.

mod axis;
mod picture;
mod png;
mod svg;
mod terminal;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_decimal::prelude::ToPrimitive;

use crate::model::money::{Amount, Unit};
use crate::model::text::clean;
use crate::model::transaction::Transaction;

pub use self::png::EncodingError;

/// How many places have a bar of their own.
const MOST_BARS: usize = 12;

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    tracks: Vec<Track>,
    bars: Vec<Bars>,
    first: Timestamp,
    last: Timestamp,
    zone: TimeZone,
}

/// The balance of an account over time.
#[derive(Debug, Clone, PartialEq)]
struct Track {
    name: String,
    unit: Unit,
    /// Oldest first.
    points: Vec<(Timestamp, Amount)>,
}

/// What was spent at each of some places.
#[derive(Debug, Clone, PartialEq)]
struct Bars {
    unit: Unit,
    /// The most first.
    rows: Vec<(String, Amount)>,
}

impl Track {
    /// The corners of the line: a balance stays until the next one, the last one to the end of the picture.
    fn corners(&self, last: Timestamp) -> Vec<(f64, f64)> {
        let mut corners: Vec<(f64, f64)> = Vec::with_capacity(self.points.len() * 2 + 1);
        for (at, balance) in &self.points {
            if let Some((_, before)) = corners.last() {
                corners.push((seconds(*at), *before));
            }
            corners.push((seconds(*at), value(*balance)));
        }
        corners.extend(self.points.last().map(|(_, balance)| (seconds(last), value(*balance))));
        corners
    }

    fn title(&self) -> String {
        let balance = self.points.last().map_or_else(String::new, |(_, balance)| balance.display(self.unit));
        format!("{}  {balance}", self.name)
    }

    /// The lowest and the highest balance; zero is always in the picture.
    fn extent(&self) -> (f64, f64) {
        let values = self.points.iter().map(|(_, balance)| value(*balance));
        values.fold((0.0, 0.0), |(low, high): (f64, f64), value| (low.min(value), high.max(value)))
    }
}

impl Bars {
    fn title(&self) -> &'static str {
        match self.unit {
            Unit::Usd => "Dollars spent by place",
            Unit::Meals => "Meals by place",
        }
    }

    fn highest(&self) -> Amount {
        self.rows.iter().map(|(_, spent)| *spent).max().unwrap_or_default()
    }
}

impl Chart {
    /// As lines of a terminal of so many columns.
    #[must_use]
    pub fn terminal(&self, columns: u16, color: bool) -> String {
        terminal::draw(self, columns, color)
    }

    /// As an SVG document.
    #[must_use]
    pub fn svg(&self) -> String {
        svg::write(&picture::lay_out(self))
    }

    /// As a PNG file.
    ///
    /// # Errors
    /// A picture larger than PNG allows: never one of ours.
    pub fn png(&self) -> Result<Vec<u8>, EncodingError> {
        png::write(&picture::lay_out(self))
    }

    /// The days that it shows.
    fn days(&self) -> String {
        let day = |at: Timestamp| at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d").to_string();
        let (first, last) = (day(self.first), day(self.last));
        if first == last { first } else { format!("{first} to {last}") }
    }
}

/// Gathers what a chart needs from transactions, the newest first.
#[derive(Debug, Default)]
pub struct Drawing {
    tracks: Vec<Track>,
    extent: Option<(Timestamp, Timestamp)>,
}

impl Drawing {
    /// Takes in a transaction that is not newer than those before.
    pub fn add(&mut self, transaction: &Transaction) {
        let at = transaction.occurred_at;
        self.extent = Some((at, self.extent.map_or(at, |(_, last)| last)));
        let Some(balance) = transaction.balance_after else { return };
        let name = clean(transaction.account.as_deref().unwrap_or("–"));
        let is_same = |track: &&mut Track| track.name == name && track.unit == transaction.unit;
        if let Some(track) = self.tracks.iter_mut().find(is_same) {
            track.points.push((at, balance));
        } else {
            let points = vec![(at, balance)];
            self.tracks.push(Track { name: name.into_owned(), unit: transaction.unit, points });
        }
    }

    /// The chart, with what was spent at each place, the most first; `None` when there was nothing.
    #[must_use]
    pub fn finish<'a>(
        self,
        spent: impl IntoIterator<Item = (Option<&'a str>, Unit, Amount)>,
        zone: TimeZone,
    ) -> Option<Chart> {
        let (first, last) = self.extent?;
        let mut tracks = self.tracks;
        // A balance that never changed is no line.
        if tracks.iter().any(|track| track.points.len() > 1) {
            tracks.retain(|track| track.points.len() > 1);
        }
        tracks.sort_by_key(|track| track.unit);
        for track in &mut tracks {
            track.points.reverse();
        }
        let mut bars = [Unit::Usd, Unit::Meals].map(|unit| Bars { unit, rows: Vec::new() });
        for (place, unit, spent) in spent {
            let rows = bars.iter_mut().find(|bars| bars.unit == unit).map(|bars| &mut bars.rows);
            let Some(rows) = rows.filter(|_| spent > Amount::ZERO) else { continue };
            if rows.len() < MOST_BARS {
                rows.push((clean(place.unwrap_or("–")).into_owned(), spent));
            } else if let Some((_, others)) = rows.get_mut(MOST_BARS) {
                *others += spent;
            } else {
                rows.push(("all others".to_owned(), spent));
            }
        }
        let bars = bars.into_iter().filter(|bars| !bars.rows.is_empty()).collect();
        Some(Chart { tracks, bars, first, last, zone })
    }
}

fn seconds(at: Timestamp) -> f64 {
    at.as_duration().as_secs_f64()
}

fn value(amount: Amount) -> f64 {
    amount.decimal().to_f64().unwrap_or_default()
}

#[cfg(test)]
mod tests;
