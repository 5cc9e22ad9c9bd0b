//! `--watch`: polls the balances and prints them when they change, through transient failures.

use std::collections::HashSet;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::below::{self, Below, Limit};
use super::{BalanceArgs, Reply, fetch, show};
use crate::app::App;
use crate::error::{Category, Error, Exit, Result};
use crate::live::poll_timer::{PollTimer, chance};
use crate::model::text::Text;

/// Watches until the user stops it, the credentials fail, or `--below` applies.
///
/// # Errors
/// Like a single read, except for transient failures.
pub async fn run(app: &App, args: &BalanceArgs, every: Duration) -> Result<Exit> {
    let session = app.session().await?;
    // No retries: the poll timer decides when to try again.
    let client = app.new_client(0)?;
    let mut timer = PollTimer::new(every);
    let limit = Limit::asked(args.below, &app.settings.file.low)?;
    // Without --below, notifications use the thresholds.
    let notified = args.notify.then(|| limit.unwrap_or(Limit::Thresholds(&app.settings.file.low)));
    let mut crossings = Crossings::default();
    let mut watch = Watch { app, args, limit, shown: None, failing: None };
    loop {
        tokio::time::sleep(timer.wait(app.clock.moment()).unwrap_or_default()).await;
        timer.start(app.clock.moment());
        let answer = fetch(app, args, &session, &client).await;
        let now = app.clock.moment();
        match answer {
            Ok(reply) => {
                timer.succeeded(now);
                if let Some(limit) = notified {
                    for text in crossings.fallen(&limit.below(&reply.accounts)?) {
                        app.notify("Low balance", &text).await;
                    }
                }
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
    limit: Option<Limit<'a>>,
    shown: Option<Reply>,
    /// The last failure reported.
    failing: Option<String>,
}

impl Watch<'_> {
    /// Prints the balances if they changed, and returns the exit status.
    fn show(&mut self, reply: Reply) -> Result<Exit> {
        let Self { app, args, .. } = self;
        if self.failing.take().is_some() {
            app.ui.note("the balances can be read again");
        }
        let below = match self.limit {
            Some(limit) => limit.below(&reply.accounts)?,
            None => Vec::new(),
        };
        if self.shown.as_ref().is_none_or(|shown| !shown.is_same(&reply)) {
            if !app.ui.json && !args.value {
                let at = reply.fetched_at.to_zoned(TimeZone::system());
                let gap = if self.shown.is_some() { "\n" } else { "" };
                app.ui.result(format!("{gap}{}\n", at.strftime("%Y-%m-%d %H:%M:%S")))?;
            }
            show(app, args, &reply)?;
        }
        let exit = below::report(app, &below);
        self.shown = Some(reply);
        Ok(exit)
    }

    /// Reports why there is no update, once per reason.
    fn note(&mut self, error: &Error, wait: Duration) {
        let reason = error.to_string();
        if self.failing.as_ref() != Some(&reason) {
            self.app.ui.note(&format!("{reason}; trying again in {} s", wait.as_secs_f32().ceil()));
            self.failing = Some(reason);
        }
    }
}

/// The accounts that were below at the last poll, so that each crossing is reported only once.
#[derive(Default)]
struct Crossings(HashSet<Text>);

impl Crossings {
    /// The messages for accounts that were not below at the last poll.
    fn fallen(&mut self, below: &[Below<'_>]) -> Vec<String> {
        let fallen = below.iter().filter(|(account, _)| !self.0.contains(&account.name));
        let texts = fallen.map(|(account, limit)| {
            format!(
                "{}: {} left, below {}",
                account.name,
                account.balance_text(),
                limit.display(account.unit)
            )
        });
        let texts = texts.collect();
        self.0 = below.iter().map(|(account, _)| account.name.clone()).collect();
        texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::payment_watch::tests::account;

    #[test]
    fn a_crossing_is_reported_once_and_again_after_a_rise() {
        let mut crossings = Crossings::default();
        let low = [account("1", "Flexi", "9")];
        let below: Vec<Below<'_>> = low.iter().map(|account| (account, "10".parse().unwrap())).collect();
        assert_eq!(crossings.fallen(&below), ["Flexi: $9.00 left, below $10.00"]);
        assert!(crossings.fallen(&below).is_empty());
        assert!(crossings.fallen(&[]).is_empty());
        assert_eq!(crossings.fallen(&below).len(), 1);
    }
}
