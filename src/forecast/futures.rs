//! Simulated futures: whole past weeks, resampled until the balance is spent.
//!
//! Resampling whole weeks keeps weekends weekends. Plain resampling is overconfident, because it treats the
//! few observed weeks as the whole distribution. So each future also varies in:
//! - the weights of the weeks: a Bayesian bootstrap (an exponential weight per week) times an exponential
//!   decay with a half-life of 2, 4, 8 or 16 weeks, which follows a change of habit.
//! - the level: a lognormal factor with the standard error of the mean of that few weeks.
//! - drift: the level does a random walk of 5 % per week, because habits change.

use fastrand::Rng;

use super::weeks::{Week, Weeks};

/// How many futures are simulated.
pub const DRAWS: usize = 1000;
/// The forecast horizon: two years.
pub const LONGEST_DAYS: usize = 728;
/// A fixed seed: the same history always gives the same forecast.
const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
/// The standard deviation of the log level from one week to the next.
const DRIFT: f64 = 0.05;

/// The 10th, 50th and 90th percentile.
pub type Percentiles<T> = [T; 3];

/// The simulated futures of an account.
pub struct Futures<'a> {
    pub weeks: &'a Weeks,
    pub balance: f64,
    /// Today's spending so far, which `balance` already reflects.
    pub spent_today: f64,
}

/// The result of simulating an account.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    /// The run-out day, counted from today; `None` if the balance lasts. Ascending.
    pub run_out: Percentiles<Option<usize>>,
    /// The balance at the end of the last day.
    pub left: Percentiles<f64>,
}

impl Futures<'_> {
    /// Simulates this many days, including today.
    pub fn outcome(&self, days: usize) -> Outcome {
        let ends = (0..DRAWS).map(|number| self.end(number, days));
        let (mut run_out, mut left): (Vec<_>, Vec<_>) = ends.unzip();
        run_out.sort_unstable_by_key(|day| day.unwrap_or(usize::MAX));
        Outcome { run_out: percentiles(&run_out), left: sorted(&mut left) }
    }

    /// The balance at the end of each of this many days, including today.
    pub fn by_day(&self, days: usize) -> Vec<Percentiles<f64>> {
        let mut balances = vec![Vec::with_capacity(DRAWS); days];
        for number in 0..DRAWS {
            let mut path = Path::new(number, self.weeks);
            let (mut week, mut left) = self.start(&mut path);
            for (day, balances) in balances.iter_mut().enumerate() {
                if day > 0 && day % 7 == 0 {
                    week = path.next_week();
                }
                left = (left - week.days[day % 7]).max(0.0);
                balances.push(left);
            }
        }
        balances.iter_mut().map(|balances| sorted(balances)).collect()
    }

    /// One future's run-out day within `days`, and its balance after them.
    fn end(&self, number: usize, days: usize) -> (Option<usize>, f64) {
        if self.balance <= 0.0 {
            return (Some(0), 0.0);
        }
        let mut path = Path::new(number, self.weeks);
        let (mut week, mut left) = self.start(&mut path);
        let mut day = 0;
        while day < days {
            if day + 7 <= days && week.total < left {
                left -= week.total;
            } else {
                for (spent, day) in week.days.iter().zip(day..days) {
                    left -= spent;
                    if left <= 0.0 {
                        return (Some(day), 0.0);
                    }
                }
            }
            day += 7;
            week = path.next_week();
        }
        (None, left)
    }

    /// The first week and the starting balance. Today's spending so far is added back, up to what the first
    /// day costs, so that it is not counted twice.
    fn start(&self, path: &mut Path) -> (Week, f64) {
        let week = path.next_week();
        (week, self.balance.max(0.0) + self.spent_today.min(week.days[0]))
    }
}

struct Path<'a> {
    weeks: &'a [Week],
    /// Cumulative weights of the weeks.
    weights: Vec<f64>,
    level: f64,
    random: Rng,
}

impl<'a> Path<'a> {
    fn new(number: usize, weeks: &'a Weeks) -> Self {
        let mut random = Rng::with_seed(SEED.wrapping_mul(number as u64 + 1));
        let memory = weeks.memory(number);
        let level = (memory.uncertainty * normal(&mut random)).exp();
        let mut weights = memory.weights.clone();
        let mut sum = 0.0;
        for weight in &mut weights {
            sum -= *weight * (1.0 - random.f64()).ln();
            *weight = sum;
        }
        Self { weeks: weeks.get(), weights, level, random }
    }

    /// Draws a past week, scaled to the current level.
    fn next_week(&mut self) -> Week {
        self.level *= (DRIFT * normal(&mut self.random)).exp();
        let drawn = self.random.f64() * self.weights.last().copied().unwrap_or_default();
        let at = self.weights.partition_point(|sum| *sum <= drawn).min(self.weeks.len() - 1);
        let Week { days, total } = self.weeks[at];
        Week { days: days.map(|spent| spent * self.level), total: total * self.level }
    }
}

/// Draws from the standard normal distribution.
fn normal(random: &mut Rng) -> f64 {
    let radius = (-2.0 * (1.0 - random.f64()).ln()).sqrt();
    radius * (std::f64::consts::TAU * random.f64()).cos()
}

fn sorted(values: &mut [f64]) -> Percentiles<f64> {
    values.sort_unstable_by(f64::total_cmp);
    percentiles(values)
}

/// Picks the percentiles from sorted values.
fn percentiles<T: Copy>(sorted: &[T]) -> Percentiles<T> {
    [10, 50, 90].map(|percent| sorted[(sorted.len() - 1) * percent / 100])
}
