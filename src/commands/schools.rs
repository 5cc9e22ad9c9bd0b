//! `getcard schools`: lists institutions and the short names for `login --school`.

use clap::Args;
use std::time::Duration;

use serde::Serialize;

use crate::app::App;
use crate::cache::schools::{self, Cache};
use crate::error::{Cause, Error, Exit, Result};
use crate::get::client::Client;
use crate::model::school::{self, Meaning, School, is_short_name};
use crate::model::text::Text;
use crate::output::table::{Cell, Column, render};
use crate::platform::paths::Paths;
use crate::terminal::prompt;

/// Arguments of `schools`.
#[derive(Debug, Args)]
pub struct SchoolsArgs {
    /// Part of the name, or of the short name.
    #[arg(value_name = "QUERY")]
    pub query: Option<String>,
}

/// How long linking and signing in wait for the list; after that, a short name is used unchecked.
const LIST_TIMEOUT: Duration = Duration::from_secs(3);
/// The maximum number of schools offered at once.
const MAX_OFFERED: usize = 12;

#[derive(Serialize)]
struct Document<'a> {
    schools: &'a [&'a School],
}

/// Runs `schools`.
///
/// # Errors
/// The error of a call, if no list is cached.
pub async fn run(app: &App, args: &SchoolsArgs) -> Result<Exit> {
    let all = list(app).await?;
    let query = args.query.as_deref().unwrap_or_default();
    let found: Vec<&School> = all.iter().filter(|school| school.matches(query)).collect();
    if found.is_empty() {
        let similar = suggestion(&school::similar(&all, query));
        return Err(Error::new(Cause::NoSuchSchool, format!("no school matches `{query}`{similar}"))
            .hint("run: getcard schools"));
    }
    if app.ui.json {
        app.ui.document(&Document { schools: &found })?;
        return Ok(Exit::Done);
    }
    let cell = |text: &Option<Text>| text.as_deref().unwrap_or("–").into();
    let rows: Vec<Vec<Cell>> =
        found.iter().map(|school| vec![cell(&school.short_name), cell(&school.name)]).collect();
    let columns = [Column::Text("SHORT NAME"), Column::Text("NAME")];
    app.ui.result(render(&columns, &rows, app.ui.table()))?;
    Ok(Exit::Done)
}

/// Resolves the user's words to a school's short name.
///
/// # Errors
/// `validation_error` if no school or several match; the error of a call if the list is unavailable and the
/// words are not a valid short name.
pub async fn short_name(app: &App, words: &str) -> Result<String> {
    if Some(words) == app.settings.file.school.as_deref() {
        return Ok(words.to_owned());
    }
    let late = Error::new(Cause::Timeout, "the list of schools did not arrive in time");
    let all = match tokio::time::timeout(LIST_TIMEOUT, list(app)).await.unwrap_or(Err(late)) {
        Ok(all) => all,
        Err(Error::Failed(_)) if is_short_name(words) => {
            app.ui.warn(&format!("cannot get the list of schools; using `{words}` as it is"));
            return Ok(words.to_owned());
        }
        Err(error) => {
            return Err(error.hint("use the school's short name, as in the address of its sign-in page"));
        }
    };
    match school::find(&all, words) {
        Meaning::One(name) => Ok(name.to_owned()),
        Meaning::Several(found) => {
            Err(Error::new(Cause::AmbiguousSchool, format!("`{words}` matches several schools"))
                .hint(format!("one of: {}", labels(&found))))
        }
        Meaning::None(similar) => Err(Error::new(
            Cause::NoSuchSchool,
            format!("no school is named `{words}`{}", suggestion(&similar)),
        )
        .hint("run: getcard schools")),
    }
}

/// Lets the user pick a school by part of its name; returns its short name.
///
/// # Errors
/// The error of a call; [`Error::Interrupted`] at the end of input.
pub async fn ask(app: &App) -> Result<String> {
    let all = list(app).await.map_err(|error| error.hint("name the school: getcard login --school NAME"))?;
    let mut offered: Vec<&School> = Vec::new();
    loop {
        let question = if offered.is_empty() {
            "Your school, or part of its name: "
        } else {
            "Its number, or more of its name: "
        };
        let words = prompt::line(question).await?.ok_or(Error::Interrupted)?;
        let number = words.parse::<usize>().ok().and_then(|number| offered.get(number.checked_sub(1)?));
        if let Some(name) = number.and_then(|school| school.short_name.clone()) {
            return Ok(name.into());
        }
        match school::find(&all, &words) {
            Meaning::One(name) => return Ok(name.to_owned()),
            Meaning::Several(found) => {
                for (number, school) in (1..).zip(found.iter().take(MAX_OFFERED)) {
                    app.ui.note(&format!("{number:>3}  {}", school.label()));
                }
                if found.len() > MAX_OFFERED {
                    app.ui.note(&format!("     and {} more", found.len() - MAX_OFFERED));
                }
                offered = found;
                offered.truncate(MAX_OFFERED);
            }
            Meaning::None(similar) if words.is_empty() || similar.is_empty() => {
                app.ui.note("type part of the name, such as: santa cruz");
            }
            Meaning::None(similar) => {
                app.ui.note(&format!("no school is named `{words}`{}", suggestion(&similar)));
            }
        }
    }
}

/// The cached list of schools of this service; `None` in ephemeral mode, which reads no files.
pub fn cache(app: &App) -> Option<Cache> {
    let paths = Paths::of_user().ok().filter(|_| !app.settings.ephemeral)?;
    Some(Cache::within(paths.cache_dir(), &app.settings.endpoint.origin()))
}

/// The school's name, if the cache has it.
pub fn cached_name(app: &App, short_name: &str) -> Option<String> {
    let schools = cache(app)?.schools();
    let is_it = |name: &Text| name.eq_ignore_ascii_case(short_name);
    let school = schools.into_iter().find(|school| school.short_name.as_ref().is_some_and(is_it))?;
    school.name.map(|name| name.to_string()).filter(|name| !name.trim().is_empty())
}

/// Caches the list of schools if the name of this one is not known, so that the view can show it. Nothing depends on
/// it: it takes no longer than [`LIST_TIMEOUT`], and a failure is only logged.
pub async fn learn_name(app: &App, client: &Client, short_name: &str) {
    let Some(cache) = cache(app).filter(|_| cached_name(app, short_name).is_none()) else { return };
    let listing = schools::list(client, Some(&cache), app.clock.now());
    if !matches!(tokio::time::timeout(LIST_TIMEOUT, listing).await, Ok(Ok(_))) {
        tracing::debug!(target: "getcard::cache::schools", short_name, "the school's name is not known");
    }
}

/// The list of schools, from the cache if that is recent.
async fn list(app: &App) -> Result<Vec<School>> {
    let listing = schools::list(app.client()?, cache(app).as_ref(), app.clock.now()).await?;
    if let Some(at) = listing.outdated {
        app.ui.warn(&format!("cannot reach the service; the list is from {}", at.strftime("%Y-%m-%d")));
    }
    Ok(listing.schools)
}

fn suggestion(similar: &[&School]) -> String {
    if similar.is_empty() { String::new() } else { format!("; did you mean {}?", labels(similar)) }
}

fn labels(schools: &[&School]) -> String {
    schools.iter().map(|school| school.label()).collect::<Vec<_>>().join(", ")
}
