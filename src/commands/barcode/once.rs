//! One barcode: fetched, rendered, and printed or written to a file.

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
/// As [`Target::new`], [`rendering::render`] and the call.
pub async fn run(app: &App, args: &BarcodeArgs) -> Result<Exit> {
    let target = Target::new(app, args)?;
    let session = app.session().await?;
    let client = app.client()?;
    let turn = app.payload_limiter().take().await?;
    // It cannot be younger than the request for it.
    let validity = Validity::from(app.clock.now());
    let payload = session.call(async |session| client.barcode_payload(session).await).await?;
    drop(turn);
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

/// Prints a code and its symbol as a document.
///
/// # Errors
/// `internal_error` for a payload that no barcode holds.
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
