//! The sandbox over TLS.

use rcgen::{CertifiedKey, generate_simple_self_signed};
use serde_json::Value;

use crate::sandbox::{Options, Sandbox, TlsIdentity};

fn identity() -> TlsIdentity {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    TlsIdentity { certificate: cert.pem(), key: signing_key.serialize_pem() }
}

fn client(identity: &TlsIdentity) -> reqwest::Client {
    // Fails only if another test has installed the same provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let root = reqwest::Certificate::from_pem(identity.certificate.as_bytes()).unwrap();
    let builder = reqwest::Client::builder().no_proxy();
    builder.tls_certs_only([root]).build().unwrap()
}

async fn post(client: &reqwest::Client, sandbox: &Sandbox) -> reqwest::Result<reqwest::Response> {
    let request = client.post(format!("{}/user", sandbox.base_url()));
    let request = request.header("content-type", "application/json");
    request.body(r#"{"method":"retrieve"}"#).send().await
}

#[tokio::test]
async fn calls_and_resets_work_over_tls() {
    let identity = identity();
    let options = Options {
        tls: Some(identity.clone()),
        faults: vec!["reset-after#2".parse().unwrap()],
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    assert!(sandbox.base_url().starts_with("https://localhost:"));
    let client = client(&identity);
    let reply = post(&client, &sandbox).await.unwrap().bytes().await.unwrap();
    let reply: Value = serde_json::from_slice(&reply).unwrap();
    assert_eq!(reply["exception"], "9801|Invalid service argument: sessionId");
    assert!(post(&client, &sandbox).await.is_err());
    assert_eq!(sandbox.hits("retrieve"), 2);
}

#[tokio::test]
async fn an_untrusted_certificate_prevents_the_call() {
    let options = Options { tls: Some(identity()), ..Options::default() };
    let sandbox = Sandbox::start(options).await.unwrap();
    let untrusting = client(&identity());
    assert!(post(&untrusting, &sandbox).await.is_err());
    assert!(sandbox.requests().is_empty());
}
