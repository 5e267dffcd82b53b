//! Sending spans to a collector: OTLP over HTTP, in protocol buffers.

use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use opentelemetry::{KeyValue, trace::TracerProvider};
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{Sampler, SdkTracerProvider},
};
use reqwest::redirect::Policy;
use tokio::runtime::Handle;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::{Layer, filter::FilterFn, registry::LookupSpan};
use url::Url;

use super::TARGET;

/// How long a batch may take to be sent.
const TIMEOUT: Duration = Duration::from_secs(10);
/// A span that log lines are within too, and that is therefore made whether there are traces or not: a call of a driver.
const LOGGED: &str = "driver_call";
/// The longest answer of a collector's that is read, in bytes.
const ANSWER_MAX: usize = 64 << 10;

/// Where traces go.
#[derive(Clone, Debug)]
pub struct TracesConfig {
    /// Of the collector: its root, or the whole path where that is not `/v1/traces`.
    pub endpoint: Url,
    /// The share of the traces begun here that are kept, 0 to 1. A caller's trace is kept if the caller keeps it.
    pub sampling: f64,
    pub host_name: String,
    pub version: String,
}

/// Sends what is left when it is ended.
#[derive(Debug)]
pub struct Exporter(SdkTracerProvider);

/// Why there are no traces.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the HTTP client for traces cannot be made")]
    Client(#[from] reqwest::Error),
    #[error("the exporter of traces cannot be made")]
    Exporter(#[from] ExporterBuildError),
}

/// The layer that makes traces of spans, and what sends them. Needs a tokio runtime, and takes no events: a trace holds no log line.
pub fn start<S>(config: &TracesConfig) -> Result<(impl Layer<S> + Send + Sync + use<S>, Exporter), StartError>
where
    S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
{
    let client = reqwest::Client::builder().redirect(Policy::none()).no_proxy().timeout(TIMEOUT).build()?;
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Client { client, runtime: Handle::current() })
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(signal(&config.endpoint))
        .with_timeout(TIMEOUT)
        .build()?;
    let resource = Resource::builder()
        .with_service_name("jeroboam")
        .with_attributes([
            KeyValue::new("service.version", config.version.clone()),
            KeyValue::new("host.name", config.host_name.clone()),
        ])
        .build();
    let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(config.sampling)));
    let provider =
        SdkTracerProvider::builder().with_batch_exporter(exporter).with_sampler(sampler).with_resource(resource).build();
    let layer = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("jeroboam"))
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_tracked_inactivity(false)
        .with_filter(FilterFn::new(is_traced));
    Ok((layer, Exporter(provider)))
}

fn is_traced(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && (metadata.target() == TARGET || metadata.name() == LOGGED)
}

/// An address without a path is the collector's root.
fn signal(endpoint: &Url) -> String {
    let mut url = endpoint.clone();
    if matches!(url.path(), "" | "/") {
        url.set_path("/v1/traces");
    }
    url.into()
}

impl Exporter {
    /// Sends what is left, for as long as it takes within the limits of a batch. Blocks.
    pub fn end(self) {
        if let Err(error) = self.0.shutdown_with_timeout(TIMEOUT) {
            tracing::warn!("the last traces were not sent: {error}");
        }
    }
}

/// Sends batches on the service's runtime: the exporter's own thread has none.
#[derive(Debug)]
struct Client {
    client: reqwest::Client,
    runtime: Handle,
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let request = reqwest::Request::try_from(request)?;
        let client = self.client.clone();
        self.runtime.spawn(send(client, request)).await?
    }
}

async fn send(client: reqwest::Client, request: reqwest::Request) -> Result<Response<Bytes>, HttpError> {
    let mut answer = client.execute(request).await?;
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = answer.status();
    *response.headers_mut() = std::mem::take(answer.headers_mut());
    let mut body = BytesMut::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > ANSWER_MAX {
            return Err("the collector's answer is too long".into());
        }
        body.extend_from_slice(&chunk);
    }
    *response.body_mut() = body.freeze();
    Ok(response)
}
