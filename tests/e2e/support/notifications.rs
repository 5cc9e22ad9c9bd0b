//! A stand-in for the desktop's notification service, which keeps what it is asked to show.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use zbus::blocking::{Connection, connection};
use zbus::interface;
use zbus::zvariant::OwnedValue;

/// The service, until it is dropped.
pub struct Notifications {
    shown: Arc<Mutex<Vec<String>>>,
    _connection: Connection,
}

struct Service(Arc<Mutex<Vec<String>>>);

#[interface(name = "org.freedesktop.Notifications")]
impl Service {
    #[expect(clippy::too_many_arguments, reason = "the interface is D-Bus's")]
    #[expect(clippy::needless_pass_by_value, reason = "the interface is D-Bus's")]
    fn notify(
        &self,
        app: String,
        _id: u32,
        _icon: String,
        title: String,
        body: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        assert_eq!(app, "getcard");
        let mut shown = self.0.lock().unwrap();
        shown.push(format!("{title}: {body}"));
        u32::try_from(shown.len()).unwrap()
    }
}

impl Notifications {
    /// A service on the bus at this address.
    pub fn start(address: &str) -> Self {
        let shown = Arc::new(Mutex::default());
        let builder = connection::Builder::address(address).unwrap();
        let builder =
            builder.serve_at("/org/freedesktop/Notifications", Service(Arc::clone(&shown))).unwrap();
        let connection = builder.name("org.freedesktop.Notifications").unwrap().build().unwrap();
        Self { shown, _connection: connection }
    }

    /// What was shown so far.
    pub fn shown(&self) -> Vec<String> {
        self.shown.lock().unwrap().clone()
    }

    /// Waits until something was shown.
    pub fn until_shown(&self) {
        let start = Instant::now();
        while self.shown().is_empty() {
            assert!(start.elapsed() < Duration::from_secs(30), "no notification");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
