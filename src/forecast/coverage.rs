//! Measures forecast quality: simulates students with known habits, cuts their history and compares the
//! forecast with what follows.

use fastrand::Rng;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::breaks::days_between;
use super::tests::account;
use super::{LONGEST_DAYS, RunsOut, Spending};
use crate::model::transaction::Transaction;
use crate::model::transaction::tests::transaction;

const HISTORIES: u64 = 252;
/// How many days after the cut are simulated.
const AFTER: usize = 400;

/// What is special about a simulated student.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Habit {
    Steady,
    /// A break of two to five weeks, before or after the cut.
    Break,
    /// A lasting change in spending, up or down, before or after the cut.
    Change,
    BreakAndChange,
    /// A meal plan: whole meals, few or none on weekends.
    Meals,
    /// An account used about once a week, next to others.
    Seldom,
    /// Three to six weeks of history.
    New,
}

const HABITS: [Habit; 7] = [
    Habit::Steady,
    Habit::Break,
    Habit::Change,
    Habit::BreakAndChange,
    Habit::Meals,
    Habit::Seldom,
    Habit::New,
];

struct Student {
    habit: Habit,
    /// The spending of each day, in cents or hundredths of a meal.
    spent: Vec<i64>,
    /// The first day that the forecast does not see.
    cut: usize,
    balance: i64,
}

fn normal(random: &mut Rng) -> f64 {
    (-2.0 * (1.0 - random.f64()).ln()).sqrt() * (std::f64::consts::TAU * random.f64()).cos()
}

/// Draws from a Poisson distribution with mean `rate`.
fn times(random: &mut Rng, rate: f64) -> u32 {
    let (end, mut product, mut count) = ((-rate).exp(), random.f64(), 0);
    while product > end {
        product *= random.f64();
        count += 1;
    }
    count
}

impl Student {
    fn new(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let random = &mut random;
        let habit = HABITS[usize::try_from(seed).unwrap() % HABITS.len()];
        let (cut, known) = match habit {
            Habit::New => (random.usize(21..=42), 42),
            _ => (random.usize(28..=350), 350),
        };
        let has_break = matches!(habit, Habit::Break | Habit::BreakAndChange);
        let pause = if has_break { random.usize(20..known) } else { usize::MAX };
        let pause = pause..pause.saturating_add(random.usize(14..=35));
        let changes = matches!(habit, Habit::Change | Habit::BreakAndChange);
        let change = if changes { random.usize(20..known) } else { usize::MAX };
        let factor = if random.bool() { 1.4 + 0.8 * random.f64() } else { 0.4 + 0.3 * random.f64() };
        let mean_rate = if habit == Habit::Seldom { 0.15 } else { 0.4 + 1.6 * random.f64() };
        let weekend = if habit == Habit::Meals { 0.1 } else { 1.3 * random.f64() };
        let rates: Vec<f64> = (0..7)
            .map(|day| mean_rate * (0.4 + 1.2 * random.f64()) * if day < 5 { 1.0 } else { weekend })
            .collect();
        let (price, spread) = (400.0 + 800.0 * random.f64(), 0.3 + 0.5 * random.f64());
        let restless = 0.1 + 0.3 * random.f64();
        let mut week = 1.0;
        let mut spent = Vec::new();
        for day in 0..cut + AFTER {
            if day % 7 == 0 {
                week = (restless * normal(random) - restless * restless / 2.0).exp();
            }
            let rate = rates[day % 7] * week * if day < change { 1.0 } else { factor };
            let costs = (0..times(random, rate)).map(|_| match habit {
                Habit::Meals => 100,
                #[expect(clippy::cast_possible_truncation, reason = "a purchase of some dollars")]
                _ => (price * (spread * normal(random)).exp()) as i64,
            });
            let cost: i64 = costs.sum();
            spent.push(if pause.contains(&day) { 0 } else { cost });
        }
        let mean_cost: i64 = spent[..cut].iter().sum::<i64>() / i64::try_from(cut).unwrap();
        let balance = mean_cost.max(20) * random.i64(8..=100);
        Self { habit, spent, cut, balance }
    }

