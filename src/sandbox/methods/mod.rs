//! The methods of the service, one file for each of its services.

mod authentication;
mod commerce;
mod institution;
mod sandbox;
mod user;

use super::envelope::Outcome;
use super::exception::Exception;
use super::world::{Call, World};

/// The services of protocol.md.
pub(super) const SERVICES: [&str; 4] = ["authentication", "user", "commerce", "institution"];
/// The sandbox's own service. **The real service has no such thing.**
pub(super) const CONTROL: &str = "sandbox";

/// The methods of the four services, for whoever names one.
pub(super) const METHODS: [&str; 10] = [
    "authenticatePIN",
    "authenticateSystem",
    "retrievePatronBarcodePayload",
    "createPIN",
    "updatePIN",
    "deletePIN",
    "retrieve",
    "retrieveAccounts",
    "retrieveTransactionHistoryWithinDateRange",
    "retrieveLookupList",
];

/// Processes a call of one of the services.
pub(super) fn call(world: &mut World, call: &Call<'_>) -> Outcome {
    match call.service {
        "authentication" => authentication::call(world, call),
        "user" => user::call(world, call),
        "commerce" => commerce::call(world, call),
        "institution" => institution::call(world, call),
        CONTROL => sandbox::call(world, call),
        _ => Err(unknown(call)),
    }
}

fn unknown(call: &Call<'_>) -> Exception {
    Exception::unknown_method(call.service, call.method)
}

/// Passes a call with a live session of the patron.
fn patron_session(world: &World, call: &Call<'_>) -> Result<(), Exception> {
    let session = call.params().text("sessionId")?;
    world.sessions.patron(session, call.now)
}

#[cfg(test)]
mod testing {
    //! A world without sockets and a clock that tests move.

    use jiff::{SignedDuration, Timestamp};
    use serde_json::{Value, json};

    use crate::sandbox::Options;
    use crate::sandbox::sessions::Kind;
    use crate::sandbox::world::{Call, World};

    pub(super) const DEVICE: &str = "abcdef0123456789";

    pub(super) struct Service {
        pub(super) world: World,
        pub(super) now: Timestamp,
    }

    impl Service {
        pub(super) fn new(options: &Options) -> Self {
            let now = "2026-02-09T20:00:00Z".parse().unwrap();
            let world = World::new(options, now);
            Self { world, now }
        }

        pub(super) fn wait(&mut self, seconds: i64) {
            self.now += SignedDuration::from_secs(seconds);
        }

        /// Calls `service.method` and gives the response, or the exception's text as an error.
        pub(super) fn call(&mut self, name: &str, params: Value) -> Result<Value, String> {
            let (service, method) = name.split_once('.').unwrap();
            let Value::Object(params) = params else {
                panic!("{params} are no parameters");
            };
            let reply =
                self.world.call(&Call { service, method, params: &params, now: self.now, strays: false });
            let reply: Value = serde_json::from_str(&reply.text()).unwrap();
            match &reply["exception"] {
                Value::Null => Ok(reply["response"].clone()),
                exception => Err(exception.as_str().unwrap().to_owned()),
            }
        }

        pub(super) fn web_session(&mut self) -> String {
            self.world.sessions.open(Kind::Web, self.now)
        }

        /// Links [`DEVICE`] and signs in with it.
        pub(super) fn signed_in(&mut self) -> String {
            let session = self.web_session();
            let params = json!({"sessionId": session, "deviceId": DEVICE, "PIN": "1234"});
            self.call("user.createPIN", params).unwrap();
            self.sign_in("1234").unwrap()
        }

        pub(super) fn sign_in(&mut self, pin: &str) -> Result<String, String> {
            let params = json!({
                "pin": pin,
                "deviceId": DEVICE,
                "systemCredentials": credentials(),
            });
            let session = self.call("authentication.authenticatePIN", params)?;
            Ok(session.as_str().unwrap().to_owned())
        }
    }

    pub(super) fn credentials() -> Value {
        json!({"userName": "get_mobile", "password": "NOTUSED", "domain": ""})
    }
}
