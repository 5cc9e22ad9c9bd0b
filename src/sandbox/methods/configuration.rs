//! `configuration`: the school's settings.

use serde_json::json;

use crate::sandbox::wire::call::Call;
use crate::sandbox::wire::envelope::{Outcome, respond};
use crate::sandbox::wire::exception::Exception;
use crate::sandbox::world::World;

pub fn call(world: &World, call: &Call<'_>) -> Outcome {
    if !matches!(call.method, "retrieveSetting" | "retrieveSettingList") {
        return Err(call.unknown_method());
    }
    world.any_session(call)?;
    let params = call.params();
    if params.optional_text("institutionId")?.is_some_and(|id| id != world.owner.institution_id) {
        return Err(Exception::argument("institutionId"));
    }
    let (domain, category) = (params.text("domain")?, params.text("category")?);
    if call.method == "retrieveSettingList" {
        return respond(&json!({"settings": world.settings.list(domain, category)}));
    }
    // The real service's reply for a missing setting is unknown; null claims the least.
    respond(&world.settings.get(domain, category, params.text("name")?))
}

#[cfg(test)]
mod tests {
    use crate::sandbox::Options;
    use crate::sandbox::application::testing::Service;
    use serde_json::{Value, json};

    const SETTING: &str = "configuration.retrieveSetting";
    const LIST: &str = "configuration.retrieveSettingList";

    #[test]
    fn a_setting_has_a_full_name_and_a_string_value() {
        let mut service = Service::new(&Options::default());
        let session = service.signed_in();
        let mut params = json!({"sessionId": session, "domain": "get", "category": "feature"});
        let list = service.call(LIST, params.clone()).unwrap();
        assert_eq!(list["settings"].as_array().unwrap().len(), 4);
        params["name"] = json!("enable_lost_card");
        let mut expected =
            json!({"domain": "get", "category": "feature", "name": "enable_lost_card", "value": "1"});
        assert_eq!(service.call(SETTING, params.clone()), Ok(expected.clone()));
        service.world.settings.set("get.feature.enable_lost_card", Some("0"));
        expected["value"] = json!("0");
        assert_eq!(service.call(SETTING, params.clone()), Ok(expected));
        service.world.settings.set("get.feature.enable_lost_card", None);
        assert_eq!(service.call(SETTING, params), Ok(Value::Null));
    }

    #[test]
    fn another_school_or_a_partial_name_is_a_bad_argument() {
        let mut service = Service::new(&Options::default());
        let session = service.signed_in();
        for (params, name) in [
            (json!({"sessionId": session, "domain": "get", "category": "feature"}), "name"),
            (json!({"sessionId": session, "domain": "get", "name": "x"}), "category"),
            (
                json!({"sessionId": session, "domain": "get", "category": "feature", "institutionId": "x"}),
                "institutionId",
            ),
            (json!({"domain": "get", "category": "feature", "name": "x"}), "sessionId"),
        ] {
            let refusal = service.call(SETTING, params).unwrap_err();
            assert_eq!(refusal, format!("9801|Invalid service argument: {name}"));
        }
        let params = json!({"sessionId": "nobody", "domain": "get", "category": "feature"});
        assert_eq!(service.call(LIST, params).unwrap_err(), "4001|Session not found");
    }
}
