//! `getcard profiles`: lists the cached and configured profiles without opening a store.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::app::App;
use crate::commands::known_profiles;
use crate::error::{Exit, Result};
use crate::model::time;
use crate::output::table::{Column, render};
use crate::settings::ConfigFile;
use crate::settings::endpoint::{self, Endpoint};
use crate::store::StoreKind;

#[derive(Serialize)]
struct Document<'a> {
    profiles: &'a [Listed],
}

/// A row of the list.
#[derive(Serialize)]
struct Listed {
    name: String,
    school: Option<String>,
    api_url: String,
    device: Option<String>,
    store: Option<&'static str>,
    #[serde(serialize_with = "time::serialize")]
    linked_at: Option<Timestamp>,
    default: bool,
}

/// Runs `profiles`.
///
/// # Errors
/// If the output is closed.
pub fn run(app: &App) -> Result<Exit> {
    let profiles = list(app);
    if app.ui.json {
        app.ui.document(&Document { profiles: &profiles })?;
    } else if profiles.is_empty() {
        app.ui.note("no profiles yet; make one with: getcard login");
    } else {
        app.ui.result(render(&COLUMNS, &profiles.iter().map(row).collect::<Vec<_>>(), app.ui.table()))?;
    }
    Ok(Exit::Done)
}

/// The linked profiles and those that are only configured, sorted by name.
fn list(app: &App) -> Vec<Listed> {
    let (used, here) = (&app.settings.profile, app.settings.endpoint.origin());
    let mut all: Vec<Listed> = known_profiles::list(app)
        .into_iter()
        .map(|profile| Listed {
            default: profile.name == *used && profile.origin == here,
            name: profile.name,
            school: profile.school,
            api_url: profile.origin,
            device: profile.device,
            store: Some(profile.store.name()),
            linked_at: profile.linked_at,
        })
        .collect();
    for name in app.settings.file.profiles.keys() {
        if !all.iter().any(|listed| listed.name == *name) {
            all.push(configured(app.settings.file.clone(), name, name == used));
        }
    }
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

fn configured(file: ConfigFile, name: &str, default: bool) -> Listed {
    let file = file.of_profile(name);
    let api_url = file.api_url.unwrap_or_else(|| endpoint::DEFAULT.to_owned());
    Listed {
        name: name.to_owned(),
        school: file.school,
        api_url: api_url.parse().map_or(api_url, |endpoint: Endpoint| endpoint.origin()),
        device: None,
        store: file.store.map(StoreKind::name),
        linked_at: None,
        default,
    }
}

const COLUMNS: [Column; 6] = [
    Column::Text("PROFILE"),
    Column::Text("SCHOOL"),
    Column::Text("SERVICE"),
    Column::Text("DEVICE"),
    Column::Text("STORE"),
    Column::Text("LINKED"),
];

fn row(profile: &Listed) -> Vec<String> {
    let cell = |text: Option<&str>| text.unwrap_or("–").to_owned();
    let name = if profile.default { format!("{} (default)", profile.name) } else { profile.name.clone() };
    let zone = TimeZone::system();
    let linked = profile.linked_at.map(|at| at.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string());
    vec![
        name,
        cell(profile.school.as_deref()),
        cell(Some(&profile.api_url)),
        cell(profile.device.as_deref()),
        cell(profile.store),
        cell(linked.as_deref()),
    ]
}
