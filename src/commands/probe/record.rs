//! Records exchanges for `getcard sandbox --replay`: one line of JSON each, with secrets masked.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::{Envelope, Headers};
use crate::error::{Cause, Error, Result};
use crate::get::method::Method;
use crate::get::raw::{Params, Raw};
use crate::output::json;
use crate::platform::atomic_file;
use crate::secret::redact;
use crate::secret::request_secrets::RequestSecrets;

#[derive(Serialize)]
struct Exchange<'a> {
    service: &'a str,
    method: &'a str,
    params: Box<RawValue>,
    http_status: u16,
    headers: Headers<'a>,
    response: Option<Box<RawValue>>,
    exception: Option<Box<RawValue>>,
    at: Timestamp,
}

/// Appends an exchange to a file, which is created with mode 0600.
///
/// # Errors
/// `internal_error` if it cannot be written.
pub fn append(path: &Path, method: &Method, params: &Params, raw: &Raw, at: Timestamp) -> Result<()> {
    let failed =
        |error: serde_json::Error| Error::new(Cause::Unexpected, format!("cannot write JSON: {error}"));
    let params_json = Zeroizing::new(serde_json::to_string(params).map_err(failed)?);
    let sent = RequestSecrets::of(Zeroizing::new(format!(r#"{{"params":{}}}"#, *params_json)).as_bytes());
    let line = json::line(&exchange(method, params, raw, at)?)?;
    let line = sent.mask_json(String::from_utf8_lossy(&line).trim_end(), false) + "\n";
    let mut options = File::options();
    let opened = atomic_file::open_private(options.append(true), path);
    opened
        .and_then(|mut file| file.write_all(line.as_bytes()))
        .map_err(|error| Error::unwritable(path, &error))
}

fn exchange<'a>(method: &'a Method, params: &Params, raw: &'a Raw, at: Timestamp) -> Result<Exchange<'a>> {
    let failed =
        |error: serde_json::Error| Error::new(Cause::Unexpected, format!("cannot write JSON: {error}"));
    let params = Zeroizing::new(serde_json::to_string(params).map_err(failed)?);
    let body = Zeroizing::new(redact::json(&raw.text(), method.response_is_secret()));
    let Envelope { response, exception } = Envelope::read(&body).unwrap_or_else(|| Envelope::of_text(&body));
    Ok(Exchange {
        service: &method.service,
        method: &method.name,
        params: RawValue::from_string(redact::json(&params, false)).map_err(failed)?,
        http_status: raw.http_status,
        headers: Headers(&raw.headers),
        response,
        exception,
        at,
    })
}
