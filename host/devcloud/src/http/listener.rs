//! Accepts connections, gives each request its id, and lets the faults have their way.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, body::Body, response::IntoResponse as _, response::Response};
use http::{HeaderValue, Request, StatusCode, header};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{rt::TokioIo, rt::TokioTimer, server::graceful::GracefulShutdown};
use tokio::{net::TcpListener, net::TcpStream, sync::watch, task::JoinHandle};
use tower::ServiceExt as _;
use tower_http::normalize_path::NormalizePath;

use super::{errors, router::router};
use crate::{cloud::Cloud, faults::Effect, options::StartError, refusal::Refusal, service::Service};

/// How long open connections may take to end.
const DRAIN: Duration = Duration::from_secs(2);

/// A port that was taken.
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
}

/// A listener at work.
pub struct Listener {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// The connection is closed instead of answering.
#[derive(Debug, thiserror::Error)]
#[error("the connection was dropped on request")]
struct Dropped;

pub async fn bind(address: SocketAddr) -> Result<Bound, StartError> {
    let failed = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok(Bound { listener, address })
}

impl Bound {
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn serve(self, cloud: Arc<Cloud>) -> Listener {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(accept(self.listener, cloud, stopped));
        Listener { address: self.address, stop, task }
    }
}

impl Listener {
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub async fn stop(self) {
        let _ = self.stop.send(true);
        if let Err(error) = self.task.await {
            tracing::warn!(%error, "the listener did not end well");
        }
    }
}

async fn accept(listener: TcpListener, cloud: Arc<Cloud>, mut stopped: watch::Receiver<bool>) {
    let router = router(cloud.clone());
    let open = GracefulShutdown::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.changed() => break,
        };
        match stream {
            Ok((stream, _)) => connection(stream, &router, &cloud, &open),
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    let _ = tokio::time::timeout(DRAIN, open.shutdown()).await;
}

fn connection(stream: TcpStream, router: &Router, cloud: &Arc<Cloud>, open: &GracefulShutdown) {
    let (router, cloud) = (router.clone(), cloud.clone());
    let service = service_fn(move |request: Request<Incoming>| answer(request.map(Body::new), router.clone(), cloud.clone()));
    let served = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
    let watched = open.watch(served);
    tokio::spawn(async move {
        if let Err(error) = watched.await {
            tracing::debug!(%error, "connection ended");
        }
    });
}

async fn answer(request: Request<Body>, router: Router, cloud: Arc<Cloud>) -> Result<Response, Dropped> {
    let began = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let request_id = format!("req-{}", uuid::Uuid::new_v4());
    let effect = cloud.faults.request(method.as_str(), &path);
    let mut response = match effect {
        Some(effect) => {
            tokio::time::sleep(effect.delay).await;
            if effect.drop_connection {
                return Err(Dropped);
            }
            match refused(&effect, &path) {
                Some(response) => response,
                None => routed(router, request).await,
            }
        }
        None => routed(router, request).await,
    };
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert("x-openstack-request-id", value.clone());
        if Service::of_path(&path) == Some(Service::Compute) {
            response.headers_mut().insert("x-compute-request-id", value);
        }
    }
    tracing::debug!(%method, path, status = response.status().as_u16(), request_id, elapsed = ?began.elapsed(), "request");
    Ok(response)
}

/// With or without a slash at the end, as the services take paths.
async fn routed(router: Router, request: Request<Body>) -> Response {
    NormalizePath::trim_trailing_slash(router).oneshot(request).await.unwrap_or_else(|never| match never {})
}

/// The status that was asked for, in the shape of the service.
fn refused(effect: &Effect, path: &str) -> Option<Response> {
    let status = StatusCode::from_u16(effect.status?).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let refusal = Refusal::bad("This failure was asked for.");
    let mut response = match Service::of_path(path) {
        Some(service) => errors::shaped(service, status, &refusal),
        None => status.into_response(),
    };
    if let Some(seconds) = effect.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Some(response)
}
