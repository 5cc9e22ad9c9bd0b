//! What every command says, in `snapshots/`: so that a change of words shows in a diff. `INSTA_UPDATE=always` rewrites them.

use getcard::sandbox::{Fault, FaultKind, Options};
use serde_json::Value;

use crate::support::getcard::Getcard;
use crate::support::keyring::Session;
use crate::support::service::Service;
use crate::support::transcript::Transcript;

/// A service whose history ends on a day that is long past.
fn service() -> Service {
    with_transactions(None)
}

fn with_transactions(transactions: Option<usize>) -> Service {
    let history_until = Some("2020-02-09T20:00:00Z".parse().unwrap());
    Service::with(Options { transactions, history_until, ..Options::default() })
}

fn user(service: &Service) -> Getcard {
    Getcard::at(&service.base_url()).with("GETCARD_RETRIES", "0")
}

fn linked(service: &Service) -> Getcard {
    let user = user(service);
    user.link(&service.validated_url());
    user
}

/// A user whom no service answers and no keychain keeps anything.
fn alone() -> Getcard {
    Getcard::with_keyring("http://127.0.0.1:9", Session::without_service())
}

#[test]
fn wrong_usage() {
    let user = alone();
    let mut said = Transcript::of(&user);
    for line in [
        "blance",
        "blance --json",
        "help blance",
        "balance --blow 3",
        "balance --below much",
        "history --limit 0",
        "barcode --columns 31",
        "barcode --refresh 1",
        "barcode code.png",
        "probe",
        "store migrate",
        "store migrate --to memory",
        "completions cmd",
        "balance --json --store nowhere",
        "balance --api-url http://example.org",
        "balance --profile ''",
    ] {
        said.run(line);
    }
    said.assert("wrong_usage");
}

#[test]
fn not_linked() {
    let service = service();
    let user = user(&service);
    let mut said = Transcript::of(&user);
    for line in [
        "",
        "--json",
        "status",
        "status --json",
        "status --check",
        "balance",
        "balance --json",
        "history",
        "barcode --once",
        "barcode --format payload --json",
        "unlink --yes",
        "unlink --yes --json",
        "lost --yes",
        "journal",
        "journal --json",
        "store rekey",
        "profiles",
        "profiles --json",
    ] {
        said.run(line);
    }
    said.assert("not_linked");
}

#[test]
fn linking() {
    let service = service();
    let user = user(&service);
    let mut said = Transcript::of(&user);
    said.run("link");
    said.run_with_stdin("link -", "https://example.org");
    said.run_with_stdin("link --json -", "https://example.org");
    let two = "0f8fad5b-d9cb-469f-a165-70867728950e 7c9e6679-7425-40de-944b-e07fc1f90ae7";
    said.run_with_stdin("link -", two);
    said.run_with_stdin("link --json -", two);
    said.run_with_stdin("link -", b"\xff\xfe");
    said.run_with_stdin("link -", "0f8fad5b-d9cb-469f-a165-70867728950e");
    said.run("login --no-browser");
    said.run_with_stdin("link -", service.validated_url());
    said.run_with_stdin("link -", service.validated_url());
    said.run_with_stdin("link --json -", service.validated_url());
    said.run_with_stdin("link --replace --json -", service.validated_url());
    said.run_with_stdin("link --profile work --json -", service.validated_url());
    said.run("profiles");
    said.run("profiles --json");
    said.run("balance --profile wrok");
    said.run("unlink");
    said.run("unlink --json");
    said.run("unlink --yes --profile work");
    said.run("unlink --yes --json");
    said.run("journal");
    said.run("journal --json");
    said.run("journal --since soon");
    said.assert("linking");
}

