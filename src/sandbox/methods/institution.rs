//! `institution`: the schools on the service.

use serde_json::json;

use crate::sandbox::school::institutions::{INSTITUTIONS, by_id};
use crate::sandbox::wire::call::Call;
use crate::sandbox::wire::envelope::{Outcome, respond};
use crate::sandbox::wire::exception::Exception;
use crate::sandbox::world::World;

pub fn call(world: &World, call: &Call<'_>) -> Outcome {
    match call.method {
        "retrieve" => {
            world.any_session(call)?;
            let institution = by_id(call.params().text("institutionId")?);
            respond(institution.ok_or_else(|| Exception::argument("institutionId"))?)
        }
        "retrieveLookupList" => {
            world.sessions.system(call.params().text("sessionId")?, call.now)?;
            respond(&json!({ "institutions": INSTITUTIONS }))
        }
        _ => Err(call.unknown_method()),
    }
}

#[cfg(test)]
mod tests {
    use crate::sandbox::Options;
    use crate::sandbox::application::testing::{Service, credentials};
    use serde_json::json;

    const LIST: &str = "institution.retrieveLookupList";

    #[test]
    fn only_a_system_session_reads_the_lookup_list() {
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
        assert!(service.call("institution.remove", json!({})).is_err());
    }

    #[test]
    fn any_session_reads_one_institution() {
        let mut service = Service::new(&Options::default());
        let (system, session) = (service.system_session(), service.signed_in());
        let user = service.call("user.retrieve", json!({"sessionId": session})).unwrap();
        for session in [&system, &session] {
            let params = json!({"sessionId": session, "institutionId": user["institutionId"]});
            assert_eq!(service.call("institution.retrieve", params).unwrap()["shortName"], "ucsc");
        }
        for params in [
            json!({"sessionId": session, "institutionId": "nobody"}),
            json!({"sessionId": session}),
            json!({"sessionId": "nobody", "institutionId": user["institutionId"]}),
        ] {
            assert!(service.call("institution.retrieve", params).is_err());
        }
    }
}
