//! `sandbox`: control over the wire, for people who run the binary. It needs no session.
//! **The real service has no such service.**
//!
//! | method | params | response |
//! |---|---|---|
//! | charge, deposit | `amount`, `account?`, `location?` | the transaction's id |
//! | postPending | – | how many transactions were listed |
//! | tamper | `account?`, `difference?` (1) | the id of the transaction whose reported balance is now wrong |
//! | endSessions, stealSession, revokeDevices | – | `true` |
//! | newWebSession | – | the session id |
//! | phone | `everyMs`: how often the phone app signs in; 0: never | `true` |
//! | devices | – | every device: `deviceId`, `lost` |
//! | markDeviceLost | `deviceId` | `true` |
//! | setting | `name`: `DOMAIN.CATEGORY.NAME`, `value`: a string; null removes the setting | `true` |
//! | faults | `faults`: a list of strings in `--fault` syntax; empty clears all | how many |
//! | payload | `payload`: any JSON; absent: back to the generated one | `true` |
//! | hits | – | call counts by method |
//! | requests | – | the most recent calls: `service`, `method`, `at`, `status`, `outcome`, `exception` |

use std::time::Duration;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::sandbox::fault::Fault;
use crate::sandbox::patron::transaction::Kind;
use crate::sandbox::request_log::{Outcome as Ended, Request};
use crate::sandbox::wire::call::Call;
use crate::sandbox::wire::envelope::{Outcome, respond};
use crate::sandbox::wire::exception::Exception;
use crate::sandbox::wire::params::Params;
use crate::sandbox::world::World;

/// The location of charges that name none.
const PLACE: &str = "Perk Coffee Bar (Baskin Engineering)";
const DEPOSIT_PLACE: &str = "GET Web Deposit";

pub fn call(world: &mut World, call: &Call<'_>) -> Outcome {
    let params = call.params();
    match call.method {
        "charge" => transact(world, call, Kind::Debit, PLACE),
        "deposit" => transact(world, call, Kind::Deposit, DEPOSIT_PLACE),
        "postPending" => respond(&world.ledger.post_all()),
        "tamper" => {
            let account = params.optional_text("account")?.unwrap_or_default();
            let difference = match call.params.get("difference") {
                None => Decimal::ONE,
                Some(_) => amount(params, "difference")?,
            };
            respond(&world.tamper(account, difference)?)
        }
        "endSessions" => {
            world.sessions.end_all();
            respond(&true)
        }
        "stealSession" => {
            world.steal_session(call.now);
            respond(&true)
        }
        "revokeDevices" => {
            world.revoke_devices();
            respond(&true)
        }
        "newWebSession" => respond(&world.new_web_session(call.now)),
        "faults" => faults(world, call),
        "payload" => {
            world.script("retrievePatronBarcodePayload", call.params.get("payload").cloned());
            respond(&true)
        }
        "phone" => {
            let every =
                Duration::from_millis(params.limit("everyMs")?.unwrap_or(0).try_into().unwrap_or(u64::MAX));
            world.set_phone(Some(every), call.now);
            respond(&true)
        }
        "devices" => respond(&world.devices.list()),
        "markDeviceLost" => {
            world.mark_device_lost(params.text("deviceId")?)?;
            respond(&true)
        }
        "setting" => {
            world.set_setting(params.text("name")?, params.optional_text("value")?)?;
            respond(&true)
        }
        "hits" => respond(&world.log.all_hits()),
        "requests" => respond(&world.log.latest().map(request).collect::<Vec<_>>()),
        _ => Err(call.unknown_method()),
    }
}

fn transact(world: &mut World, call: &Call<'_>, kind: Kind, place: &str) -> Outcome {
    let params = call.params();
    let account = params.optional_text("account")?.unwrap_or_default();
    let place = params.optional_text("location")?.unwrap_or(place);
    let amount = amount(params, "amount")?;
    respond(&world.transact(kind, account, amount, place, call.now)?)
}

/// Reads a decimal from a JSON number or string, without going through a float.
fn amount(params: Params<'_>, name: &str) -> Result<Decimal, Exception> {
    let digits = match params.0.get(name) {
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::String(text)) => text.clone(),
        _ => return Err(Exception::argument(name)),
    };
    digits.parse().map_err(|_| Exception::argument(name))
}

fn faults(world: &mut World, call: &Call<'_>) -> Outcome {
    let list = call.params.get("faults").and_then(Value::as_array);
    let list = list.ok_or_else(|| Exception::argument("faults"))?;
    let read = |item: &Value| {
        let text = item.as_str().ok_or_else(|| Exception::argument("faults"))?;
        let fault: Result<Fault, _> = text.parse();
        fault.map_err(|error| Exception::argument(&format!("faults: {error}")))
    };
    let faults = list.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let count = faults.len();
    world.set_faults(faults);
    respond(&count)
}

/// A request without its parameters, which may contain secrets.
fn request(request: &Request) -> Value {
    let (outcome, exception) = match &request.outcome {
        Ended::Unanswered => ("unanswered", None),
        Ended::Response => ("response", None),
        Ended::Exception(text) => ("exception", Some(text)),
        Ended::Spoiled => ("spoiled", None),
    };
    json!({
        "service": request.service,
        "method": request.method,
        "at": request.at,
        "status": request.status,
        "outcome": outcome,
        "exception": exception,
    })
}

#[cfg(test)]
mod tests {
    use crate::sandbox::Options;
    use crate::sandbox::application::testing::{DEVICE, Service};
    use rust_decimal::Decimal;
    use serde_json::json;

