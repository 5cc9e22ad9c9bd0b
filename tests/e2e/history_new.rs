//! `history`: what is new, at some places, of some kinds, by day and week, and into a file.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use getcard::sandbox::Options;
use rust_decimal::Decimal;
use rustix::fs::OFlags;
use serde_json::Value;

use crate::support::getcard::Getcard;
use crate::support::service::Service;
use crate::support::wait::wait_for_hits;

const NEW: [&str; 4] = ["history", "--new", "--format", "jsonl"];

/// A user with a link.
fn linked(service: &Service) -> Getcard {
    let user = Getcard::at(&service.base_url()).with_file_store("correct horse");
    user.link(&service.validated_url());
    user
}

/// How many transactions are new.
fn news(user: &Getcard, more: &[&str]) -> usize {
    let args: Vec<&str> = NEW.iter().chain(more).copied().collect();
    let outcome = user.run(&args);
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    outcome.text().lines().count()
}

fn charge(service: &Service, amount: &str) {
    service.charge("flexi", amount.parse().unwrap(), "Perk Coffee").unwrap();
}

#[test]
fn what_is_new_is_shown_once() {
    let service = Service::start();
    let user = linked(&service);
    assert_eq!(news(&user, &[]), 50, "the first time the newest fifty");
    assert_eq!(news(&user, &[]), 0);
    charge(&service, "1.25");
    charge(&service, "1.25");
    assert_eq!(news(&user, &[]), 2);
    charge(&service, "0.75");
    // Another choice has its own first time, and takes nothing away from the whole.
    assert_eq!(news(&user, &["--kind", "debit"]), 50);
    assert_eq!(news(&user, &[]), 1);
    let quiet = user.run(&["history", "--new"]);
    assert_eq!((quiet.text(), quiet.stderr.as_str()), ("", "nothing new\n"));
    charge(&service, "0.5");
    let document = user.run(&["history", "--new", "--json"]).json();
    assert_eq!(
        (&document["count"], document["transactions"][0]["amount"].to_string()),
        (&1.into(), "0.5".into())
    );
}

#[test]
fn what_is_listed_late_is_new() {
    let posting_delay = std::time::Duration::MAX;
    let service = Service::with(Options { posting_delay, ..Options::default() });
    let user = linked(&service);
    charge(&service, "1");
    assert_eq!((news(&user, &[]), news(&user, &[])), (50, 0));
    service.post_pending();
    assert_eq!((news(&user, &[]), news(&user, &[])), (1, 0));
}

#[test]
fn what_was_not_written_whole_is_shown_again() {
    let service = Service::start();
    let user = linked(&service);
    assert_eq!(news(&user, &[]), 50);
    charge(&service, "1");
    let nowhere = user.home.path().join("nowhere/new.csv");
    let failed = user.run(&["history", "--new", "--output", nowhere.to_str().unwrap()]);
    assert_eq!(failed.code, Some(1), "{}", failed.stderr);
    // A full disk.
    let mut full = user.command(&NEW);
    full.stdout(std::fs::File::options().write(true).open("/dev/full").unwrap());
    assert_eq!(full.output().unwrap().status.code(), Some(1));
    // A reader that has gone.
    let mut closed = user.command(&NEW);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    closed.stdout(writer);
    closed.output().unwrap();
    assert_eq!((news(&user, &[]), news(&user, &[])), (1, 0));
}

#[test]
fn what_a_kill_cut_short_is_shown_again() {
    let service = Service::start();
    let user = linked(&service);
    assert_eq!(news(&user, &[]), 50);
    charge(&service, "1");
    let reads = service.hits("retrieveTransactionHistoryWithinDateRange");
    // A pipe that is full and not read: the run stops before its output is written whole.
    let (reader, mut writer) = std::io::pipe().unwrap();
    rustix::fs::fcntl_setfl(&writer, OFlags::NONBLOCK).unwrap();
    while writer.write(&[b' '; 512]).is_ok() {}
    rustix::fs::fcntl_setfl(&writer, OFlags::empty()).unwrap();
    let mut command = user.command(&NEW);
    command.stdout(writer);
    let mut child = command.spawn().unwrap();
    wait_for_hits(&service, "retrieveTransactionHistoryWithinDateRange", reads + 1);
    child.kill().unwrap();
    child.wait().unwrap();
    drop(reader);
    assert_eq!((news(&user, &[]), news(&user, &[])), (1, 0));
}

#[test]
fn profiles_do_not_mix() {
    let service = Service::start();
    let user = linked(&service);
    let other = ["--profile", "other"];
    let linked = user.run_with_stdin(&["link", "-", "--profile", "other"], service.validated_url());
    assert_eq!(linked.code, Some(0), "{}", linked.stderr);
    assert_eq!((news(&user, &[]), news(&user, &other)), (50, 50));
    charge(&service, "1");
    assert_eq!((news(&user, &[]), news(&user, &[]), news(&user, &other)), (1, 0, 1));
}

