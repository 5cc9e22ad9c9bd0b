//! `getcard sandbox`: runs the simulated service until it is stopped.

use clap::Args;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use crate::app::App;
use crate::error::{Cause, Error, Exit, Result};
use crate::platform::system::set_variable;
use crate::sandbox::{Fault, Options, Recording, Sandbox, TlsIdentity};
use crate::settings::whole_number::whole_number;

/// Arguments of `sandbox`.
#[derive(Debug, Args)]
pub struct SandboxArgs {
    /// The port on 127.0.0.1; 0 picks a free one.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = whole_number::<u16>(0..=u16::MAX))]
    pub port: u16,
    /// Delay every reply by this many milliseconds.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = whole_number::<u64>(..))]
    pub latency_ms: u64,
    /// Number of transactions in the history, instead of fourteen months at three a day.
    #[arg(long, value_name = "N", value_parser = whole_number::<usize>(0..=1_000_000))]
    pub transactions: Option<usize>,
    /// A fault to inject: `KIND[=ARG][@METHOD][#CALLS]`, for example `http=503@retrieveAccounts#1`; --help lists them.
    #[arg(long, value_name = "FAULT", long_help = faults())]
    pub fault: Vec<Fault>,
    /// Serve the replies recorded in this file; methods without one are simulated.
    ///
    /// One exchange per line: `{"service", "method", "params", "http_status", "headers", "response", "exception", "at"}`,
    /// where only service and method are required. The replies of each method are served in order, and the last one is
    /// repeated.
    #[arg(long, value_name = "FILE")]
    pub replay: Option<PathBuf>,
    /// Serve TLS with this certificate for localhost, in PEM.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// The certificate's private key, in PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Charge the card every SECONDS.
    #[arg(long, value_name = "SECONDS", value_parser = whole_number::<u64>(1..))]
    pub charge_every: Option<u64>,
    /// Lifetime of a device's session, instead of half an hour.
    #[arg(long, value_name = "SECONDS", value_parser = whole_number::<u64>(1..))]
    pub session_lifetime: Option<u64>,
}

fn faults() -> String {
    format!(
        "A fault to inject: KIND[=ARG][@METHOD][#CALLS]; may be repeated\n\n\
         METHOD is a method such as retrieveAccounts or user.retrieve; without it, all methods are affected. CALLS is \
         every (the default), first, second, N, N-M, or N-. Kinds:\n\n{}",
        Fault::kinds()
    )
}

#[derive(Serialize)]
struct Document {
    base_url: String,
    validated_url: String,
}

/// Runs `sandbox` until a signal ends it.
///
/// # Errors
/// `internal_error` if the port is not available; `validation_error` if a file is unusable.
pub async fn run(app: &App, args: &SandboxArgs) -> Result<Exit> {
    let options = Options {
        port: args.port,
        latency: Duration::from_millis(args.latency_ms),
        transactions: args.transactions,
        charge_every: args.charge_every.map(Duration::from_secs),
        session_lifetime: args
            .session_lifetime
            .map(Duration::from_secs)
            .or(Options::default().session_lifetime),
        faults: args.fault.clone(),
        replay: args.replay.as_deref().map(recording).transpose()?,
        tls: tls_identity(args)?,
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).await.map_err(|error| {
        Error::new(Cause::Port, format!("cannot listen on port {}: {error}", args.port))
            .hint("choose another with --port, or leave it out")
    })?;
    app.ui.document(&Document { base_url: sandbox.base_url(), validated_url: sandbox.validated_url() })?;
    app.ui.note(&format!("use it with: {}", set_variable("GETCARD_API_URL", &sandbox.base_url())));
    std::future::pending().await
}

fn recording(path: &Path) -> Result<Recording> {
    let replay = |message: String| {
        Error::new(Cause::Replay, message)
            .hint("to record replies, run: getcard probe commerce.retrieveAccounts --record replies.jsonl")
    };
    let text = std::fs::read_to_string(path)
        .map_err(|error| replay(format!("cannot read {}: {error}", path.display())))?;
    Recording::parse(&text).map_err(|error| replay(format!("cannot replay {}: {error}", path.display())))
}

fn tls_identity(args: &SandboxArgs) -> Result<Option<TlsIdentity>> {
    let (Some(certificate), Some(key)) = (&args.tls_cert, &args.tls_key) else { return Ok(None) };
    let read = |path: &Path| {
        std::fs::read_to_string(path).map_err(|error| {
            Error::new(Cause::TlsIdentity, format!("cannot read {}: {error}", path.display()))
                .hint("name files in PEM with --tls-cert and --tls-key")
        })
    };
    Ok(Some(TlsIdentity { certificate: read(certificate)?, key: read(key)? }))
}
