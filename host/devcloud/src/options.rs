//! How a cloud is started, and why it may not start.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use url::Url;

/// How to start a cloud. The default is an empty one on a free port of loopback, whose changes take no time.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The `container-infra` entry of the catalogue. It can be set later with [`crate::Devcloud::set_container_infra`].
    pub container_infra: Option<Url>,
    /// How long servers build, load balancers are provisioned and nodes take to signal. Zero: done when next looked at.
    pub pace: Duration,
    /// A file that the cloud is read from at start and written to on change. `None`: it is forgotten at the end.
    pub state: Option<PathBuf>,
    /// How long a token lives.
    pub token_lifetime: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            container_infra: None,
            pace: Duration::ZERO,
            state: None,
            token_lifetime: Duration::from_secs(3600),
        }
    }
}

/// Why a cloud did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("cannot listen on {address}; choose another address or port")]
    Listen { address: SocketAddr, source: std::io::Error },
    #[error("cannot read the state file {}; correct its permissions or move it away", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    #[error("the state file {} is not a snapshot of this version; move it away to start an empty cloud", path.display())]
    Snapshot { path: PathBuf, source: serde_json::Error },
    #[error("the stacks in the state file cannot be taken up again ({0}); move it away to start an empty cloud")]
    Stacks(String),
}
