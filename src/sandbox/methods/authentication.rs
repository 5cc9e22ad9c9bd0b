//! `authentication`: sign-in and the barcode payload.

use crate::sandbox::auth::sessions::Kind;
use crate::sandbox::patron::payload::payload;
use crate::sandbox::wire::call::Call;
use crate::sandbox::wire::envelope::{Outcome, respond};
use crate::sandbox::wire::exception::Exception;
use crate::sandbox::world::World;

pub fn call(world: &mut World, call: &Call<'_>) -> Outcome {
    match call.method {
        "authenticatePIN" => authenticate_pin(world, call),
        "authenticateSystem" => authenticate_system(world, call),
        "retrievePatronBarcodePayload" => {
            world.patron_session(call)?;
            if world.card.lost {
                return Err(Exception::card_lost());
            }
            respond(&payload(call.now, world.seed))
        }
        _ => Err(call.unknown_method()),
    }
}

/// Exchanges a device and its PIN for a session, which ends the patron's earlier ones.
fn authenticate_pin(world: &mut World, call: &Call<'_>) -> Outcome {
    let params = call.params();
    params.system_credentials()?;
    let device = params.device_id()?;
    if !world.devices.accepts(device, params.pin("pin")?) {
        return Err(Exception::lost_device());
    }
    world.log.sign_ins += 1;
    let kind = Kind::Device(device.to_owned());
    respond(&world.sessions.open(kind, call.now))
}

/// Opens a session without a patron, which is good for the lookup list only.
fn authenticate_system(world: &mut World, call: &Call<'_>) -> Outcome {
    call.params().system_credentials()?;
    respond(&world.sessions.open(Kind::System, call.now))
}

#[cfg(test)]
mod tests {
    use crate::sandbox::Options;
    use crate::sandbox::application::testing::{DEVICE, Service, credentials};
    use serde_json::json;

    const PAYLOAD: &str = "authentication.retrievePatronBarcodePayload";

    #[test]
    fn a_linked_device_signs_in_and_reads_a_payload() {
        let mut service = Service::new(&Options::default());
        let session = service.signed_in();
        let first = service.call(PAYLOAD, json!({"sessionId": session})).unwrap();
        assert_eq!(first.as_str().unwrap().len(), 22);
        service.wait(1);
        let second = service.call(PAYLOAD, json!({"sessionId": session})).unwrap();
        assert_ne!(first, second);
        assert_eq!(service.world.log.sign_ins, 1);
    }

    #[test]
    fn each_sign_in_ends_the_previous_session() {
        let mut service = Service::new(&Options::default());
        let first = service.signed_in();
        let second = service.sign_in("1234").unwrap();
        let refusal = service.call(PAYLOAD, json!({"sessionId": first}));
        assert_eq!(refusal.unwrap_err(), "4001|Session not found");
        assert!(service.call(PAYLOAD, json!({"sessionId": second})).is_ok());
    }

    #[test]
    fn a_session_expires() {
        let mut service = Service::new(&Options::default());
        let session = service.signed_in();
        service.wait(30 * 60 - 1);
        assert!(service.call(PAYLOAD, json!({"sessionId": session})).is_ok());
        service.wait(1);
        let refusal = service.call(PAYLOAD, json!({"sessionId": session}));
        assert_eq!(refusal.unwrap_err(), "4001|Session not found");
    }

    #[test]
    fn unknown_lost_and_revoked_devices_fail_like_a_wrong_pin() {
        let mut service = Service::new(&Options::default());
        let unknown = service.sign_in("1234").unwrap_err();
        service.signed_in();
        let wrong = service.sign_in("4321").unwrap_err();
        service.world.devices.mark_lost(DEVICE);
        let lost = service.sign_in("1234").unwrap_err();
        service.world.revoke_devices();
        let revoked = service.sign_in("1234").unwrap_err();
        for refusal in [unknown, wrong, lost, revoked] {
            assert_eq!(refusal, "9510|Device marked as lost");
        }
        assert_eq!(service.world.log.sign_ins, 1);
    }

    #[test]
    fn a_uuid_in_either_case_and_a_long_pin_are_accepted() {
        let mut service = Service::new(&Options::default());
        let web = service.web_session();
        for device in ["0f8fad5b-d9cb-469f-a165-70867728950e", "0F8FAD5B-D9CB-469F-A165-70867728950F"] {
            let pin = "1234567890123456789012";
            let params = json!({"sessionId": web, "deviceId": device, "PIN": pin});
            assert_eq!(service.call("user.createPIN", params), Ok(json!(true)));
            let credentials = json!({"userName": "get_mobile", "password": "NOTUSED"});
            let params = json!({"deviceId": device, "pin": pin, "systemCredentials": credentials});
            assert!(service.call("authentication.authenticatePIN", params).is_ok());
        }
    }

    #[test]
    fn a_lost_card_has_no_payload() {
        let mut service = Service::new(&Options::default());
        let session = json!({"sessionId": service.signed_in()});
        service.call("user.reportCardLost", session.clone()).unwrap();
        assert_eq!(service.call(PAYLOAD, session.clone()).unwrap_err(), "6113|Card reported lost");
        service.call("user.reportCardFound", session.clone()).unwrap();
        assert!(service.call(PAYLOAD, session).is_ok());
    }

    #[test]
    fn parameter_names_are_checked_exactly() {
        let mut service = Service::new(&Options::default());
        service.signed_in();
        let upper = json!({"PIN": "1234", "deviceId": DEVICE, "systemCredentials": credentials()});
        let refusal = service.call("authentication.authenticatePIN", upper);
        assert_eq!(refusal.unwrap_err(), "9801|Invalid service argument: pin");
        let bare = json!({"pin": "1234", "deviceId": DEVICE});
        let refusal = service.call("authentication.authenticatePIN", bare);
        assert_eq!(refusal.unwrap_err(), "9801|Invalid service argument: systemCredentials");
    }

    #[test]
    fn a_web_session_is_accepted_and_a_system_session_is_not() {
        let mut service = Service::new(&Options::default());
        let web = service.web_session();
        assert!(service.call(PAYLOAD, json!({"sessionId": web})).is_ok());
        let params = json!({"systemCredentials": credentials()});
        let system = service.call("authentication.authenticateSystem", params).unwrap();
        let refusal = service.call(PAYLOAD, json!({"sessionId": system}));
        assert!(refusal.unwrap_err().starts_with("4002|"));
        let refusal = service.call("authentication.authenticateSystem", json!({}));
        assert!(refusal.unwrap_err().starts_with("9801|"));
    }

    #[test]
    fn missing_session_and_unknown_method_are_bad_arguments() {
        let mut service = Service::new(&Options::default());
        let refusal = service.call(PAYLOAD, json!({})).unwrap_err();
        assert_eq!(refusal, "9801|Invalid service argument: sessionId");
        let refusal = service.call("authentication.retrieveAccounts", json!({}));
        assert!(refusal.unwrap_err().starts_with("9801|Invalid service method"));
    }

    #[test]
    fn a_scripted_payload_still_requires_a_session() {
        let mut service = Service::new(&Options::default());
        service.world.script("retrievePatronBarcodePayload", Some(json!({"odd": 1})));
        let session = service.signed_in();
        let payload = service.call(PAYLOAD, json!({"sessionId": session})).unwrap();
        assert_eq!(payload, json!({"odd": 1}));
        assert!(service.call(PAYLOAD, json!({"sessionId": "gone"})).is_err());
    }
}
