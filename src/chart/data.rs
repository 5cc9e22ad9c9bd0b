//! The data of a chart: balances over time, their forecast, and spending by place.
//!
//! Amounts become binary floats here, but only to compute positions; printed numbers are exact.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_decimal::prelude::ToPrimitive;

use crate::model::money::{Amount, Unit};
use crate::model::text::clean;
use crate::model::transaction::Transaction;

/// How many places get their own bar.
const MAX_BARS: usize = 12;

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
    pub name: String,
    /// The unit of the balance.
    pub unit: Unit,
    /// The text next to the name.
    pub caption: String,
    /// Oldest first; each balance lasts until the next point.
    pub points: Vec<(Timestamp, Amount)>,
    /// The forecast, starting at the last point.
    pub fan: Vec<FanPoint>,
}

/// The forecast range of a balance at one time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FanPoint {
    pub at: Timestamp,
    /// The 10th percentile.
    pub low: f64,
    pub median: f64,
    /// The 90th percentile.
    pub high: f64,
}

/// The amounts spent by place, in one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    pub(super) unit: Unit,
    /// In descending order of amount.
    pub(super) rows: Vec<(String, Amount)>,
}

impl Track {
    /// The corners of the step line: each balance lasts until the next point, the last one until the fan
    /// starts or the chart ends.
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

    /// The lowest and the highest value, always including zero.
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
    /// A chart of past balances and their forecasts; `None` without data points.
    #[must_use]
    pub fn of_forecasts(tracks: Vec<Track>, zone: TimeZone) -> Option<Self> {
        let past = tracks.iter().flat_map(|track| track.points.iter().map(|(at, _)| *at));
        let to_come = tracks.iter().flat_map(|track| track.fan.iter().map(|point| point.at));
        let (first, last) = (past.clone().min()?, past.chain(to_come).max()?);
        Some(Self { title: "Balances and forecast", tracks, bars: Vec::new(), first, last, zone })
    }

    /// Whether the chart shows a forecast.
    pub(super) fn has_fans(&self) -> bool {
        self.tracks.iter().any(|track| !track.fan.is_empty())
    }

    /// The range of dates in the chart.
    pub(super) fn days(&self) -> String {
        let day = |at: Timestamp| at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d").to_string();
        let (first, last) = (day(self.first), day(self.last));
        if first == last { first } else { format!("{first} to {last}") }
    }
}

/// Collects chart data from transactions, newest first.
#[derive(Debug, Default)]
pub struct Drawing {
    tracks: Vec<Track>,
    extent: Option<(Timestamp, Timestamp)>,
}

impl Drawing {
    /// Adds a transaction, which must not be newer than the previous ones.
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

    /// Builds the chart, with the amounts spent by place in descending order; `None` without transactions.
    #[must_use]
    pub fn finish<'a>(
        self,
        spent: impl IntoIterator<Item = (Option<&'a str>, Unit, Amount)>,
        zone: TimeZone,
    ) -> Option<Chart> {
        let (first, last) = self.extent?;
        let mut tracks = self.tracks;
        // Skip balances that never changed, unless no balance did.
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
            if rows.len() < MAX_BARS {
                rows.push((clean(place.unwrap_or("–")).into_owned(), spent));
            } else if let Some((_, others)) = rows.get_mut(MAX_BARS) {
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
