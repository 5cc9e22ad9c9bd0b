//! Sessions: their kinds, their lifetimes and what ends them.

use std::collections::HashMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::sandbox::wire::exception::Exception;

/// Who opened a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A browser that signed in with school credentials.
    Web,
    /// A device that signed in with its PIN.
    Device(String),
    /// The patron's phone app, which is not simulated beyond its sign-ins.
    Phone,
    /// `authenticateSystem`: not tied to a patron.
    System,
}

#[derive(Clone, Debug)]
struct Session {
    kind: Kind,
    /// `None`: never expires.
    ends: Option<Timestamp>,
}

/// Every live session: the patron's and the system's.
#[derive(Clone, Debug)]
pub struct Sessions {
    live: HashMap<String, Session>,
    lifetime: Option<Duration>,
    web_lifetime: Option<Duration>,
}

impl Sessions {
    pub fn new(lifetime: Option<Duration>, web_lifetime: Option<Duration>) -> Self {
        Self { live: HashMap::new(), lifetime, web_lifetime }
    }

    /// Opens a session and returns its id. A sign-in by a device or the phone app ends every earlier session
    /// of those two kinds: the service keeps **one per patron**.
    pub fn open(&mut self, kind: Kind, now: Timestamp) -> String {
        self.live.retain(|_, session| session.ends.is_none_or(|ends| now < ends));
        if matches!(kind, Kind::Device(_) | Kind::Phone) {
            self.end_patron_sessions();
        }
        let lifetime = match kind {
            Kind::Web => self.web_lifetime,
            _ => self.lifetime,
        };
        let ends = lifetime.and_then(|lifetime| {
            let lifetime = SignedDuration::try_from(lifetime).ok()?;
            now.checked_add(lifetime).ok()
        });
        let id = Uuid::new_v4().to_string();
        self.live.insert(id.clone(), Session { kind, ends });
        id
    }

    /// Returns whether `id` is a live web session.
    pub fn is_web(&self, id: &str, now: Timestamp) -> bool {
        self.kind(id, now) == Some(&Kind::Web)
    }

    /// Requires a live session of the patron. Web sessions are good for every call: clients without a device
    /// use them.
    pub fn patron(&self, id: &str, now: Timestamp) -> Result<(), Exception> {
        match self.kind(id, now) {
            Some(Kind::Web | Kind::Device(_) | Kind::Phone) => Ok(()),
            Some(Kind::System) => Err(Exception::wrong_session()),
            None => Err(Exception::session_not_found()),
        }
    }

    /// Requires a live system session.
    pub fn system(&self, id: &str, now: Timestamp) -> Result<(), Exception> {
        match self.kind(id, now) {
            Some(Kind::System) => Ok(()),
            Some(_) => Err(Exception::wrong_session()),
            None => Err(Exception::session_not_found()),
        }
    }

    pub fn end_device(&mut self, device: &str) {
        self.live.retain(|_, session| !matches!(&session.kind, Kind::Device(id) if id == device));
    }

    /// Ends all device and phone app sessions; web and system sessions stay alive.
    pub fn end_patron_sessions(&mut self) {
        self.live.retain(|_, session| matches!(session.kind, Kind::Web | Kind::System));
    }

    /// Ends all sessions of all kinds.
    pub fn end_all(&mut self) {
        self.live.clear();
    }

    fn kind(&self, id: &str, now: Timestamp) -> Option<&Kind> {
        let session = self.live.get(id)?;
        let alive = session.ends.is_none_or(|ends| now < ends);
        alive.then_some(&session.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Sessions};
    use jiff::{SignedDuration, Timestamp};
    use std::time::Duration;

    fn sessions() -> Sessions {
        Sessions::new(Some(Duration::from_secs(30 * 60)), Some(Duration::from_secs(2 * 3600)))
    }

    fn device(name: &str) -> Kind {
        Kind::Device(name.to_owned())
    }

    #[test]
    fn a_sign_in_ends_earlier_patron_sessions_but_not_web_or_system_ones() {
        let (mut sessions, now) = (sessions(), Timestamp::UNIX_EPOCH);
        let web = sessions.open(Kind::Web, now);
        let system = sessions.open(Kind::System, now);
        let first = sessions.open(device("a"), now);
        let second = sessions.open(device("b"), now);
        assert!(sessions.patron(&first, now).is_err());
        assert!(sessions.patron(&second, now).is_ok());
        let phone = sessions.open(Kind::Phone, now);
        assert!(sessions.patron(&second, now).is_err());
        assert!(sessions.patron(&phone, now).is_ok());
        assert!(sessions.patron(&web, now).is_ok());
        assert!(sessions.system(&system, now).is_ok());
    }

    #[test]
    fn sessions_expire_exactly_at_their_lifetime() {
        let (mut sessions, now) = (sessions(), Timestamp::UNIX_EPOCH);
        let id = sessions.open(device("a"), now);
        let web = sessions.open(Kind::Web, now);
        let after = |minutes| now + SignedDuration::from_mins(minutes);
        assert!(sessions.patron(&id, after(29)).is_ok());
        let refusal = sessions.patron(&id, after(30)).unwrap_err().to_string();
        assert_eq!(refusal, "4001|Session not found");
        assert!(sessions.is_web(&web, after(119)));
        assert!(!sessions.is_web(&web, after(120)));
    }

    #[test]
    fn a_session_without_a_lifetime_does_not_expire() {
        let mut sessions = Sessions::new(None, None);
        let id = sessions.open(device("a"), Timestamp::UNIX_EPOCH);
        assert!(sessions.patron(&id, Timestamp::MAX).is_ok());
    }

    #[test]
    fn system_and_patron_sessions_are_not_interchangeable() {
        let (mut sessions, now) = (sessions(), Timestamp::UNIX_EPOCH);
        let system = sessions.open(Kind::System, now);
        let web = sessions.open(Kind::Web, now);
        assert!(sessions.patron(&system, now).is_err());
        assert!(sessions.system(&web, now).is_err());
    }

    #[test]
    fn a_deleted_device_loses_its_session() {
        let (mut sessions, now) = (sessions(), Timestamp::UNIX_EPOCH);
        let id = sessions.open(device("a"), now);
        sessions.end_device("b");
        assert!(sessions.patron(&id, now).is_ok());
        sessions.end_device("a");
        assert!(sessions.patron(&id, now).is_err());
    }
}
