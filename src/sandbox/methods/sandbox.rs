//! `sandbox`: live control over the wire, for people who run the binary and need no session for it.
//! **The real service has no such service.**
//!
//! | method | params | response |
//! |---|---|---|
//! | charge, deposit | `amount`, `account?`, `location?` | the transaction's id |
//! | postPending | – | how many were listed |
//! | tamper | `account?`, `difference?` (1) | the id of the transaction whose claim is false now |
//! | endSessions, stealSession, revokeDevices | – | `true` |
//! | newWebSession | – | the session id |
//! | faults | `faults`: a list of texts in the syntax of `--fault`; empty for none | how many |
//! | payload | `payload`: any JSON; absent for the true one | `true` |
//! | hits | – | calls by method |

use rust_decimal::Decimal;
use serde_json::Value;

use super::unknown;
use crate::sandbox::control::ControlError;
use crate::sandbox::envelope::{Outcome, respond};
use crate::sandbox::exception::Exception;
use crate::sandbox::fault::Fault;
use crate::sandbox::params::Params;
use crate::sandbox::transaction::Kind;
use crate::sandbox::world::{Call, World};

/// Where charges happen that name no place.
const PLACE: &str = "Perk Coffee Bar (Baskin Engineering)";
const DEPOSIT_PLACE: &str = "GET Web Deposit";

pub(super) fn call(world: &mut World, call: &Call<'_>) -> Outcome {
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
        "endSessions" => respond(&world.sessions.end_all()).and(respond(&true)),
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
            world.set_response("retrievePatronBarcodePayload", call.params.get("payload").cloned());
            respond(&true)
        }
        "hits" => respond(world.log.all_hits()),
        _ => Err(unknown(call)),
    }
}

fn transact(world: &mut World, call: &Call<'_>, kind: Kind, place: &str) -> Outcome {
    let params = call.params();
    let account = params.optional_text("account")?.unwrap_or_default();
    let place = params.optional_text("location")?.unwrap_or(place);
    let amount = amount(params, "amount")?;
    respond(&world.transact(kind, account, amount, place, call.now)?)
}

/// A JSON number or a text of one, digit for digit.
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

impl From<ControlError> for Exception {
    fn from(error: ControlError) -> Self {
        match error {
            ControlError::InsufficientFunds => Self::insufficient_funds(),
            other => Self::argument(&other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::sandbox::Options;
    use crate::sandbox::methods::testing::Service;
    use rust_decimal::Decimal;
    use serde_json::json;

    #[test]
    fn a_charge_lowers_the_balance_and_heads_the_history() {
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
    fn what_cannot_be_is_refused() {
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
    fn faults_are_read_or_refused_with_the_reason() {
        let mut service = Service::new(&Options::default());
        assert_eq!(service.call("sandbox.faults", json!({"faults": ["html#1"]})), Ok(json!(1)));
        assert!(service.world.faults.strike("retrieve").is_some());
        let refusal = service.call("sandbox.faults", json!({"faults": ["htlm"]}));
        assert!(refusal.unwrap_err().contains("reset-before"));
        assert_eq!(service.call("sandbox.faults", json!({"faults": []})), Ok(json!(0)));
        assert!(service.call("sandbox.faults", json!({})).is_err());
    }

    #[test]
    fn a_payload_is_scripted_and_set_free_again() {
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
    fn tampering_names_the_transaction() {
        let mut service = Service::new(&Options::default());
        let id = service.call("sandbox.tamper", json!({"account": "flexi"})).unwrap();
        let rows = service.world.ledger.rows();
        assert!(rows.iter().any(|row| json!(row.id()) == id));
    }
}