#[test]
fn a_mark_that_cannot_be_read_or_kept_is_said() {
    let service = Service::start();
    let user = linked(&service);
    assert_eq!(news(&user, &[]), 50);
    let state = user.home.path().join(".local/state/getcard");
    let mark = std::fs::read_dir(&state)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|it| it == "mark"))
        .unwrap();
    assert_eq!(mode(&mark), 0o600);
    std::fs::write(&mark, "{").unwrap();
    let error = user.run(&["history", "--new", "--json"]).error();
    assert!(error["message"].as_str().unwrap().contains(".mark"), "{error}");
    let ephemeral = Getcard::ephemeral(&service).run(&["history", "--new", "--json"]);
    ephemeral.fails(2, "validation_error", "ephemeral");
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn places_and_kinds_are_chosen_before_the_limit() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let all = user.run(&["history", "--all", "--json"]).json();
    let all = all["transactions"].as_array().unwrap();
    let place = all[600]["location"].as_str().unwrap();
    let part: String = place.chars().take(5).collect::<String>().to_uppercase();
    let matches = |row: &&Value| {
        row["location"].as_str().is_some_and(|name| name.to_lowercase().contains(&part.to_lowercase()))
    };
    let chosen = user.run(&["history", "--all", "--place", &part, "--json"]).json();
    assert_eq!(chosen["count"], all.iter().filter(matches).count());
    let kinds = ["history", "--kind", "deposit", "--kind", "correction", "--limit", "3", "--json"];
    let chosen = user.run(&kinds).json();
    let wanted: Vec<&Value> =
        all.iter().filter(|row| row["kind"] == "deposit" || row["kind"] == "correction").take(3).collect();
    assert_eq!(chosen["transactions"].as_array().unwrap().iter().collect::<Vec<_>>(), wanted);
    assert_eq!(chosen["complete"], false);
    assert_eq!(user.run(&["history", "--reconcile", "--place", "x"]).code, Some(2));
}

#[test]
fn days_and_weeks_add_up_to_the_same_totals() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let summary = |by: &str| user.run(&["history", "--summary", by, "--json"]).json();
    let months = summary("month");
    assert_eq!((&months["total"]["unit"], &months["total_meals"]["unit"]), (&"USD".into(), &"meals".into()));
    for (by, length) in [("day", "2026-02-09".len()), ("week", "2026-W07".len())] {
        let summary = summary(by);
        assert_eq!((&summary["by"], &summary["total"]), (&by.into(), &months["total"]));
        let groups = summary["groups"].as_array().unwrap();
        assert!(groups.len() > 50);
        assert!(groups.iter().all(|group| group["name"].as_str().unwrap().len() == length));
        let spent: Decimal = groups
            .iter()
            .filter(|group| group["unit"] == "USD")
            .map(|group| group["spent"].to_string().parse::<Decimal>().unwrap())
            .sum();
        assert_eq!(spent.normalize().to_string(), summary["total"]["spent"].to_string());
    }
    assert!(user.run(&["history", "--summary", "week"]).text().starts_with("WEEK "));
}

#[test]
fn every_format_goes_into_a_private_file() {
    let service = Service::start();
    let user = Getcard::ephemeral(&service);
    let path = user.home.path().join("history");
    let formats = ["table", "json", "jsonl", "csv", "hledger", "beancount"];
    for format in formats {
        std::fs::write(&path, "before").unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
        let args = ["history", "--until", "2d", "--format", format, "--output"];
        let mut to_file = args.to_vec();
        to_file.push(path.to_str().unwrap());
        let outcome = user.run(&to_file);
        assert_eq!((outcome.code, outcome.text()), (Some(0), ""), "{format}: {}", outcome.stderr);
        let (written, printed) = (std::fs::read_to_string(&path).unwrap(), user.run(&args[..5]));
        assert_eq!(mode(&path), 0o600);
        if format == "json" {
            let document: Value = serde_json::from_str(&written).unwrap();
            assert_eq!(document["transactions"], printed.json()["transactions"]);
        } else {
            assert_eq!(written, printed.text(), "{format}");
        }
    }
    for view in [&["--summary", "day"][..], &["--reconcile"]] {
        let mut args = vec!["history", "--output", path.to_str().unwrap()];
        args.extend(view);
        assert_eq!((user.run(&args).code, user.run(&args).text()), (Some(0), ""));
        assert!(std::fs::read_to_string(&path).unwrap().lines().count() > 3);
    }
    // A read that fails leaves what was there.
    std::fs::write(&path, "before").unwrap();
    service.set_faults(vec!["http=500".parse().unwrap()]);
    let failed =
        user.run(&["--retries", "0", "history", "--format", "csv", "--output", path.to_str().unwrap()]);
    assert_eq!(failed.code, Some(5), "{}", failed.stderr);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "before");
    assert_eq!(std::fs::read_dir(user.home.path()).unwrap().count(), 1);
}
