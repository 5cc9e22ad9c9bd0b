//! Writes the `store` key of the configuration file.

use std::fs;
use std::io;
use std::path::Path;

use super::{ConfigFile, MAX_FILE_SIZE};
use crate::error::{Cause, Error, Result};
use crate::platform::atomic_file;
use crate::store::StoreKind;

/// Sets `store` in the configuration file, creating the file if missing and keeping every other line.
///
/// # Errors
/// If the file cannot be read or written, or its text cannot be changed safely.
pub fn set_store(path: &Path, store: StoreKind) -> Result<()> {
    let failed =
        |error: io::Error| Error::new(Cause::Config, format!("cannot change {}: {error}", path.display()));
    let text = match atomic_file::read_regular_text(path, MAX_FILE_SIZE) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        text => text.map_err(failed)?.to_string(),
    };
    let line = format!("store = \"{}\"", store.name());
    let Some(changed) = with_line(&text, &line, store) else {
        return Err(Error::new(Cause::Config, format!("cannot change store in {}", path.display()))
            .hint(format!("add this line to it: {line}")));
    };
    if let Some(dir) = path.parent() {
        atomic_file::make_private_dir(dir).map_err(failed)?;
    }
    // Keep the file's permissions: whether others may read it is the user's choice.
    let permissions = fs::metadata(path).map(|metadata| metadata.permissions()).ok();
    atomic_file::write_state(path, changed.as_bytes()).map_err(failed)?;
    permissions.map_or(Ok(()), |permissions| fs::set_permissions(path, permissions)).map_err(failed)
}

/// Replaces the line of the key, or adds it at the top. `None` if the result would not have the intended meaning.
fn with_line(text: &str, line: &str, store: StoreKind) -> Option<String> {
    let is_store = |line: &&str| {
        let key = line.split('=').next().unwrap_or_default().trim();
        line.contains('=') && key.trim_matches(['"', '\'']) == "store"
    };
    let top = text.lines().take_while(|line| !line.trim_start().starts_with('['));
    let changed = match top.clone().position(|line| is_store(&line)) {
        Some(at) => {
            let lines = text.lines().enumerate();
            lines.map(|(number, old)| if number == at { line } else { old }).collect::<Vec<_>>().join("\n")
                + "\n"
        }
        None => format!("{line}\n{text}"),
    };
    let file: ConfigFile = toml::from_str(&changed).ok()?;
    let without = |text: &str| -> Option<toml::Table> {
        let mut table: toml::Table = toml::from_str(text).ok()?;
        table.remove("store");
        Some(table)
    };
    (file.store == Some(store) && without(text)? == without(&changed)?).then_some(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_changes_and_the_others_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("getcard").join("config.toml");
        let after = |before: &str| {
            fs::write(&path, before).unwrap();
            set_store(&path, StoreKind::File).map(|()| fs::read_to_string(&path).unwrap())
        };
        set_store(&path, StoreKind::File).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "store = \"file\"\n");
        let cases = [
            ("school = \"a\" # mine\n", "store = \"file\"\nschool = \"a\" # mine\n"),
            ("# x\nstore = 'keychain'\n[low]\nstore = 1\n", "# x\nstore = \"file\"\n[low]\nstore = 1\n"),
            ("[low]\nstore = 1\n", "store = \"file\"\n[low]\nstore = 1\n"),
        ];
        for (before, expected) in cases {
            assert_eq!(after(before).unwrap(), expected);
        }
        // A line that looks like the key may be part of a multi-line string.
        let tricky = "school = \"\"\"\nstore = 1\n\"\"\"\n";
        assert!(after(tricky).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), tricky);
    }
}
