//! The listener: hyper connections over a router, until told to end, then until they are done.

use std::{sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, sync::Semaphore};

/// Connections beyond this many wait to be accepted.
const MAX_CONNECTIONS: usize = 4096;
/// How long a client may take over its request's head.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);
/// After a failure to accept (too many open files, say), so as not to spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

pub struct Server {
    listener: TcpListener,
    router: Router,
}

impl Server {
    /// Over a socket that listens already: whoever needs the port knows it before there is a router.
    pub fn new(listener: TcpListener, router: Router) -> Self {
        Self { listener, router }
    }

    /// Serves until `stop` is ready; then takes no more connections, and gives those there are until `patience` is over.
    pub async fn run(self, stop: impl Future<Output = ()>, patience: Duration) {
        let connections = GracefulShutdown::new();
        let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        let mut protocol = http1::Builder::new();
        protocol.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
        let mut stop = std::pin::pin!(stop);
        loop {
            let accepted = tokio::select! {
                () = &mut stop => break,
                accepted = accept(&self.listener, &permits) => accepted,
            };
            let (stream, permit) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            };
            // Answers are written whole; waiting for more to send would only delay them.
            let _ = stream.set_nodelay(true);
            let service = TowerToHyperService::new(self.router.clone());
            let connection = connections.watch(protocol.serve_connection(TokioIo::new(stream), service));
            tokio::spawn(async move {
                let _permit = permit;
                if let Err(error) = connection.await {
                    tracing::debug!(%error, "connection ended");
                }
            });
        }
        drop(self.listener);
        if tokio::time::timeout(patience, connections.shutdown()).await.is_err() {
            tracing::warn!("connections were cut off at shutdown: they took longer than [DEFAULT] graceful_shutdown_timeout");
        }
    }
}

async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> std::io::Result<(tokio::net::TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let permit = Arc::clone(permits).acquire_owned().await.map_err(std::io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    Ok((stream, permit))
}