    #[test]
    fn a_charge_lowers_the_balance_and_is_the_newest_transaction() {
        let mut service = Service::new(&Options::default());
        let before = service.world.balance("slug").unwrap();
        let params = json!({"account": "slug", "amount": 1.25, "location": "Taco Truck"});
        let id = service.call("sandbox.charge", params).unwrap();
        assert_eq!(service.world.balance("slug"), Some(before - Decimal::new(125, 2)));
        let last = service.world.ledger.rows().last().unwrap();
        assert_eq!((id, &*last.place.name), (json!(last.id()), "Taco Truck"));
        let params = json!({"account": "slug", "amount": "1.25"});
        service.call("sandbox.deposit", params).unwrap();
        assert_eq!(service.world.balance("slug"), Some(before));
    }

    #[test]
    fn impossible_charges_are_refused() {
        let mut service = Service::new(&Options::default());
        for (params, start) in [
            (json!({"account": "slug"}), "9801|"),
            (json!({"account": "slug", "amount": -1}), "9801|"),
            (json!({"account": "slug", "amount": 0.001}), "9801|"),
            (json!({"account": "board", "amount": 0.5}), "9801|"),
            (json!({"account": "nobody", "amount": 1}), "9801|"),
            (json!({"account": "visa", "amount": 1}), "9801|"),
            (json!({"account": "slug", "amount": 100_000}), "6112|"),
        ] {
            let refusal = service.call("sandbox.charge", params).unwrap_err();
            assert!(refusal.starts_with(start), "{refusal}");
        }
        assert!(service.call("sandbox.format", json!({})).is_err());
    }

    #[test]
    fn sessions_and_devices_end_on_demand() {
        let mut service = Service::new(&Options::default());
        for method in ["endSessions", "stealSession", "revokeDevices"] {
            let session = service.signed_in();
            assert_eq!(service.call(&format!("sandbox.{method}"), json!({})), Ok(json!(true)));
            assert!(service.call("user.retrieve", json!({"sessionId": session})).is_err(), "{method}");
        }
        assert!(service.sign_in("1234").is_err());
        let web = service.call("sandbox.newWebSession", json!({})).unwrap();
        assert!(service.call("user.retrieve", json!({"sessionId": web})).is_ok());
    }

    #[test]
    fn faults_are_parsed_or_refused_with_a_reason() {
        let mut service = Service::new(&Options::default());
        assert_eq!(service.call("sandbox.faults", json!({"faults": ["html#1"]})), Ok(json!(1)));
        assert!(service.world.faults.next_fault("user", "retrieve").is_some());
        let refusal = service.call("sandbox.faults", json!({"faults": ["htlm"]}));
        assert!(refusal.unwrap_err().contains("reset-before"));
        assert_eq!(service.call("sandbox.faults", json!({"faults": []})), Ok(json!(0)));
        assert!(service.call("sandbox.faults", json!({})).is_err());
    }

    #[test]
    fn a_payload_is_scripted_and_restored() {
        let mut service = Service::new(&Options::default());
        let web = service.web_session();
        let read = |service: &mut Service| {
            let params = json!({"sessionId": web});
            service.call("authentication.retrievePatronBarcodePayload", params).unwrap()
        };
        service.call("sandbox.payload", json!({"payload": null})).unwrap();
        assert!(read(&mut service).is_null());
        service.call("sandbox.payload", json!({})).unwrap();
        assert!(read(&mut service).is_string());
    }

    #[test]
    fn devices_are_listed_and_marked_as_lost() {
        let mut service = Service::new(&Options::default());
        let session = service.signed_in();
        let lost = |lost| Ok(json!([{"deviceId": DEVICE, "lost": lost}]));
        assert_eq!(service.call("sandbox.devices", json!({})), lost(false));
        let marked = service.call("sandbox.markDeviceLost", json!({"deviceId": DEVICE}));
        assert_eq!(marked, Ok(json!(true)));
        assert_eq!(service.call("sandbox.devices", json!({})), lost(true));
        assert!(service.call("user.retrieve", json!({"sessionId": session})).is_err());
        assert_eq!(service.sign_in("1234").unwrap_err(), "9510|Device marked as lost");
        assert!(service.call("sandbox.markDeviceLost", json!({"deviceId": "none"})).is_err());
    }

    #[test]
    fn settings_are_switched_off_and_on() {
        let mut service = Service::new(&Options::default());
        let session = json!({"sessionId": service.signed_in()});
        let name = "get.feature.enable_lost_card";
        service.call("sandbox.setting", json!({"name": name, "value": "0"})).unwrap();
        assert!(service.call("user.reportCardLost", session.clone()).is_err());
        service.call("sandbox.setting", json!({"name": name, "value": null})).unwrap();
        assert!(service.call("user.reportCardLost", session.clone()).is_err());
        service.call("sandbox.setting", json!({"name": name, "value": "1"})).unwrap();
        assert!(service.call("user.reportCardLost", session).is_ok());
        assert!(service.call("sandbox.setting", json!({"name": "lost", "value": "1"})).is_err());
    }

    #[test]
    fn the_phone_keeps_stealing_the_session() {
        let mut service = Service::new(&Options::default());
        service.call("sandbox.phone", json!({"everyMs": 1000})).unwrap();
        for _ in 0..3 {
            let session = service.signed_in();
            service.wait(1);
            assert!(service.call("user.retrieve", json!({"sessionId": session})).is_err());
        }
        service.call("sandbox.phone", json!({"everyMs": 0})).unwrap();
        let session = service.signed_in();
        service.wait(60);
        assert!(service.call("user.retrieve", json!({"sessionId": session})).is_ok());
    }

    #[test]
    fn tampering_returns_the_transaction_id() {
        let mut service = Service::new(&Options::default());
        let id = service.call("sandbox.tamper", json!({"account": "flexi"})).unwrap();
        let rows = service.world.ledger.rows();
        assert!(rows.iter().any(|row| json!(row.id()) == id));
    }
}
