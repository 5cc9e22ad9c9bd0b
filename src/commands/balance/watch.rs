//! Polls the balances and prints them when they change; temporary failures do not end it.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::{BalanceArgs, Reply, below, fetch, show, tell_below};
use crate::app::App;
use crate::error::{Category, Error, Exit, Result};
use crate::live::poll_timer::{PollTimer, chance};

/// Watches until the user stops it, the credentials fail, or a selected account is below the given amount.
///
/// # Errors
/// As one read, except for temporary failures.
pub async fn run(app: &App, args: &BalanceArgs, every: Duration) -> Result<Exit> {
    let session = app.session().await?;
    // The timer decides when to try again.
    let client = app.new_client(0)?;
    let mut timer = PollTimer::new(every);
    let mut watch = Watch { app, args, shown: None, failing: None };
    loop {
        tokio::time::sleep(timer.wait(app.clock.moment()).unwrap_or_default()).await;
        timer.start(app.clock.moment());
        let answer = fetch(app, args, &session, &client).await;
        let now = app.clock.moment();
        match answer {
            Ok(reply) => {
                timer.succeeded(now);
                let exit = watch.show(reply)?;
                if exit != Exit::Done {
                    return Ok(exit);
                }
            }
            Err(error) if error.category() == Some(Category::TransientUpstream) => {
                timer.failed(now, &error, chance());
                watch.note(&error, timer.wait(now).unwrap_or_default());
            }
            Err(error) => return Err(error),
        }
    }
}

struct Watch<'a> {
    app: &'a App,
    args: &'a BalanceArgs,
    shown: Option<Reply>,
    /// The last failure reported.
    failing: Option<String>,
}

impl Watch<'_> {
    /// Prints changed balances; returns the exit status if `--below` applies.
    fn show(&mut self, reply: Reply) -> Result<Exit> {
        let Self { app, args, .. } = self;
        if self.failing.take().is_some() {
            app.ui.note("the balances can be read again");
        }
        let below = below(args.below, &reply.accounts)?;
        if self.shown.as_ref().is_none_or(|shown| !shown.is_same(&reply)) {
            if !app.ui.json && !args.value {
                let at = reply.fetched_at.to_zoned(TimeZone::system());
                let gap = if self.shown.is_some() { "\n" } else { "" };
                app.ui.result(format!("{gap}{}\n", at.strftime("%Y-%m-%d %H:%M:%S")))?;
            }
            show(app, args, &reply)?;
        }
        let exit = tell_below(app, args.below, &below);
        self.shown = Some(reply);
        Ok(exit)
    }

    /// Reports why there is no update, once for each reason.
    fn note(&mut self, error: &Error, wait: Duration) {
        let reason = error.to_string();
        if self.failing.as_ref() != Some(&reason) {
            self.app.ui.note(&format!("{reason}; trying again in {} s", wait.as_secs_f32().ceil()));
            self.failing = Some(reason);
        }
    }
}
