//! The API's port.

use std::io;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};

use super::Door;

/// A socket that listens already: whoever needs the port knows it before there is a router.
pub struct Port(pub TcpListener);

impl Door for Port {
    type Stream = TcpStream;

    async fn accept(&self, router: &Router) -> io::Result<Option<(TcpStream, Router)>> {
        let (stream, _) = self.0.accept().await?;
        // Answers are written whole; waiting for more to send would only delay them.
        let _ = stream.set_nodelay(true);
        Ok(Some((stream, router.clone())))
    }
}
