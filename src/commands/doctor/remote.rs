//! Checks of the service (network, TLS, clock, sign-in, accounts, payload, history), up to the first failure.

use jiff::{SignedDuration, ToSpan};

use super::{Check, Checks};
use crate::app::App;
use crate::auth::session::Session;
use crate::barcode::shape::ShapeOptions;
use crate::barcode::symbol::Symbol;
use crate::commands::status;
use crate::error::{Cause, Error, Result};
use crate::get::client::Client;
use crate::get::failure::Failure;
use crate::get::page::Query;
use crate::get::transport::TransportError;
use crate::secret::Payload;

/// How far this machine's clock may be off.
const TOLERATED_SKEW: SignedDuration = SignedDuration::from_secs(60);
/// The checks that need a successful sign-in.
const BEHIND_SIGN_IN: [&str; 3] = ["accounts", "payload", "history"];

/// Runs all checks that use the network. `unlinked` is the failed link check, if nothing is linked.
pub(super) async fn all(checks: &mut Checks<'_>, unlinked: Option<Check>) -> Result<()> {
    let app = checks.app;
    let (sign_in, session) = match network(checks).await?.or(unlinked) {
        Some(obstacle) => (Check::unchecked("sign_in", &obstacle), None),
        None => sign_in(app).await,
    };
    checks.add(sign_in.clone())?;
    let Some((client, session)) = session else {
        return BEHIND_SIGN_IN.iter().try_for_each(|name| checks.add(Check::unchecked(name, &sign_in)));
    };
    checks.add(accounts(client, &session).await)?;
    checks.add(payload(app, client, &session).await)?;
    checks.add(history(app, client, &session).await)
}

/// Checks network, TLS and clock with one call that needs no card; returns the failed check, if any.
async fn network(checks: &mut Checks<'_>) -> Result<Option<Check>> {
    let app = checks.app;
    let start = std::time::Instant::now();
    let answer = match app.client() {
        Ok(client) => client.authenticate_system().await.map(drop),
        Err(error) => return no_connection(checks, Check::fail("network", &error)),
    };
    let elapsed = start.elapsed();
    let url = app.settings.endpoint.url();
    let host = url.host_str().unwrap_or_default().to_owned();
    let secure = url.scheme() == "https";
    // Even an exception or a malformed reply proves that the service was reached.
    let error =
        answer.err().filter(|error| !error.is_final() && !matches!(error.failure, Failure::Shape { .. }));
    let Some(error) = error else {
        checks.add(Check::ok("network", format!("{host} responds in {} ms", elapsed.as_millis())))?;
        checks.add(tls(secure))?;
        checks.add(clock(app))?;
        return Ok(None);
    };
    let failure = error.failure.clone();
    let error = Error::from(error);
    match failure {
        Failure::Transport(TransportError::Certificate(_)) => {
            let tls = Check::fail("tls", &error);
            checks.add(Check::ok("network", format!("{host} can be reached")))?;
            checks.add(tls.clone())?;
            checks.add(Check::unchecked("clock", &tls))?;
            Ok(Some(tls))
        }
        Failure::Transport(_) => no_connection(checks, Check::fail("network", &error)),
        _ => {
            let network = Check::fail("network", &error);
            checks.add(network.clone())?;
            checks.add(tls(secure))?;
            checks.add(clock(app))?;
            Ok(Some(network))
        }
    }
}

fn no_connection(checks: &mut Checks<'_>, network: Check) -> Result<Option<Check>> {
    checks.add(network.clone())?;
    checks.add(Check::unchecked("tls", &network))?;
    checks.add(Check::unchecked("clock", &network))?;
    Ok(Some(network))
}

fn tls(secure: bool) -> Check {
    Check::ok(
        "tls",
        if secure { "the certificate is trusted" } else { "none: the service is on this machine" },
    )
}

