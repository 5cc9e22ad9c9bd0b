//! Passphrase encryption in the age format (scrypt, ChaCha20-Poly1305), which `age -d` can decrypt too.

use std::io::{self, Read};
use std::iter;

use age::secrecy::SecretString;
use age::{DecryptError, Decryptor, scrypt};
use zeroize::Zeroizing;

use crate::secret::Passphrase;

/// log2 of the scrypt work for encryption: about 0.3 s and 35 MB. Every command that opens the store pays it.
const WORK: u8 = 15;
/// The most work accepted for decryption: what the age tool itself chooses on current machines.
pub const MAX_WORK: u8 = 18;

/// Why sealed bytes cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenError {
    /// Wrong passphrase.
    Passphrase,
    /// They need this much work.
    Work(u8),
    /// Not an age file with a passphrase, or modified.
    Damaged,
}

/// Encrypts bytes with a passphrase.
///
/// # Errors
/// If writing to memory fails, which it does not.
pub fn seal(plain: &[u8], passphrase: &Passphrase) -> io::Result<Vec<u8>> {
    let mut recipient = scrypt::Recipient::new(SecretString::from(passphrase.expose()));
    recipient.set_work_factor(WORK);
    age::encrypt(&recipient, plain).map_err(io::Error::other)
}

/// Decrypts sealed bytes.
///
/// # Errors
/// If the passphrase is wrong, or the bytes were modified.
pub fn open(sealed: &[u8], passphrase: &Passphrase) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let mut identity = scrypt::Identity::new(SecretString::from(passphrase.expose()));
    identity.set_max_work_factor(MAX_WORK);
    let decryptor = Decryptor::new_buffered(sealed).map_err(|_| OpenError::Damaged)?;
    let mut reader = decryptor.decrypt(iter::once(&identity as _)).map_err(|error| match error {
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => OpenError::Passphrase,
        DecryptError::ExcessiveWork { required, .. } => OpenError::Work(required),
        _ => OpenError::Damaged,
    })?;
    // Large enough for everything: growing the buffer would leave unwiped copies behind.
    let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len()));
    reader.read_to_end(&mut plain).map_err(|_| OpenError::Damaged)?;
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, proptest};

    fn passphrase(text: &str) -> Passphrase {
        Passphrase::new(text.to_owned()).unwrap()
    }

    #[test]
    fn sealed_bytes_open_only_with_their_passphrase() {
        let sealed = seal(b"secret", &passphrase("correct horse")).unwrap();
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        assert_eq!(**open(&sealed, &passphrase("correct horse")).unwrap(), *b"secret");
        assert_eq!(open(&sealed, &passphrase("battery staple")).unwrap_err(), OpenError::Passphrase);
    }

    #[test]
    fn modified_or_truncated_bytes_are_damaged() {
        let passphrase = passphrase("p");
        let sealed = seal(b"secret", &passphrase).unwrap();
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        for sealed in [&changed[..], &sealed[..sealed.len() - 1], &sealed[..20], b""] {
            assert_eq!(open(sealed, &passphrase).unwrap_err(), OpenError::Damaged);
        }
    }

    #[test]
    fn excessive_work_is_refused_at_once() {
        let sealed = seal(b"x", &passphrase("p")).unwrap();
        let header = String::from_utf8_lossy(&sealed[..80]).into_owned();
        let line = header.lines().nth(1).unwrap();
        assert!(line.ends_with(" 15"), "{line}");
        let at = header.find(" 15\n").unwrap();
        let mut bomb = sealed.clone();
        bomb[at + 1..at + 3].copy_from_slice(b"30");
        let start = std::time::Instant::now();
        assert_eq!(open(&bomb, &passphrase("p")).unwrap_err(), OpenError::Work(30));
        assert!(start.elapsed() < std::time::Duration::from_secs(5));
    }

    proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(64))]
        #[test]
        fn no_bytes_panic(bytes in any::<Vec<u8>>()) {
            assert!(open(&bytes, &passphrase("p")).is_err());
        }
    }
}
