//! Lays out the screen again when the payload, the screen, or the text around the barcode has changed.

use super::layout::{Stage, TextNeeds};
use super::model::Model;
use super::{footer, header};

/// Lays out the screen again.
pub fn restage(model: &mut Model) {
    model.needs = needs(model);
    let payload = model.code.latest.as_ref().map(|(payload, _)| payload.expose());
    model.stage = Stage::plan(payload, model.screen, model.wishes, model.needs);
}

/// Lays out the screen again if the text needs more or less room than before.
pub fn restage_for_text(model: &mut Model) {
    if model.needs != needs(model) {
        restage(model);
    }
}

fn needs(model: &Model) -> TextNeeds {
    let (heading, balances) = header::needs(model);
    TextNeeds { heading, balances, message: footer::needs(model) }
}
