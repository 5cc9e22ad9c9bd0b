//! Lays out the screen again when the payload, the screen, or the text around the barcode has changed.

use super::layout::{ScreenLayout, TextNeeds};
use super::model::Model;
use super::{footer, header};

/// Lays out the screen again.
pub fn update_layout(model: &mut Model) {
    model.needs = needs(model);
    let payload = model.code.latest.as_ref().map(|(payload, _)| payload.expose());
    model.layout = ScreenLayout::plan(payload, model.screen, model.options, model.needs);
}

/// Lays out the screen again if the text needs more or less room than before.
pub fn update_layout_for_text(model: &mut Model) {
    if model.needs != needs(model) {
        update_layout(model);
    }
}

fn needs(model: &Model) -> TextNeeds {
    let (heading, balances) = header::needs(model);
    TextNeeds { heading, balances, message: footer::needs(model) }
}
