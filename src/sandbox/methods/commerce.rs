//! `commerce`: the accounts, and the history of their transactions.

use jiff::Timestamp;
use serde::Serialize;

use super::{patron_session, unknown};
use crate::sandbox::account::AccountOnWire;
use crate::sandbox::date;
use crate::sandbox::envelope::{Outcome, respond};
use crate::sandbox::exception::Exception;
use crate::sandbox::page::{Page, Query};
use crate::sandbox::params::Params;
use crate::sandbox::transaction::TransactionOnWire;
use crate::sandbox::world::{Call, World};

pub(super) fn call(world: &World, call: &Call<'_>) -> Outcome {
    let read = match call.method {
        "retrieveAccounts" => accounts,
        "retrieveTransactionHistoryWithinDateRange" => history,
        _ => return Err(unknown(call)),
    };
    patron_session(world, call)?;
    read(world, call)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Accounts<'a> {
    accounts: Vec<AccountOnWire<'a>>,
    plan_name: &'static str,
}

fn accounts(world: &World, _: &Call<'_>) -> Outcome {
    let rows = world.ledger.accounts.iter();
    respond(&Accounts {
        accounts: rows.map(|account| account.on_wire(&world.owner)).collect(),
        plan_name: "STAGING",
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct History<'a> {
    total_count: usize,
    return_capped: bool,
    transactions: Vec<TransactionOnWire<'a>>,
}

fn history(world: &World, call: &Call<'_>) -> Outcome {
    let params = call.params();
    // 0 is the campus card, the only payment system that keeps a history here.
    if params.count("paymentSystemType", 0)? != 0 {
        return Err(Exception::argument("paymentSystemType"));
    }
    let criteria = params.object("queryCriteria")?;
    let most = criteria.count("maxReturnMostRecent", 1)?;
    let (newest, oldest) = (instant(criteria, "newestDate")?, instant(criteria, "oldestDate")?);
    let account = match criteria.optional_text("accountId")? {
        None => Some(None),
        Some(id) => {
            let mut accounts = world.ledger.accounts.iter();
            accounts.position(|account| account.id == id).map(Some)
        }
    };
    let page = match account {
        Some(account) => world.ledger.page(&Query { most, newest, oldest, account, strays: call.strays }),
        // An id that is nobody's filters everything out; it is no mistake.
        None => Page { total: 0, capped: false, rows: Vec::new() },
    };
    let rows = page.rows.into_iter();
    respond(&History {
        total_count: page.total,
        return_capped: page.capped,
        transactions: rows
            .map(|row| row.on_wire(&world.ledger.accounts[row.account], &world.owner))
            .collect(),
    })
}

/// An instant of the criteria; null and absent leave that end of the range open.
fn instant(criteria: Params<'_>, name: &str) -> Result<Option<Timestamp>, Exception> {
    let Some(text) = criteria.optional_text(name)? else {
        return Ok(None);
    };
    let at = date::read(text).ok_or_else(|| Exception::argument(name))?;
    Ok(Some(at))
}

#[cfg(test)]
mod tests {
    use crate::sandbox::Options;
    use crate::sandbox::methods::testing::Service;
    use serde_json::{Value, json};

    const HISTORY: &str = "commerce.retrieveTransactionHistoryWithinDateRange";

    fn history(service: &mut Service, session: &str, criteria: Value) -> Result<Value, String> {
        let mut params = json!({"sessionId": session, "paymentSystemType": 0});
        params["queryCriteria"] = criteria;
        service.call(HISTORY, params)
    }

    fn keys(page: &Value) -> Vec<String> {
        let rows = page["transactions"].as_array().unwrap().iter();
        rows.map(|row| row["transactionKey"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn accounts_come_in_an_object_with_the_plan() {
        let mut service = Service::new(&Options::default());
        let session = service.signed_in();
        let reply = service.call("commerce.retrieveAccounts", json!({"sessionId": session})).unwrap();
        assert_eq!(reply["planName"], "STAGING");
        assert_eq!(reply["accounts"].as_array().unwrap().len(), 11);
        let refusal = service.call("commerce.retrieveAccounts", json!({"sessionId": "nobody"}));
        assert_eq!(refusal.unwrap_err(), "4001|Session not found");
    }

    #[test]
    fn paging_as_the_protocol_says_meets_every_transaction() {
        let options = Options { shared_instant: 7, ..Options::default() };
        let mut service = Service::new(&options);
        let session = service.signed_in();
        let (mut seen, mut newest) = (Vec::new(), Value::Null);
        loop {
            let criteria = json!({"maxReturnMostRecent": 100, "newestDate": newest, "oldestDate": null, "accountId": null});
            let page = history(&mut service, &session, criteria).unwrap();
            seen.extend(keys(&page).into_iter().filter(|key| !seen.contains(key)).collect::<Vec<_>>());
            if page["returnCapped"] == false {
                break;
            }
            newest = page["transactions"].as_array().unwrap().last().unwrap()["actualDate"].clone();
        }
        assert_eq!(seen.len(), 1278);
    }

    #[test]
    fn total_count_counts_the_range_and_not_the_page() {
        let mut service = Service::new(&Options::default());
        let session = service.signed_in();
        let page = history(&mut service, &session, json!({"maxReturnMostRecent": 5})).unwrap();
        assert_eq!(page["totalCount"], 1278);
        assert_eq!(page["returnCapped"], true);
        assert_eq!(keys(&page).len(), 5);
    }

    #[test]
    fn one_account_or_nobody_s() {
        let mut service = Service::new(&Options::default());
        let session = service.signed_in();
        let accounts = service.call("commerce.retrieveAccounts", json!({"sessionId": session})).unwrap();
        let id = &accounts["accounts"][3]["id"];
        let criteria = json!({"maxReturnMostRecent": 10, "accountId": id});
        let page = history(&mut service, &session, criteria).unwrap();
        let rows = page["transactions"].as_array().unwrap();
        assert!(!rows.is_empty() && rows.iter().all(|row| row["accountName"] == "Board"));
        let criteria = json!({"maxReturnMostRecent": 10, "accountId": "nobody"});
        assert_eq!(history(&mut service, &session, criteria).unwrap()["totalCount"], 0);
    }

    #[test]
    fn bad_criteria_are_bad_arguments() {
        let mut service = Service::new(&Options::default());
        let session = service.signed_in();
        for (criteria, name) in [
            (json!({}), "maxReturnMostRecent"),
            (json!({"maxReturnMostRecent": 0}), "maxReturnMostRecent"),
            (json!({"maxReturnMostRecent": "5"}), "maxReturnMostRecent"),
            (json!({"maxReturnMostRecent": 5, "newestDate": "today"}), "newestDate"),
            (json!({"maxReturnMostRecent": 5, "oldestDate": 17}), "oldestDate"),
            (json!({"maxReturnMostRecent": 5, "accountId": 17}), "accountId"),
            (json!([]), "queryCriteria"),
        ] {
            let refusal = history(&mut service, &session, criteria).unwrap_err();
            assert_eq!(refusal, format!("9801|Invalid service argument: {name}"));
        }
        let params = json!({"sessionId": session, "queryCriteria": {"maxReturnMostRecent": 5}});
        let refusal = service.call(HISTORY, params).unwrap_err();
        assert!(refusal.ends_with("paymentSystemType"));
    }

    #[test]
    fn a_hundred_thousand_are_read_by_the_page() {
        let options = Options { transactions: Some(100_000), ..Options::default() };
        let mut service = Service::new(&options);
        let session = service.signed_in();
        let start = std::time::Instant::now();
        for _ in 0..100 {
            let page = history(&mut service, &session, json!({"maxReturnMostRecent": 10})).unwrap();
            assert_eq!(page["totalCount"], 100_000);
        }
        assert!(start.elapsed().as_secs() < 2, "{:?}", start.elapsed());
    }
}
