//! No secret leaves the store: not to the terminal, not to the log, not to any file, whether a command succeeds or fails.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Stdio};

use getcard::sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::support::canary::{Canary, Hay, files_below};
use crate::support::getcard::{Getcard, Outcome};
use crate::support::measured::print_figures;
use crate::support::service::Service;

/// A payload without the shape of a secret: only its place in the reply says what it is.
const PAYLOAD: &str = "Pay-Load+of/the?barcode=7";
const PASSPHRASE: &str = "correct horse battery";

/// Every secret that was on the wire, by what it is.
fn on_the_wire(service: &Service) -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut secrets: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    for request in service.requests() {
        for (key, what) in [
            ("sessionId", "session"),
            ("deviceId", "device id"),
            ("pin", "PIN"),
            ("PIN", "PIN"),
            ("oldPIN", "PIN"),
            ("newPIN", "PIN"),
        ] {
            if let Value::String(secret) = &request.body["params"][key] {
                secrets.entry(what).or_default().insert(secret.clone());
            }
        }
    }
    secrets
}

/// The latest value of a parameter on the wire.
fn latest(service: &Service, key: &str) -> String {
    let requests = service.requests();
    let value = requests.iter().rev().find_map(|request| request.body["params"][key].as_str());
    value.unwrap_or_default().to_owned()
}

/// Everything that was said, to be searched at the end, when every secret is known.
struct Said<'a> {
    service: &'a Service,
    user: &'a Getcard,
    outputs: Vec<(String, Outcome)>,
}

impl Said<'_> {
    fn run(&mut self, args: &[&str]) -> Option<i32> {
        let mut code = None;
        for log in ["text", "json"] {
            let args = [args, &["-vv", "--log-format", log]].concat();
            let outcome = self.user.run_with_stdin(&args, self.service.validated_url());
            code = code.or(outcome.code);
            self.outputs.push((args.join(" "), outcome));
        }
        code
    }

    /// One run, of what cannot be repeated.
    fn once(&mut self, args: &[&str]) -> Option<i32> {
        let args = [args, &["-vv"]].concat();
        let outcome = self.user.run_with_stdin(&args, self.service.validated_url());
        let code = outcome.code;
        self.outputs.push((args.join(" "), outcome));
        code
    }
}

/// What only reads, as users type it.
const READING: [&[&str]; 13] = [
    &["status"],
    &["status", "--check", "--json"],
    &["balance"],
    &["balance", "--all", "--json"],
    &["barcode", "--once"],
    &["barcode", "--format", "svg"],
    &["barcode", "--once", "--json"],
    &["history"],
    &["history", "--format", "csv"],
    &["history", "--summary", "location", "--json"],
    &["history", "--reconcile"],
    &["doctor"],
    &["doctor", "--openmetrics"],
];

/// The codes that the service is known to give.
const CODES: [&str; 10] = ["4001", "4002", "6100", "6102", "6112", "6113", "9000", "9510", "9801", "9999"];

/// The text with an invisible character behind every visible one.
fn hidden(text: &str) -> String {
    text.chars().flat_map(|character| [character, '\u{200b}']).collect()
}

/// What the service may say that holds secrets of the request.
fn echoes(service: &Service) -> Vec<FaultKind> {
    let (session, device) = (latest(service, "sessionId"), latest(service, "deviceId"));
    let pin = service.requests().iter().rev().find_map(|request| {
        ["pin", "PIN", "oldPIN"]
            .iter()
            .find_map(|key| request.body["params"][*key].as_str().map(str::to_owned))
    });
    let pin = pin.unwrap_or_default();
    let text = format!("Session {session}, device {device} with PIN {pin} failed");
    vec![
        FaultKind::Exception(hidden(&text)),
        FaultKind::Exception(format!("9801|{text}")),
        FaultKind::Exception(format!("9999|{text}")),
        FaultKind::Exception(text.clone()),
        FaultKind::ExceptionObject(text.clone()),
        FaultKind::ExceptionJson(json!({"sessionId": session, "deviceId": device, "text": text})),
        FaultKind::Redirect(format!("http://127.0.0.1:9/?sessionId={session}&deviceId={device}")),
        FaultKind::WrongTypes,
        FaultKind::Truncate,
        FaultKind::ResetAfter,
        FaultKind::Html,
        FaultKind::Http { status: 503, retry_after: None },
        FaultKind::ResponseBesideException,
    ]
}

