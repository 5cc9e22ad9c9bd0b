//! `commerce`: accounts and transaction history.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::sandbox::patron::account::AccountOnWire;
use crate::sandbox::patron::page::{Page, Query};
use crate::sandbox::patron::transaction::TransactionOnWire;
use crate::sandbox::wire::call::Call;
use crate::sandbox::wire::date;
use crate::sandbox::wire::envelope::{Outcome, respond};
use crate::sandbox::wire::exception::Exception;
use crate::sandbox::wire::params::Params;
use crate::sandbox::world::World;

pub fn call(world: &World, call: &Call<'_>) -> Outcome {
    let read = match call.method {
        "retrieveAccounts" => accounts,
        "retrieveAccountsByUser" => accounts_by_user,
        "retrieveTransactionHistory" => history_by_days,
        "retrieveTransactionHistoryWithinDateRange" => history_by_instants,
        _ => return Err(call.unknown_method()),
    };
    world.patron_session(call)?;
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

fn accounts_by_user(world: &World, call: &Call<'_>) -> Outcome {
    call.params().text("userId")?;
    own_user(world, call.params())?;
    accounts(world, call)
}

/// Accepts the patron's own user id, or none.
fn own_user(world: &World, params: Params<'_>) -> Result<(), Exception> {
    match params.optional_text("userId")? {
        Some(user) if user != world.owner.user_id => Err(Exception::argument("userId")),
        _ => Ok(()),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct History<'a> {
    total_count: usize,
    return_capped: bool,
    transactions: Vec<TransactionOnWire<'a>>,
}

/// The form that the current official app uses: a range of instants and a limit.
fn history_by_instants(world: &World, call: &Call<'_>) -> Outcome {
    let criteria = call.params().object("queryCriteria")?;
    let query = Query {
        skip: 0,
        most: criteria.limit("maxReturnMostRecent")?,
        newest: instant(criteria, "newestDate")?,
        oldest: instant(criteria, "oldestDate")?,
        account: None,
        strays: call.strays,
    };
    history(world, call, criteria, query)
}

/// The older form: whole days, read as UTC days, and a row offset from the newest.
fn history_by_days(world: &World, call: &Call<'_>) -> Outcome {
    let criteria = call.params().object("queryCriteria")?;
    own_user(world, criteria)?;
    let start = day(criteria, "startDate")?;
    let end = day(criteria, "endDate")?;
    let query = Query {
        skip: criteria.limit("startingReturnRow")?.unwrap_or(0),
        most: criteria.limit("maxReturn")?,
        newest: end.and_then(|midnight| midnight.checked_add(LAST_OF_DAY).ok()),
        oldest: start,
        account: None,
        strays: call.strays,
    };
    history(world, call, criteria, query)
}

/// From midnight to the last millisecond of the day.
const LAST_OF_DAY: SignedDuration = SignedDuration::from_millis(86_400_000 - 1);

fn history(world: &World, call: &Call<'_>, criteria: Params<'_>, query: Query) -> Outcome {
    let account = match criteria.optional_text("accountId")? {
        None => Some(None),
        Some(id) => {
            let mut accounts = world.ledger.accounts.iter();
            accounts.position(|account| account.id == id).map(Some)
        }
    };
    // 0 means any payment system; 1, the campus card, is the only one with a history here.
    let kept = match call.params().count("paymentSystemType")? {
        0 | 1 => true,
        2..=4 => false,
        _ => return Err(Exception::argument("paymentSystemType")),
    };
    let page = match account.filter(|_| kept) {
        Some(account) => world.ledger.page(&Query { account, ..query }),
        // An unknown account id matches nothing; it is not an error.
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

/// A string criterion; null, absent and empty leave this end of the range open.
fn bound<'a>(criteria: Params<'a>, name: &str) -> Result<Option<&'a str>, Exception> {
    Ok(criteria.optional_text(name)?.filter(|text| !text.is_empty()))
}

fn instant(criteria: Params<'_>, name: &str) -> Result<Option<Timestamp>, Exception> {
    let Some(text) = bound(criteria, name)? else { return Ok(None) };
    date::read(text).map(Some).ok_or_else(|| Exception::argument(name))
}

/// Reads a date as its UTC midnight.
fn day(criteria: Params<'_>, name: &str) -> Result<Option<Timestamp>, Exception> {
    let Some(text) = bound(criteria, name)? else { return Ok(None) };
    let midnight = text.parse::<Date>().and_then(|day| day.to_zoned(TimeZone::UTC));
    midnight.map(|midnight| Some(midnight.timestamp())).map_err(|_| Exception::argument(name))
}

#[cfg(test)]
mod tests {
    use crate::sandbox::Options;
    use crate::sandbox::application::testing::Service;
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
    fn accounts_are_wrapped_in_an_object_with_the_plan() {
        let mut service = Service::new(&Options::default());
        let session = service.signed_in();
        let reply = service.call("commerce.retrieveAccounts", json!({"sessionId": session})).unwrap();
        assert_eq!(reply["planName"], "STAGING");
        assert_eq!(reply["accounts"].as_array().unwrap().len(), 11);
        let refusal = service.call("commerce.retrieveAccounts", json!({"sessionId": "nobody"}));
        assert_eq!(refusal.unwrap_err(), "4001|Session not found");
    }

    #[test]
    fn paging_by_the_protocol_reaches_every_transaction() {
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
    fn filtering_by_account_id() {
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
            (json!({"maxReturnMostRecent": -1}), "maxReturnMostRecent"),
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
    fn null_absent_and_empty_criteria_mean_no_bound() {
        let mut service = Service::new(&Options::default());
        let session = service.signed_in();
        for most in [json!(0), Value::Null] {
            let criteria = json!({"maxReturnMostRecent": most, "newestDate": "", "oldestDate": ""});
            let page = history(&mut service, &session, criteria).unwrap();
            assert_eq!((keys(&page).len(), &page["returnCapped"]), (1278, &json!(false)));
        }
    }

    #[test]
    fn a_payment_system_without_a_history_has_none() {
        let mut service = Service::new(&Options::default());
        let session = service.signed_in();
        for (system, expected) in [(0, 1278), (1, 1278), (2, 0), (4, 0)] {
            let criteria = json!({"maxReturnMostRecent": 1});
            let params =
                json!({"sessionId": session, "paymentSystemType": system, "queryCriteria": criteria});
            assert_eq!(service.call(HISTORY, params).unwrap()["totalCount"], expected);
        }
    }

    #[test]
    fn accounts_by_user_requires_the_patrons_own_id() {
        let mut service = Service::new(&Options::default());
        let session = service.signed_in();
        let user = service.call("user.retrieve", json!({"sessionId": session})).unwrap();
        let read = |service: &mut Service, user: &Value| {
            service.call("commerce.retrieveAccountsByUser", json!({"sessionId": session, "userId": user}))
        };
        let all = service.call("commerce.retrieveAccounts", json!({"sessionId": session}));
        assert_eq!(read(&mut service, &user["id"]), all);
        for other in [json!("nobody"), Value::Null] {
            assert_eq!(read(&mut service, &other).unwrap_err(), "9801|Invalid service argument: userId");
        }
    }

    #[test]
    fn the_older_form_reads_whole_days_and_counts_rows_from_the_newest() {
        let mut service = Service::new(&Options::default());
        let session = service.signed_in();
        let user = service.call("user.retrieve", json!({"sessionId": session})).unwrap();
        let mut read = |mut criteria: Value| {
            criteria["userId"] = user["id"].clone();
            let params = json!({"sessionId": session, "paymentSystemType": 0, "queryCriteria": criteria});
            service.call("commerce.retrieveTransactionHistory", params)
        };
        let all = keys(&read(json!({"maxReturn": null})).unwrap());
        assert_eq!(all.len(), 1278);
        let page = read(json!({"maxReturn": 100, "startingReturnRow": 200})).unwrap();
        assert_eq!((keys(&page), &page["returnCapped"]), (all[200..300].to_vec(), &json!(true)));
        let page = read(json!({"maxReturn": 100, "startingReturnRow": 1200})).unwrap();
        assert_eq!((keys(&page).len(), &page["returnCapped"]), (78, &json!(false)));
        let days =
            read(json!({"startDate": "2026-01-05", "endDate": "2026-01-06", "maxReturn": 100})).unwrap();
        let dates = days["transactions"].as_array().unwrap().iter();
        let dates: Vec<&str> = dates.map(|row| &row["actualDate"].as_str().unwrap()[..10]).collect();
        assert!(dates.contains(&"2026-01-05") && dates.contains(&"2026-01-06"), "{dates:?}");
        assert!(dates.iter().all(|date| ["2026-01-05", "2026-01-06"].contains(date)), "{dates:?}");
        assert!(read(json!({"startDate": "05.01.2026"})).unwrap_err().ends_with("startDate"));
    }

    #[test]
    fn a_page_of_a_hundred_thousand_transactions_is_fast() {
        let options = Options { transactions: Some(100_000), ..Options::default() };
        let mut service = Service::new(&options);
        let session = service.signed_in();
        let start = std::time::Instant::now();
        for _ in 0..100 {
            let page = history(&mut service, &session, json!({"maxReturnMostRecent": 10})).unwrap();
            assert_eq!(page["totalCount"], 100_000);
        }
        // For a slow emulator on a busy machine; sorting all of them for each page takes minutes.
        assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
    }
}
