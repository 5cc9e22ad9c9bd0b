//! A real Secret Service: gnome-keyring in D-Bus sessions of the tests' own.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use tempfile::TempDir;

/// A D-Bus session; it ends with the process that started it, or when it is dropped.
pub struct Session {
    address: String,
    home: TempDir,
    shell: Child,
    /// Open as long as the session is wanted.
    lifeline: Option<ChildStdin>,
}

/// The password of every keyring here.
const PASSWORD: &str = "correct horse";

impl Session {
    /// A session with an unlocked keyring.
    pub fn unlocked() -> Self {
        let session = Self::start("<standard_session_servicedirs/>");
        session.run_daemon(&["--unlock"], PASSWORD);
        session
    }

    /// Locks the keyring: a new daemon is given the wrong password.
    pub fn lock(&self) {
        self.run_daemon(&["--replace", "--unlock"], "wrong");
    }

    /// A session without any Secret Service.
    pub fn without_service() -> Self {
        Self::start("")
    }

    /// Stops the keyring where it stands: it keeps its name on the bus and never answers again.
    pub fn hang(&self) {
        let pid = rustix::process::Pid::from_raw(i32::try_from(self.daemon_pid()).unwrap()).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::STOP).unwrap();
    }

    /// Ends a keyring that hangs.
    pub fn kill(&self) {
        let pid = rustix::process::Pid::from_raw(i32::try_from(self.daemon_pid()).unwrap()).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    }

    /// Who owns the name of the Secret Service, as the bus knows it.
    fn daemon_pid(&self) -> u32 {
        let reply = Command::new("dbus-send")
            .args([
                "--session",
                "--dest=org.freedesktop.DBus",
                "--print-reply=literal",
                "/org/freedesktop/DBus",
            ])
            .args(["org.freedesktop.DBus.GetConnectionUnixProcessID", "string:org.freedesktop.secrets"])
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .output()
            .expect("dbus-send (tests/run.sh installs it)");
        let text = String::from_utf8(reply.stdout).unwrap();
        text.split_whitespace().last().unwrap().parse().unwrap()
    }

    /// The address for `DBUS_SESSION_BUS_ADDRESS`.
    pub fn address(&self) -> &str {
        &self.address
    }

    fn start(services: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
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

impl Drop for Session {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        let _ = self.shell.wait();
    }
}

fn environment(home: &Path) -> [(&'static str, &Path); 3] {
    [("HOME", home), ("XDG_DATA_HOME", home), ("XDG_RUNTIME_DIR", home)]
}
