//! Checks of this machine: configuration, journal, store, link, and the service levels from the journal.

use super::Check;
use crate::app::App;
use crate::journal::figures::Figures;
use crate::journal::service_levels;
use crate::platform::system::System;
use crate::store::StoreKind;
use crate::store::entry::Entry;

pub(super) fn config(app: &App) -> Check {
    const NAME: &str = "config";
    if let Some(error) = &app.broken_config {
        return Check::fail(NAME, error);
    }
    match (&app.settings.config_path, app.settings.warnings.first()) {
        (None, _) if app.settings.ephemeral => Check::ok(NAME, "none is read in ephemeral mode"),
        (None, _) => {
            let hint = System::HERE.set_home();
            Check::warn(NAME, "this user has no home directory, so there is no file", hint)
        }
        (Some(_), Some(warning)) => Check::warn(NAME, warning, "look up the keys with: getcard help files"),
        (Some(path), None) if path.exists() => Check::ok(NAME, path.display().to_string()),
        (Some(path), None) => Check::ok(NAME, format!("none, so the defaults apply ({})", path.display())),
    }
}

pub(super) fn journal(app: &App) -> Check {
    const NAME: &str = "journal";
    let Some(path) = app.journal().path() else {
        return Check::ok(NAME, "off, so there are no figures");
    };
    let shown = path.display();
    if let Err(error) = app.journal().probe() {
        let hint = "make its directory writable for this user, or set journal = false in the configuration";
        return Check::warn(NAME, format!("cannot write to {shown}: {error}"), hint);
    }
    Check::ok(NAME, shown.to_string())
}

/// Checks the store, and returns its entry for this profile.
pub(super) async fn store(app: &App) -> (Check, Option<Entry>) {
    const NAME: &str = "store";
    match app.entry().await {
        Err(error) if app.settings.ephemeral => {
            let hint = "set GETCARD_VALIDATED_URL, or GETCARD_DEVICE_ID and GETCARD_PIN";
            (Check::warn(NAME, error.to_string(), hint), None)
        }
        Err(error) => (Check::fail(NAME, &error), None),
        Ok(entry) if app.settings.ephemeral => (Check::ok(NAME, "none in ephemeral mode"), Some(entry)),
        Ok(entry) if app.store_kind() == StoreKind::Memory => {
            let hint = "use --store keychain to keep a link";
            (Check::warn(NAME, "the memory store keeps nothing", hint), Some(entry))
        }
        Ok(entry) => (Check::ok(NAME, format!("the {} is available", app.store_kind().name())), Some(entry)),
    }
}

pub(super) fn link(app: &App, entry: Option<&Entry>, store: &Check) -> Check {
    const NAME: &str = "link";
    let Some(entry) = entry else { return Check::unchecked(NAME, store) };
    if entry.pending.is_some() {
        return Check::warn(NAME, "linking was interrupted", "run: getcard link");
    }
    let Some(link) = &entry.link else {
        if app.settings.ephemeral && entry.session.is_some() {
            return Check::ok(NAME, "a session for this command only");
        }
        let text = format!("profile {} is not linked to a card", app.settings.profile);
        return Check::warn(NAME, text, "run: getcard login, or try it without a card: getcard demo");
    };
    let device = format!("device {}", link.device.id.masked());
    if !entry.to_revoke.is_empty() {
        let text = format!("{device}; a device that it replaced is not revoked yet");
        return Check::warn(NAME, text, "run: getcard status --check");
    }
    Check::ok(NAME, link.school.as_ref().map_or(device.clone(), |school| format!("{device} at {school}")))
}

/// Checks whether the last day met the service levels, according to the journal.
pub(super) fn service_levels(figures: &Figures) -> Check {
    const NAME: &str = "levels";
    let reads = &figures.last_day.barcode;
    let missed = service_levels::missed(&figures.last_day);
    if !missed.is_empty() {
        let text = format!("in the last day {}", missed.join(" and "));
        return Check::warn(NAME, text, "to see why and when calls failed, run: getcard doctor --json");
    }
    let promise = service_levels::promise();
    Check::ok(
        NAME,
        match reads.count {
            0 => format!("no barcode was read in the last day ({promise})"),
            1 => format!("met in the last day by one barcode read ({promise})"),
            count => format!("met in the last day by {count} barcode reads ({promise})"),
        },
    )
}
