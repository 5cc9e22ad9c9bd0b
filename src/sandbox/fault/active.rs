//! The active faults and their call counts.

use crate::sandbox::fault::kinds::FaultKind;
use crate::sandbox::fault::spec::Fault;
use crate::sandbox::wire::names::means;

/// Each fault with the number of matching calls so far.
#[derive(Clone, Debug, Default)]
pub struct Faults(Vec<(Fault, usize)>);

impl Faults {
    pub fn new(faults: Vec<Fault>) -> Self {
        Self(faults.into_iter().map(|fault| (fault, 0)).collect())
    }

    /// Counts a call of `service.method` and returns the first fault that applies to it.
    pub fn next_fault(&mut self, service: &str, method: &str) -> Option<FaultKind> {
        let mut hit = None;
        for (fault, calls) in &mut self.0 {
            if fault.method.as_deref().is_some_and(|only| !means(only, service, method)) {
                continue;
            }
            *calls += 1;
            if hit.is_none() && fault.calls.contains(*calls) {
                hit = Some(fault.kind.clone());
            }
        }
        hit
    }
}

#[cfg(test)]
mod tests {
    use super::Faults;
    use crate::sandbox::FaultKind;

    fn faults(texts: &[&str]) -> Faults {
        Faults::new(texts.iter().map(|text| text.parse().unwrap()).collect())
    }

    #[test]
    fn only_matching_calls_are_counted() {
        let mut faults = faults(&["html@retrieve#2"]);
        assert_eq!(faults.next_fault("user", "retrieveAccounts"), None);
        assert_eq!(faults.next_fault("user", "retrieve"), None);
        assert_eq!(faults.next_fault("user", "retrieveAccounts"), None);
        assert_eq!(faults.next_fault("user", "retrieve"), Some(FaultKind::Html));
        assert_eq!(faults.next_fault("user", "retrieve"), None);
    }

    #[test]
    fn a_method_matches_with_or_without_its_service() {
        let mut both = faults(&["html@retrieve"]);
        assert!(
            both.next_fault("user", "retrieve").is_some()
                && both.next_fault("institution", "retrieve").is_some()
        );
        let mut one = faults(&["html@institution.retrieve"]);
        assert!(
            one.next_fault("user", "retrieve").is_none()
                && one.next_fault("institution", "retrieve").is_some()
        );
    }

    #[test]
    fn the_first_fault_applies_but_all_count_the_call() {
        let mut faults = faults(&["html#1", "null#1-2", "empty"]);
        assert_eq!(faults.next_fault("user", "retrieve"), Some(FaultKind::Html));
        assert_eq!(faults.next_fault("user", "retrieve"), Some(FaultKind::Null));
        assert_eq!(faults.next_fault("user", "retrieve"), Some(FaultKind::Empty));
    }
}
