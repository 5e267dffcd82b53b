//! Which daemon a command is for.

use std::path::PathBuf;

use clap::Args;

/// Without any of these: the socket that JEROBOAM_SOCKET names; else the cloud of OS_CLOUD, or of OS_AUTH_URL and the other OS_* variables;
/// else the socket of the daemon on this host.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Which daemon")]
pub struct Connection {
    /// Ask the daemon on this host, over its socket: as root, or as the daemon's own user. [default: JEROBOAM_SOCKET]
    #[arg(long, value_name = "FILE", conflicts_with = "os_cloud")]
    pub socket: Option<PathBuf>,
    /// Log in to this cloud of clouds.yaml, as an administrator. [default: OS_CLOUD, else OS_AUTH_URL with OS_USERNAME, OS_PASSWORD and so on]
    #[arg(long, value_name = "NAME")]
    pub os_cloud: Option<String>,
    /// The region whose container-infra endpoint is asked.
    #[arg(long, value_name = "NAME")]
    pub os_region_name: Option<String>,
    /// The interface of that endpoint: public, internal or admin.
    #[arg(long, value_name = "NAME")]
    pub os_interface: Option<String>,
    /// PEM of the CA that signed the services' certificates.
    #[arg(long, value_name = "FILE")]
    pub os_cacert: Option<PathBuf>,
    /// Ask at this address, whatever the catalogue says.
    #[arg(long, value_name = "URL")]
    pub os_endpoint_override: Option<String>,
}
