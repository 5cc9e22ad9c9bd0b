//! The Windows console: escape sequences while getcard runs, its modes as they were afterwards, and the window of a
//! program that was started by a double click. Elsewhere there is nothing to do.

/// The console while this process has it; its modes are restored when this is dropped, and before a panic message.
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

    /// Whether escape sequences are drawn.
    #[must_use]
    pub fn draws_escapes() -> bool {
        true
    }

    /// Whether the window belongs to this process and closes with it.
    #[must_use]
    pub fn closes_with_us() -> bool {
        false
    }
}

#[cfg(windows)]
impl Console {
    /// Takes the console: from now on it interprets escape sequences, if it can. Text needs no code page, since the
    /// standard library hands it to the console as UTF-16.
    #[must_use]
    pub fn take() -> Self {
        let modes = Modes::now();
        // A release ends with a panic, without dropping anything.
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            modes.restore();
            report(info);
        }));
        // Asking turns it on.
        let _ = Self::draws_escapes();
        Self { modes }
    }

    /// Whether escape sequences are interpreted; before Windows 10 the console shows them as text.
    #[must_use]
    pub fn draws_escapes() -> bool {
        crossterm::ansi_support::supports_ansi()
    }

    /// Whether the window belongs to this process and closes with it: that is so when Explorer started it.
    #[must_use]
    pub fn closes_with_us() -> bool {
        parent().is_some_and(|name| name.eq_ignore_ascii_case("explorer.exe"))
    }
}

/// The name of the program that started this one.
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

/// How the console treats input, output, and errors; a stream that is no console has no mode.
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
            // A console that is gone needs nothing.
            let _ = mode.map(|mode| winapi_util::console::set_mode(stream, mode));
        }
    }
}
