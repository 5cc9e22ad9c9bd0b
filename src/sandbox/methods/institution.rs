//! `institution`: the list of schools that the service knows.

use serde_json::json;

use super::unknown;
use crate::sandbox::envelope::{Outcome, respond};
use crate::sandbox::institutions::INSTITUTIONS;
use crate::sandbox::world::{Call, World};

pub(super) fn call(world: &World, call: &Call<'_>) -> Outcome {
    if call.method != "retrieveLookupList" {
        return Err(unknown(call));
    }
    let session = call.params().text("sessionId")?;
    world.sessions.system(session, call.now)?;
    respond(&json!({ "institutions": INSTITUTIONS }))
}

#[cfg(test)]
mod tests {
    use crate::sandbox::Options;
    use crate::sandbox::methods::testing::{Service, credentials};
    use serde_json::json;

    const LIST: &str = "institution.retrieveLookupList";

    #[test]
    fn a_system_session_reads_the_list_and_a_patron_s_does_not() {
        let mut service = Service::new(&Options::default());
        let params = json!({"systemCredentials": credentials()});
        let system = service.call("authentication.authenticateSystem", params).unwrap();
        let list = service.call(LIST, json!({"sessionId": system})).unwrap();
        let rows = list["institutions"].as_array().unwrap();
        assert_eq!(rows.len(), 20);
        let ucsc = rows.iter().find(|row| row["shortName"] == "ucsc").unwrap();
        assert_eq!(ucsc["name"], "University of California, Santa Cruz");
        assert!(ucsc["id"].is_string() && ucsc["type"].is_number());
        let session = service.signed_in();
        let refusal = service.call(LIST, json!({"sessionId": session}));
        assert!(refusal.unwrap_err().starts_with("4002|"));
        assert!(service.call(LIST, json!({})).is_err());
        assert!(service.call("institution.retrieve", json!({})).is_err());
    }
}
