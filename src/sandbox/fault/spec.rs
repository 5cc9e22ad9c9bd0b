//! A fault: its kind and the calls it applies to.
//!
//! The syntax, shared by `--fault` and the control service: `KIND[=ARG][@METHOD][#CALLS]`. Without `@METHOD`
//! the fault applies to all methods; `@user.retrieve` names the method of one service. CALLS is `every` (the
//! default), `first`, `second`, a number `N`, a range `N-M`, or `N-` for the Nth call and all later ones.
//! Calls are counted from the moment the fault is set. `http=503@retrieveAccounts#1-2` fails the first two
//! reads of the accounts. If several faults match one call, the one given first applies.

use crate::sandbox::fault::kinds::{FaultKind, KINDS};

/// A fault and the calls it applies to.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub kind: FaultKind,
    /// The method, with or without its service (`service.method`); `None` for all methods.
    pub method: Option<String>,
    /// Which of the matching calls.
    pub calls: Calls,
}

impl Fault {
    /// A fault that applies to every call of every method.
    #[must_use]
    pub fn new(kind: FaultKind) -> Self {
        Self { kind, method: None, calls: Calls::EVERY }
    }

    pub fn names() -> impl Iterator<Item = &'static str> {
        KINDS.into_iter().map(|(name, ..)| name)
    }

    /// The kinds with their arguments and descriptions, one per line, for a help text.
    #[must_use]
    pub fn kinds() -> String {
        let line =
            |(name, arg, what): (&str, &str, &str)| format!("  {:<28}{what}\n", format!("{name}{arg}"));
        KINDS.into_iter().map(line).collect()
    }

    /// Restricts the fault to one method.
    #[must_use]
    pub fn at(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// Restricts the fault to some calls.
    #[must_use]
    pub fn on(mut self, calls: Calls) -> Self {
        self.calls = calls;
        self
    }
}

/// A range of calls, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calls {
    from: usize,
    /// `None`: no end.
    to: Option<usize>,
}

impl Calls {
    /// Every call.
    pub const EVERY: Self = Self { from: 1, to: None };
    /// Only the first call.
    pub const FIRST: Self = Self::nth(1);
    /// Only the second call.
    pub const SECOND: Self = Self::nth(2);

    /// Only the `n`th call, counted from 1.
    #[must_use]
    pub const fn nth(n: usize) -> Self {
        Self { from: n, to: Some(n) }
    }

    /// The calls from `first` to `last`, inclusive.
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
