//! A barcode without the view: printed once, or kept fresh in a file until the card is charged or the user stops.

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::barcode_file::BarcodeFile;
use super::charged::ChangePrinter;
use super::service::Service;
use super::target::Target;
use super::validity::Validity;
use super::{BarcodeArgs, live, once};
use crate::app::App;
use crate::error::{Error, Exit, Result};
use crate::live::feed::Feed;
use crate::live::follow::{Follow, News, ask};
use crate::live::payment_watch::{Change, PaymentWatch};
use crate::live::poll_timer::chance;
use crate::live::sleep::slept;
use crate::platform::clock::Moment;

/// Shows the barcode and keeps it fresh; with `--until-charged`, until the card is charged.
///
/// # Errors
/// `authentication_error` if nothing is linked; any failure that rules out another code.
pub async fn run(app: &App, args: &BarcodeArgs) -> Result<Exit> {
    let target = Target::new(app, args)?;
    live::linked(app).await?;
    // No retries: each failure is reported and retried here.
    let client = app.new_client(0)?;
    let service = Service::new(app, &client, args).await?;
    let opened = app.clock.moment();
    let interval = args.interval(None);
    let watch = args
        .until_charged
        .then(|| PaymentWatch::new(opened, interval, Some(args.expires)).only(args.charge_filter()));
    let printer =
        ChangePrinter { app, target: &target, expires_at: watch.as_ref().and_then(PaymentWatch::expires_at) };
    let mut follow = Follow::new(interval, watch);
    let mut file_refresh =
        FileRefresh { app, target: &target, file: BarcodeFile::new(&app.ui), failing: None };
    let mut answers = FuturesUnordered::new();
    loop {
        let before = app.clock.moment();
        answers.extend(follow.due(before).into_iter().map(|request| ask(&service, request)));
        let good_for = file_refresh.file.good_for(before);
        let wait = good_for.map_or(follow.wait(before), |good_for| good_for.min(follow.wait(before)));
        let answer = tokio::select! {
            Some(answer) = answers.next() => Some(answer),
            () = tokio::time::sleep(wait) => None,
        };
        let now = app.clock.moment();
        let mut news = Vec::new();
        if slept(before, now) {
            // Requests in flight will not get a reply in time.
            answers.clear();
            service.reconnect();
            follow.abandon();
        } else if let Some(answer) = answer {
            news = follow.take(now, answer, chance());
        }
        file_refresh.show(&follow, now)?;
        news.extend(follow.tick(now).map(News::Changed));
        for news in news {
            if let News::Changed(change) = &news {
                service.report(change);
                if let (true, Change::Completed(charge)) = (args.notify, change) {
                    app.notify("Card charged", &charge.summary()).await;
                }
            }
            if let Some(exit) = file_refresh.report(&printer, now, news)? {
                return Ok(exit);
            }
        }
    }
}

struct FileRefresh<'a> {
    app: &'a App,
    target: &'a Target,
    file: BarcodeFile,
    /// The last failure reported.
    failing: Option<String>,
}

impl FileRefresh<'_> {
    /// Shows new codes, and replaces expired ones.
    fn show(&mut self, follow: &Follow, now: Moment) -> Result<()> {
        let first = self.file.shows().is_none();
        // A file is kept fresh, but printed output cannot be.
        let takes = first || self.target.file().is_some();
        let fresh = follow.code().filter(|(_, fetched)| takes && self.file.shows() != Some(*fetched));
        let Some((payload, fetched)) = fresh else {
            return match self.file.good_for(now) {
                Some(good_for) if good_for.is_zero() => self.file.expire(),
                _ => Ok(()),
            };
        };
        let validity = Validity::from(fetched.wall);
        self.file.show(self.app, self.target, payload, *fetched)?;
        self.failing = None;
        self.app.journal().code_shown(self.target.place());
        if self.app.ui.json && !follow.is_watching() {
            once::print(self.app, self.target, payload, &validity)?;
        }
        match self.target.file() {
            Some(path) if first => {
                self.app
                    .ui
                    .note(&format!("keeping the code in {} fresh until this command ends", path.display()));
            }
            None => self.app.ui.note(&validity.sentence()),
            Some(_) => {}
        }
        Ok(())
    }

    /// Reports an event; returns the exit status if it is over.
    fn report(&mut self, printer: &ChangePrinter<'_>, now: Moment, news: News) -> Result<Option<Exit>> {
        match news {
            News::Changed(change) => printer.report(now, &change),
            News::Failed(error) => {
                self.note(&error);
                Ok(None)
            }
            News::Ended(error) => printer.end(error).map(Some),
        }
    }

    /// Reports why there is no update, once per reason.
    fn note(&mut self, error: &Error) {
        let reason = error.to_string();
        if self.failing.as_ref() != Some(&reason) {
            self.app.ui.warn(&reason);
            self.failing = Some(reason);
        }
    }
}