fn search(service: &Service, said: &Said<'_>, ways: &str) {
    let mut canaries = vec![Canary::new("passphrase", PASSPHRASE), Canary::new("payload", PAYLOAD)];
    for (what, secrets) in on_the_wire(service) {
        canaries.extend(secrets.iter().map(|secret| Canary::new(what, secret)));
    }
    let files = files_below(said.user.home.path());
    let texts: Vec<Hay> = files.iter().map(|path| Hay::new(&fs::read(path).unwrap())).collect();
    let outputs: Vec<(&String, Hay, Hay)> = said
        .outputs
        .iter()
        .map(|(command, outcome)| (command, Hay::new(outcome.stderr.as_bytes()), Hay::new(&outcome.stdout)))
        .collect();
    for canary in &canaries {
        for (command, stderr, stdout) in &outputs {
            let Canary { what, secret, .. } = canary;
            assert!(!canary.is_in(stderr), "{what} {secret} in stderr of {command}: {}", stderr.text());
            // The barcode is what its command is for; four digits are in many a table by chance.
            let own = *what == "payload" && command.starts_with("barcode") || *what == "PIN";
            assert!(own || !canary.is_in(stdout), "{what} {secret} in stdout of {command}");
        }
        for (path, text) in files.iter().zip(&texts) {
            assert!(!canary.is_in(text), "{} in {}", canary.what, path.display());
        }
    }
    let forms: usize = canaries.iter().map(Canary::forms).sum();
    print_figures(&format!(
        "secrets ({ways}): {} secrets in {forms} forms, searched in the output of {} commands and in {} files",
        canaries.len(),
        said.outputs.len(),
        files.len(),
    ));
}

#[test]
fn no_secret_leaves_the_store_when_all_goes_well() {
    let service = Service::start();
    service.set_payload(Some(json!(PAYLOAD)));
    let user = Getcard::at(&service.base_url());
    let file = user.passphrase_file("passphrase", PASSPHRASE);
    let user = user.with("GETCARD_PASSPHRASE_FILE", &file);
    let new = user.passphrase_file("new", PASSPHRASE);
    let mut said = Said { service: &service, user: &user, outputs: Vec::new() };
    assert_eq!(said.once(&["link", &service.validated_url()]), Some(0));
    for args in READING {
        assert_eq!(said.run(args), Some(0), "{args:?}");
    }
    assert_eq!(said.once(&["link", "--replace", "-"]), Some(0));
    service.steal_session();
    assert_eq!(said.run(&["balance"]), Some(0));
    assert_eq!(said.once(&["store", "migrate", "--to", "file"]), Some(0));
    assert_eq!(said.once(&["store", "rekey", "--new-passphrase-file", &new]), Some(0));
    assert_eq!(said.run(&["balance", "--store", "file"]), Some(0));
    assert_eq!(said.once(&["link", "--store", "file", "--replace", "-"]), Some(0));
    search(&service, &said, "success");
    assert_eq!(said.once(&["store", "migrate", "--to", "keychain", "--json"]), Some(0));
    assert_eq!(said.once(&["unlink", "--yes"]), Some(0));
    assert_eq!(said.once(&["login", "--no-browser", "--school", "ucsc"]), Some(0));
    search(&service, &said, "success, to the end");
}

