//! Polls the code and the balances without a screen, and watches for a charge. Pure: replies and the time go
//! in, requests and events come out.

use std::iter;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use crate::auth::session;
use crate::error::{Category, Error, Result};
use crate::live::feed::Feed;
use crate::live::payment_watch::{Change, PaymentWatch, ReceiptQuery, Source};
use crate::live::polled::Polled;
use crate::model::account::Account;
use crate::model::transaction::Transaction;
use crate::platform::clock::Moment;
use crate::secret::Payload;

/// The longest wait, which bounds how late a suspend is noticed.
const MAX_WAIT: Duration = Duration::from_secs(1);

/// A request to the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    Code,
    Accounts,
    Transactions(ReceiptQuery),
}

/// A reply of the service.
pub enum Answer {
    Code(Result<Payload>),
    Accounts(Result<Vec<Account>>),
    Transactions(Result<Vec<Transaction>>),
}

/// What a reply means for the caller.
#[derive(Debug)]
pub enum News {
    /// The state of the charge watch changed.
    Changed(Change),
    /// A request failed and will be retried.
    Failed(Error),
    /// Polling is over: this failure is permanent.
    Ended(Error),
}

/// Sends a request to the feed.
pub fn ask(feed: &dyn Feed, request: Request) -> LocalBoxFuture<'_, Answer> {
    match request {
        Request::Code => feed.payload().map(Answer::Code).boxed_local(),
        Request::Accounts => {
            feed.accounts().map(|held| Answer::Accounts(held.map(|held| held.accounts))).boxed_local()
        }
        Request::Transactions(query) => feed.transactions(query).map(Answer::Transactions).boxed_local(),
    }
}

/// The polling state: the code, and the balances if a charge is watched for.
pub struct Follow {
    code: Polled<Payload>,
    charges: Option<Charges>,
}

struct Charges {
    accounts: Polled<Vec<Account>>,
    watch: PaymentWatch,
}

impl Follow {
    /// Polls the code every `interval`, and with a watch also the balances.
    #[must_use]
    pub fn new(interval: Duration, watch: Option<PaymentWatch>) -> Self {
        let charges = watch.map(|watch| Charges { accounts: Polled::new(interval), watch });
        Self { code: Polled::new(interval), charges }
    }

    /// Returns whether it watches for a charge.
    #[must_use]
    pub fn is_watching(&self) -> bool {
        self.charges.is_some()
    }

    /// The newest code, and when it was requested.
    #[must_use]
    pub fn code(&self) -> Option<&(Payload, Moment)> {
        self.code.latest.as_ref()
    }

    /// The requests that are due, which are then in flight.
    pub fn due(&mut self, now: Moment) -> Vec<Request> {
        let mut due = Vec::new();
        if self.code.pace.start(now) {
            due.push(Request::Code);
        }
        if let Some(charges) = &mut self.charges {
            if charges.accounts.pace.start(now) {
                due.push(Request::Accounts);
            }
            due.extend(charges.watch.query(now).map(Request::Transactions));
        }
        due
    }

    /// The time until something is due.
    #[must_use]
    pub fn wait(&self, now: Moment) -> Duration {
        let of_charges = self.charges.as_ref();
        let waits = [
            self.code.pace.wait(now),
            of_charges.and_then(|charges| charges.accounts.pace.wait(now)),
            of_charges.and_then(|charges| charges.watch.wait(now)),
        ];
        waits.into_iter().flatten().fold(MAX_WAIT, Duration::min).max(Duration::from_millis(1))
    }

    /// Advances the time.
    pub fn tick(&mut self, now: Moment) -> Option<Change> {
        self.charges.as_mut()?.watch.tick(now)
    }

    /// Gives up on requests in flight, which will get no reply; everything is due.
    pub fn abandon(&mut self) {
        self.code.pace.abandon();
        if let Some(charges) = &mut self.charges {
            charges.accounts.pace.abandon();
            charges.watch.abandon();
        }
    }

