//! The Windows console: enables escape sequences, restores the modes afterward, and detects a window opened
//! by a double click. A no-op elsewhere.

/// The console settings while this process runs; restored on drop and before a panic message.
#[derive(Debug)]
pub struct Console {
    #[cfg(windows)]
    modes: Modes,
}

#[cfg(not(windows))]
impl Console {
    #[must_use]
    pub fn take() -> Self {
        Self {}
    }

    /// Returns whether escape sequences are interpreted.
    #[must_use]
    pub fn draws_escapes() -> bool {
        true
    }

    /// Returns whether the window belongs to this process and closes with it.
    #[must_use]
    pub fn closes_with_us() -> bool {
        false
    }
}

#[cfg(windows)]
impl Console {
    /// Takes the console and makes it interpret escape sequences, if it can. No code page is needed, because
    /// the standard library writes UTF-16 to the console.
    #[must_use]
    pub fn take() -> Self {
        let modes = Modes::now();
        // In release builds, a panic aborts without running destructors.
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            modes.restore();
            report(info);
        }));
        // The check enables them.
        let _ = Self::draws_escapes();
        Self { modes }
    }

    /// Returns whether escape sequences are interpreted; before Windows 10 the console shows them as text.
    #[must_use]
    pub fn draws_escapes() -> bool {
        crossterm::ansi_support::supports_ansi()
    }

    /// Returns whether the window belongs to this process and closes with it: if Explorer started it.
    #[must_use]
    pub fn closes_with_us() -> bool {
        parent().is_some_and(|name| name.eq_ignore_ascii_case("explorer.exe"))
    }
}

/// The name of the parent process.
#[cfg(windows)]
fn parent() -> Option<String> {
    use winsafe::{HPROCESSLIST, co};
    let mut list = HPROCESSLIST::CreateToolhelp32Snapshot(co::TH32CS::SNAPPROCESS, None).ok()?;
    let processes: Vec<(u32, u32, String)> = list
        .iter_processes()
        .map_while(Result::ok)
        .map(|it| (it.th32ProcessID, it.th32ParentProcessID, it.szExeFile()))
        .collect();
    let (_, parent, _) = processes.iter().find(|(id, ..)| *id == std::process::id())?;
    processes.iter().find(|(id, ..)| id == parent).map(|(.., name)| name.clone())
}

#[cfg(windows)]
impl Drop for Console {
    fn drop(&mut self) {
        self.modes.restore();
    }
}

/// The modes of standard input, output, and error; a stream that is not a console has none.
#[cfg(windows)]
#[derive(Debug, Clone, Copy)]
struct Modes([Option<u32>; 3]);

#[cfg(windows)]
impl Modes {
    fn streams() -> [winapi_util::HandleRef; 3] {
        use winapi_util::HandleRef;
        [HandleRef::stdin(), HandleRef::stdout(), HandleRef::stderr()]
    }

    fn now() -> Self {
        Self(Self::streams().map(|stream| winapi_util::console::mode(stream).ok()))
    }

    fn restore(self) {
        for (stream, mode) in Self::streams().into_iter().zip(self.0) {
            // An error means that the console is gone, which is harmless.
            let _ = mode.map(|mode| winapi_util::console::set_mode(stream, mode));
        }
    }
}