#[test]
fn no_secret_leaves_the_store_when_the_service_echoes_it() {
    let service = Service::start();
    service.set_payload(Some(json!(PAYLOAD)));
    let user = Getcard::at(&service.base_url()).with("GETCARD_RETRIES", "1");
    let mut said = Said { service: &service, user: &user, outputs: Vec::new() };
    assert_eq!(said.once(&["link", "-"]), Some(0));
    assert_eq!(said.once(&["balance"]), Some(0));
    for fault in echoes(&service) {
        service.set_faults(vec![Fault::new(fault.clone())]);
        for args in READING.into_iter().step_by(2).chain([&["balance"][..], &["unlink", "--yes"]]) {
            // Unlinking is last: an echo that is a refusal removes the entry.
            said.once(args);
        }
        said.once(&["link", "--replace", "-"]);
        service.set_faults(Vec::new());
        said.once(&["link", "--replace", "-"]);
        assert_eq!(said.once(&["status", "--check"]), Some(0), "{fault:?}");
        // The echoes name the secrets of the first link; here are those of now.
        for method in ["createPIN", "authenticatePIN", "updatePIN", "retrieveAccounts"] {
            service.set_faults(
                echoes(&service).into_iter().take(1).map(|echo| Fault::new(echo).at(method)).collect(),
            );
            said.once(&["status", "--check"]);
            said.once(&["balance", "--json"]);
        }
        service.set_faults(Vec::new());
    }
    search(&service, &said, "failure");
}

#[test]
fn a_pin_in_the_place_of_a_code_is_masked() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with("GETCARD_RETRIES", "0");
    let pin = loop {
        let linking = user.run_with_stdin(&["link", "--replace", "-"], service.validated_url());
        assert_eq!(linking.code, Some(0), "{}", linking.stderr);
        // A code of the service is shown, even if a PIN is like it by chance.
        let pin = latest(&service, "pin");
        if !CODES.contains(&pin.as_str()) {
            break pin;
        }
    };
    assert_eq!(pin.len(), 4);
    let canary = Canary::new("PIN", &pin);
    for code in [pin.clone(), hidden(&pin)] {
        let fault = Fault::new(FaultKind::Exception(format!("{code}|{code} was refused")));
        service.set_faults(vec![fault.at("authenticatePIN")]);
        for args in
            [&["status", "--check", "--json"][..], &["status", "--check", "-vv"], &["status", "--check"]]
        {
            let outcome = user.run(args);
            assert_eq!(outcome.code, Some(3), "{args:?}: {}", outcome.stderr);
            let said = [outcome.stdout.as_slice(), outcome.stderr.as_bytes()].concat();
            assert!(!canary.is_in(&Hay::new(&said)), "{pin} in {}", String::from_utf8_lossy(&said));
            assert!(!outcome.stderr.contains(&format!("code {pin}")), "{}", outcome.stderr);
        }
    }
    for file in files_below(user.home.path()) {
        assert!(!canary.is_in(&Hay::new(&fs::read(&file).unwrap())), "{pin} in {}", file.display());
    }
    // What is no secret is shown, whatever the text says.
    let fault = Fault::new(FaultKind::Exception("9510|The PIN is wrong".to_owned()));
    service.set_faults(vec![fault.at("authenticatePIN")]);
    let linking = user.run_with_stdin(&["link", "--replace", "-"], service.validated_url());
    assert!(linking.stderr.contains("code 9510"), "{}", linking.stderr);
    let linking = user.run_with_stdin(&["link", "--replace", "--json", "-"], service.validated_url());
    assert_eq!(linking.error()["code"], "9510");
}

#[test]
fn files_are_for_their_user_alone() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with_file_store(PASSPHRASE);
    user.link(&service.validated_url());
    assert_eq!(user.run(&["balance"]).code, Some(0));
    let files = files_below(user.home.path());
    assert!(files.len() >= 3, "a store, its lock, the profile's lock: {files:?}");
    for path in files {
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700), "{}", path.display());
    }
}

/// A sandbox of the binary's own, for as long as it is looked at.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_crash_leaves_no_core_and_nobody_may_look_inside() {
    let user = Getcard::at("http://127.0.0.1:9/");
    let mut command = user.command(&["sandbox"]);
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line)
        .unwrap();
    let running = Running(child);
    let proc = |name: &str| fs::read_to_string(format!("/proc/{}/{name}", running.0.id())).unwrap();
    let limits = proc("limits");
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
}
