//! Every figure against the service's own log of requests: traffic that is known, counted twice.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use getcard::sandbox::Options;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::openmetrics::parse;
use crate::support::getcard::Getcard;
use crate::support::screen::Screen;
use crate::support::service::Service;

const ACCOUNTS: &str = "commerce.retrieveAccounts";
const PAYLOAD: &str = "authentication.retrievePatronBarcodePayload";
const HISTORY: &str = "commerce.retrieveTransactionHistoryWithinDateRange";
const SIGN_IN: &str = "authentication.authenticatePIN";
const CREATE: &str = "user.createPIN";

/// The requests by method, as the service counts them.
fn requests(service: &Service) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for request in service.requests() {
        *counts.entry(format!("{}.{}", request.service, request.method)).or_default() += 1;
    }
    counts
}

/// Faults of the next calls.
fn faults(service: &Service, faults: &[&str]) {
    service.set_faults(faults.iter().map(|fault| fault.parse().unwrap()).collect());
}

/// The plain view through a failure and a charge; gives how long after the charge it ended at most.
fn use_the_view(service: &Service, user: &Getcard) -> Duration {
    faults(service, &["http=503@retrieveAccounts#second"]);
    let mut screen = Screen::of(user, &["barcode", "--refresh", "5"]);
    let first = service.hits("retrieveAccounts");
    screen.until("two reads of the balances", |_| service.hits("retrieveAccounts") >= first + 3);
    let made = Instant::now();
    service.charge("flexi", Decimal::new(450, 2), "Oakes Cafe").unwrap();
    screen.until_text("Paid $4.50 at Oakes Cafe");
    let lag = made.elapsed() + Duration::from_millis(2);
    // Nothing is under way when it ends.
    screen.send("p");
    screen.until_text("paused");
    let mut settled = Instant::now();
    let mut seen = service.requests().len();
    while settled.elapsed() < Duration::from_secs(2) {
        std::thread::sleep(Duration::from_millis(20));
        if service.requests().len() != seen {
            (seen, settled) = (service.requests().len(), Instant::now());
        }
    }
    screen.send("q");
    assert_eq!(screen.exit(), Some(0));
    lag
}

#[test]
fn every_figure_is_what_the_service_counted() {
    let service = Service::with(Options { transactions: Some(3_500), ..Options::default() });
    let user = Getcard::at(&service.base_url())
        .with_file_store("a passphrase of the tests")
        .with("GETCARD_RETRIES", "2");
    user.link(&service.validated_url());
    // Two attempts fail, and the third goes well; then all three fail.
    faults(&service, &["http=503@retrieveAccounts#1-2"]);
    assert_eq!(user.run(&["balance"]).code, Some(0));
    faults(&service, &["http=500@retrieveAccounts"]);
    assert_eq!(user.run(&["balance"]).code, Some(5));
    // Pages that are read ahead are calls, not retries.
    faults(&service, &[]);
    let listed = user.run(&["history", "--all", "--format", "jsonl"]);
    assert_eq!(listed.text().lines().count(), 3_500, "{}", listed.stderr);
    // A session that has ended is a call refused, a sign-in, and a new call.
    service.end_sessions();
    assert_eq!(user.run(&["barcode", "--format", "payload"]).code, Some(0));
    // A sign-in that fails is one of four attempts.
    service.end_sessions();
    faults(&service, &["http=500@authenticatePIN"]);
    assert_eq!(user.run(&["barcode", "--format", "payload"]).code, Some(5));
    faults(&service, &[]);
    assert_eq!(user.run(&["balance"]).code, Some(0));
    let longest = use_the_view(&service, &user);

    let requests = requests(&service);
    let of = |method: &str| requests.get(method).copied().unwrap_or_default();
    // What was a retry, and what a failure, of each method; every other request is a call that went well.
    let retries = BTreeMap::from([(ACCOUNTS, 2 + 2), (SIGN_IN, 2)]);
    let failures = BTreeMap::from([
        ((ACCOUNTS, "transient_upstream_error"), 1 + 1),
        ((ACCOUNTS, "authentication_error"), 1),
        ((PAYLOAD, "authentication_error"), 2),
        ((SIGN_IN, "transient_upstream_error"), 1),
    ]);
    let calls = |method: &str| of(method) - retries.get(method).copied().unwrap_or_default();
    let failed = |method: &str| -> usize {
        failures.iter().filter(|((of, _), _)| *of == method).map(|(_, count)| count).sum()
    };
    let went_well = |method: &str| calls(method) - failed(method);
    assert_eq!(went_well(SIGN_IN), service.sign_ins(), "{requests:?}");
    assert_eq!((of(CREATE), of(HISTORY) > 4), (1, true), "{requests:?}");

    let mut expected: BTreeMap<String, usize> = BTreeMap::from([
        ("getcard_retries_total".to_owned(), retries.values().sum()),
        ("getcard_completion_lag_seconds_count".to_owned(), 1),
        ("getcard_signins_total{outcome=\"ok\"}".to_owned(), went_well(SIGN_IN)),
        ("getcard_signins_total{outcome=\"transient_upstream_error\"}".to_owned(), 1),
    ]);
    for method in requests.keys() {
        let ok = format!("getcard_calls_total{{method=\"{method}\",outcome=\"ok\"}}");
        let count = format!("getcard_call_duration_seconds_count{{method=\"{method}\"}}");
        expected.extend([(ok, went_well(method)), (count, calls(method))]);
    }
    for ((method, outcome), count) in &failures {
        let name = format!("getcard_calls_total{{method=\"{method}\",outcome=\"{outcome}\"}}");
        expected.insert(name, *count);
    }
    let text = user.run(&["doctor", "--openmetrics"]);
    let counted = parse(text.text()).into_iter().filter(|(name, _)| {
        let bare = name.split('{').next().unwrap();
        bare.ends_with("_total") || bare.ends_with("_count")
    });
    let counted: BTreeMap<String, usize> =
        counted.map(|(name, value)| (name, value.to_string().parse().unwrap())).collect();
    assert_eq!(counted, expected, "{requests:?}\n{}", text.text());

    let figures = user.run(&["doctor", "--json"]).json()["figures"].clone();
    assert_eq!(figures["last_day"], figures["all"]);
    let all = &figures["all"];
    let reads = |key: &str| (all[key]["count"].clone(), all[key]["failed"].clone());
    assert_eq!(reads("sign_ins"), (json!(calls(SIGN_IN)), json!(1)));
    assert_eq!(reads("barcode"), (json!(calls(PAYLOAD)), json!(2)));
    assert_eq!(reads("balance"), (json!(calls(ACCOUNTS)), json!(3)));
    assert_eq!(all["retries"], json!(retries.values().sum::<usize>()));
    assert_eq!(all["session_life"]["count"], 2);
    let lag = all["completion_lag"]["p95_ms"].as_u64().unwrap();
    assert_eq!(all["completion_lag"]["count"], 1);
    assert!(Duration::from_millis(lag) <= longest, "{lag} ms in {longest:?}");
    let mut causes: Vec<(Value, Value, Value)> = all["failures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["method"].clone(), it["category"].clone(), it["count"].clone()))
        .collect();
    causes.sort_by_key(|(method, ..)| method.to_string());
    let told: usize =
        causes.iter().map(|(.., count)| usize::try_from(count.as_u64().unwrap()).unwrap()).sum();
    assert_eq!(told, failures.values().sum::<usize>(), "{causes:?}");
}
