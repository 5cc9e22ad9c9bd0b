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
            example("Link anew when the device is no longer known", "getcard login --replace"),
        ],
    ),
    (
        "link",
        &[
            example("Paste the address of the page that says \"validated\", unseen", "getcard link"),
            example("Take it from the clipboard", "wl-paste | getcard link -").on(&[Linux]),
            example("Take it from the clipboard", "pbpaste | getcard link -").on(&[MacOs]),
            example("Take it from the clipboard", "Get-Clipboard | getcard link -").on(&[Windows]),
            example("Take it from a picture of a QR code", "getcard link --qr validated.png"),
            example("Link anew, then revoke the old device", "getcard link --replace"),
        ],
    ),
    (
        "status",
        &[
            example("Show what is linked", "getcard status"),
            example("Ask the service whether it works", "getcard status --check"),
            example("Link only if need be", "getcard status --check --quiet || getcard login")
                .on(&[Linux, MacOs]),
            example("Link only if need be", "getcard status --check --quiet; if (!$?) { getcard login }")
                .on(&[Windows]),
        ],
    ),
    ("profiles", &[example("Show which cards are linked, and which is used", "getcard profiles")]),
    (
        "balance",
        &[
            example("Show what is left", "getcard balance"),
            example("Only the accounts with \"flexi\" in their name", "getcard balance flexi"),
            example(
                "Warn when there is little left, and only then",
                "getcard balance flexi --below 10; test $? -eq 6 && notify-send 'Low on Flexi'",
            )
            .on(&[Linux]),
            example(
                "Warn when there is little left, and only then",
                "getcard balance flexi --below 10; test $? -eq 6 && osascript -e 'display notification \"Low on Flexi\"'",
            )
            .on(&[MacOs]),
            example(
                "Warn when there is little left, and only then",
                "getcard balance flexi --below 10; if ($LASTEXITCODE -eq 6) { msg $env:USERNAME Low on Flexi }",
            )
            .on(&[Windows]),
            example("A bare number for a status line", "getcard balance flexi --value"),
            example("Tell every change as it comes", "getcard balance --watch"),
            example("Every account with its exact numbers", "getcard balance --all --json"),
            example("Look every minute, and print what changes", "getcard balance --watch 60"),
        ],
    ),
    (
        "barcode",
        &[
            example("Show the barcode full-screen and keep it fresh", "getcard barcode"),
            example("Print one and go on", "getcard barcode --once"),
            example("Wait for the charge and show its receipt", "getcard barcode --until-charged"),
            example("Make a picture for another screen", "getcard barcode --output card.png"),
        ],
    ),
    (
        "history",
        &[
            example("The newest transactions", "getcard history"),
            example("What was spent where in a month", "getcard history --since 1m --summary location"),
            example(
                "A spreadsheet of everything this year",
                "getcard history --since 2026-01-01 --all --format csv",
            ),
            example(
                "What has come since the last time, for a scheduled run",
                "getcard history --new --quiet",
            ),
            example("What was spent a week", "getcard history --since 3m --summary week"),
            example("Every deposit", "getcard history --all --kind deposit"),
            example("The books for hledger", "getcard history --all --format hledger --output card.journal"),
            example("Check the balances against the transactions", "getcard history --since 30d --reconcile"),
            example("Draw the last three months", "getcard history --since 3m --chart"),
            example("A picture of them to share", "getcard history --since 3m --chart --output chart.png"),
        ],
    ),
    (
        "forecast",
        &[
            example("Will it last", "getcard forecast"),
            example(
                "What may be spent a day until the end of the term",
                "getcard forecast --until 2026-12-12",
            ),
            example("Draw the outcomes for one account", "getcard forecast flexi --chart"),
            example("A picture of them to share", "getcard forecast --chart --output forecast.png"),
        ],
    ),
    (
        "unlink",
        &[
            example("Revoke the device and forget it", "getcard unlink"),
            example("Without being asked", "getcard unlink --yes"),
            example("Forget it although the service cannot be reached", "getcard unlink --local"),
            example("Leave nothing behind but the configuration", "getcard unlink --purge"),
        ],
    ),
    (
        "lost",
        &[
            example("Report the card lost, after a question", "getcard lost"),
            example("Without being asked", "getcard lost --yes"),
        ],
    ),
    ("found", &[example("Report it found again", "getcard found")]),
    ("store", &[example("Move every profile into the keychain", "getcard store migrate --to keychain")]),
    ("store rekey", &[example("Change the passphrase of the file store", "getcard store rekey")]),
    (
        "store migrate",
        &[
            example("Move every profile into the keychain", "getcard store migrate --to keychain"),
            example("Move them into a file sealed with a passphrase", "getcard store migrate --to file"),
        ],
    ),
    (
        "schools",
        &[
            example("Every school that the service knows", "getcard schools"),
            example("Those with \"santa\" in their name", "getcard schools santa"),
        ],
    ),
    (
        "probe",
        &[
            example("Who the card belongs to, as the service says it", "getcard probe user retrieve"),
            example("How long the service takes", "getcard probe commerce retrieveAccounts --timing"),
            example(
                "A call with parameters",
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
                "Only what is not as it should be",
                "getcard doctor --json | jq '.checks[] | select(.status != \"ok\")'",
            )
            .on(&[Linux, MacOs]),
            example(
                "Only what is not as it should be",
                "(getcard doctor --json | ConvertFrom-Json).checks | Where-Object status -ne ok",
            )
            .on(&[Windows]),
            example("Figures for a node exporter", "getcard doctor --openmetrics > getcard.prom")
                .on(&[Linux, MacOs]),
        ],
    ),
    (
        "journal",
        &[
            example("What was done with the card, and when", "getcard journal"),
            example("Of the last 30 days", "getcard journal --since 30d"),
        ],
    ),
    (
        "sandbox",
        &[
            example("A service to try everything with", "getcard sandbox"),
            example("One that fails at times", "getcard sandbox --fault http=503@retrieveAccounts#1"),
            example("One where the card is used every few seconds", "getcard sandbox --charge-every 8"),
        ],
    ),
    (
        "demo",
        &[
            example("See it all without an account", "getcard demo"),
            example("A single frame", "getcard demo --once"),
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
            example("The help of a command", "getcard help balance"),
            example("What the exit codes mean", "getcard help exit-codes"),
            example("What JSON every command prints, as JSON Schema", "getcard help json --json"),
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
