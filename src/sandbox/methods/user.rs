//! `user`: making, checking and deleting devices, and who the patron is.

use serde::Serialize;

use super::{patron_session, unknown};
use crate::sandbox::account::Owner;
use crate::sandbox::envelope::{Outcome, respond};
use crate::sandbox::exception::Exception;
use crate::sandbox::world::{Call, World};

pub(super) fn call(world: &mut World, call: &Call<'_>) -> Outcome {
    let change = match call.method {
        "createPIN" => create_pin,
        "updatePIN" => update_pin,
        "deletePIN" => delete_pin,
        "retrieve" => {
            patron_session(world, call)?;
            return respond(&Profile::of(&world.owner));
        }
        _ => return Err(unknown(call)),
    };
    patron_session(world, call)?;
    change(world, call)?;
    respond(&true)
}

/// Makes a device, or sets the PIN of one that exists.
fn create_pin(world: &mut World, call: &Call<'_>) -> Result<(), Exception> {
    let params = call.params();
    world.devices.put(params.device_id()?, params.pin("PIN")?);
    Ok(())
}

/// Sets a new PIN; equal ones only check that the old one still works.
fn update_pin(world: &mut World, call: &Call<'_>) -> Result<(), Exception> {
    let params = call.params();
    let (device, old) = (params.device_id()?, params.pin("oldPIN")?);
    let new = params.pin("newPIN")?;
    world.devices.check(device, old)?;
    world.devices.put(device, new);
    Ok(())
}

/// Deletes a device; its sessions end with it, the one that asked included.
fn delete_pin(world: &mut World, call: &Call<'_>) -> Result<(), Exception> {
    let device = call.params().device_id()?;
    world.devices.delete(device)?;
    world.sessions.end_device(device);
    Ok(())
}

/// The patron as `user.retrieve` shows them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Profile<'a> {
    id: &'a str,
    user_name: &'static str,
    institution_id: &'a str,
    first_name: &'a str,
    middle_name: Option<&'static str>,
    last_name: &'a str,
    email: &'static str,
    phone: Option<&'static str>,
    status: &'static str,
    time_zone: &'static str,
    locale: &'static str,
}

impl<'a> Profile<'a> {
    fn of(owner: &'a Owner) -> Self {
        Self {
            id: &owner.user_id,
            user_name: "sslugwor",
            institution_id: &owner.institution_id,
            first_name: owner.first_name,
            middle_name: None,
            last_name: owner.last_name,
            email: "sslugwor@example.edu",
            phone: None,
            status: "A",
            time_zone: "America/Los_Angeles",
            locale: "en_US",
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::sandbox::Options;
    use crate::sandbox::methods::testing::{DEVICE, Service};
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
    fn a_device_made_again_has_the_new_pin() {
        let mut service = Service::new(&Options::default());
        let web = service.web_session();
        assert_eq!(create(&mut service, &web, json!("1111")), Ok(json!(true)));
        assert_eq!(create(&mut service, &web, json!("2222")), Ok(json!(true)));
        assert!(service.sign_in("1111").is_err());
        assert!(service.sign_in("2222").is_ok());
        assert_eq!(service.world.devices.ids(), [DEVICE]);
    }

    #[test]
    fn create_pin_refuses_what_is_not_to_the_letter() {
        let mut service = Service::new(&Options::default());
        let web = service.web_session();
        for pin in [json!(1234), json!("12345"), json!("12a4"), Value::Null] {
            assert!(create(&mut service, &web, pin).unwrap_err().ends_with("PIN"));
        }
        let lower = json!({"sessionId": web, "deviceId": DEVICE, "pin": "1234"});
        assert!(service.call("user.createPIN", lower).is_err());
        let short = json!({"sessionId": web, "deviceId": "abc", "PIN": "1234"});
        let refusal = service.call("user.createPIN", short).unwrap_err();
        assert_eq!(refusal, "9801|Invalid service argument: deviceId");
        let refusal = create(&mut service, "nobody", json!("1234")).unwrap_err();
        assert_eq!(refusal, "4001|Session not found");
        assert!(service.world.devices.ids().is_empty());
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
    fn retrieve_tells_who_the_patron_is() {
        let mut service = Service::new(&Options::default());
        let session = service.signed_in();
        let user = service.call("user.retrieve", json!({"sessionId": session})).unwrap();
        for name in [
            "id",
            "userName",
            "institutionId",
            "firstName",
            "lastName",
            "status",
            "timeZone",
            "locale",
            "email",
        ] {
            assert!(user[name].is_string(), "{name}");
        }
        let refusal = service.call("user.retrieve", json!({"sessionId": "nobody"}));
        assert_eq!(refusal.unwrap_err(), "4001|Session not found");
        assert!(service.call("user.remove", json!({})).is_err());
    }
}
