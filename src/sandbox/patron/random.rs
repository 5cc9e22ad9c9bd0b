//! A small deterministic random number generator: the same seed always gives the same history.

use uuid::Builder;

/// splitmix64: for plausible data, not for secrets.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, inclusive.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = high.saturating_sub(low).unsigned_abs().saturating_add(1);
        let step = i64::try_from(self.bits() % width).unwrap_or(0);
        low.saturating_add(step)
    }

    /// True with probability 1/`n`.
    pub fn one_in(&mut self, n: u64) -> bool {
        self.bits().is_multiple_of(n.max(1))
    }

    /// A random element of `choices`, which must not be empty.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        let count = u64::try_from(choices.len()).unwrap_or(1).max(1);
        let index = usize::try_from(self.bits() % count).unwrap_or(0);
        &choices[index]
    }

    /// An id in the service's format.
    pub fn uuid(&mut self) -> String {
        let high = u128::from(self.bits()) << 64;
        let bytes = (high | u128::from(self.bits())).to_be_bytes();
        Builder::from_random_bytes(bytes).into_uuid().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn a_seed_determines_the_sequence() {
        let (mut left, mut right) = (Random::new(7), Random::new(7));
        assert_eq!(left.uuid(), right.uuid());
        assert_eq!(left.bits(), right.bits());
        assert_ne!(Random::new(8).bits(), Random::new(7).bits());
    }

    #[test]
    fn numbers_stay_between_their_bounds() {
        let mut random = Random::new(1);
        for _ in 0..1000 {
            assert!((3..=5).contains(&random.between(3, 5)));
        }
        assert_eq!(random.between(4, 4), 4);
    }
}
