//! Lays out the screen again when the payload, the screen, or the text around the barcode has changed.

use super::layout::{ScreenLayout, TextNeeds};
use super::model::Model;
use super::subject::Subject;
use super::{footer, header};

/// Lays out the screen again.
pub fn update_layout(model: &mut Model) {
    model.needs = needs(model);
    // A code that must not be seen needs no room, and the text has it all.
    let latest = model.code.latest.as_ref().filter(|_| !model.has_overlay());
    let payload = latest.map(|(payload, _)| payload.expose());
    model.layout = ScreenLayout::plan(payload, model.screen, model.options, model.needs);
}

/// Lays out the screen again if the text needs more or less room than before, or the code has expired.
pub fn update_layout_if_needed(model: &mut Model) {
    let shows_nothing = matches!(model.layout.subject, Subject::Nothing);
    if model.needs != needs(model) || shows_nothing != model.has_overlay() {
        update_layout(model);
    }
}

fn needs(model: &Model) -> TextNeeds {
    let (heading, balances) = header::needs(model);
    TextNeeds { heading, balances, message: footer::needs(model) }
}