    fn truth(&self) -> Option<usize> {
        let mut left = self.balance;
        self.spent[self.cut..].iter().position(|cost| {
            left -= cost;
            left <= 0
        })
    }

    /// The run-out day extrapolated linearly from the last 28 days.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some days")]
    #[expect(clippy::cast_precision_loss, reason = "some dollars")]
    fn line(&self) -> usize {
        let days = self.cut.min(28);
        let spent: i64 = self.spent[self.cut - days..self.cut].iter().sum();
        let day = self.balance as f64 * days as f64 / spent as f64;
        (day.ceil() as usize).saturating_sub(1).min(LONGEST_DAYS)
    }

    /// The percentiles of the run-out day in the forecast.
    fn forecast(&self) -> Option<[usize; 3]> {
        let zone = TimeZone::get("America/Los_Angeles").unwrap();
        let first = date(2025, 2, 3);
        let mut spending = Spending::new(zone.clone());
        for (day, cents) in first.series(1.day()).zip(&self.spent[..self.cut]) {
            let occurred_at = day.at(20, 0, 0, 0).to_zoned(zone.clone()).unwrap().timestamp();
            let others = i64::from(self.habit == Habit::Seldom);
            for (account, cents) in [("Flexi", *cents), ("Other", others)] {
                spending.add(&Transaction {
                    account: Some(account.into()),
                    signed_amount: Decimal::new(-cents, 2).into(),
                    occurred_at,
                    ..transaction(0, 0)
                });
            }
        }
        let today = first.checked_add(i64::try_from(self.cut).unwrap().days()).unwrap();
        let forecast = spending.forecast(&account(Decimal::new(self.balance, 2)), today, None);
        let day = |date: Option<Date>| date.map_or(LONGEST_DAYS, |date| days_between(today, date));
        let days = |it: RunsOut| [it.early, it.median, it.late].map(day);
        forecast.has_history().then(|| forecast.runs_out.map_or([LONGEST_DAYS; 3], days))
    }
}

/// How many of the forecast ranges contained the true day.
#[derive(Default)]
struct Score {
    held: usize,
    of: usize,
}

impl Score {
    fn add(&mut self, holds: bool) {
        self.held += usize::from(holds);
        self.of += 1;
    }

    fn percent(&self) -> usize {
        self.held * 100 / self.of.max(1)
    }
}

fn median(errors: &mut [usize]) -> usize {
    errors.sort_unstable();
    errors[errors.len() / 2]
}

#[test]
fn the_range_holds_the_truth_and_the_median_beats_a_straight_line() {
    let (mut all, mut by_habit) = (Score::default(), HABITS.map(|_| Score::default()));
    let (mut errors, mut line_errors) = (Vec::new(), Vec::new());
    for seed in 0..HISTORIES {
        let student = Student::new(seed);
        let (Some(truth), Some([early, median, late])) = (student.truth(), student.forecast()) else {
            continue;
        };
        let holds = (early..=late).contains(&truth);
        all.add(holds);
        by_habit[HABITS.iter().position(|habit| *habit == student.habit).unwrap()].add(holds);
        errors.push(median.abs_diff(truth));
        line_errors.push(student.line().abs_diff(truth));
    }
    let (error, of_line) = (median(&mut errors), median(&mut line_errors));
    println!("{} of {} ranges hold the true day: {}%", all.held, all.of, all.percent());
    for (habit, score) in HABITS.iter().zip(&by_habit) {
        println!("  {habit:?}: {} of {}", score.held, score.of);
    }
    println!("median error: {error} days; of a straight line through the last 28 days: {of_line} days");
    assert!(all.of >= 240, "{} histories", all.of);
    assert!((70..=95).contains(&all.percent()));
    assert!(error < of_line);
}
