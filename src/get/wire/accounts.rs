//! The answer of `retrieveAccounts` (protocol.md, account).

use serde::Deserialize;

use super::{Id, read};
use crate::get::failure::Failure;
use crate::model::account::{Account, AccountType};
use crate::model::money::Amount;

/// The answer of `retrieveAccounts`: an object, or the bare list.
pub struct Accounts {
    pub accounts: Vec<Account>,
    pub plan_name: Option<String>,
}

/// Reads the answer of `retrieveAccounts`.
pub fn accounts(json: &str) -> Result<Accounts, Failure> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        accounts: Vec<WireAccount>,
        plan_name: Option<String>,
    }
    let answer =
        if json.starts_with('[') { Answer { accounts: read(json)?, plan_name: None } } else { read(json)? };
    let accounts = answer.accounts.into_iter().map(Account::from).collect();
    Ok(Accounts { accounts, plan_name: answer.plan_name })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireAccount {
    id: Option<Id>,
    account_display_name: Option<String>,
    account_type: Option<i64>,
    is_active: Option<bool>,
    is_account_tender_active: Option<bool>,
    deposit_accepted: Option<bool>,
    balance: Option<Amount>,
    last_four: Option<Id>,
    expiration_month: Option<Id>,
    name_on_media: Option<String>,
}

impl From<WireAccount> for Account {
    fn from(wire: WireAccount) -> Self {
        let kind = account_type(wire.account_type);
        let last_four = wire.last_four.map(|Id(digits)| digits).filter(|digits| !digits.is_empty());
        // A charge account holds a balance; a stored credit card has the marks of a card instead.
        let has_card_marks =
            last_four.is_some() || wire.expiration_month.is_some() || wire.name_on_media.is_some();
        let card = kind == AccountType::ApplePay || kind == AccountType::Charge && has_card_marks;
        let active = wire.is_active.unwrap_or(true) && wire.is_account_tender_active.unwrap_or(true);
        let id = wire.id.map(|Id(id)| id);
        let name = wire.account_display_name.filter(|name| !name.is_empty());
        Self {
            name: name.or_else(|| id.clone()).unwrap_or_else(|| "unnamed".to_owned()),
            id,
            kind,
            balance: wire.balance,
            unit: kind.unit(),
            usable: active && !card,
            deposit_accepted: wire.deposit_accepted.unwrap_or(false),
            last_four,
        }
    }
}

/// What the service's number for a kind of account means.
pub fn account_type(number: Option<i64>) -> AccountType {
    match number {
        Some(1) => AccountType::Meals,
        Some(2) => AccountType::Charge,
        Some(3) => AccountType::DecliningBalance,
        Some(4) => AccountType::ApplePay,
        _ => AccountType::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::money::Unit;

    #[test]
    fn the_sample_of_s1_is_read() {
        let json = r#"{"accounts":[
            {"accountDisplayName":"Flexi Dollars","accountType":3,"depositAccepted":true,"balance":50},
            {"accountDisplayName":"Board","accountType":1,"depositAccepted":false,"balance":0}],"planName":"STAGING"}"#;
        let Accounts { accounts, plan_name } = accounts(json).unwrap();
        assert_eq!(plan_name.as_deref(), Some("STAGING"));
        assert_eq!(accounts[0].kind, AccountType::DecliningBalance);
        assert!(accounts[0].usable && accounts[0].id.is_none());
        assert_eq!(accounts[1].unit, Unit::Meals);
    }

    #[test]
    fn a_bare_list_of_accounts_is_read() {
        assert_eq!(accounts(r#"[{"id":7,"balance":null}]"#).unwrap().accounts[0].name, "7");
    }

    #[test]
    fn both_flags_make_an_account_usable_and_cards_are_not() {
        let usable = |fields: &str| accounts(&format!("[{{{fields}}}]")).unwrap().accounts[0].usable;
        assert!(usable(r#""accountType":3"#));
        assert!(usable(r#""accountType":2,"lastFour":null"#));
        assert!(!usable(r#""accountType":3,"isActive":false"#));
        assert!(!usable(r#""accountType":3,"isAccountTenderActive":false"#));
        assert!(!usable(r#""accountType":2,"lastFour":"4242""#));
        assert!(!usable(r#""accountType":4"#));
    }
}
