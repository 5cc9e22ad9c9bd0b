//! The README: its shell blocks work as they are.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::support::getcard::Getcard;
use crate::support::service::Service;
use crate::support::stub::stub;

const README: &str = include_str!("../../README.md");
/// The port that the README's own sandbox has.
const PORT: &str = "8417";

/// The blocks of shell code.
fn blocks() -> Vec<&'static str> {
    README.split("\n```sh\n").skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect()
}

/// Runs a block as a script that stops at the first failure; a line may say how it exits.
fn run(user: &Getcard, block: &str) {
    let bin = user.home.path().join("bin");
    let path = format!(
        "{}:{}:{}",
        bin.display(),
        PathBuf::from(env!("CARGO_BIN_EXE_getcard")).parent().unwrap().display(),
        std::env::var("PATH").unwrap()
    );
    let _ = fs::create_dir(&bin);
    stub(&bin.join("notify-send"), r#"echo "$*" > "$HOME/notified""#);
    let exits = |line: &str| match line.split_once("   # exits ") {
        Some((command, rest)) => format!("{command} || [ $? = {} ]\n", &rest[..1]),
        None => format!("{line}\n"),
    };
    let script: String = block.lines().map(exits).collect();
    let like = user.command::<&str>(&[]);
    let output = Command::new("bash")
        .args([
            "-euo",
            "pipefail",
            "-c",
            &format!("trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n{script}"),
        ])
        .current_dir(user.home.path())
        .env_clear()
        .envs(like.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .env("PATH", path)
        .output()
        .unwrap();
    assert!(output.status.success(), "{script}\n{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_first_steps_link_and_unlink() {
    let block = blocks().into_iter().find(|block| block.contains("getcard sandbox")).unwrap();
    // Another program may be using the port.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let user = Getcard::at("http://127.0.0.1:9");
    run(&user, &block.replace(PORT, &free.to_string()));
}

#[test]
fn every_recipe_works() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    let config = user.home.path().join(".config/getcard/config.toml");
    fs::create_dir_all(config.parent().unwrap()).unwrap();
    fs::write(&config, block("toml").replace("flexi = 10", "flexi = 1000")).unwrap();
    let recipes: Vec<_> = blocks().into_iter().filter(|block| !block.contains("getcard sandbox")).collect();
    assert!(recipes.len() >= 5);
    for recipe in recipes {
        run(&user, recipe);
    }
    let notified = fs::read_to_string(user.home.path().join("notified")).unwrap();
    assert!(notified.starts_with("Campus card Flexi Dollars is below $1000"), "{notified}");
    assert!(fs::read(user.home.path().join("card.png")).unwrap().starts_with(b"\x89PNG"));
    assert!(fs::read_to_string(user.home.path().join("getcard.prom")).unwrap().ends_with("# EOF\n"));
}

/// The first block of a language.
fn block(language: &str) -> &'static str {
    README.split(&format!("\n```{language}\n")).nth(1).unwrap().split("\n```").next().unwrap()
}

#[test]
fn prometheus_accepts_the_alert() {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), format!("{}\n", block("yaml"))).unwrap();
    let checked = Command::new("promtool")
        .args(["check", "rules"])
        .arg(file.path())
        .output()
        .expect("promtool (tests/run.sh installs it)");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn launchd_reads_its_file_and_runs_its_script() {
    let service = Service::start();
    let user = Getcard::linked(&service);
    let json = Command::new("python3")
        .args(["-c", "import json, plistlib, sys; print(json.dumps(plistlib.loads(sys.argv[1].encode())))"])
        .arg(block("xml"))
        .output()
        .unwrap();
    assert!(json.status.success(), "{}", String::from_utf8_lossy(&json.stderr));
    let plist: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let arguments: Vec<&str> =
        plist["ProgramArguments"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    let ["sh", "-c", script] = arguments[..] else { panic!("{arguments:?}") };
    // Every balance is below a million.
    let home = user.home.path();
    fs::write(home.join("script"), script.replace("--below 10", "--below 1000000")).unwrap();
    fs::create_dir(home.join("bin")).unwrap();
    stub(&home.join("bin/osascript"), r#"echo "$2" > told"#);
    run(&user, "sh script");
    assert!(fs::read_to_string(home.join("told")).unwrap().starts_with("display notification"));
}

#[test]
fn files_that_it_names_exist() {
    for path in [
        "README.png",
        "README-expired.png",
        "tests/run.sh",
        "tests/house.rs",
        "benches/run.sh",
        "deny.toml",
        "CHANGELOG.md",
    ] {
        assert!(README.contains(path.rsplit('/').next().unwrap()) && PathBuf::from(path).exists(), "{path}");
    }
    serde_json::from_str::<serde_json::Value>(block("json")).unwrap();
}
