//! `forecast`: figures, chart and refusals, on the sandbox's history.

use getcard::sandbox::Options;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

use crate::support::getcard::Getcard;
use crate::support::service::Service;

fn today() -> Date {
    Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

fn decimal(value: &Value) -> Decimal {
    value.to_string().parse().unwrap()
}

fn date(value: &Value) -> Option<Date> {
    value.as_str().map(|text| text.parse().unwrap())
}

fn accounts(document: &Value) -> &[Value] {
    document["accounts"].as_array().unwrap()
}

#[test]
fn without_a_date_it_tells_the_day_each_account_runs_out() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let before = today();
    let document = user.run(&["forecast", "--json"]).json();
    assert_eq!(document["until"], Value::Null);
    let balances = user.run(&["balance", "--json"]).json();
    let names = |document: &Value, key: &str| -> Vec<Value> {
        accounts(document).iter().map(|account| account[key].clone()).collect()
    };
    assert_eq!(names(&document, "account"), names(&balances, "name"));
    for key in ["id", "unit", "balance"] {
        assert_eq!(names(&document, key), names(&balances, key));
    }
    // An account without a balance has no transactions either.
    let (taken, left): (Vec<_>, Vec<_>) =
        accounts(&document).iter().partition(|account| !account["balance"].is_null());
    assert_eq!((taken.len(), left.len()), (5, 1));
    assert!(left[0]["spent_per_day"].is_null() && left[0]["runs_out"].is_null());
    for account in taken {
        assert!(decimal(&account["spent_per_day"]) > Decimal::ZERO, "{account}");
        assert!((200..=427).contains(&account["days_of_history"].as_u64().unwrap()), "{account}");
        assert_eq!(account["left_out"], Value::Array(Vec::new()));
        assert!(account["allowed_per_day"].is_null() && account["left_at_end"].is_null());
        let days = ["early", "median", "late"].map(|part| date(&account["runs_out"][part]));
        assert!(days[0].unwrap() >= before, "{account}");
        let order = days.map(|day| day.unwrap_or(Date::MAX));
        assert!(order.is_sorted(), "{account}");
    }
    // The same history gives the same forecast.
    assert_eq!(user.run(&["forecast", "--json"]).json(), document);
}

#[test]
fn with_a_date_it_tells_what_may_be_spent_and_what_is_left() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let until = today().checked_add(29.days()).unwrap();
    let document = user.run(&["forecast", "flexi", "board", "--until", &until.to_string(), "--json"]).json();
    assert_eq!(document["until"], until.to_string());
    assert_eq!(accounts(&document).len(), 2);
    for account in accounts(&document) {
        let share = decimal(&account["balance"]) / Decimal::from(30);
        let share = share.round_dp_with_strategy(2, RoundingStrategy::ToZero);
        assert_eq!(decimal(&account["allowed_per_day"]), share.normalize(), "{account}");
        let left = ["low", "median", "high"].map(|part| decimal(&account["left_at_end"][part]));
        assert!(left.is_sorted() && left[0] >= Decimal::ZERO && left[2] < decimal(&account["balance"]));
        if account["unit"] == "meals" {
            assert!(left.iter().all(|left| left.scale() == 0), "{account}");
        }
        let late = date(&account["runs_out"]["late"]);
        assert_eq!(late.is_some(), left[2] == Decimal::ZERO, "{account}");
        assert!(late.is_none_or(|late| late <= until));
    }
    let table = user.run(&["forecast", "flexi", "--until", &until.to_string()]);
    assert!(table.text().contains("CAN SPEND/DAY") && table.text().contains("1000 simulated futures"));
    assert_eq!(table.text().matches("Flexi Dollars").count(), 1);
    assert!(!table.text().contains("Board"));
}

