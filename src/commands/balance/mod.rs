//! `getcard balance`: what is left on your accounts.

mod below;
mod watch;

use clap::Args;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use self::below::{Bound, Limit};
use crate::app::App;
use crate::auth::session::Session;
use crate::error::{Cause, Error, Exit, Result};
use crate::get::Accounts;
use crate::get::client::Client;
use crate::model::account::{self, Account, NoSuchAccount};
use crate::model::text::{self, Text, is_hostile};
use crate::output::table::{Cell, Column, Style, Tone, render};
use crate::settings::whole_number::whole_number;

/// Arguments of `balance`.
#[derive(Debug, Args)]
pub struct BalanceArgs {
    /// Accounts to show: ids or parts of names.
    #[arg(value_name = "ACCOUNT")]
    pub accounts: Vec<String>,
    /// Show every account, including inactive ones and payment cards.
    #[arg(long)]
    pub all: bool,
    /// Exit with 6 if any selected account is below this amount, and name it. The accounts must have the same unit,
    /// dollars or meals. Without an amount, compare each account with its threshold under `[low]` in the configuration.
    #[arg(long, value_name = "AMOUNT", num_args = 0..=1, default_missing_value = "low", allow_negative_numbers = true)]
    pub below: Option<Bound>,
    /// Print bare numbers, one per line; an empty line for an unknown balance.
    #[arg(long, conflicts_with = "json")]
    pub value: bool,
    /// Check the balances every SECONDS (5 or more) and print them when they change; with --below, stop when an
    /// account is below.
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "10", value_parser = whole_number::<u64>(5..=86_400))]
    pub watch: Option<u64>,
    /// With `--watch`, show a desktop notification when an account falls below its threshold, and again only after
    /// it has risen.
    #[arg(long, requires = "watch")]
    pub notify: bool,
}

/// A snapshot of the selected accounts.
#[derive(Serialize)]
struct Reply {
    #[serde(serialize_with = "crate::model::time::serialize")]
    fetched_at: Timestamp,
    plan_name: Option<Text>,
    accounts: Vec<Account>,
}

impl Reply {
    /// Returns whether two replies differ only in their time.
    fn is_same(&self, other: &Self) -> bool {
        (&self.plan_name, &self.accounts) == (&other.plan_name, &other.accounts)
    }
}

/// Runs `balance`.
///
/// # Errors
/// `validation_error` if a name matches no account, or `--below` applies to accounts with different units;
/// otherwise the error of the call.
pub async fn run(app: &App, args: &BalanceArgs) -> Result<Exit> {
    if let Some(seconds) = args.watch {
        return watch::run(app, args, Duration::from_secs(seconds)).await;
    }
    let limit = Limit::asked(args.below, &app.settings.file.low)?;
    let (session, client) = app.connect().await?;
    let reply = fetch(app, args, &session, client).await?;
    let below = match limit {
        Some(limit) => limit.below(&reply.accounts)?,
        None => Vec::new(),
    };
    show(app, args, &reply)?;
    Ok(below::report(app, &below))
}

async fn fetch(app: &App, args: &BalanceArgs, session: &Session<'_>, client: &Client) -> Result<Reply> {
    let Accounts { accounts, plan_name } =
        session.call(async |session| client.accounts(session).await).await?;
    let fetched_at = app.clock.now();
    app.remember(|known, label| known.see_accounts(label, completable(&accounts)));
    // The accounts in the configuration only select among the usable ones.
    let configured: &[String] = if args.all { &[] } else { &app.settings.file.accounts };
    let is_configured = args.accounts.is_empty();
    let wanted = if is_configured { configured } else { &args.accounts };
    let mut accounts = account::select(accounts, args.all, wanted).map_err(|error| {
        let error = no_such_account(error);
        if is_configured { app.settings.blame("accounts", error) } else { error }
    })?;
    app.settings.file.low.mark(&mut accounts);
    Ok(Reply { fetched_at, plan_name, accounts })
}

fn show(app: &App, args: &BalanceArgs, reply: &Reply) -> Result<()> {
    if app.ui.json {
        app.ui.document(reply)
    } else if args.value {
        app.ui.result(values(&reply.accounts))
    } else {
        app.ui.result(table(&reply.accounts, args.all, app.ui.table()))
    }
}

/// The names of usable accounts that can be typed on a command line, for completion.
fn completable(accounts: &[Account]) -> impl Iterator<Item = &str> {
    let names = accounts.iter().filter(|account| account.usable).map(|account| &*account.name);
    names.filter(|name| !name.contains(is_hostile))
}

/// The error for words that match no usable account; its hint lists those accounts.
#[must_use]
pub fn no_such_account(error: NoSuchAccount) -> Error {
    let others = match error.names.as_slice() {
        [] => "no usable account; to see every account, run: getcard balance --all".to_owned(),
        names => format!("the accounts are: {}; --all includes the others", text::list(names)),
    };
    unknown_account(error).hint(others)
}

/// The error for words that match no account; its hint lists the accounts.
#[must_use]
pub fn unknown_account(NoSuchAccount { wanted, names }: NoSuchAccount) -> Error {
    Error::new(Cause::NoSuchAccount, format!("no account matches `{wanted}`"))
        .hint(format!("the accounts are: {}", text::list(&names)))
}

fn values(accounts: &[Account]) -> String {
    accounts
        .iter()
        .map(|account| account.balance.map_or_else(String::new, |it| it.to_string()) + "\n")
        .collect()
}

/// Formats the accounts for people.
#[must_use]
pub fn table(accounts: &[Account], all: bool, style: Style) -> String {
    if accounts.is_empty() {
        return "no accounts\n".to_owned();
    }
    let mut columns = vec![Column::Text("ACCOUNT"), Column::Number("BALANCE")];
    let marks = accounts.iter().any(|account| account.low == Some(true));
    if marks {
        columns.push(Column::Text(""));
    }
    if all {
        columns.extend([Column::Text("TYPE"), Column::Text("USABLE"), Column::Text("CARD")]);
    }
    let rows: Vec<Vec<Cell>> = accounts
        .iter()
        .map(|account| {
            let tone = if account.is_low() { Tone::Warning } else { Tone::Plain };
            let mut row = vec![account.name.to_string().into(), Cell::new(account.balance_text(), tone)];
            if marks {
                row.push(Cell::new(if account.low == Some(true) { "low" } else { "" }.to_owned(), tone));
            }
            if all {
                let card = account.last_four.as_deref().map_or_else(String::new, |last| format!("…{last}"));
                row.extend([
                    account.kind.label().into(),
                    if account.usable { "yes" } else { "no" }.into(),
                    card.into(),
                ]);
            }
            row
        })
        .collect();
    render(&columns, &rows, style)
}
