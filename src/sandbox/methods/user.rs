//! `user`: creating, updating and deleting device PINs, the patron's profile, and reporting the card lost or
//! found.

use serde_json::json;

use crate::sandbox::patron::profile::{Card, UserOnWire};
use crate::sandbox::school::settings::{FOUND_CARD, LOST_CARD};
use crate::sandbox::wire::call::Call;
use crate::sandbox::wire::envelope::{Outcome, respond};
use crate::sandbox::wire::exception::Exception;
use crate::sandbox::world::World;

pub fn call(world: &mut World, call: &Call<'_>) -> Outcome {
    let change = match call.method {
        "createPIN" => create_pin,
        "updatePIN" => update_pin,
        "deletePIN" => delete_pin,
        "retrieve" => {
            world.patron_session(call)?;
            return respond(&UserOnWire::of(&world.owner, world.card));
        }
        "retrieveSetting" => return setting(world, call),
        "reportCardLost" => return report_card(world, call, true),
        "reportCardFound" => return report_card(world, call, false),
        _ => return Err(call.unknown_method()),
    };
    world.patron_session(call)?;
    change(world, call)?;
    respond(&true)
}

/// The patron's saved settings: always empty here.
fn setting(world: &World, call: &Call<'_>) -> Outcome {
    world.patron_session(call)?;
    let name = call.params().text("settingName")?;
    respond(&json!({"userId": world.owner.user_id, "settingName": name, "settingValue": null}))
}

fn report_card(world: &mut World, call: &Call<'_>, lost: bool) -> Outcome {
    world.patron_session(call)?;
    let feature = if lost { LOST_CARD } else { FOUND_CARD };
    if !world.settings.is_on(feature) {
        return Err(Exception::feature_off(feature));
    }
    world.card = Card { lost, changed: Some(call.now) };
    respond(if lost { "Card reported lost" } else { "Card reported found" })
}

/// Creates a device, or resets the PIN of an existing one.
fn create_pin(world: &mut World, call: &Call<'_>) -> Result<(), Exception> {
    let params = call.params();
    world.devices.put(params.device_id()?, params.pin("PIN")?);
    Ok(())
}

/// Changes the PIN; if old and new are equal, this only verifies the old one.
fn update_pin(world: &mut World, call: &Call<'_>) -> Result<(), Exception> {
    let params = call.params();
    let (device, old) = (params.device_id()?, params.pin("oldPIN")?);
    let new = params.pin("newPIN")?;
    if !world.devices.accepts(device, old) {
        return Err(Exception::bad_device());
    }
    world.devices.put(device, new);
    Ok(())
}