#[test]
fn status() {
    let service = service();
    let user = user(&service);
    let mut said = Transcript::of(&user);
    service.set_faults(
        ["createPIN", "authenticatePIN"]
            .map(|method| {
                Fault::new(FaultKind::Exception("9999|Internal server error".to_owned())).at(method)
            })
            .to_vec(),
    );
    said.run_with_stdin("link -", service.validated_url());
    said.note("the link is pending");
    for line in ["", "status", "status --json", "status --check", "balance", "balance --json"] {
        said.run(line);
    }
    service.set_faults(Vec::new());
    said.run_with_stdin("link -", service.validated_url());
    said.note("the card is linked");
    for line in ["", "--json", "status", "status --json", "status --check", "status --check --json"] {
        said.run(line);
    }
    service.set_faults(vec![Fault::new(FaultKind::Http { status: 503, retry_after: None })]);
    said.note("the service is down");
    for line in ["status --check", "status --check --json", "balance", "balance --json"] {
        said.run(line);
    }
    service.set_faults(Vec::new());
    service.revoke_devices();
    said.note("the device is revoked");
    for line in ["balance", "", "status", "status --json", "status --check"] {
        said.run(line);
    }
    said.assert("status");
}

#[test]
fn balance() {
    let service = service();
    let user = linked(&service);
    let mut said = Transcript::of(&user);
    for line in [
        "balance",
        "balance --all",
        "balance --json",
        "balance flexi --json",
        "balance flexi --value",
        "balance flexi --below 1000",
        "balance flexi --below 1000 --json",
        "balance --below 10",
        "balance zzz",
        "balance zzz --json",
    ] {
        said.run(line);
    }
    said.assert("balance");
}

#[test]
fn history() {
    let service = service();
    let user = linked(&service);
    let mut said = Transcript::of(&user);
    for line in [
        "history --limit 12",
        "history --json --limit 2",
        "history --format jsonl --limit 2",
        "history --format csv --limit 3",
        "history --since 2020-01-01 --summary location",
        "history --since 2020-01-01 --summary month --json",
        "history --since 2020-02-01 --reconcile",
        "history --since 2020-02-01 --reconcile --json",
        "history --since 2020-02-09 --until 2020-02-08",
        "history --since 2020-02-09 --until 2020-02-08 --json",
        "history --since 'last week'",
        "history --account zzz",
    ] {
        said.run(line);
    }
    said.assert("history");
}

#[test]
fn forecast() {
    let service = with_transactions(Some(5));
    let user = linked(&service);
    let mut said = Transcript::of(&user);
    for line in ["forecast", "forecast --json", "forecast zzz", "forecast --until 2020-01-01"] {
        said.run(line);
    }
    said.assert("forecast");
}

#[test]
fn barcode() {
    let service = service();
    let user = linked(&service);
    let mut said = Transcript::of(&user);
    for line in [
        "barcode --json",
        "barcode --format payload",
        "barcode --output /nonexistent/code.png",
        "barcode --once --columns 31",
        "barcode --once --columns 1 --ec-level 8",
        "barcode --output /nonexistent/code.gif",
        "barcode --until-charged --account zzz",
        "barcode --until-charged --account zzz --json",
    ] {
        said.run(line);
    }
    said.assert("barcode");
}

#[test]
fn schools_and_probe() {
    let service = service();
    let user = linked(&service);
    let mut said = Transcript::of(&user);
    for line in [
        "schools santa",
        "schools santa --json",
        "schools zzz",
        "schools zzz --json",
        "login --print-url --school zzz",
        "probe user retrieve",
        "probe user.retrieve --json",
        "probe commerce retrieveNothing",
        "probe commerce retrieveNothing --json",
        "probe nothing retrieve",
        "probe user retrieve --params [1]",
        "probe user retrieve --params {",
    ] {
        said.run(line);
    }
    said.assert("schools_and_probe");
}

#[test]
fn lost_and_found() {
    let service = service();
    let user = linked(&service);
    let mut said = Transcript::of(&user);
    for line in ["lost", "lost --json", "lost --yes", "lost --yes", "status --check", "barcode --once"] {
        said.run(line);
    }
    for line in ["found --yes --json", "found --yes"] {
        said.run(line);
    }
    service.set_setting("get.feature.enable_lost_card", Some("0")).unwrap();
    said.note("the school has it switched off");
    said.run("lost --yes");
    said.run("lost --yes --json");
    said.assert("lost_and_found");
}

