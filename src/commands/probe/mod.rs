//! `getcard probe`: makes one raw call, exactly as the client does, and prints the reply unchanged.

mod record;
mod timing;

use clap::Args;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use zeroize::Zeroizing;

use self::timing::Timing;
use crate::app::App;
use crate::error::{Cause, Error, Exit, Result};
use crate::get::method::{BARCODE_PAYLOAD, Method};
use crate::get::raw::{Params, Raw};
use crate::model::text::clean;
use crate::output::json;
use crate::platform::atomic_file;
use crate::secret::redact;
use crate::terminal::prompt;

/// The maximum size of a parameter file, in bytes.
const LARGEST_PARAMS: u64 = 1 << 20;

/// Arguments of `probe`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate flag")]
pub struct ProbeArgs {
    /// The service: authentication, user, commerce, institution, configuration; or SERVICE.METHOD as one word.
    #[arg(value_name = "SERVICE")]
    pub service: String,
    /// The method, for example retrieveAccounts.
    #[arg(value_name = "METHOD")]
    pub method: Option<String>,
    /// The parameters besides the session: a JSON object, `@FILE`, or `-` for standard input.
    #[arg(long, value_name = "JSON", allow_hyphen_values = true)]
    pub params: Option<String>,
    /// Do not send a session.
    #[arg(long)]
    pub no_session: bool,
    /// Show secrets instead of masking them.
    #[arg(long)]
    pub show_secrets: bool,
    /// Also show the headers of the reply.
    #[arg(long)]
    pub headers: bool,
    /// Append the exchange to this file as one line of JSON, with secrets masked; `getcard sandbox --replay`
    /// serves such a file.
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Also show how the call went: status, attempts, correlation id, and how long each phase took.
    ///
    /// The phases are those of the last attempt, to a tenth of a millisecond: DNS, connect, TLS, wait (from the request
    /// to the head of the reply), read (the body). A phase that did not occur is null in JSON.
    #[arg(long)]
    pub timing: bool,
}

impl ProbeArgs {
    /// The method to call.
    ///
    /// # Errors
    /// `validation_error` if no method is given.
    fn method(&self) -> Result<Method> {
        let (service, name) = match (&self.method, self.service.split_once('.')) {
            (Some(method), _) => (self.service.clone(), method.clone()),
            (None, Some((service, method))) if !service.is_empty() && !method.is_empty() => {
                (service.to_owned(), method.to_owned())
            }
            (None, _) => {
                return Err(Error::new(Cause::Usage, format!("no method given for `{}`", self.service))
                    .hint("run: getcard probe commerce.retrieveAccounts"));
            }
        };
        Ok(Method { service: service.into(), name: name.into() })
    }
}

#[derive(Serialize)]
struct Document<'a> {
    service: &'a str,
    method: &'a str,
    http_status: u16,
    duration_ms: u128,
    attempts: u32,
    correlation_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    timing: Option<Timing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    headers: Option<Headers<'a>>,
    response: Option<Box<RawValue>>,
    exception: Option<Box<RawValue>>,
}

/// Response headers as a JSON object; the values of a repeated header are joined, as HTTP allows.
struct Headers<'a>(&'a [(String, String)]);

impl Serialize for Headers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut headers: BTreeMap<&str, String> = BTreeMap::new();
        for (name, value) in self.0 {
            let value = redact::text(value);
            headers
                .entry(name)
                .and_modify(|values| *values = format!("{values}, {value}"))
                .or_insert_with(|| value.into_owned());
        }
        headers.serialize(serializer)
    }
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    response: Option<Box<RawValue>>,
    #[serde(default)]
    exception: Option<Box<RawValue>>,
}

impl Envelope {
    /// Parses a reply; `None` if it is not an envelope, a web page for example.
    fn read(body: &str) -> Option<Self> {
        let is_object = body.trim_start().starts_with('{');
        serde_json::from_str(body).ok().filter(|_| is_object)
    }

    /// An envelope whose response is the text of a reply that is none.
    fn of_text(body: &str) -> Self {
        Self { response: to_raw_value(body).ok(), exception: None }
    }
}

