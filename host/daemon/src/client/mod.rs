//! The operator API as commands speak it: to a daemon anywhere, with a token from Keystone; or to the one on this host, over its socket.
//!
//! ```text
//! --socket, JEROBOAM_SOCKET ───────────────────────────► socket
//! --os-cloud, OS_CLOUD ─► clouds.yaml, secure.yaml ─┐
//! OS_AUTH_URL and its like ─────────────────────────┴─► login ─► token, endpoint ─► HTTP
//! nothing of these ─► the configuration's socket ──────► socket
//! ```
//!
//! | module | holds |
//! |---|---|
//! | [`place`] | which daemon is meant |
//! | [`clouds_yaml`] | the files in which clouds are named |
//! | [`login`] | variables, from files or from the environment, as an identity |
//! | [`http`] | requests and answers |
//! | [`error`] | what can go wrong, and the exit code that it is |

mod clouds_yaml;
mod error;
mod http;
mod login;
mod place;

pub use error::ClientError;
pub use http::Client;
pub use place::Place;

use crate::cli::Connection;

/// Finds the daemon, and logs in if that is needed.
pub async fn connect(connection: &Connection) -> Result<Client, ClientError> {
    match Place::find(connection, &|name| std::env::var(name).ok())? {
        Place::Socket(path) => Client::over_socket(&path),
        Place::Cloud(login) => Client::over_http(*login).await,
    }
}
