//! The faults in force, and how often each has been met.

use crate::sandbox::fault::kinds::FaultKind;
use crate::sandbox::fault::spec::Fault;
use crate::sandbox::wire::names::means;

/// Every fault that was set, with the number of calls that it could have met so far.
#[derive(Clone, Debug, Default)]
pub struct Faults(Vec<(Fault, usize)>);

impl Faults {
    pub fn new(faults: Vec<Fault>) -> Self {
        Self(faults.into_iter().map(|fault| (fault, 0)).collect())
    }

    /// Counts a call of `service.method` and gives the first fault that meets it.
    pub fn next_fault(&mut self, service: &str, method: &str) -> Option<FaultKind> {
        let mut struck = None;
        for (fault, calls) in &mut self.0 {
            if fault.method.as_deref().is_some_and(|only| !means(only, service, method)) {
                continue;
            }
            *calls += 1;
            if struck.is_none() && fault.calls.contains(*calls) {
                struck = Some(fault.kind.clone());
            }
        }
        struck
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
    fn counts_only_the_calls_that_it_could_meet() {
        let mut faults = faults(&["html@retrieve#2"]);
        assert_eq!(faults.next_fault("user", "retrieveAccounts"), None);
        assert_eq!(faults.next_fault("user", "retrieve"), None);
        assert_eq!(faults.next_fault("user", "retrieveAccounts"), None);
        assert_eq!(faults.next_fault("user", "retrieve"), Some(FaultKind::Html));
        assert_eq!(faults.next_fault("user", "retrieve"), None);
    }

    #[test]
    fn one_service_s_method_or_every_one_of_that_name() {
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
    fn the_first_of_several_acts_and_all_count() {
        let mut faults = faults(&["html#1", "null#1-2", "empty"]);
        assert_eq!(faults.next_fault("user", "retrieve"), Some(FaultKind::Html));
        assert_eq!(faults.next_fault("user", "retrieve"), Some(FaultKind::Null));
        assert_eq!(faults.next_fault("user", "retrieve"), Some(FaultKind::Empty));
    }
}