#[test]
fn stores() {
    let service = service();
    let user = linked(&service);
    let mut said = Transcript::of(&user);
    for line in [
        "store rekey",
        "store migrate --to keychain",
        "store migrate --to file",
        "store migrate --to file --json",
    ] {
        said.run(line);
    }
    said.assert("stores");
    let passphrase = user.passphrase_file("passphrase", "correct horse");
    let wrong = user.passphrase_file("wrong", "incorrect horse");
    let user = user.with("GETCARD_PASSPHRASE_FILE", passphrase);
    let mut after = Transcript::of(&user);
    for line in
        ["store migrate --to file", "status", "balance flexi", "store rekey", "store migrate --to file"]
    {
        after.run(line);
    }
    after.assert("stores_with_a_passphrase");
    let user = user.with("GETCARD_PASSPHRASE_FILE", wrong);
    let mut wrong = Transcript::of(&user);
    for line in
        ["balance", "balance --json", "store rekey", "store migrate --to keychain", "unlink --yes --json"]
    {
        wrong.run(line);
    }
    wrong.assert("stores_with_a_wrong_passphrase");
}

#[test]
fn no_keychain() {
    let user = alone();
    let mut said = Transcript::of(&user);
    for line in ["", "status", "status --json", "balance", "balance --json", "unlink --yes"] {
        said.run(line);
    }
    said.assert("no_keychain");
}

#[test]
fn locked_keychain() {
    let service = service();
    let user = linked(&service);
    user.keyring.lock();
    let mut said = Transcript::of(&user);
    for line in ["", "status", "balance", "balance --json", "unlink --yes"] {
        said.run(line);
    }
    said.assert("locked_keychain");
}

#[test]
fn configuration_and_environment() {
    let user = alone();
    let config = user.home.path().join(".config/getcard/config.toml");
    std::fs::create_dir_all(config.parent().unwrap()).unwrap();
    let mut said = Transcript::of(&user);
    for text in ["store = file\n", "stroe = \"file\"\n", "timeout = \"soon\"\n", "accounts = 3\n", "a = [\n"]
    {
        std::fs::write(&config, text).unwrap();
        said.note(&format!("the configuration is: {}", text.trim_end()));
        said.run("balance");
    }
    said.run("balance --json");
    std::fs::remove_file(&config).unwrap();
    said.assert("configuration");

    let mut user = user;
    let mut text = String::new();
    for (name, value) in [
        ("GETCARD_STORE", "nowhere"),
        ("GETCARD_TIMEOUT", "soon"),
        ("GETCARD_RETRIES", "-1"),
        ("GETCARD_JOURNAL", "perhaps"),
        ("GETCARD_JSON", "maybe"),
        ("GETCARD_API_URL", "http://example.org"),
        ("GETCARD_CONFIG", "/nonexistent"),
    ] {
        let set = user.with(name, value);
        let mut said = Transcript::after(&set, text);
        said.note(&format!("{name}={value}"));
        said.run("balance");
        text = said.text;
        user = set.without(name).with("GETCARD_API_URL", "http://127.0.0.1:9");
    }
    Transcript::after(&user, text).assert("environment");
}

#[test]
fn doctor() {
    let service = service();
    let user = linked(&service);
    let checks = user.run(&["doctor", "--json"]).json();
    let names: Vec<&str> =
        checks["checks"].as_array().unwrap().iter().filter_map(|check| check["name"].as_str()).collect();
    let mut said = Transcript::of(&user);
    said.note(&format!("the checks of doctor: {}", names.join(", ")));
    let keys: Vec<&String> = checks.as_object().unwrap().keys().collect();
    said.note(&format!("the keys of its document: {keys:?}"));
    assert!(checks["checks"].as_array().unwrap().iter().all(|check| check["status"] != Value::Null));
    said.run("doctor --json --openmetrics");
    said.assert("doctor");
}
