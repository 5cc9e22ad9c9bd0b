//! `getcard balance`: what is left on the accounts.

use jiff::Timestamp;
use serde::Serialize;

use crate::app::App;
use crate::cli;
use crate::error::{Error, Exit, Result};
use crate::model::account::{self, Account, NoSuchAccount};
use crate::model::text::is_hostile;
use crate::output::table::{Column, render};

#[derive(Serialize)]
struct Document<'a> {
    fetched_at: Timestamp,
    plan_name: Option<&'a str>,
    accounts: &'a [Account],
}

/// Runs `balance`.
///
/// # Errors
/// `validation_error` when an account is named that there is not; else as the call.
pub async fn run(app: &App, args: &cli::Balance) -> Result<Exit> {
    let session = app.session().await?;
    let client = app.client()?;
    let reply = session.call(async |session| client.accounts(session).await).await?;
    let fetched_at = app.clock.now();
    app.remember(|known, label| known.see_accounts(label, completable(&reply.accounts)));
    let wanted = if args.accounts.is_empty() { &app.settings.file.accounts } else { &args.accounts };
    let accounts = account::select(reply.accounts, args.all, wanted).map_err(no_such_account)?;
    if app.ui.json {
        let plan_name = reply.plan_name.as_deref();
        app.ui.document(&Document { fetched_at, plan_name, accounts: &accounts })?;
    } else if args.value {
        app.ui.result(values(&accounts))?;
    } else {
        app.ui.result(table(&accounts, args.all, app.ui.width()))?;
    }
    let below = |account: &Account| account.balance < args.below && account.balance.is_some();
    Ok(if accounts.iter().any(below) { Exit::Unmet } else { Exit::Done })
}

/// The names of usable accounts, for completion: those that can be shown on a command line.
fn completable(accounts: &[Account]) -> impl Iterator<Item = &str> {
    let names = accounts.iter().filter(|account| account.usable).map(|account| account.name.as_str());
    names.filter(|name| !name.contains(is_hostile))
}

/// The error for an account that there is not; it lists those that there are.
#[must_use]
pub fn no_such_account(NoSuchAccount { wanted, names }: NoSuchAccount) -> Error {
    let hint = match names.as_slice() {
        [] => "there is no usable account; look at every one with: getcard balance --all".to_owned(),
        names => format!("the accounts are: {}; --all takes the others too", names.join(", ")),
    };
    Error::validation(format!("no account matches `{wanted}`")).code("no_such_account").hint(hint)
}

fn values(accounts: &[Account]) -> String {
    accounts
        .iter()
        .map(|account| account.balance.map_or_else(String::new, |it| it.to_string()) + "\n")
        .collect()
}

fn table(accounts: &[Account], all: bool, width: Option<u16>) -> String {
    if accounts.is_empty() {
        return "no accounts\n".to_owned();
    }
    let mut columns = vec![Column::Text("ACCOUNT"), Column::Number("BALANCE")];
    if all {
        columns.extend([Column::Text("TYPE"), Column::Text("USABLE"), Column::Text("CARD")]);
    }
    let rows: Vec<Vec<String>> = accounts
        .iter()
        .map(|account| {
            let mut row = vec![account.name.clone(), account.balance_text()];
            if all {
                let card = account.last_four.as_deref().map_or_else(String::new, |last| format!("…{last}"));
                row.extend([
                    account.kind.label().to_owned(),
                    if account.usable { "yes" } else { "no" }.to_owned(),
                    card,
                ]);
            }
            row
        })
        .collect();
    render(&columns, &rows, width)
}
