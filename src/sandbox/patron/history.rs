//! Generates fourteen months of a student's transactions from a seed.

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::sandbox::patron::ledger::Ledger;
use crate::sandbox::patron::opening::HOSTILE;
use crate::sandbox::patron::places::HOSTILE_PLACE;
use crate::sandbox::patron::purchase::{Purchase, random_purchase};
use crate::sandbox::patron::random::Random;
use crate::sandbox::patron::transaction::Kind;

const DAY: i64 = 86_400;
/// Fourteen months.
const PERIOD: i64 = 426 * DAY;
/// About three transactions a day.
const NATURAL_SPACING: i64 = 8 * 3600;
/// The default number of transactions.
const NATURAL_COUNT: i64 = PERIOD / NATURAL_SPACING;
/// UTC-8 all year round; daylight saving time would add nothing to test.
const CAMPUS_OFFSET: i64 = -8 * 3600;
/// Opening and closing time, in seconds of the campus day.
const OPEN: (i64, i64) = (7 * 3600, 23 * 3600);

/// The parameters of a history.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// `None`: about three a day over fourteen months.
    pub transactions: Option<usize>,
    /// How many in the middle of the history share one instant.
    pub shared_instant: usize,
    /// No transaction is later than this.
    pub until: Timestamp,
}

/// Generates a history. Amounts depend only on the seed and dates only on `until`, so a seed always ends in
/// the same balances.
pub fn write(ledger: &mut Ledger, random: &mut Random, shape: &Shape) {
    let count = shape.transactions.map_or(NATURAL_COUNT, to_i64);
    let middle = count / 2;
    let shared = middle..middle.saturating_add(to_i64(shape.shared_instant));
    let mut at = Timestamp::MIN;
    for index in 0..count {
        // Now and then two transactions share an instant, as in a register's batch.
        let joins = (index % 37 == 5) || (shared.contains(&index) && index != shared.start);
        if index == 0 || !joins {
            at = at.max(instant(index, count, shape.until, random));
        }
        let purchase = if count >= 100 && index == count / 3 {
            Purchase::new(HOSTILE, Kind::Deposit, Decimal::new(420, 2), &HOSTILE_PLACE)
        } else {
            random_purchase(ledger, random)
        };
        let Some(mut row) = ledger.book(purchase.at(at)) else {
            continue;
        };
        if random.one_in(40) {
            row.balance_after = None;
        }
        let delay = jiff::SignedDuration::from_secs(random.between(1, 90));
        let recent = count - index <= 2;
        row.posted = (!recent && !random.one_in(60)).then(|| (at + delay).min(shape.until));
        ledger.list(row);
    }
}

/// The instant of transaction `index` of `count`: evenly spread, moved into opening hours, never after
/// `until` and never before its predecessor.
fn instant(index: i64, count: i64, until: Timestamp, random: &mut Random) -> Timestamp {
    let spacing = (PERIOD / count.max(1)).clamp(1, NATURAL_SPACING);
    let jitter = random.between(0, spacing / 3);
    let age = (count - 1 - index) * spacing + jitter + 35 * 60;
    let until = until.as_second();
    let campus = |second: i64| (second + CAMPUS_OFFSET).rem_euclid(DAY);
    let (second, now) = (until - age, until);
    let midnight = second - campus(second);
    let (open, close) = OPEN;
    let today = midnight == now - campus(now);
    // Today's transactions are squeezed between opening time and now; before opening time they keep theirs.
    let moved = match campus(now) {
        now if today && now <= open => campus(second),
        now if today => open + campus(second) * (now - open) / now,
        _ => open + campus(second) * (close - open) / DAY,
    };
    Timestamp::from_second(midnight + moved).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn to_i64(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Shape, write};
    use crate::sandbox::patron::ledger::Ledger;
    use crate::sandbox::patron::opening::patron;
    use crate::sandbox::patron::random::Random;
    use crate::sandbox::patron::transaction::Kind;
    use jiff::Timestamp;
    use rust_decimal::Decimal;

    fn ledger(transactions: Option<usize>, until: &str) -> Ledger {
        let mut random = Random::new(1);
        let mut ledger = Ledger::new(patron(&mut random, 2026).1);
        let shape = Shape { transactions, shared_instant: 6, until: until.parse().unwrap() };
        write(&mut ledger, &mut random, &shape);
        ledger
    }

    const NOON: &str = "2026-02-09T20:00:00Z";

    #[test]
    fn balances_chain_and_end_at_the_account_balance() {
        let ledger = ledger(None, NOON);
        let opening = patron(&mut Random::new(1), 2026).1;
        for (account, row) in ledger.accounts.iter().enumerate() {
            let Some(mut balance) = opening[account].balance else {
                assert!(ledger.rows_of(account).is_empty());
                continue;
            };
            for place in ledger.rows_of(account) {
                let row = &ledger.rows()[*place];
                assert!(row.amount > Decimal::ZERO && row.amount.normalize().scale() <= 2);
                balance = row.kind.apply(balance, row.amount);
                assert!(row.balance_after.is_none_or(|claimed| claimed == balance));
            }
            assert_eq!(row.balance, Some(balance), "{}", row.name);
        }
    }

    #[test]
    fn the_default_history_is_plausible() {
        let ledger = ledger(None, NOON);
        let rows = ledger.rows();
        assert_eq!(rows.len(), 1278);
        assert!(rows.iter().any(|row| row.kind == Kind::Deposit));
        assert!(rows.iter().any(|row| row.kind == Kind::Correction));
        assert!(rows.iter().any(|row| row.balance_after.is_none()));
        assert!(rows.iter().any(|row| row.posted.is_none()));
        assert!(rows.iter().any(|row| row.place.id.is_none()));
        let shared = rows.windows(2).filter(|pair| pair[0].actual == pair[1].actual);
        assert!(shared.count() > 30);
    }

    #[test]
    fn the_history_spans_fourteen_months_within_opening_hours() {
        for until in [NOON, "2026-02-09T08:00:00Z", "2026-02-09T11:00:00Z", "2026-02-10T07:59:59Z"] {
            let now: Timestamp = until.parse().unwrap();
            let ledger = ledger(None, until);
            let rows = ledger.rows();
            assert!(rows.is_sorted_by_key(|row| (row.actual, row.sequence)));
            assert!(rows.iter().all(|row| row.actual <= now));
            let days = now.duration_since(rows[0].actual).as_hours() / 24;
            assert!((424..=427).contains(&days), "{days}");
            let campus = rows[600].actual.as_second() + super::CAMPUS_OFFSET;
            assert!((7..=23).contains(&(campus.rem_euclid(super::DAY) / 3600)));
        }
    }

    #[test]
    fn amounts_depend_on_the_seed_and_not_on_the_day() {
        let balances = |until: &str| {
            let ledger = ledger(None, until);
            ledger.accounts.iter().map(|account| account.balance).collect::<Vec<_>>()
        };
        assert_eq!(balances(NOON), balances("2027-08-30T09:41:00Z"));
    }

    #[test]
    fn the_requested_number_shares_an_instant() {
        let ledger = ledger(Some(100), NOON);
        let rows = ledger.rows();
        let shared = rows.iter().filter(|row| row.actual == rows[52].actual);
        assert!(shared.count() >= 6);
    }

    #[test]
    fn any_requested_length_is_exact() {
        for count in [0, 1, 10, 5000] {
            assert_eq!(ledger(Some(count), NOON).rows().len(), count);
        }
    }
}