#[test]
fn the_end_of_the_term_in_the_configuration_is_the_usual_date() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    let config = user.home.path().join("config.toml");
    let user = user.with("GETCARD_CONFIG", config.to_str().unwrap());
    let in_days = |days: i64| today().checked_add(days.days()).unwrap().to_string();
    std::fs::write(&config, format!("term_ends = {}\n", in_days(20))).unwrap();
    assert_eq!(user.run(&["forecast", "--json"]).json()["until"], in_days(20));
    assert_eq!(user.run(&["forecast", "--until", &in_days(9), "--json"]).json()["until"], in_days(9));
    std::fs::write(&config, format!("term_ends = {}\n", in_days(-20))).unwrap();
    let past = user.run(&["forecast", "--json"]);
    assert_eq!(past.json()["until"], Value::Null);
    assert!(past.stderr.contains("is in the past; ignoring it"), "{}", past.stderr);
}

#[test]
fn days_without_a_purchase_are_left_out_and_too_little_history_is_said() {
    let until = Timestamp::now().checked_sub(jiff::SignedDuration::from_hours(30 * 24)).unwrap();
    let service = Service::with(Options { history_until: Some(until), ..Options::default() });
    let user = Getcard::ephemeral(&service);
    let document = user.run(&["forecast", "flexi", "--json"]).json();
    let left_out = &accounts(&document)[0]["left_out"];
    assert_eq!(left_out.as_array().unwrap().len(), 1, "{left_out}");
    assert_eq!(date(&left_out[0]["to"]), today().yesterday().ok());
    assert!(date(&left_out[0]["from"]).unwrap() <= today().checked_sub(28.days()).unwrap());
    assert!(user.run(&["forecast", "flexi"]).text().contains("Left out because the card was not used: 20"));

    let service = Service::with(Options { transactions: Some(30), ..Options::default() });
    let user = Getcard::ephemeral(&service);
    let short = user.run(&["forecast", "--json"]).json();
    for account in accounts(&short) {
        assert!(account["spent_per_day"].is_null() && account["runs_out"].is_null(), "{account}");
    }
    let table = user.run(&["forecast"]);
    assert!(table.text().contains("too little history ("), "{}", table.text());
    assert_eq!(user.run(&["forecast", "--chart"]).code, Some(0));
}

#[test]
fn the_fan_of_outcomes_is_drawn_on_the_terminal_and_in_files() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let chart = user.run(&["forecast", "--chart"]);
    assert_eq!(chart.code, Some(0), "{}", chart.stderr);
    assert!(chart.text().contains("Flexi Dollars  $") && chart.text().contains("10th to 90th percentile"));
    assert!(!chart.text().contains('\x1b'));
    assert!(user.run(&["forecast", "--chart", "--color", "always"]).text().contains("\x1b[33m"));
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    for name in ["chart.svg", "chart.png"] {
        let outcome = user.run(&["forecast", "flexi", "--chart", "--output", &path(name)]);
        assert_eq!((outcome.code, outcome.text()), (Some(0), ""), "{}", outcome.stderr);
    }
    let svg = std::fs::read_to_string(path("chart.svg")).unwrap();
    assert!(svg.contains("Balances and forecast, 20") && svg.contains(">today<"));
    let png = image::open(path("chart.png")).unwrap().into_rgb8();
    assert!(png.pixels().filter(|pixel| pixel.0 == [250, 221, 193]).count() > 1000);
}

#[test]
fn what_cannot_be_forecast_is_refused() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let yesterday = today().yesterday().unwrap().to_string();
    let far = today().checked_add(728.days()).unwrap().to_string();
    for (args, code) in [
        (vec!["forecast", "--until", &yesterday], "range"),
        (vec!["forecast", "--until", &far], "range"),
        (vec!["forecast", "--until", "soon"], "usage"),
        (vec!["forecast", "--until", "2026-12-12T10"], "usage"),
        (vec!["forecast", "nobody"], "no_such_account"),
        (vec!["forecast", "--chart"], "usage"),
        (vec!["forecast", "--output", "chart.svg"], "usage"),
        (vec!["forecast", "--chart", "--output", "chart.pdf"], "usage"),
    ] {
        let args: Vec<&str> = args.into_iter().chain(["--json"]).collect();
        user.run(&args).fails(2, "validation_error", code);
    }
    let pdf = user.run(&["forecast", "--chart", "--output", "chart.pdf"]);
    assert_eq!(pdf.code, Some(2));
    assert!(pdf.stderr.contains("getcard forecast --chart --output chart.svg"), "{}", pdf.stderr);
}
