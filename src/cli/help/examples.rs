//! Examples of each command, for its help and its manual page. A test reads every one as it would be typed.

use crate::platform::system::System::{self, Linux, MacOs, Windows};

/// A command line, and what it does.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// What it does.
    pub does: &'static str,
    /// The line as it is typed.
    pub line: &'static str,
    /// The systems where it is typed so.
    on: &'static [System],
}

const fn example(does: &'static str, line: &'static str) -> Example {
    Example { does, line, on: &System::ALL }
}

impl Example {
    /// For these systems only: others have other programs, or another shell.
    const fn on(self, on: &'static [System]) -> Self {
        Self { on, ..self }
    }
}

/// Examples by command; a command of two words is a subcommand of a subcommand.
const EXAMPLES: &[(&str, &[Example])] = &[
    (
        "login",
        &[
            example("Sign in at the school's page, in the browser, and link the card", "getcard login"),
            example("Sign in at another school", "getcard login --school uiuc"),
            example("On a machine without a browser", "getcard login --school ucsc --print-url"),
            example("Link again when the service no longer accepts this device", "getcard login --replace"),
        ],
    ),
    (
        "link",
        &[
            example("Paste the address of the page that says \"validated\"; it is not shown", "getcard link"),
            example("Take it from the clipboard", "wl-paste | getcard link -").on(&[Linux]),
            example("Take it from the clipboard", "pbpaste | getcard link -").on(&[MacOs]),
            example("Take it from the clipboard", "Get-Clipboard | getcard link -").on(&[Windows]),
            example("Take it from a picture of a QR code", "getcard link --qr validated.png"),
            example("Link again, then revoke the old device", "getcard link --replace"),
        ],
    ),
    (
        "status",
        &[
            example("Show what is linked", "getcard status"),
            example("Ask the service whether it works", "getcard status --check"),
            example("Link only if the credentials no longer work", "getcard status --check --quiet || getcard login")
                .on(&[Linux, MacOs]),
            example("Link only if the credentials no longer work", "getcard status --check --quiet; if (!$?) { getcard login }")
                .on(&[Windows]),
        ],
    ),
    ("profiles", &[example("Show which cards are linked", "getcard profiles")]),
    (
        "balance",
        &[
            example("Show the balances", "getcard balance"),
            example("Show only accounts with \"flexi\" in their name", "getcard balance flexi"),
            example(
                "Warn only when a balance is low",
                "getcard balance flexi --below 10; test $? -eq 6 && notify-send 'Low on Flexi'",
            )
            .on(&[Linux]),
            example(
                "Warn only when a balance is low",
                "getcard balance flexi --below 10; test $? -eq 6 && osascript -e 'display notification \"Low on Flexi\"'",
            )
            .on(&[MacOs]),
            example(
                "Warn only when a balance is low",
                "getcard balance flexi --below 10; if ($LASTEXITCODE -eq 6) { msg $env:USERNAME Low on Flexi }",
            )
            .on(&[Windows]),
            example("Print a bare number for a status line", "getcard balance flexi --value"),
            example("Print each change", "getcard balance --watch"),
            example("Print every account as JSON", "getcard balance --all --json"),
            example("Check every minute, and print each change", "getcard balance --watch 60"),
        ],
    ),
    (
        "barcode",
        &[
            example("Show the barcode full-screen and keep it fresh", "getcard barcode"),
            example("Print one barcode and exit", "getcard barcode --once"),
            example("Wait for the charge and print its receipt", "getcard barcode --until-charged"),
            example("Save a picture for another screen", "getcard barcode --output card.png"),
        ],
    ),
    (
        "history",
        &[
            example("Show the newest transactions", "getcard history"),
            example("Show how much was spent where in the last month", "getcard history --since 1m --summary location"),
            example(
                "Export everything since January to a spreadsheet",
                "getcard history --since 2026-01-01 --all --format csv",
            ),
            example(
                "Print only what is new since the last time, in a scheduled run",
                "getcard history --new --quiet",
            ),
            example("Show spending per week", "getcard history --since 3m --summary week"),
            example("Show every deposit", "getcard history --all --kind deposit"),
            example("Write a journal for hledger", "getcard history --all --format hledger --output card.journal"),
            example("Check the balances against the transactions", "getcard history --since 30d --reconcile"),
            example("Draw the last three months", "getcard history --since 3m --chart"),
            example("Save the chart as a picture", "getcard history --since 3m --chart --output chart.png"),
        ],
    ),
    (
        "forecast",
        &[
            example("Show when each account runs out", "getcard forecast"),
            example(
                "Show how much you can spend per day until the end of the term",
                "getcard forecast --until 2026-12-12",
            ),
            example("Draw the forecast for one account", "getcard forecast flexi --chart"),
            example("Save the chart as a picture", "getcard forecast --chart --output forecast.png"),
        ],
    ),
    (
        "unlink",
        &[
            example("Revoke the device and forget it", "getcard unlink"),
            example("Skip the confirmation", "getcard unlink --yes"),
            example("Forget it without revoking it, if the service cannot be reached", "getcard unlink --local"),
            example("Also remove the journal, cache, and lock files", "getcard unlink --purge"),
        ],
    ),
    (
        "lost",
        &[
            example("Report the card lost", "getcard lost"),
            example("Skip the confirmation", "getcard lost --yes"),
        ],
    ),
    ("found", &[example("Report the card found", "getcard found")]),
    ("store", &[example("Move every profile to the keychain", "getcard store migrate --to keychain")]),
    ("store rekey", &[example("Change the passphrase of the file store", "getcard store rekey")]),
    (
        "store migrate",
        &[
            example("Move every profile to the keychain", "getcard store migrate --to keychain"),
            example("Move every profile to a file encrypted with a passphrase", "getcard store migrate --to file"),
        ],
    ),
    (
        "schools",
        &[
            example("List every school that the service knows", "getcard schools"),
            example("Find schools with \"santa\" in their name", "getcard schools santa"),
        ],
    ),
    (
        "probe",
        &[
            example("Show whose card it is, in the service's own words", "getcard probe user retrieve"),
            example("Show how long each phase of a call takes", "getcard probe commerce retrieveAccounts --timing"),
            example(
                "Call a method with parameters",
                "getcard probe commerce retrieveTransactionHistoryWithinDateRange --params '{\"paymentSystemType\":0,\"queryCriteria\":{\"maxReturnMostRecent\":5}}'",
            )
            // PowerShell takes the quotes away.
            .on(&[Linux, MacOs]),
        ],
    ),
    (
        "doctor",
        &[
            example("Check everything", "getcard doctor"),
            example(
                "Show only problems",
                "getcard doctor --json | jq '.checks[] | select(.status != \"ok\")'",
            )
            .on(&[Linux, MacOs]),
            example(
                "Show only problems",
                "(getcard doctor --json | ConvertFrom-Json).checks | Where-Object status -ne ok",
            )
            .on(&[Windows]),
            example("Write metrics for Prometheus node exporter", "getcard doctor --openmetrics > getcard.prom")
                .on(&[Linux, MacOs]),
        ],
    ),
    (
        "journal",
        &[
            example("Show what was done with the card, and when", "getcard journal"),
            example("Show only the last 30 days", "getcard journal --since 30d"),
        ],
    ),
    (
        "sandbox",
        &[
            example("Start a service to try everything with", "getcard sandbox"),
            example("Start one whose first reply is an error", "getcard sandbox --fault http=503@retrieveAccounts#1"),
            example("Start one that charges the card every 8 seconds", "getcard sandbox --charge-every 8"),
        ],
    ),
    (
        "demo",
        &[
            example("See it all without an account", "getcard demo"),
            example("Print a single frame", "getcard demo --once"),
        ],
    ),
    (
        "completions",
        &[
            example("For bash, in ~/.bashrc", "source <(getcard completions bash)").on(&[Linux, MacOs]),
            example("For zsh, in ~/.zshrc after compinit", "source <(getcard completions zsh)")
                .on(&[Linux, MacOs]),
            example("For fish, in ~/.config/fish/config.fish", "getcard completions fish | source")
                .on(&[Linux, MacOs]),
            example(
                "For PowerShell, in the file that $PROFILE names",
                "getcard completions powershell | Out-String | Invoke-Expression",
            )
            .on(&[Windows]),
        ],
    ),
    (
        "help",
        &[
            example("Show the help of a command", "getcard help balance"),
            example("Show what the exit codes mean", "getcard help exit-codes"),
            example("Print the JSON Schema of every document", "getcard help json --json"),
        ],
    ),
];

/// The examples of a command, for example `balance` or `store rekey`, on a system.
#[must_use]
pub fn of(command: &str, system: System) -> Vec<Example> {
    let all = EXAMPLES.iter().find(|(name, _)| *name == command).map(|(_, examples)| *examples);
    all.unwrap_or_default().iter().filter(|example| example.on.contains(&system)).copied().collect()
}

/// The examples as the end of a help text.
#[must_use]
pub fn text(examples: &[Example]) -> String {
    let mut text = String::from("Examples:");
    for Example { does, line, .. } in examples {
        text.push_str("\n  # ");
        text.push_str(does);
        text.push_str("\n  ");
        text.push_str(line);
    }
    text
}
