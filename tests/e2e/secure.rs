//! TLS: only a certificate that proves the service's name is talked to, and secrets go nowhere else.

use getcard::sandbox::{Fault, FaultKind, Options, TlsIdentity};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};

use crate::support::getcard::Getcard;
use crate::support::service::Service;

/// A certificate authority of the test's own.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// A certificate for a host, valid in these years.
    fn sign(&self, host: &str, years: (i32, i32)) -> TlsIdentity {
        let mut params = CertificateParams::new([host.to_owned()]).unwrap();
        params.not_before = date_time_ymd(years.0, 1, 1);
        params.not_after = date_time_ymd(years.1, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        TlsIdentity { certificate: certificate.pem(), key: key.serialize_pem() }
    }
}

const NOW: (i32, i32) = (2020, 4000);

fn service(identity: TlsIdentity) -> Service {
    Service::with(Options { tls: Some(identity), ..Options::default() })
}

/// A user whose platform trusts one authority.
fn trusting(service: &Service, authority: &Authority) -> Getcard {
    let user = Getcard::at(&service.base_url());
    let path = user.home.path().join("ca.pem");
    std::fs::write(&path, &authority.pem).unwrap();
    user.with("SSL_CERT_FILE", path.to_str().unwrap())
}

#[test]
fn a_private_authority_is_trusted_through_the_environment() {
    let authority = Authority::new();
    let service = service(authority.sign("localhost", NOW));
    let user = trusting(&service, &authority);
    user.link(&service.validated_url());
    assert_eq!(user.run(&["balance"]).code, Some(0));
    assert_eq!(user.run(&["status", "--json"]).json()["mode"], "sandbox");
    let probe = ["probe", "commerce.retrieveAccounts", "--no-session", "--timing", "--json"];
    let timing = user.run(&probe).json()["timing"].clone();
    for phase in ["connect_ms", "tls_ms"] {
        assert!(timing[phase].as_f64().is_some_and(|ms| ms > 0.0), "{timing}");
    }
}

#[test]
fn no_proxy_sees_what_is_sent_to_this_machine() {
    let service = Service::start();
    let mut user = Getcard::at(&service.base_url()).with("GETCARD_RETRIES", "0");
    for variable in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        user = user.with(variable, "http://127.0.0.1:9");
    }
    user.link(&service.validated_url());
    assert_eq!(user.run(&["balance"]).code, Some(0));
}

#[test]
fn a_certificate_that_proves_nothing_ends_the_call_at_once_and_no_secret_is_sent() {
    let authority = Authority::new();
    let stranger = Authority::new();
    let self_signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let self_signed =
        TlsIdentity { certificate: self_signed.cert.pem(), key: self_signed.signing_key.serialize_pem() };
    for (why, identity) in [
        ("another host", authority.sign("services.get.cbord.com", NOW)),
        ("expired", authority.sign("localhost", (2020, 2021))),
        ("not valid yet", authority.sign("localhost", (3999, 4000))),
        ("self-signed", self_signed),
        ("unknown authority", stranger.sign("localhost", NOW)),
    ] {
        let service = service(identity);
        let user = trusting(&service, &authority);
        let linking = user.run_with_stdin(&["link", "--json"], service.validated_url());
        let error = linking.fails(1, "internal_error", "certificate");
        assert_eq!(error["attempts"], 1, "{why}: it is not tried again");
        assert!(error["message"].as_str().unwrap().contains("certificate is not trusted"), "{why}: {error}");
        assert!(error["hint"].as_str().unwrap().contains("SSL_CERT_FILE"), "{why}: {error}");
        assert!(service.requests().is_empty(), "{why}");
        assert_eq!(user.run(&["status", "--json"]).json()["pending"], false, "{why}");
    }
}

#[test]
fn a_redirect_is_never_followed_whatever_its_target() {
    let authority = Authority::new();
    let (service, other) =
        (service(authority.sign("localhost", NOW)), service(authority.sign("localhost", NOW)));
    let plain = Service::start();
    let user = trusting(&service, &authority).with("GETCARD_RETRIES", "0");
    user.link(&service.validated_url());
    for target in [other.base_url(), plain.base_url(), service.base_url()] {
        service.set_faults(vec![Fault::new(FaultKind::Redirect(format!("{target}/commerce")))]);
        let before = service.requests().len();
        for args in [&["balance", "--json"][..], &["unlink", "--yes", "--json"]] {
            user.run(args).fails(5, "transient_upstream_error", "http_302");
        }
        assert_eq!(
            (service.requests().len() - before, other.requests().len(), plain.requests().len()),
            (2, 0, 0)
        );
    }
}

#[test]
fn credentials_of_one_origin_are_not_sent_to_another() {
    let authority = Authority::new();
    let (service, other) =
        (service(authority.sign("localhost", NOW)), service(authority.sign("localhost", NOW)));
    let user = trusting(&service, &authority);
    user.link(&service.validated_url());
    let elsewhere = user.run(&["balance", "--json", "--api-url", &other.base_url()]);
    elsewhere.fails(3, "authentication_error", "not_linked");
    assert!(other.requests().is_empty());
}
