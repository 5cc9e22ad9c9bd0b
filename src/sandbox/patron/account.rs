//! A patron's account, in the sandbox and on the wire.

use rust_decimal::Decimal;
use serde::Serialize;

use crate::sandbox::patron::profile::Owner;
use crate::sandbox::wire::amount::Amount;

/// `accountType` of a meal account: counted, not priced.
pub const MEALS: u8 = 1;
/// A charge account or credit card.
pub const CARD: u8 = 2;
/// A declining balance in dollars.
pub const DECLINING: u8 = 3;
pub const APPLE_PAY: u8 = 4;

/// The additional fields of a payment card.
#[derive(Clone, Debug)]
pub struct Media {
    pub last_four: &'static str,
    pub expiration_month: &'static str,
    pub expiration_year: String,
    pub billing_address_id: String,
}

#[derive(Clone, Debug)]
pub struct Account {
    pub id: String,
    pub name: &'static str,
    /// The tender number; for payment cards, the digit of the brand.
    pub tender: &'static str,
    /// The wire's `accountType`, 1 to 4.
    pub kind: u8,
    pub active: bool,
    pub tender_active: bool,
    pub deposit_accepted: bool,
    /// `None` if the service does not know it.
    pub balance: Option<Decimal>,
    pub media: Option<Media>,
}

impl Account {
    /// Whether both active flags are set and there is a balance to draw on.
    pub fn spendable(&self) -> bool {
        self.active && self.tender_active && self.balance.is_some()
    }

    /// Who keeps the account: the campus card system (1) or the payment card processor (4).
    pub fn payment_system_type(&self) -> u8 {
        if matches!(self.kind, CARD | APPLE_PAY) { 4 } else { 1 }
    }

    /// The account in the format of `retrieveAccounts`.
    pub fn on_wire<'a>(&'a self, owner: &'a Owner) -> AccountOnWire<'a> {
        let media = self.media.as_ref();
        let name_on_media = format!("{} {}", owner.first_name, owner.last_name);
        AccountOnWire {
            id: &self.id,
            institution_id: &owner.institution_id,
            payment_system_id: &owner.payment_system_id,
            user_id: &owner.user_id,
            account_display_name: self.name,
            account_tender: self.tender,
            account_type: self.kind,
            payment_system_type: self.payment_system_type(),
            is_active: self.active,
            is_account_tender_active: self.tender_active,
            deposit_accepted: self.deposit_accepted,
            balance: self.balance.map(Amount),
            meal_equiv_value: (self.kind == MEALS).then_some(Amount(Decimal::ZERO)),
            last_four: media.map(|media| media.last_four),
            name_on_media: media.map(|_| name_on_media),
            expiration_month: media.map(|media| media.expiration_month),
            expiration_year: media.map(|media| media.expiration_year.as_str()),
            billing_address_id: media.map(|media| media.billing_address_id.as_str()),
        }
    }
}

/// All fields of an account, null where they do not apply.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountOnWire<'a> {
    id: &'a str,
    institution_id: &'a str,
    payment_system_id: &'a str,
    user_id: &'a str,
    account_display_name: &'a str,
    account_tender: &'a str,
    account_type: u8,
    payment_system_type: u8,
    is_active: bool,
    is_account_tender_active: bool,
    deposit_accepted: bool,
    balance: Option<Amount>,
    meal_equiv_value: Option<Amount>,
    last_four: Option<&'a str>,
    name_on_media: Option<String>,
    expiration_month: Option<&'a str>,
    expiration_year: Option<&'a str>,
    billing_address_id: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use crate::sandbox::patron::opening::patron;
    use crate::sandbox::patron::random::Random;
    use serde_json::Value;

    #[test]
    fn the_wire_format_has_every_field_of_the_protocol() {
        let (owner, accounts) = patron(&mut Random::new(1), 2026);
        let row = serde_json::to_value(accounts[0].on_wire(&owner)).unwrap();
        let mut names: Vec<&String> = row.as_object().unwrap().keys().collect();
        names.sort();
        let mut expected = [
            "id",
            "institutionId",
            "paymentSystemId",
            "userId",
            "accountDisplayName",
            "accountTender",
            "accountType",
            "paymentSystemType",
            "isActive",
            "isAccountTenderActive",
            "depositAccepted",
            "balance",
            "mealEquivValue",
            "lastFour",
            "nameOnMedia",
            "expirationMonth",
            "expirationYear",
            "billingAddressId",
        ];
        expected.sort_unstable();
        assert_eq!(names, expected);
        assert_eq!(row["lastFour"], Value::Null);
    }
}