/// Runs `probe`.
///
/// # Errors
/// `validation_error` for parameters that are not a JSON object; otherwise the error of the call, unless its
/// exception was already shown.
pub async fn run(app: &App, args: &ProbeArgs) -> Result<Exit> {
    let params = params(args)?;
    let method = args.method()?;
    let client = app.client()?;
    let of_payload = method == BARCODE_PAYLOAD;
    let _turn = if of_payload { Some(app.payload_limiter().take().await?) } else { None };
    let last = RefCell::new(None);
    let outcome = if args.no_session || params.have_session() {
        let (raw, outcome) = client.raw(&method, &params).await;
        last.replace(raw);
        outcome.map_err(Error::from)
    } else {
        let call = async |session: &_| {
            let (raw, outcome) = client.raw(&method, &params.with_session(session)).await;
            last.replace(raw);
            outcome
        };
        app.session().await?.call(call).await
    };
    let Some(raw) = last.into_inner() else { return outcome.map(|()| Exit::Done) };
    if let Some(path) = &args.record {
        record::append(path, &method, &params, &raw, app.clock.now())?;
    }
    let excepts = show(app, args, &method, &raw)?;
    match outcome {
        Ok(()) => Ok(Exit::Done),
        Err(error) if excepts && is_about(&error, &raw) => Ok(error.exit()),
        Err(error) => Err(error),
    }
}

/// Returns whether an error is only about the reply that was shown.
fn is_about(error: &Error, raw: &Raw) -> bool {
    let Some(report) = error.report() else { return false };
    match &report.call {
        Some(call) => call.correlation_id == raw.correlation_id.to_string(),
        None => report.cause == Cause::SessionEnded,
    }
}

/// Reads the parameters from the argument, a file or standard input.
fn params(args: &ProbeArgs) -> Result<Params> {
    let text = match args.params.as_deref() {
        None => return Ok(Params::default()),
        Some("-") => prompt::stdin_text()?,
        Some(text) => match text.strip_prefix('@') {
            None => Zeroizing::new(text.to_owned()),
            Some(path) => atomic_file::read_regular_text(Path::new(path), LARGEST_PARAMS)
                .map_err(|error| Error::new(Cause::BadParams, format!("cannot read {path}: {error}")))?,
        },
    };
    // The parser's message may quote secrets.
    serde_json::from_str(&text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Error::new(
            Cause::BadParams,
            format!("the parameters are not a JSON object: line {line} column {column}"),
        )
        .hint("run: getcard probe commerce retrieveAccounts --params '{\"key\": \"value\"}'")
    })
}

/// Shows the reply and returns whether it is an exception.
fn show(app: &App, args: &ProbeArgs, method: &Method, raw: &Raw) -> Result<bool> {
    if raw.is_cut() {
        app.ui.note(&format!(
            "the reply is not UTF-8: only the start of its {} bytes is shown",
            raw.body.len()
        ));
    }
    let body = raw.text();
    let body = if args.show_secrets {
        Zeroizing::new(body.into_owned())
    } else {
        Zeroizing::new(redact::json(&body, method.response_is_secret()))
    };
    let envelope = Envelope::read(&body);
    let excepts = envelope.as_ref().is_some_and(|envelope| envelope.exception.is_some());
    if app.ui.json {
        let Envelope { response, exception } = envelope.unwrap_or_else(|| Envelope::of_text(&body));
        app.ui.document(&Document {
            service: &method.service,
            method: &method.name,
            http_status: raw.http_status,
            duration_ms: raw.duration.as_millis(),
            attempts: raw.attempts,
            correlation_id: raw.correlation_id.to_string(),
            timing: raw.phases.filter(|_| args.timing).map(Timing::from),
            headers: args.headers.then_some(Headers(&raw.headers)),
            response,
            exception,
        })?;
        return Ok(excepts);
    }
    if args.headers {
        for (name, value) in &raw.headers {
            app.ui.note(&format!("{name}: {value}"));
        }
    }
    match serde_json::from_str::<&RawValue>(&body) {
        Ok(reply) if app.ui.is_terminal() => app.ui.result(json::pretty(reply))?,
        Ok(reply) => app.ui.document(&reply)?,
        Err(_) => app.ui.result(format!("{}\n", clean(body.trim())))?,
    }
    if args.timing {
        for line in timing::lines(raw) {
            app.ui.note_verbatim(&line);
        }
    }
    Ok(excepts)
}
