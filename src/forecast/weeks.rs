//! Cuts past days into whole weeks that start on today's weekday, and weights them.

use jiff::Span;
use jiff::civil::Date;

use super::breaks::Break;

/// The maximum number of weeks considered; the newest are kept.
const MAX_WEEKS: usize = 52;
/// With fewer weeks, a habit cannot be told from an accident.
const MIN_WEEKS: usize = 2;
/// Half-lives of a week's weight, in weeks. All are used: nobody knows how long a habit lasts.
const HALF_LIVES: [f64; 4] = [2.0, 4.0, 8.0, 16.0];
/// The prior for the coefficient of variation of weeks, and how many weeks it is worth: a few weeks that
/// happen to be alike do not prove that all are.
const PRIOR_VARIATION: (f64, f64) = (0.5, 4.0);

/// Spending in a week.
#[derive(Debug, Clone, Copy)]
pub struct Week {
    pub days: [f64; 7],
    pub total: f64,
}

/// Exponentially decaying weights of the weeks, newest first.
#[derive(Debug)]
pub struct Memory {
    pub weights: Vec<f64>,
    /// The relative standard error of the weighted mean, for the effective number of weeks.
    pub uncertainty: f64,
}

/// The weeks that futures are drawn from, newest first; at least two.
#[derive(Debug)]
pub struct Weeks {
    weeks: Vec<Week>,
    memories: [Memory; HALF_LIVES.len()],
}

impl Weeks {
    /// Cuts the days from `first` to yesterday into weeks, dropping those that overlap a break. Returns
    /// `None` if there are too few.
    pub fn cut(first: Date, today: Date, breaks: &[Break], spent: impl Fn(Date) -> f64) -> Option<Self> {
        let mut weeks = Vec::new();
        let mut start = today;
        while weeks.len() < MAX_WEEKS {
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
        (weeks.len() >= MIN_WEEKS).then(|| {
            let variation = variation(&weeks);
            let memories = HALF_LIVES.map(|half_life| Memory::new(half_life, weeks.len(), variation));
            Self { weeks, memories }
        })
    }

    pub fn get(&self) -> &[Week] {
        &self.weeks
    }

    /// The memory of future `number`, cycling through the half-lives.
    pub fn memory(&self, number: usize) -> &Memory {
        &self.memories[number % HALF_LIVES.len()]
    }

    /// The weighted mean spending per day, averaged over the half-lives.
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

/// The coefficient of variation of the weeks, shrunk toward the usual one if there are few.
#[expect(clippy::cast_precision_loss, reason = "a year has 52 weeks")]
fn variation(weeks: &[Week]) -> f64 {
    let count = weeks.len() as f64;
    let mean = weeks.iter().map(|week| week.total).sum::<f64>() / count;
    let squares: f64 = weeks.iter().map(|week| (week.total - mean).powi(2)).sum();
    let (usual, worth) = PRIOR_VARIATION;
    let own = if mean > 0.0 { squares / (mean * mean) } else { 0.0 };
    ((worth * usual * usual + own) / (worth + count - 1.0)).sqrt()
}
