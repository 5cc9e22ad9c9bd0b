//! `doctor --openmetrics`: the promised names, in a text that a strict parser and Prometheus's own take.

use std::collections::BTreeMap;
use std::process::Command;

use getcard::sandbox::{Fault, FaultKind};

use crate::support::getcard::Getcard;
use crate::support::service::Service;

/// The samples of an `OpenMetrics` text, by name and labels. Panics at anything that the format does not allow.
pub fn parse(text: &str) -> BTreeMap<String, f64> {
    let body = text.strip_suffix("# EOF\n").expect("it ends with # EOF");
    let (mut samples, mut families, mut family) =
        (BTreeMap::new(), Vec::new(), (String::new(), String::new()));
    for line in body.lines() {
        if let Some(rest) = line.strip_prefix("# ") {
            let [kind, name, value] = rest.splitn(3, ' ').collect::<Vec<_>>().try_into().unwrap();
            match kind {
                "HELP" => {
                    assert!(!families.contains(&name.to_owned()), "{name} comes twice");
                    families.push(name.to_owned());
                    family = (name.to_owned(), String::new());
                }
                "TYPE" if family.0 == name => value.clone_into(&mut family.1),
                "UNIT" => assert!(family.0 == name && name.ends_with(&format!("_{value}")), "{line}"),
                _ => panic!("{line}"),
            }
            continue;
        }
        let (name, value) = line.rsplit_once(' ').unwrap();
        let bare = name.split('{').next().unwrap();
        let suffixes: &[&str] = match family.1.as_str() {
            "counter" => &["_total"],
            "histogram" => &["_bucket", "_sum", "_count"],
            other => panic!("unexpected type {other}"),
        };
        assert!(suffixes.iter().any(|suffix| bare == format!("{}{suffix}", family.0)), "{line}");
        if let Some(labels) = name.strip_prefix(bare).and_then(|labels| labels.strip_prefix('{')) {
            let pairs = labels.strip_suffix('}').unwrap().split(',');
            let quoted = |value: &str| value.len() >= 2 && value.starts_with('"') && value.ends_with('"');
            assert!(
                pairs.map(|pair| pair.split_once('=').unwrap()).all(|(_, value)| quoted(value)),
                "{line}"
            );
        }
        assert!(samples.insert(name.to_owned(), value.parse().unwrap()).is_none(), "{name} comes twice");
    }
    samples
}

/// Has Prometheus's own parser read the text, where Debian's `prometheus` is installed. It takes samples with
/// timestamps only.
fn read_by_promtool(text: &str) {
    let dir = tempfile::tempdir().unwrap();
    let (file, out) = (dir.path().join("metrics"), dir.path().join("out"));
    let stamped: String = text
        .lines()
        .map(|line| if line.starts_with('#') { format!("{line}\n") } else { format!("{line} 1770000000\n") })
        .collect();
    std::fs::write(&file, stamped).unwrap();
    let promtool = Command::new("promtool")
        .args(["tsdb", "create-blocks-from", "openmetrics"])
        .arg(&file)
        .arg(&out)
        .output();
    if let Ok(output) = promtool {
        assert!(output.status.success(), "{}\n{text}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn every_promised_metric_is_there() {
    let service = Service::start();
    let user = Getcard::at(&service.base_url()).with("GETCARD_RETRIES", "2");
    user.link(&service.validated_url());
    assert_eq!(user.run(&["balance"]).code, Some(0));
    service.set_faults(vec![Fault::new(FaultKind::Http { status: 500, retry_after: None })]);
    assert_eq!(user.run(&["balance"]).code, Some(5));
    let journal = user.home.path().join(".local/state/getcard/journal.jsonl");
    let mut lines = std::fs::read_to_string(&journal).unwrap();
    let origin = service.base_url().split("/GET").next().unwrap().to_owned();
    let charge = format!(
        "{{\"at\":\"2026-02-09T19:04:11Z\",\"event\":\"watch\",\"state\":\"completed\",\"outcome\":\"ok\",\"duration_ms\":2500,\
         \"profile\":\"default\",\"origin\":\"{origin}\"}}\n"
    );
    lines.push_str(&charge);
    std::fs::write(&journal, lines).unwrap();

    let before = service.requests().len();
    let outcome = user.run(&["doctor", "--openmetrics"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
    assert_eq!(service.requests().len(), before, "figures need no call");
    read_by_promtool(outcome.text());
    let samples = parse(outcome.text());
    let expected = [
        ("getcard_signins_total{outcome=\"ok\"}", 1.0),
        ("getcard_calls_total{method=\"commerce.retrieveAccounts\",outcome=\"ok\"}", 1.0),
        (
            "getcard_calls_total{method=\"commerce.retrieveAccounts\",outcome=\"transient_upstream_error\"}",
            1.0,
        ),
        ("getcard_call_duration_seconds_count{method=\"commerce.retrieveAccounts\"}", 2.0),
        ("getcard_retries_total", 2.0),
        ("getcard_completion_lag_seconds_count", 1.0),
        ("getcard_completion_lag_seconds_sum", 2.5),
    ];
    for (name, value) in expected {
        assert_eq!(samples.get(name), Some(&value), "{name}\n{}", outcome.text());
    }
}

#[test]
fn an_empty_journal_is_a_good_text() {
    let service = Service::start();
    let outcome = Getcard::at(&service.base_url()).run(&["doctor", "--openmetrics"]);
    assert_eq!(outcome.code, Some(0));
    read_by_promtool(outcome.text());
    assert_eq!(parse(outcome.text()).get("getcard_retries_total"), Some(&0.0));
}
