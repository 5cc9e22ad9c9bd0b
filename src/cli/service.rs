//! Arguments of `schools` and `probe`.

use clap::Args;

/// Arguments of `schools`.
#[derive(Debug, Args)]
pub struct Schools {
    /// A part of the name or the short name.
    #[arg(value_name = "QUERY")]
    pub query: Option<String>,
}

/// Arguments of `probe`.
#[derive(Debug, Args)]
pub struct Probe {
    /// The service: authentication, user, commerce, institution.
    #[arg(value_name = "SERVICE")]
    pub service: String,
    /// The method, for example retrieveAccounts.
    #[arg(value_name = "METHOD")]
    pub method: String,
    /// The parameters beside the session: a JSON object, `@FILE`, or `-` for standard input.
    #[arg(long, value_name = "JSON", allow_hyphen_values = true)]
    pub params: Option<String>,
    /// Send no session.
    #[arg(long)]
    pub no_session: bool,
    /// Show secrets as they are.
    #[arg(long)]
    pub show_secrets: bool,
    /// Say how the call went: status, time, attempts, correlation id.
    #[arg(long)]
    pub timing: bool,
}