/// Deletes a device and ends its sessions, including the caller's.
fn delete_pin(world: &mut World, call: &Call<'_>) -> Result<(), Exception> {
    let device = call.params().device_id()?;
    world.devices.delete(device)?;
    world.sessions.end_device(device);
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::sandbox::Options;
    use crate::sandbox::application::testing::{DEVICE, Service};
    use serde_json::{Value, json};

    fn create(service: &mut Service, session: &str, pin: Value) -> Result<Value, String> {
        let mut params = json!({"sessionId": session, "deviceId": DEVICE});
        params["PIN"] = pin;
        service.call("user.createPIN", params)
    }

    fn update(service: &mut Service, session: &str, old: &str, new: &str) -> Result<Value, String> {
        let params = json!({"sessionId": session, "deviceId": DEVICE, "oldPIN": old, "newPIN": new});
        service.call("user.updatePIN", params)
    }

    #[test]
    fn a_recreated_device_has_the_new_pin() {
        let mut service = Service::new(&Options::default());
        let web = service.web_session();
        assert_eq!(create(&mut service, &web, json!("1111")), Ok(json!(true)));
        assert_eq!(create(&mut service, &web, json!("2222")), Ok(json!(true)));
        assert!(service.sign_in("1111").is_err());
        assert!(service.sign_in("2222").is_ok());
        assert_eq!(service.world.devices.live(), [DEVICE]);
    }

    #[test]
    fn create_pin_checks_its_parameters_exactly() {
        let mut service = Service::new(&Options::default());
        let web = service.web_session();
        for pin in [json!(1234), json!("123"), json!("12a4"), Value::Null] {
            assert!(create(&mut service, &web, pin).unwrap_err().ends_with("PIN"));
        }
        let lower = json!({"sessionId": web, "deviceId": DEVICE, "pin": "1234"});
        assert!(service.call("user.createPIN", lower).is_err());
        let short = json!({"sessionId": web, "deviceId": "abc", "PIN": "1234"});
        let refusal = service.call("user.createPIN", short).unwrap_err();
        assert_eq!(refusal, "9801|Invalid service argument: deviceId");
        let refusal = create(&mut service, "nobody", json!("1234")).unwrap_err();
        assert_eq!(refusal, "4001|Session not found");
        assert!(service.world.devices.live().is_empty());
    }

    #[test]
    fn update_pin_checks_the_old_one() {
        let mut service = Service::new(&Options::default());
        let session = service.signed_in();
        assert_eq!(update(&mut service, &session, "1234", "1234"), Ok(json!(true)));
        assert!(update(&mut service, &session, "4321", "4321").is_err());
        assert_eq!(update(&mut service, &session, "1234", "7777"), Ok(json!(true)));
        assert!(service.sign_in("7777").is_ok());
    }

    #[test]
    fn delete_pin_ends_the_device_and_its_session() {
        let mut service = Service::new(&Options::default());
        let session = service.signed_in();
        let params = json!({"sessionId": session, "deviceId": DEVICE});
        assert_eq!(service.call("user.deletePIN", params.clone()), Ok(json!(true)));
        let refusal = service.call("user.deletePIN", params).unwrap_err();
        assert_eq!(refusal, "4001|Session not found");
        assert!(service.sign_in("1234").is_err());
        let web = service.web_session();
        let params = json!({"sessionId": web, "deviceId": DEVICE});
        let refusal = service.call("user.deletePIN", params).unwrap_err();
        assert!(refusal.starts_with("9801|"), "{refusal}");
    }

    #[test]
    fn retrieve_returns_the_patron() {
        let mut service = Service::new(&Options::default());
        let session = service.signed_in();
        let user = service.call("user.retrieve", json!({"sessionId": session})).unwrap();
        assert_eq!((&user["firstName"], &user["cashlessMediaStatus"]), (&json!("Sam"), &json!(1)));
        let refusal = service.call("user.retrieve", json!({"sessionId": "nobody"}));
        assert_eq!(refusal.unwrap_err(), "4001|Session not found");
        assert!(service.call("user.remove", json!({})).is_err());
    }

    #[test]
    fn a_card_is_reported_lost_and_found() {
        let mut service = Service::new(&Options::default());
        let session = json!({"sessionId": service.signed_in()});
        let status = |service: &mut Service| {
            service.call("user.retrieve", session.clone()).unwrap()["cashlessMediaStatus"].clone()
        };
        for (method, expected) in [("reportCardLost", 2), ("reportCardLost", 2), ("reportCardFound", 1)] {
            assert!(service.call(&format!("user.{method}"), session.clone()).unwrap().is_string());
            assert_eq!(status(&mut service), expected);
        }
        assert!(service.call("user.reportCardLost", json!({"sessionId": "nobody"})).is_err());
        assert_eq!(status(&mut service), 1);
    }

    #[test]
    fn reporting_requires_the_school_setting() {
        let mut service = Service::new(&Options::default());
        let session = json!({"sessionId": service.signed_in()});
        service.world.settings.set("get.feature.enable_lost_card", Some("0"));
        let refusal = service.call("user.reportCardLost", session.clone()).unwrap_err();
        assert_eq!(refusal, "9018|Feature not enabled: get.feature.enable_lost_card");
        service.world.settings.set("get.feature.enable_lost_card", Some("1"));
        service.world.settings.set("get.feature.enable_found_card", None);
        service.call("user.reportCardLost", session.clone()).unwrap();
        assert!(service.call("user.reportCardFound", session.clone()).is_err());
        assert_eq!(service.call("user.retrieve", session).unwrap()["cashlessMediaStatus"], 2);
    }

    #[test]
    fn the_patron_s_settings_are_empty() {
        let mut service = Service::new(&Options::default());
        let session = service.signed_in();
        let params = json!({"sessionId": session, "settingName": "theme"});
        let setting = service.call("user.retrieveSetting", params).unwrap();
        assert_eq!((&setting["settingName"], &setting["settingValue"]), (&json!("theme"), &Value::Null));
        assert!(service.call("user.retrieveSetting", json!({"sessionId": session})).is_err());
    }
}