    /// Handles a reply. `chance`, from 0 to 1, is the jitter of the back-off after a failure.
    pub fn take(&mut self, now: Moment, answer: Answer, chance: f32) -> Vec<News> {
        match answer {
            Answer::Code(answer) => {
                let fatal = self.code.latest.is_none() && answer.as_ref().is_err_and(is_lasting);
                self.code.take(now, answer, chance);
                let failure = self.code.failure.clone();
                self.answered(now, failure, fatal, Source::Code, |charges| charges.watch.shown())
            }
            Answer::Accounts(answer) => {
                let Some(charges) = &mut self.charges else { return Vec::new() };
                let fatal = charges.accounts.latest.is_none() && answer.as_ref().is_err_and(is_wrong_usage);
                charges.accounts.take(now, answer, chance);
                let failure = charges.accounts.failure.clone();
                self.answered(now, failure, fatal, Source::Balances, |charges| {
                    let (accounts, _) = charges.accounts.latest.as_ref()?;
                    charges.watch.accounts(now, accounts)
                })
            }
            Answer::Transactions(answer) => {
                let Some(charges) = &mut self.charges else { return Vec::new() };
                let completed = charges.watch.transactions(now, &answer.unwrap_or_default());
                completed.map(News::Changed).into_iter().collect()
            }
        }
    }

    /// Handles the reply of a source: a failure, or an observation for the watch.
    fn answered(
        &mut self,
        now: Moment,
        failure: Option<Error>,
        fatal: bool,
        source: Source,
        see: impl FnOnce(&mut Charges) -> Option<Change>,
    ) -> Vec<News> {
        let charges = self.charges.as_mut();
        let Some(error) = failure else {
            return charges.and_then(see).map(News::Changed).into_iter().collect();
        };
        if fatal {
            return vec![News::Ended(error)];
        }
        let watch = charges.map(|charges| &mut charges.watch);
        if session::is_revoked(&error) {
            let change = watch.and_then(|watch| watch.revoked(now));
            // A charge that was noticed before counts as success.
            let ended = !matches!(change, Some(Change::Completed(_)));
            let ended = ended.then_some(News::Ended(error));
            return change.map(News::Changed).into_iter().chain(ended).collect();
        }
        let change = watch.and_then(|watch| watch.failed(source));
        iter::once(News::Failed(error)).chain(change.map(News::Changed)).collect()
    }
}

/// Returns whether retrying is pointless.
fn is_lasting(error: &Error) -> bool {
    error.category().is_some_and(|category| category != Category::TransientUpstream)
}

