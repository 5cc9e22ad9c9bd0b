//! One fault: its kind, and the calls that it affects.
//!
//! The syntax, as `--fault` and the control service take it: `KIND[=ARG][@METHOD][#CALLS]`. Without `@METHOD` every
//! method is meant; `@user.retrieve` is that of one service alone. CALLS is `every` (the default), `first`, `second`, a
//! number `N`, a span `N-M`, or `N-` for the Nth and all later ones. Calls are counted from when the fault was set.
//! `http=503@retrieveAccounts#1-2` fails the first two reads of the accounts. Where several faults meet one call, the
//! one that was given first acts.

use crate::sandbox::fault::kinds::{FaultKind, KINDS};

/// One fault and the calls that it meets.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The kind of fault.
    pub kind: FaultKind,
    /// The method that it meets, with its service before a dot or without; None for every one.
    pub method: Option<String>,
    /// Which of the method's calls it meets.
    pub calls: Calls,
}

impl Fault {
    /// A fault that meets every call of every method.
    #[must_use]
    pub fn new(kind: FaultKind) -> Self {
        Self { kind, method: None, calls: Calls::EVERY }
    }

    /// The names of the kinds.
    pub fn names() -> impl Iterator<Item = &'static str> {
        KINDS.into_iter().map(|(name, ..)| name)
    }

    /// The kinds with what they take and do, one per line, for a help text.
    #[must_use]
    pub fn kinds() -> String {
        let line =
            |(name, arg, what): (&str, &str, &str)| format!("  {:<28}{what}\n", format!("{name}{arg}"));
        KINDS.into_iter().map(line).collect()
    }

    /// The same fault for one method only.
    #[must_use]
    pub fn at(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// The same fault for some calls only.
    #[must_use]
    pub fn on(mut self, calls: Calls) -> Self {
        self.calls = calls;
        self
    }
}

/// A span of calls, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calls {
    from: usize,
    /// None: all later ones too.
    to: Option<usize>,
}

impl Calls {
    /// Each call.
    pub const EVERY: Self = Self { from: 1, to: None };
    /// The first call alone.
    pub const FIRST: Self = Self::nth(1);
    /// The second call alone.
    pub const SECOND: Self = Self::nth(2);

    /// The `n`th call alone, counted from 1.
    #[must_use]
    pub const fn nth(n: usize) -> Self {
        Self { from: n, to: Some(n) }
    }

    /// The calls from the `first` to the `last`, both included.
    #[must_use]
    pub const fn span(first: usize, last: usize) -> Self {
        Self { from: first, to: Some(last) }
    }

    /// The `n`th call and all later ones.
    #[must_use]
    pub const fn from(n: usize) -> Self {
        Self { from: n, to: None }
    }

    pub(super) fn contains(self, call: usize) -> bool {
        call >= self.from && self.to.is_none_or(|to| call <= to)
    }
}
