//! TLS with the platform's certificates, which are loaded while the connection is being opened.

use std::sync::{Arc, OnceLock};
use std::thread;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, SignatureScheme};
use rustls_platform_verifier::Verifier;

/// A TLS configuration that trusts the platform's certificates. `soon` says whether it is about to be used,
/// so that loading them in advance pays off.
///
/// # Errors
/// If the crypto provider of this build supports no version of TLS.
pub fn config(soon: bool) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Arc::new(PlatformVerifier { provider: Arc::clone(&provider), loaded: Arc::default() });
    if soon {
        verifier.load_ahead();
    }
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = config.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// The platform's verifier, loaded lazily: loading hundreds of certificates takes longer than opening a
/// connection, and they are not needed before the server has sent its own.
#[derive(Debug)]
struct PlatformVerifier {
    provider: Arc<CryptoProvider>,
    loaded: Arc<OnceLock<Result<Verifier, Error>>>,
}

impl PlatformVerifier {
    fn load_ahead(&self) {
        let (provider, loaded) = (Arc::clone(&self.provider), Arc::clone(&self.loaded));
        // If no thread can be started, they are loaded when needed.
        let _ = thread::Builder::new().spawn(move || {
            loaded.get_or_init(|| load(provider));
        });
    }

    /// Waits until the verifier is loaded.
    fn loaded(&self) -> Result<&Verifier, Error> {
        self.loaded.get_or_init(|| load(Arc::clone(&self.provider))).as_ref().map_err(Error::clone)
    }
}

fn load(provider: Arc<CryptoProvider>) -> Result<Verifier, Error> {
    let unusable = |error| CertificateError::Other(OtherError(Arc::new(error)));
    Verifier::new(provider).map_err(|error| Error::InvalidCertificate(unusable(error)))
}

impl ServerCertVerifier for PlatformVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.loaded()?.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.loaded()?.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.loaded()?.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