fn clock(app: &App) -> Check {
    const NAME: &str = "clock";
    let Some(date) = app.client().ok().and_then(Client::server_date) else {
        let hint = "compare this machine's clock with another one";
        return Check::warn(NAME, "the service does not report its time", hint);
    };
    let skew = app.clock.now().duration_since(date);
    let seconds = skew.as_secs();
    if skew.abs() <= TOLERATED_SKEW {
        return Check::ok(NAME, format!("within {} s of the service's", seconds.abs().max(1)));
    }
    let direction = if seconds > 0 { "ahead of" } else { "behind" };
    let text = format!("this machine's clock is {} s {direction} the service's", seconds.abs());
    Check::warn(NAME, text, "set this machine's clock, preferably with NTP")
}

/// Signs in; if that works, the client and the session are for the checks behind it.
async fn sign_in(app: &App) -> (Check, Option<(&Client, Session<'_>)>) {
    const NAME: &str = "sign_in";
    match checked_session(app).await {
        Ok(session) => (Check::ok(NAME, "the credentials work"), Some(session)),
        Err(error) => (Check::fail(NAME, &error), None),
    }
}

async fn checked_session(app: &App) -> Result<(&Client, Session<'_>)> {
    let (client, entry_store) = (app.client()?, app.entry_store().await?);
    let held = entry_store.lock().await?;
    let mut entry = entry_store.load().await?;
    if let Some(error) = status::check(app, &held, &mut entry).await?.failure {
        return Err(error);
    }
    let session = Session::new(client, entry_store, &*app.clock);
    // Knowing it, the session does not read the store again.
    Ok((client, session.with_session(entry.session.map(|cached| cached.id))))
}

async fn accounts(client: &Client, session: &Session<'_>) -> Check {
    const NAME: &str = "accounts";
    match session.call(async |session| client.accounts(session).await).await {
        Err(error) => Check::fail(NAME, &error),
        Ok(reply) => {
            let usable = reply.accounts.iter().filter(|account| account.usable).count();
            let text = format!("{usable} of {} can be used", reply.accounts.len());
            if usable > 0 {
                return Check::ok(NAME, text);
            }
            Check::warn(NAME, text, "to see every account, run: getcard balance --all")
        }
    }
}

async fn payload(app: &App, client: &Client, session: &Session<'_>) -> Check {
    const NAME: &str = "payload";
    match fetch_payload(app, client, session).await.map(|payload| {
        (payload.expose().chars().count(), Symbol::auto(payload.expose(), ShapeOptions::default()))
    }) {
        Err(error) => Check::fail(NAME, &error),
        Ok((length, Ok(symbol))) => {
            let (columns, rows) = (symbol.shape().columns, symbol.rows());
            Check::ok(NAME, format!("{length} characters, a symbol of {columns} columns and {rows} rows"))
        }
        Ok((_, Err(error))) => {
            let error = Error::new(Cause::UnusablePayload, error.to_string());
            Check::fail(NAME, &error.hint("run: getcard probe authentication retrievePatronBarcodePayload"))
        }
    }
}

async fn fetch_payload(app: &App, client: &Client, session: &Session<'_>) -> Result<Payload> {
    let _turn = app.payload_limiter().take().await?;
    session.call(async |session| client.barcode_payload(session).await).await
}

async fn history(app: &App, client: &Client, session: &Session<'_>) -> Check {
    const NAME: &str = "history";
    let now = app.clock.now();
    let oldest = now.checked_sub((90 * 24).hours()).ok();
    let query = Query { limit: 1, newest: None, oldest, account_id: None };
    let page = session.call(async |session| client.transactions(session, &query).await).await;
    match page.map(|page| page.transactions.first().map(|newest| newest.occurred_at)) {
        Err(error) => Check::fail(NAME, &error),
        Ok(None) => Check::ok(NAME, "no transaction in the last 90 days"),
        Ok(Some(at)) => {
            let day = at.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d").to_string();
            Check::ok(NAME, format!("the newest transaction is of {day}"))
        }
    }
}
