//! Checks of the service (network, TLS, clock, sign-in, accounts, payload, history), up to the first failure.

use jiff::{SignedDuration, ToSpan};

use super::{Check, Checks, Status};
use crate::app::App;
use crate::barcode::shape::ShapeOptions;
use crate::barcode::symbol::Symbol;
use crate::commands::status;
use crate::error::{Cause, Error, Result};
use crate::get::client::CallResult;
use crate::get::failure::Failure;
use crate::get::page::Query;
use crate::get::transport::TransportError;
use crate::secret::{Payload, SessionId};
use crate::store::entry::Entry;
use crate::store::lock::LockGuard;

/// How far this machine's clock may be off.
const TOLERATED_SKEW: SignedDuration = SignedDuration::from_secs(60);
/// The checks that need a successful sign-in.
const BEHIND_SIGN_IN: [&str; 3] = ["accounts", "payload", "history"];

/// Runs all checks that use the network. `unlinked` is the failed link check, if nothing is linked.
pub(super) async fn all(checks: &mut Checks<'_>, unlinked: Option<Check>) -> Result<()> {
    let app = checks.app;
    let sign_in = match network(checks).await?.or(unlinked) {
        Some(obstacle) => Check::unchecked("sign_in", &obstacle),
        None => sign_in(app).await,
    };
    checks.add(sign_in.clone())?;
    if sign_in.status != Status::Ok {
        return BEHIND_SIGN_IN.iter().try_for_each(|name| checks.add(Check::unchecked(name, &sign_in)));
    }
    checks.add(accounts(app).await)?;
    checks.add(payload(app).await)?;
    checks.add(history(app).await)
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
    let Some(date) = app.client().ok().and_then(crate::get::client::Client::server_date) else {
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

async fn sign_in(app: &App) -> Check {
    const NAME: &str = "sign_in";
    let checked = match locked(app).await {
        Ok((held, mut entry)) => status::check(app, &held, &mut entry).await,
        Err(error) => Err(error),
    };
    match checked {
        Err(error) | Ok(status::Check { failure: Some(error), .. }) => Check::fail(NAME, &error),
        Ok(_) => Check::ok(NAME, "the credentials work"),
    }
}

/// Locks and loads the entry.
async fn locked(app: &App) -> Result<(LockGuard, Entry)> {
    let entry_store = app.entry_store().await?;
    let held = entry_store.lock().await?;
    Ok((held, entry_store.load().await?))
}

/// Makes a call on behalf of the linked device.
async fn call<T>(app: &App, call: impl AsyncFn(&SessionId) -> CallResult<T>) -> Result<T> {
    app.session().await?.call(call).await
}

async fn accounts(app: &App) -> Check {
    const NAME: &str = "accounts";
    let reply = match app.client() {
        Ok(client) => call(app, async |session| client.accounts(session).await).await,
        Err(error) => Err(error),
    };
    match reply {
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

async fn payload(app: &App) -> Check {
    const NAME: &str = "payload";
    match fetch_payload(app).await.map(|payload| {
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

async fn fetch_payload(app: &App) -> Result<Payload> {
    let client = app.client()?;
    let _turn = app.payload_limiter().take().await?;
    call(app, async |session| client.barcode_payload(session).await).await
}

async fn history(app: &App) -> Check {
    const NAME: &str = "history";
    let now = app.clock.now();
    let oldest = now.checked_sub((90 * 24).hours()).ok();
    let query = Query { limit: 1, newest: None, oldest, account_id: None };
    let page = match app.client() {
        Ok(client) => call(app, async |session| client.transactions(session, &query).await).await,
        Err(error) => Err(error),
    };
    match page.map(|page| page.transactions.first().map(|newest| newest.occurred_at)) {
        Err(error) => Check::fail(NAME, &error),
        Ok(None) => Check::ok(NAME, "no transaction in the last 90 days"),
        Ok(Some(at)) => {
            let day = at.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d").to_string();
            Check::ok(NAME, format!("the newest transaction is of {day}"))
        }
    }
}
