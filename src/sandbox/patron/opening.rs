//! The patron and the accounts at the start of the history.

use rust_decimal::Decimal;

use crate::sandbox::patron::account::{APPLE_PAY, Account, CARD, DECLINING, MEALS, Media};
use crate::sandbox::patron::profile::Owner;
use crate::sandbox::patron::random::Random;

/// What a hostile label may contain: color codes, a right-to-left override, a zero-width space. The account
/// is inactive, so only a list of all accounts shows it.
const HOSTILE_NAME: &str = "\u{1b}[31mFree\u{1b}[0m \u{202e}sralloD\u{202c}\u{200b}\u{7}\u{9b}2J\r\n=1+1";

/// An account's opening state; the history moves the balances on. Columns: name, tender, type, (active,
/// tender active, accepts deposits), opening balance in dollars or meals.
type Row = (&'static str, &'static str, u8, (bool, bool, bool), Option<Decimal>);

fn rows() -> [Row; 11] {
    let cents = |cents| Some(Decimal::new(cents, 2));
    let meals = |meals| Some(Decimal::new(meals, 0));
    [
        ("Flexi Dollars", "4", DECLINING, (true, true, true), cents(12_050)),
        ("Banana Bucks", "9", DECLINING, (true, true, true), cents(4000)),
        ("Slug Points", "2", DECLINING, (true, true, true), cents(3025)),
        ("Board", "1", MEALS, (true, true, false), meals(60)),
        ("Donated Meal", "21", MEALS, (true, true, false), meals(3)),
        ("Pending Donated Meal", "22", MEALS, (true, false, false), meals(0)),
        ("Second Harvest Flexi", "14", DECLINING, (false, true, true), cents(0)),
        ("Second Harvest Meals", "15", MEALS, (true, true, false), None),
        (HOSTILE_NAME, "66", DECLINING, (false, true, false), cents(0)),
        ("Visa", "4", CARD, (true, true, false), None),
        ("Apple Pay", "4", APPLE_PAY, (true, true, false), None),
    ]
}

// The accounts' indices, for the generated history.
pub const FLEXI: usize = 0;
pub const BANANA: usize = 1;
pub const POINTS: usize = 2;
pub const BOARD: usize = 3;
pub const DONATED: usize = 4;
pub const HOSTILE: usize = 8;

/// The patron and the accounts with their opening balances. `year` is the current one: the credit card must
/// not be expired.
pub fn patron(random: &mut Random, year: i16) -> (Owner, Vec<Account>) {
    let owner = Owner {
        user_id: random.uuid(),
        institution_id: crate::sandbox::school::institutions::UCSC_ID.to_owned(),
        payment_system_id: random.uuid(),
        patron_id: random.between(1_000_000, 1_999_999).to_string(),
        first_name: "Sam",
        last_name: "Slugworth",
    };
    let media = |random: &mut Random| Media {
        last_four: "4242",
        expiration_month: "09",
        expiration_year: year.saturating_add(2).to_string(),
        billing_address_id: random.uuid(),
    };
    // The campus system derives account ids from the patron and the tender; the card processor uses UUIDs.
    let accounts = rows()
        .into_iter()
        .map(|(name, tender, kind, (active, tender_active, deposits), balance)| {
            let uuid = random.uuid();
            let campus = !matches!(kind, CARD | APPLE_PAY);
            Account {
                id: if campus { format!("T:1:{}:{tender}", owner.user_id) } else { uuid },
                name,
                tender,
                kind,
                active,
                tender_active,
                deposit_accepted: deposits,
                balance,
                media: (kind == CARD).then(|| media(random)),
            }
        })
        .collect();
    (owner, accounts)
}

#[cfg(test)]
mod tests {
    use super::{BANANA, BOARD, DONATED, FLEXI, HOSTILE, POINTS, patron};
    use crate::sandbox::patron::random::Random;

    #[test]
    fn the_indices_match_the_accounts() {
        let (_, accounts) = patron(&mut Random::new(1), 2026);
        assert_eq!(accounts[FLEXI].name, "Flexi Dollars");
        assert_eq!(accounts[BANANA].name, "Banana Bucks");
        assert_eq!(accounts[POINTS].name, "Slug Points");
        assert_eq!(accounts[BOARD].name, "Board");
        assert_eq!(accounts[DONATED].name, "Donated Meal");
        assert!(accounts[HOSTILE].name.contains('\u{202e}'));
    }

    #[test]
    fn every_kind_of_account_is_present() {
        let (_, accounts) = patron(&mut Random::new(1), 2026);
        for kind in 1..=4 {
            assert!(accounts.iter().any(|account| account.kind == kind));
        }
        assert!(accounts.iter().any(|account| !account.active));
        assert!(accounts.iter().any(|account| !account.tender_active));
        assert!(accounts.iter().any(|account| account.balance.is_none()));
        let visa = accounts.iter().find(|account| account.name == "Visa").unwrap();
        assert_eq!((visa.tender, visa.payment_system_type(), visa.id.len()), ("4", 4, 36));
        let board = &accounts[BOARD];
        assert!(board.id.starts_with("T:1:") && board.id.ends_with(":1"));
        assert_eq!(board.payment_system_type(), 1);
        let card = accounts.iter().find_map(|account| account.media.as_ref());
        assert_eq!(card.unwrap().expiration_year, "2028");
    }

    #[test]
    fn ids_are_unique_and_deterministic() {
        let ids = |seed| {
            let (_, accounts) = patron(&mut Random::new(seed), 2026);
            accounts.into_iter().map(|account| account.id).collect::<Vec<_>>()
        };
        let mut unique = ids(3);
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), ids(3).len());
        assert_eq!(ids(3), ids(3));
    }
}
