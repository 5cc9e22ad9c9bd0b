//! The reply of `retrieveAccounts`.

use serde::Deserialize;

use super::fields::{Flag, Id, List, Number, read};
use crate::get::failure::Failure;
use crate::model::account::{Account, AccountType};
use crate::model::money::Amount;
use crate::model::text::Text;

/// The maximum number of accounts in a reply.
const MAX_ACCOUNTS: usize = 1000;

pub struct Accounts {
    /// In the service's order.
    pub accounts: Vec<Account>,
    /// The plan's name, if the service sends one.
    pub plan_name: Option<Text>,
}

/// Parses the reply of `retrieveAccounts`: an object, or a bare list.
pub fn accounts(json: &str) -> Result<Accounts, Failure> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Reply {
        #[serde(deserialize_with = "Option::deserialize")]
        accounts: Option<List<WireAccount, MAX_ACCOUNTS>>,
        plan_name: Option<Text>,
    }
    let reply = if json.trim_start().starts_with('[') {
        Reply { accounts: Some(read(json)?), plan_name: None }
    } else {
        read(json)?
    };
    let accounts = reply.accounts.map(|List(accounts)| accounts).unwrap_or_default();
    Ok(Accounts { accounts: accounts.into_iter().map(Account::from).collect(), plan_name: reply.plan_name })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireAccount {
    id: Option<Id>,
    account_display_name: Option<Text>,
    account_type: Option<Number>,
    is_active: Option<Flag>,
    is_account_tender_active: Option<Flag>,
    deposit_accepted: Option<Flag>,
    balance: Option<Amount>,
    last_four: Option<Id>,
    expiration_month: Option<Id>,
    name_on_media: Option<Text>,
}

impl From<WireAccount> for Account {
    fn from(wire: WireAccount) -> Self {
        let kind = account_type(wire.account_type);
        let last_four = wire.last_four.map(|Id(digits)| digits).filter(|digits| !digits.is_empty());
        // A charge account has a balance; a stored credit card has card details instead.
        let has_card_marks =
            last_four.is_some() || wire.expiration_month.is_some() || wire.name_on_media.is_some();
        let card = kind == AccountType::ApplePay || kind == AccountType::Charge && has_card_marks;
        let active =
            [wire.is_active, wire.is_account_tender_active].into_iter().all(|flag| flag != Some(Flag(false)));
        let id = wire.id.map(|Id(id)| id);
        let name = wire.account_display_name.filter(|name| !name.is_empty());
        Self {
            name: name.or_else(|| id.clone()).unwrap_or_else(|| "unnamed".into()),
            id,
            kind,
            balance: wire.balance,
            unit: kind.unit(),
            usable: active && !card,
            deposit_accepted: wire.deposit_accepted == Some(Flag(true)),
            last_four,
            low: None,
        }
    }
}

/// Maps the service's account type number.
pub fn account_type(number: Option<Number>) -> AccountType {
    match number.map(|Number(number)| number) {
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
    fn an_account_without_id_and_flags_is_active() {
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
    fn an_account_is_usable_if_both_flags_are_set_and_it_is_no_card() {
        let usable = |fields: &str| accounts(&format!("[{{{fields}}}]")).unwrap().accounts[0].usable;
        assert!(usable(r#""accountType":3"#));
        assert!(usable(r#""accountType":2,"lastFour":null"#));
        assert!(!usable(r#""accountType":3,"isActive":false"#));
        assert!(!usable(r#""accountType":3,"isAccountTenderActive":false"#));
        assert!(!usable(r#""accountType":2,"lastFour":"4242""#));
        assert!(!usable(r#""accountType":4"#));
        assert!(!usable(r#""accountType":"3","isActive":"false""#));
    }

    #[test]
    fn null_accounts_are_empty_and_missing_accounts_an_error() {
        assert!(accounts(r#"{"accounts":null}"#).unwrap().accounts.is_empty());
        assert!(accounts(r#"{"planName":"x"}"#).is_err());
    }

    #[test]
    fn errors_name_the_field() {
        let field = |json: &str| match accounts(json).err().unwrap() {
            Failure::Shape { field, .. } => field,
            other => panic!("{other:?}"),
        };
        assert_eq!(field(r#"{"accounts":[{"balance":"a lot"}]}"#), "response.accounts[0].balance");
        assert_eq!(field(r#"{"planName":"x"}"#), "response");
        assert_eq!(field("true"), "response");
    }
}
