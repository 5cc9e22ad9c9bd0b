//! What a chart shows: balances over time, their forecast, and spending by place.
//!
//! Amounts become binary floats here, for places on a picture; every number that is written is exact.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_decimal::prelude::ToPrimitive;

use crate::model::money::{Amount, Unit};
use crate::model::text::clean;
use crate::model::transaction::Transaction;

/// How many places have a bar of their own.
const MOST_BARS: usize = 12;

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    pub(super) title: &'static str,
    pub(super) tracks: Vec<Track>,
    pub(super) bars: Vec<Bars>,
    pub(super) first: Timestamp,
    pub(super) last: Timestamp,
    pub(super) zone: TimeZone,
}

/// The balance of an account over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    /// The account's name.
    pub name: String,
    /// What its balance counts.
    pub unit: Unit,
    /// What is written beside the name.
    pub caption: String,
    /// Oldest first; each balance stays until the next one.
    pub points: Vec<(Timestamp, Amount)>,
    /// What may become of it, from the last point on.
    pub fan: Vec<FanPoint>,
}

/// The range in which a balance may be at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FanPoint {
    /// When.
    pub at: Timestamp,
    /// It is hardly lower.
    pub low: f64,
    /// It is as likely higher as lower.
    pub median: f64,
    /// It is hardly higher.
    pub high: f64,
}

/// What was spent at each of some places.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    pub(super) unit: Unit,
    /// The most first.
    pub(super) rows: Vec<(String, Amount)>,
}

impl Track {
    /// The corners of the line: a balance stays until the next one, the last one to the end of the picture or
    /// to where the fan begins.
    pub(super) fn corners(&self, last: Timestamp) -> Vec<(f64, f64)> {
        let mut corners: Vec<(f64, f64)> = Vec::with_capacity(self.points.len() * 2 + 1);
        for (at, balance) in &self.points {
            if let Some((_, before)) = corners.last() {
                corners.push((seconds(*at), *before));
            }
            corners.push((seconds(*at), value(*balance)));
        }
        let end = self.fan.first().map_or(last, |first| first.at);
        corners.extend(self.points.last().map(|(_, balance)| (seconds(end), value(*balance))));
        corners
    }

    pub(super) fn title(&self) -> String {
        format!("{}  {}", clean(&self.name), self.caption)
    }

    /// The lowest and the highest balance; zero is always in the picture.
    pub(super) fn extent(&self) -> (f64, f64) {
        let past = self.points.iter().map(|(_, balance)| value(*balance));
        let to_come = self.fan.iter().flat_map(|point| [point.low, point.high]);
        let values = past.chain(to_come);
        values.fold((0.0, 0.0), |(low, high): (f64, f64), value| (low.min(value), high.max(value)))
    }
}

impl Bars {
    pub(super) fn title(&self) -> &'static str {
        match self.unit {
            Unit::Usd => "Dollars spent by place",
            Unit::Meals => "Meals by place",
        }
    }

    pub(super) fn highest(&self) -> Amount {
        self.rows.iter().map(|(_, spent)| *spent).max().unwrap_or_default()
    }
}

impl Chart {
    /// The balances of some accounts in the past and what may become of them; `None` without accounts.
    #[must_use]
    pub fn of_forecasts(tracks: Vec<Track>, zone: TimeZone) -> Option<Self> {
        let past = tracks.iter().flat_map(|track| track.points.iter().map(|(at, _)| *at));
        let to_come = tracks.iter().flat_map(|track| track.fan.iter().map(|point| point.at));
        let (first, last) = (past.clone().min()?, past.chain(to_come).max()?);
        Some(Self { title: "Balances and forecast", tracks, bars: Vec::new(), first, last, zone })
    }

    /// Whether it shows what may come.
    pub(super) fn has_fans(&self) -> bool {
        self.tracks.iter().any(|track| !track.fan.is_empty())
    }

    /// The days that it shows.
    pub(super) fn days(&self) -> String {
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
            self.tracks.push(Track {
                name: name.into_owned(),
                unit: transaction.unit,
                caption: balance.display(transaction.unit),
                points: vec![(at, balance)],
                fan: Vec::new(),
            });
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
        Some(Chart { title: "Balances and spending", tracks, bars, first, last, zone })
    }
}

pub fn seconds(at: Timestamp) -> f64 {
    at.as_duration().as_secs_f64()
}

pub fn value(amount: Amount) -> f64 {
    amount.decimal().to_f64().unwrap_or_default()
}
