//! A real Secret Service: gnome-keyring in D-Bus sessions of the tests' own.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::wait::wait_until;

/// A D-Bus session; it ends with the process that started it, or when it is dropped.
pub struct Session {
    address: String,
    home: TempDir,
    shell: Child,
    /// Open as long as the session is wanted.
    lifeline: Option<ChildStdin>,
}

/// A directory in memory where there is one: the keyring waits for the disk after each change, and getcard for the
/// keyring.
fn in_memory() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// The password of every keyring here.
const PASSWORD: &str = "correct horse";

impl Session {
    /// A session with an unlocked keyring.
    pub fn unlocked() -> Self {
        let session = Self::start("<standard_session_servicedirs/>");
        session.run_daemon(&["--unlock"], PASSWORD);
        session.until_awake();
        session
    }

    /// Locks the keyring: a new daemon is given the wrong password.
    pub fn lock(&self) {
        self.run_daemon(&["--replace", "--unlock"], "wrong");
    }

    /// Unlocks the keyring: a new daemon is given the password.
    pub fn unlock(&self) {
        self.run_daemon(&["--replace", "--unlock"], PASSWORD);
        self.until_awake();
    }

    /// Writes down who is called on the bus from now on, until what is given is dropped.
    pub fn watch_calls(&self) -> Calls {
        let mut monitor = Command::new("dbus-monitor")
            .args(["--address", &self.address, "type=method_call"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-monitor (tests/run.sh installs it)");
        let output = monitor.stdout.take().unwrap();
        let calls = Calls { monitor, seen: Arc::default() };
        let seen = Arc::clone(&calls.seen);
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                seen.lock().unwrap().push(line);
            }
        });
        calls.until(self, "org.freedesktop.DBus.Peer");
        calls
    }

    /// A session without any Secret Service.
    pub fn without_service() -> Self {
        Self::start("")
    }

    /// Stops the keyring where it stands, until what is given is dropped: it keeps its name on the bus and never
    /// answers again.
    pub fn hang(&self) -> Hanging {
        self.stop("org.freedesktop.secrets")
    }

    /// Stops the bus where it stands, until what is given is dropped.
    pub fn hang_bus(&self) -> Hanging {
        self.stop("org.freedesktop.DBus")
    }

    fn stop(&self, name: &str) -> Hanging {
        let process = self.owner(name).unwrap();
        kill_process(process, Signal::STOP).unwrap();
        Hanging(process)
    }

    /// Waits for the answer of the keyring, which comes some time after it was started.
    fn until_awake(&self) {
        self.send("org.freedesktop.secrets", "org.freedesktop.DBus.Peer.Ping", &[]);
    }

    /// Who owns a name, as the bus knows it.
    fn owner(&self, name: &str) -> Option<Pid> {
        let method = "org.freedesktop.DBus.GetConnectionUnixProcessID";
        let reply = self.send("org.freedesktop.DBus", method, &[&format!("string:{name}")]);
        Pid::from_raw(reply.split_whitespace().last()?.parse().ok()?)
    }

    /// Calls a method on the bus and gives its answer.
    fn send(&self, destination: &str, method: &str, arguments: &[&str]) -> String {
        let path = "/org/freedesktop/DBus";
        let reply = Command::new("dbus-send")
            .args(["--session", "--print-reply=literal", &format!("--dest={destination}"), path, method])
            .args(arguments)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .output()
            .expect("dbus-send (tests/run.sh installs it)");
        String::from_utf8(reply.stdout).unwrap()
    }

    /// The address for `DBUS_SESSION_BUS_ADDRESS`.
    pub fn address(&self) -> &str {
        &self.address
    }

    fn start(services: &str) -> Self {
        let home = in_memory();
        let config = home.path().join("session.conf");
        std::fs::write(
            &config,
            format!(
                "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
                 \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\"><busconfig><type>session</type>\
                 <listen>unix:tmpdir=/tmp</listen>{services}<policy context=\"default\">\
                 <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/>\
                 </policy></busconfig>"
            ),
        )
        .unwrap();
        // The shell outlives neither the test process, whose end closes its standard input, nor the bus.
        let mut shell = Command::new("sh")
            .args(["-c", "dbus-daemon --config-file=\"$1\" --nofork --print-address & bus=$!; cat >/dev/null; kill $bus", "sh"])
            .arg(&config)
            .envs(environment(home.path()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon (tests/run.sh installs it)");
        let mut address = String::new();
        BufReader::new(shell.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let lifeline = shell.stdin.take();
        Self { address: address.trim().to_owned(), home, shell, lifeline }
    }

    fn run_daemon(&self, options: &[&str], password: &str) {
        let mut daemon = Command::new("gnome-keyring-daemon")
            .args(options)
            .arg("--components=secrets")
            .envs(environment(self.home.path()))
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gnome-keyring-daemon (tests/run.sh installs it)");
        daemon.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        assert!(daemon.wait().unwrap().success());
    }
}

/// A process that was stopped; it goes on when this is dropped.
pub struct Hanging(Pid);

impl Drop for Hanging {
    fn drop(&mut self) {
        let _ = kill_process(self.0, Signal::CONT);
    }
}

/// The calls on a bus.
pub struct Calls {
    monitor: Child,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Calls {
    /// Waits until a call that is made here has been seen, and all before it.
    pub fn until(&self, session: &Session, interface: &str) {
        let before = self.count(interface);
        wait_until("a call that the monitor sees", || {
            session.send("org.freedesktop.DBus", &format!("{interface}.Ping"), &[]);
            self.count(interface) > before
        });
    }

    /// How many lines with this text were seen.
    pub fn count(&self, text: &str) -> usize {
        self.seen.lock().unwrap().iter().filter(|line| line.contains(text)).count()
    }

    /// Where the first line with this text was seen.
    pub fn position(&self, text: &str) -> Option<usize> {
        self.seen.lock().unwrap().iter().position(|line| line.contains(text))
    }
}

impl Drop for Calls {
    fn drop(&mut self) {
        let _ = self.monitor.kill();
        let _ = self.monitor.wait();
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        let _ = self.shell.wait();
    }
}

fn environment(home: &Path) -> [(&'static str, &Path); 3] {
    [("HOME", home), ("XDG_DATA_HOME", home), ("XDG_RUNTIME_DIR", home)]
}
