//! The environment variables, as a trait that tests replace.

use std::env;

/// The value of a variable, none where it is empty.
pub(super) type Variable<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A variable of this process.
pub(super) fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
