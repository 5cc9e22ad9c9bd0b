//! Dispatches calls to the simulated services and substitutes scripted responses.

use serde_json::value::to_raw_value;

use crate::sandbox::control;
use crate::sandbox::methods::{authentication, commerce, configuration, institution, user};
use crate::sandbox::wire::call::Call;
use crate::sandbox::wire::envelope::{Outcome, Reply};
use crate::sandbox::wire::exception::Exception;
use crate::sandbox::wire::names::CONTROL;
use crate::sandbox::world::World;

pub fn process(world: &mut World, call: &Call<'_>) -> Reply {
    world.catch_up(call.now);
    Reply::of(outcome(world, call))
}

fn outcome(world: &mut World, call: &Call<'_>) -> Outcome {
    if call.service == CONTROL {
        return control::methods::call(world, call);
    }
    let response = match call.service {
        "authentication" => authentication::call(world, call),
        "user" => user::call(world, call),
        "commerce" => commerce::call(world, call),
        "institution" => institution::call(world, call),
        "configuration" => configuration::call(world, call),
        _ => Err(call.unknown_method()),
    }?;
    match world.scripted(call.service, call.method) {
        Some(scripted) => to_raw_value(scripted).map_err(Exception::internal),
        None => Ok(response),
    }
}

#[cfg(test)]
pub mod testing {
    //! A [`World`] without sockets, with a clock that tests advance.

    use jiff::{SignedDuration, Timestamp};
    use serde_json::{Value, json};

    use super::process;
    use crate::sandbox::Options;
    use crate::sandbox::auth::sessions::Kind;
    use crate::sandbox::wire::call::Call;
    use crate::sandbox::world::World;

    pub const DEVICE: &str = "abcdef0123456789";

    pub struct Service {
        pub world: World,
        pub now: Timestamp,
    }

    impl Service {
        pub fn new(options: &Options) -> Self {
            let now = "2026-02-09T20:00:00Z".parse().unwrap();
            Self { world: World::new(options, now), now }
        }

        pub fn wait(&mut self, seconds: i64) {
            self.now += SignedDuration::from_secs(seconds);
        }

        /// Calls `service.method`; an exception comes back as `Err` with its text.
        pub fn call(&mut self, name: &str, params: Value) -> Result<Value, String> {
            let (service, method) = name.split_once('.').unwrap();
            let Value::Object(params) = params else {
                panic!("{params} are not call parameters");
            };
            let call = Call { service, method, params: &params, now: self.now, strays: false };
            let reply = process(&mut self.world, &call);
            let reply: Value = serde_json::from_str(&reply.text()).unwrap();
            match &reply["exception"] {
                Value::Null => Ok(reply["response"].clone()),
                exception => Err(exception.as_str().unwrap().to_owned()),
            }
        }

        pub fn web_session(&mut self) -> String {
            self.world.sessions.open(Kind::Web, self.now)
        }

        pub fn system_session(&mut self) -> String {
            self.world.sessions.open(Kind::System, self.now)
        }

        /// Links [`DEVICE`] and signs in with it.
        pub fn signed_in(&mut self) -> String {
            let session = self.web_session();
            let params = json!({"sessionId": session, "deviceId": DEVICE, "PIN": "1234"});
            self.call("user.createPIN", params).unwrap();
            self.sign_in("1234").unwrap()
        }

        pub fn sign_in(&mut self, pin: &str) -> Result<String, String> {
            let params = json!({
                "pin": pin,
                "deviceId": DEVICE,
                "systemCredentials": credentials(),
            });
            let session = self.call("authentication.authenticatePIN", params)?;
            Ok(session.as_str().unwrap().to_owned())
        }
    }

    pub fn credentials() -> Value {
        json!({"userName": "get_mobile", "password": "NOTUSED", "domain": ""})
    }
}
