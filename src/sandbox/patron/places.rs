//! The locations that transactions name.

use std::borrow::Cow;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Null on the wire for a transaction without a register, such as a web deposit.
    pub id: Option<Cow<'static, str>>,
    pub name: Cow<'static, str>,
}

impl Place {
    const fn known(id: &'static str, name: &'static str) -> Self {
        Self { id: Some(Cow::Borrowed(id)), name: Cow::Borrowed(name) }
    }

    const fn nowhere(name: &'static str) -> Self {
        Self { id: None, name: Cow::Borrowed(name) }
    }

    /// Looks a place up by name; an unknown one becomes a new place with a made-up id.
    pub fn named(name: &str) -> Self {
        let all = [&DINING[..], &CAFES, &LAUNDRY, &SHOPS, &VENDING, &OTHER];
        let known = all.into_iter().flatten().find(|place| place.name == name);
        known
            .cloned()
            .unwrap_or_else(|| Self { id: Some(Cow::Borrowed("7999")), name: Cow::Owned(name.to_owned()) })
    }
}

/// Dining halls, which take meals.
pub static DINING: [Place; 5] = [
    Place::known("1101", "Cowell/Stevenson Dining Hall"),
    Place::known("1102", "Crown/Merrill Dining Hall"),
    Place::known("1103", "College Nine/John R. Lewis Dining Hall"),
    Place::known("1104", "Porter/Kresge Dining Hall"),
    Place::known("1105", "Rachel Carson/Oakes Dining Hall"),
];

/// Cafes and markets.
pub static CAFES: [Place; 8] = [
    Place::known("2201", "Perk Coffee Bar (Baskin Engineering)"),
    Place::known("2202", "Perk Coffee Bar (Earth & Marine Sciences)"),
    Place::known("2203", "Owl's Nest Cafe"),
    Place::known("2204", "Global Village Cafe"),
    Place::known("2205", "Stevenson Coffee House"),
    Place::known("2206", "Oakes Cafe"),
    Place::known("2207", "Merrill Market"),
    Place::known("2208", "Slug Stop"),
];

/// Laundry rooms.
pub static LAUNDRY: [Place; 3] = [
    Place::known("3301", "Laundry - Kresge East"),
    Place::known("3302", "Laundry - Crown"),
    Place::known("3303", "Laundry - Family Student Housing"),
];

/// Shops with larger receipts.
pub static SHOPS: [Place; 3] = [
    Place::known("4401", "Bay Tree Bookstore"),
    Place::known("4402", "Print & Copy, McHenry Library"),
    Place::known("4403", "University Center Bistro & Café"),
];

/// Vending machines.
pub static VENDING: [Place; 2] = [
    Place::known("5501", "Vending 014 - Science & Engineering Library"),
    Place::known("5502", "Vending 027 - OPERS"),
];

/// Transactions without a register.
pub static OTHER: [Place; 4] = [
    Place::known("9001", "Server Console"),
    Place::nowhere("GET Web Deposit"),
    Place::known("9002", "Card Office Adjustment"),
    HOSTILE,
];

/// The source of term loads.
pub static CONSOLE: Place = Place::known("9001", "Server Console");
/// Deposits that the patron makes in a browser.
pub static WEB_DEPOSIT: Place = Place::nowhere("GET Web Deposit");
pub static CARD_OFFICE: Place = Place::known("9002", "Card Office Adjustment");
/// A label with a spreadsheet formula and terminal control sequences.
pub static HOSTILE_PLACE: Place = HOSTILE;

const HOSTILE: Place =
    Place::known("6666", "=HYPERLINK(\"http://example.invalid\",\"\u{1b}]0;owned\u{7}\u{202e}efaC\")");

#[cfg(test)]
mod tests {
    use super::{CAFES, Place, WEB_DEPOSIT};

    #[test]
    fn a_known_name_keeps_its_id_and_a_new_one_gets_one() {
        assert_eq!(Place::named("Owl's Nest Cafe"), CAFES[2]);
        assert_eq!(Place::named("GET Web Deposit"), WEB_DEPOSIT);
        let truck = Place::named("Taco Truck");
        assert_eq!(truck.name, "Taco Truck");
        assert!(truck.id.is_some());
    }
}
