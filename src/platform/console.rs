//! The Windows console: escape sequences while getcard runs, its modes as they were afterwards, and the window of a
//! program that was started by a double click. Elsewhere there is nothing to do.

/// The console while this process has it; its modes are restored when this is dropped.
#[derive(Debug)]
pub struct Console {
    #[cfg(windows)]
    modes: [Option<u32>; 2],
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
        use winapi_util::console::mode;
        // A stream that is no console has no mode.
        let modes = [mode(std::io::stdout()).ok(), mode(std::io::stderr()).ok()];
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
        use winapi_util::console::set_mode;
        let [out, err] = self.modes;
        // A console that is gone needs nothing.
        let _ = out.map(|mode| set_mode(std::io::stdout(), mode));
        let _ = err.map(|mode| set_mode(std::io::stderr(), mode));
    }
}