fn is_wrong_usage(error: &Error) -> bool {
    error.category() == Some(Category::Validation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Cause;
    use crate::live::payment_watch::tests::{account, moment, spent};
    use crate::live::payment_watch::{Charge, Reason};
    use zeroize::Zeroizing;

    fn follow() -> Follow {
        let watch = PaymentWatch::new(moment(0), Duration::from_secs(10), Some(Duration::from_secs(300)));
        Follow::new(Duration::from_secs(10), Some(watch))
    }

    fn code(text: &str) -> Answer {
        Answer::Code(Ok(Payload::new(Zeroizing::new(text.to_owned()))))
    }

    fn flexi(balance: &str) -> Answer {
        Answer::Accounts(Ok(vec![account("1", "Flexi", balance)]))
    }

    /// The names of the resulting events.
    fn events(follow: &mut Follow, second: u64, answer: Answer) -> Vec<String> {
        let news = follow.take(moment(second), answer, 0.0);
        let short = |news| match news {
            News::Changed(Change::Active) => "active".to_owned(),
            News::Changed(Change::Completed(Charge { amount, .. })) => format!("completed {amount}"),
            News::Changed(Change::Unavailable(Reason::UpstreamUnavailable)) => "unavailable".to_owned(),
            News::Changed(Change::Unavailable(Reason::CredentialsRevoked)) => "revoked".to_owned(),
            News::Changed(Change::Unavailable(Reason::Expired)) => "expired".to_owned(),
            News::Failed(_) => "failed".to_owned(),
            News::Ended(_) => "ended".to_owned(),
        };
        news.into_iter().map(short).collect()
    }

    fn down() -> Error {
        Error::new(Cause::CannotConnect, "x")
    }

    #[test]
    fn a_charge_is_followed_to_its_receipt() {
        let mut follow = follow();
        assert_eq!(follow.due(moment(0)), [Request::Code, Request::Accounts]);
        assert_eq!(follow.due(moment(0)), []);
        assert!(events(&mut follow, 1, code("1")).is_empty());
        assert_eq!(events(&mut follow, 1, flexi("20")), ["active"]);
        assert_eq!(follow.code().unwrap().1, moment(0), "as old as its request");
        assert_eq!(follow.wait(moment(1)), MAX_WAIT);
        assert_eq!(follow.due(moment(10)), [Request::Code, Request::Accounts]);
        assert!(events(&mut follow, 10, flexi("15.50")).is_empty());
        let query = ReceiptQuery { account_id: Some("1".into()) };
        assert_eq!(follow.due(moment(10)), [Request::Transactions(query)]);
        let receipt = spent("t1", "Flexi", "4.50", Some("15.50"), 9);
        assert_eq!(events(&mut follow, 11, Answer::Transactions(Ok(vec![receipt]))), ["completed 4.5"]);
    }

    #[test]
    fn only_permanent_failures_end_polling() {
        let mut follow = follow();
        assert_eq!(events(&mut follow, 1, Answer::Code(Err(down()))), ["failed"]);
        assert_eq!(events(&mut follow, 1, Answer::Accounts(Err(down()))), ["failed", "unavailable"]);
        assert!(events(&mut follow, 2, flexi("20")).is_empty());
        assert_eq!(events(&mut follow, 2, code("1")), ["active"]);
        let unusable = || Error::new(Cause::UnusablePayload, "x");
        assert_eq!(events(&mut follow, 3, Answer::Code(Err(unusable()))), ["failed"], "there was a good one");
        let mut new = super::tests::follow();
        assert_eq!(events(&mut new, 1, Answer::Code(Err(unusable()))), ["ended"]);
        let nobody = Error::new(Cause::NoSuchAccount, "x");
        assert_eq!(events(&mut new, 1, Answer::Accounts(Err(nobody))), ["ended"]);
    }

    #[test]
    fn revoked_credentials_end_polling_unless_a_drop_was_noticed() {
        let mut watching = follow();
        events(&mut watching, 1, code("1"));
        events(&mut watching, 1, flexi("20"));
        let revoked = || Answer::Accounts(Err(Error::not_linked()));
        assert_eq!(events(&mut watching, 9, revoked()), ["revoked", "ended"]);
        let mut dropped = follow();
        events(&mut dropped, 1, code("1"));
        events(&mut dropped, 1, flexi("20"));
        events(&mut dropped, 9, flexi("15"));
        assert_eq!(events(&mut dropped, 10, revoked()), ["completed 5"]);
        let mut code_only = Follow::new(Duration::from_secs(10), None);
        events(&mut code_only, 1, code("1"));
        assert_eq!(events(&mut code_only, 9, Answer::Code(Err(Error::not_linked()))), ["ended"]);
    }

    #[test]
    fn abandoned_requests_are_due_again() {
        let mut follow = follow();
        follow.due(moment(0));
        follow.abandon();
        assert_eq!(follow.due(moment(0)), [], "not within a second of the last");
        assert_eq!(follow.due(moment(1)), [Request::Code, Request::Accounts]);
        assert_eq!(follow.tick(moment(300)), Some(Change::Unavailable(Reason::Expired)));
    }
}
