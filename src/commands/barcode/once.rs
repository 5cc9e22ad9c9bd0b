//! Fetches one barcode and prints it or writes it to a file.

use jiff::Timestamp;
use serde::Serialize;

use super::BarcodeArgs;
use super::rendering;
use super::target::Target;
use super::validity::Validity;
use crate::app::App;
use crate::barcode::shape::Shape;
use crate::error::{Exit, Result};
use crate::secret::Payload;

#[derive(Serialize)]
struct Document<'a> {
    payload: &'a str,
    symbology: &'static str,
    #[serde(serialize_with = "crate::model::time::serialize")]
    fetched_at: Timestamp,
    columns: u8,
    rows: u8,
    ec_level: u8,
}

/// Fetches one barcode and writes it to its target.
///
/// # Errors
/// Like [`Target::new`] and [`rendering::render`], or the error of the call.
pub async fn run(app: &App, args: &BarcodeArgs) -> Result<Exit> {
    let target = Target::new(app, args)?;
    let (session, client) = app.connect().await?;
    let permit = app.payload_limiter().take().await?;
    // The code is at least as old as its request.
    let validity = Validity::from(app.clock.now());
    let payload = session.call(async |session| client.barcode_payload(session).await).await?;
    drop(permit);
    target.put(app, &payload, &validity)?;
    if app.ui.json {
        print(app, &target, &payload, &validity)?;
    }
    app.journal().code_shown(target.place());
    if let Some(path) = target.file() {
        app.ui.note(&format!("wrote {}", path.display()));
    }
    app.ui.note(&validity.sentence());
    Ok(Exit::Done)
}

/// Prints a code and its symbol as a JSON document.
///
/// # Errors
/// `internal_error` for a payload that no barcode can hold.
pub fn print(app: &App, target: &Target, payload: &Payload, validity: &Validity) -> Result<()> {
    let symbol = rendering::symbol(payload, target.shape())?;
    app.ui.document(&document(payload, symbol.shape(), validity.fetched_at()))
}

fn document(payload: &Payload, shape: Shape, fetched_at: Timestamp) -> Document<'_> {
    Document {
        payload: payload.expose(),
        symbology: "PDF417",
        fetched_at,
        columns: shape.columns,
        rows: shape.rows,
        ec_level: shape.level,
    }
}
