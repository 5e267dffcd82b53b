//! The API's port.

use std::io;

use jeroboam_api::Peer;
use tokio::net::{TcpListener, TcpStream};

use super::{Door, Guest};

/// A socket that listens already: whoever needs the port knows it before there is a router.
pub struct Port(pub TcpListener);

impl Door for Port {
    type Stream = TcpStream;

    async fn accept(&self) -> io::Result<Option<(TcpStream, Guest)>> {
        let (stream, address) = self.0.accept().await?;
        // Answers are written whole; waiting for more to send would only delay them.
        let _ = stream.set_nodelay(true);
        Ok(Some((stream, Guest::Peer(Peer::new(address.ip())))))
    }
}
