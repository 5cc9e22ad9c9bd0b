//! TLS for the sandbox, for tests and benchmarks of clients over HTTPS.

use std::io;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::sandbox::options::TlsIdentity;

/// An HTTP/1.1 acceptor for `identity`.
pub fn acceptor(identity: &TlsIdentity) -> io::Result<TlsAcceptor> {
    let certificates = CertificateDer::pem_slice_iter(identity.certificate.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(unusable)?;
    let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).map_err(unusable)?;
    // Explicit, because the process-wide default provider belongs to the client.
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .map_err(unusable)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn unusable(cause: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, cause)
}

#[cfg(test)]
mod tests {
    use super::acceptor;
    use crate::sandbox::TlsIdentity;

    #[test]
    fn an_invalid_certificate_is_an_error() {
        let identity = TlsIdentity { certificate: "no".into(), key: "key".into() };
        assert!(acceptor(&identity).is_err());
        assert!(!format!("{identity:?}").contains("key"));
    }
}
