//! The listeners: hyper connections over a router, until told to end, then until they are done. The API has a port; operators on this host have a socket besides.

mod port;
mod socket;

use std::{io, sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
};

pub use port::Port;
pub use socket::Socket;

/// Connections beyond this many wait to be accepted.
const MAX_CONNECTIONS: usize = 4096;
/// How long a client may take over its request's head.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);
/// After a failure to accept (too many open files, say), so as not to spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Where connections come in.
trait Door {
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// The next connection, and what answers on it. Nothing, if whoever came is not let in.
    async fn accept(&self, router: &Router) -> io::Result<Option<(Self::Stream, Router)>>;
}

/// Serves until `stop` is ready; then takes no more connections, and gives those there are until `patience` is over.
pub async fn run(port: Port, socket: Option<Socket>, router: Router, stop: impl Future<Output = ()>, patience: Duration) {
    let (told, end) = watch::channel(());
    let stop = async move {
        stop.await;
        drop(told);
    };
    let local = async {
        if let Some(socket) = socket {
            serve(socket, router.clone(), end.clone(), patience).await;
        }
    };
    tokio::join!(stop, local, serve(port, router.clone(), end.clone(), patience));
}

async fn serve(door: impl Door, router: Router, mut end: watch::Receiver<()>, patience: Duration) {
    let connections = GracefulShutdown::new();
    let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut protocol = http1::Builder::new();
    protocol.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    loop {
        let accepted = tokio::select! {
            _ = end.changed() => break,
            accepted = accept(&door, &router, &permits) => accepted,
        };
        let (stream, router, permit) = match accepted {
            Ok(Some(accepted)) => accepted,
            Ok(None) => continue,
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let service = TowerToHyperService::new(router);
        let connection = connections.watch(protocol.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            let _permit = permit;
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection ended");
            }
        });
    }
    drop(door);
    if tokio::time::timeout(patience, connections.shutdown()).await.is_err() {
        tracing::warn!("connections were cut off at shutdown: they took longer than [DEFAULT] graceful_shutdown_timeout");
    }
}

async fn accept<D: Door>(
    door: &D,
    router: &Router,
    permits: &Arc<Semaphore>,
) -> io::Result<Option<(D::Stream, Router, OwnedSemaphorePermit)>> {
    let permit = Arc::clone(permits).acquire_owned().await.map_err(io::Error::other)?;
    Ok(door.accept(router).await?.map(|(stream, router)| (stream, router, permit)))
}
