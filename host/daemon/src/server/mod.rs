//! The listeners: hyper connections over a router, until told to end, then until they are done. The API has a port; operators on this host have a socket besides.

mod port;
mod socket;

use std::{io, sync::Arc, time::Duration};

use axum::Router;
use hyper::{Request, body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use jeroboam_api::{LocalOperator, Peer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
};
use tower::util::MapRequest;

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

    /// The next connection, and who is at its other end. Nothing, if whoever came is not let in.
    async fn accept(&self) -> io::Result<Option<(Self::Stream, Guest)>>;
}

/// Who is at the other end of a connection: each of its requests says so.
#[derive(Clone)]
enum Guest {
    Peer(Peer),
    Operator(LocalOperator),
}

impl Guest {
    fn introduce(&self, request: &mut Request<Incoming>) {
        match self {
            Self::Peer(peer) => _ = request.extensions_mut().insert(*peer),
            Self::Operator(operator) => _ = request.extensions_mut().insert(operator.clone()),
        }
    }
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
            accepted = accept(&door, &permits) => accepted,
        };
        let (stream, guest, permit) = match accepted {
            Ok(Some(accepted)) => accepted,
            Ok(None) => continue,
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let introduced = move |mut request: Request<Incoming>| {
            guest.introduce(&mut request);
            request
        };
        let service = TowerToHyperService::new(MapRequest::new(router.clone(), introduced));
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

async fn accept<D: Door>(door: &D, permits: &Arc<Semaphore>) -> io::Result<Option<(D::Stream, Guest, OwnedSemaphorePermit)>> {
    let permit = Arc::clone(permits).acquire_owned().await.map_err(io::Error::other)?;
    Ok(door.accept().await?.map(|(stream, guest)| (stream, guest, permit)))
}
