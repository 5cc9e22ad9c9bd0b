//! Past days → whole weeks that begin on today's weekday, and how much each of them counts.

use jiff::Span;
use jiff::civil::Date;

use super::breaks::Break;

/// No more weeks than these, the newest, are looked at.
const MOST: usize = 52;
/// Too few weeks to tell a habit from an accident.
const FEWEST: usize = 2;
/// After how many weeks a week may count half: no one knows how long habits stay the same.
const HALF_LIVES: [f64; 4] = [2.0, 4.0, 8.0, 16.0];
/// How much weeks usually differ, as a part of their mean, and how many weeks that knowledge is worth: a few
/// weeks that happen to be alike do not show that all are.
const USUAL_VARIATION: (f64, f64) = (0.5, 4.0);

/// What was spent in a week.
#[derive(Debug, Clone, Copy)]
pub struct Week {
    pub days: [f64; 7],
    pub total: f64,
}

/// How much each week counts, newest first, when their weight halves after some weeks.
#[derive(Debug)]
pub struct Memory {
    pub weights: Vec<f64>,
    /// How far the mean of these weeks may be from the habit behind them, as a part of it: the standard error
    /// of a mean of as many weeks as the weights leave.
    pub uncertainty: f64,
}

/// The weeks that futures are made of, newest first; two at least.
#[derive(Debug)]
pub struct Weeks {
    weeks: Vec<Week>,
    memories: [Memory; HALF_LIVES.len()],
}

impl Weeks {
    /// Cuts the days from the first one to yesterday; a week that shares a day with a break is left out. `None`
    /// when there are too few.
    pub fn cut(first: Date, today: Date, breaks: &[Break], spent: impl Fn(Date) -> f64) -> Option<Self> {
        let mut weeks = Vec::new();
        let mut start = today;
        while weeks.len() < MOST {
            let end = start.yesterday().ok()?;
            let Ok(earlier) = start.checked_sub(Span::new().weeks(1)) else { break };
            start = earlier;
            if start < first {
                break;
            }
            if !breaks.iter().any(|gap| gap.overlaps(start, end)) {
                let mut days = [0.0; 7];
                for (day, date) in days.iter_mut().zip(start.series(Span::new().days(1))) {
                    *day = spent(date);
                }
                weeks.push(Week { days, total: days.iter().sum() });
            }
        }
        (weeks.len() >= FEWEST).then(|| {
            let variation = variation(&weeks);
            let memories = HALF_LIVES.map(|half_life| Memory::new(half_life, weeks.len(), variation));
            Self { weeks, memories }
        })
    }

    pub fn get(&self) -> &[Week] {
        &self.weeks
    }

    /// One memory after the other, again and again.
    pub fn memory(&self, number: usize) -> &Memory {
        &self.memories[number % HALF_LIVES.len()]
    }

    /// The mean of a day, newer weeks first in weight.
    pub fn mean_day(&self) -> f64 {
        let means = self.memories.each_ref().map(|Memory { weights, .. }| {
            let weighted = weights.iter().zip(&self.weeks).map(|(weight, week)| weight * week.total);
            weighted.sum::<f64>() / weights.iter().sum::<f64>() / 7.0
        });
        means.iter().sum::<f64>() / 4.0
    }
}

impl Memory {
    fn new(half_life: f64, weeks: usize, variation: f64) -> Self {
        let factor = 0.5_f64.powf(1.0 / half_life);
        let weights = std::iter::successors(Some(1.0), |weight| Some(weight * factor));
        let weights: Vec<f64> = weights.take(weeks).collect();
        let sum: f64 = weights.iter().sum();
        let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
        Self { weights, uncertainty: variation / (sum * sum / squares).sqrt() }
    }
}

/// How much weeks differ, as a part of their mean, drawn to what is usual when there are few.
#[expect(clippy::cast_precision_loss, reason = "a year has 52 weeks")]
fn variation(weeks: &[Week]) -> f64 {
    let count = weeks.len() as f64;
    let mean = weeks.iter().map(|week| week.total).sum::<f64>() / count;
    let squares: f64 = weeks.iter().map(|week| (week.total - mean).powi(2)).sum();
    let (usual, worth) = USUAL_VARIATION;
    let own = if mean > 0.0 { squares / (mean * mean) } else { 0.0 };
    ((worth * usual * usual + own) / (worth + count - 1.0)).sqrt()
}
