//! The supported operating systems, and how their users set variables and unlock keychains.

/// A family of systems with the same conventions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Linux and similar systems.
    Linux,
    MacOs,
    Windows,
}

impl System {
    pub const ALL: [Self; 3] = [Self::Linux, Self::MacOs, Self::Windows];

    /// The system that this program was built for.
    pub const HERE: Self = if cfg!(windows) {
        Self::Windows
    } else if cfg!(target_os = "macos") {
        Self::MacOs
    } else {
        Self::Linux
    };

    /// The command that sets a variable in the shell of `$SHELL`; on Windows in PowerShell and cmd.
    #[must_use]
    pub fn set_variable(self, shell: Option<&str>, name: &str, value: &str) -> String {
        let shell = shell.unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default();
        match (self, shell.trim_end_matches(".exe")) {
            (_, "fish") => format!("set -x {name} {value}"),
            (_, "nu") => format!("$env.{name} = \"{value}\""),
            // Git Bash and similar shells set SHELL; cmd and PowerShell do not.
            (Self::Windows, "") => format!("$env:{name} = \"{value}\" (in cmd: set {name}={value})"),
            (_, "pwsh") => format!("$env:{name} = \"{value}\""),
            _ => format!("export {name}={value}"),
        }
    }

    /// The hint for a user without a home directory.
    #[must_use]
    pub fn set_home(self) -> &'static str {
        match self {
            Self::Windows => "sign in to Windows as a user with a profile folder",
            Self::Linux | Self::MacOs => "set the variable HOME",
        }
    }

    /// The hint if no keychain responds.
    #[must_use]
    pub fn start_keychain(self) -> &'static str {
        match self {
            Self::Linux => {
                "start a Secret Service such as gnome-keyring; in a cron job, set DBUS_SESSION_BUS_ADDRESS; or use an encrypted file with --store file"
            }
            Self::MacOs => "sign in to the desktop of this Mac, or use an encrypted file with --store file",
            Self::Windows => "sign in to Windows as yourself, or use an encrypted file with --store file",
        }
    }

    /// The hint if the keychain is locked.
    #[must_use]
    pub fn unlock_keychain(self) -> &'static str {
        match self {
            Self::Linux => "unlock the login keyring, then try again",
            Self::MacOs => "run: security unlock-keychain, then try again",
            Self::Windows => "sign in to Windows again, then try again",
        }
    }
}

/// The command that sets a variable in the user's shell.
#[must_use]
pub fn set_variable(name: &str, value: &str) -> String {
    System::HERE.set_variable(std::env::var("SHELL").ok().as_deref(), name, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_variable_follows_the_shell() {
        let cases = [
            (System::Linux, Some("/bin/bash"), "export NAME=value"),
            (System::Linux, None, "export NAME=value"),
            (System::MacOs, Some("/bin/zsh"), "export NAME=value"),
            (System::MacOs, Some("/opt/homebrew/bin/fish"), "set -x NAME value"),
            (System::Linux, Some("/usr/bin/nu"), "$env.NAME = \"value\""),
            (System::Linux, Some("/usr/bin/pwsh"), "$env:NAME = \"value\""),
            (System::Windows, None, "$env:NAME = \"value\" (in cmd: set NAME=value)"),
            (System::Windows, Some(r"C:\Program Files\Git\usr\bin\bash.exe"), "export NAME=value"),
        ];
        for (system, shell, expected) in cases {
            assert_eq!(system.set_variable(shell, "NAME", "value"), expected, "{system:?} {shell:?}");
        }
    }
}
