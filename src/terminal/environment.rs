//! Environment variables, as a function that tests can replace.

use std::env;

/// Looks up a variable; `None` if it is unset or empty.
pub(super) type Variable<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Looks up a variable of this process.
pub(super) fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
