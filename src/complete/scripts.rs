//! The completion scripts for each shell.

use clap::Command;
use clap_complete::env::{Bash, Elvish, EnvCompleter, Fish, Powershell, Zsh};
use clap_complete_nushell::Nushell;

use super::VARIABLE;
use super::shell::Shell;

/// The command name that the scripts complete and call.
const NAME: &str = "getcard";

/// bash inserts candidates unquoted, and would split a name that contains a space.
const BASH_KEEPS: &str = "    if [[ $? != 0 ]]; then\n        unset COMPREPLY\n    elif ";
const BASH_QUOTES: &str = "    if [[ $? != 0 ]]; then\n        unset COMPREPLY\n        return\n    fi\n    \
    local i\n    for i in \"${!COMPREPLY[@]}\"; do\n        printf -v \"COMPREPLY[$i]\" %q \"${COMPREPLY[$i]}\"\n    \
    done\n    if ";

/// zsh runs an autoloaded file as the function itself the first time, so it has to complete then, too.
const ZSH_END: &str = "\n\ncompdef _clap_dynamic_completer_getcard getcard";
const ZSH_END_EITHER_WAY: &str = "\n\nif [ \"$funcstack[1]\" = \"_getcard\" ]; then\n    \
    _clap_dynamic_completer_getcard \"$@\"\nelse\n    compdef _clap_dynamic_completer_getcard getcard\nfi";

/// The completion script of a shell.
#[must_use]
pub fn script(shell: Shell, mut command: Command) -> String {
    match shell {
        Shell::Bash => asking(&Bash).replace(BASH_KEEPS, BASH_QUOTES),
        Shell::Zsh => asking(&Zsh).replace(ZSH_END, ZSH_END_EITHER_WAY),
        Shell::Fish => asking(&Fish),
        Shell::Powershell => asking(&Powershell),
        Shell::Elvish => asking(&Elvish),
        // clap_complete has no dynamic completion for Nushell: its script contains everything static.
        Shell::Nushell => {
            let mut script = Vec::new();
            clap_complete::generate(Nushell, &mut command, NAME, &mut script);
            tidy(&script)
        }
    }
}

/// A script that calls getcard for candidates.
fn asking(shell: &dyn EnvCompleter) -> String {
    let mut script = Vec::new();
    // Writing to a Vec cannot fail.
    let _ = shell.write_registration(VARIABLE, NAME, NAME, NAME, &mut script);
    tidy(&script)
}

/// Removes trailing spaces and blank lines at both ends.
fn tidy(script: &[u8]) -> String {
    let text = String::from_utf8_lossy(script);
    let lines: Vec<&str> = text.trim_matches('\n').lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_owned() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bash_and_zsh_scripts_are_patched() {
        assert!(script(Shell::Bash, Command::new("getcard")).contains("printf -v"));
        assert!(script(Shell::Zsh, Command::new("getcard")).contains("funcstack"));
    }
}
