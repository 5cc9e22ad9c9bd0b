//! `getcard sandbox`: the simulated service for people and scripts, until it is stopped.

use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use crate::app::App;
use crate::cli;
use crate::error::{Error, Exit, Result};
use crate::sandbox::{Options, Recording, Sandbox, TlsIdentity};

#[derive(Serialize)]
struct Document {
    base_url: String,
    validated_url: String,
}

/// Runs `sandbox`; it ends by a signal only.
///
/// # Errors
/// `internal_error` when the port cannot be had, `validation_error` when a file cannot be used.
pub async fn run(app: &App, args: &cli::Sandbox) -> Result<Exit> {
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
        Error::internal(format!("cannot listen on port {}: {error}", args.port))
            .code("port")
            .hint("choose another with --port, or leave it out")
    })?;
    app.ui.document(&Document { base_url: sandbox.base_url(), validated_url: sandbox.validated_url() })?;
    app.ui.note(&format!("use it with: export GETCARD_API_URL={}", sandbox.base_url()));
    std::future::pending().await
}

fn recording(path: &Path) -> Result<Recording> {
    let replay = |message: String| Error::validation(message).code("replay");
    let text = std::fs::read_to_string(path)
        .map_err(|error| replay(format!("cannot read {}: {error}", path.display())))?;
    Recording::parse(&text).map_err(|error| replay(format!("cannot replay {}: {error}", path.display())))
}

fn tls_identity(args: &cli::Sandbox) -> Result<Option<TlsIdentity>> {
    let (Some(certificate), Some(key)) = (&args.tls_cert, &args.tls_key) else { return Ok(None) };
    let read = |path: &Path| {
        std::fs::read_to_string(path).map_err(|error| {
            Error::validation(format!("cannot read {}: {error}", path.display())).code("tls_identity")
        })
    };
    Ok(Some(TlsIdentity { certificate: read(certificate)?, key: read(key)? }))
}
