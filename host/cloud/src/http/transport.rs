//! Sending: attempts, limits, traces. The only place that touches the network.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use backon::{ExponentialBuilder, Retryable};
use bytes::{Bytes, BytesMut};
use jeroboam_telemetry::traces;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;
use tracing::Instrument;
use url::Url;

use super::call::Call;
use super::refusal;
use super::reply::Reply;
use crate::config::{CloudConfig, Retries, TlsConfig};
use crate::error::{CloudError, Refusal};
use crate::metrics::{self, CloudMetrics};
use crate::parse;
use jeroboam_model::Secret;

/// The largest answer that is read. The biggest honest one is the resource listing of a large
/// cluster's stacks, of a few megabytes.
const MAX_BODY: usize = 16 * 1024 * 1024;

pub(crate) const AUTH_TOKEN: HeaderName = HeaderName::from_static("x-auth-token");
pub(crate) const SUBJECT_TOKEN: HeaderName = HeaderName::from_static("x-subject-token");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-openstack-request-id");
const COMPUTE_REQUEST_ID: HeaderName = HeaderName::from_static("x-compute-request-id");

/// The HTTP clients of a cloud: one for each way of doing TLS.
pub(crate) struct Transport {
    clients: HashMap<TlsConfig, Client>,
    retries: Retries,
    metrics: CloudMetrics,
}

/// What goes with a call besides itself.
#[derive(Clone, Copy)]
pub(crate) struct Via<'a> {
    pub endpoint: &'a Url,
    pub tls: &'a TlsConfig,
    pub token: Option<&'a HeaderValue>,
    /// The id of the request that this call is made for.
    pub request_id: Option<&'a HeaderValue>,
}

impl Transport {
    pub fn new(config: &CloudConfig) -> Result<Self, CloudError> {
        let own = config.services.values().filter_map(|service| service.tls.as_ref());
        let mut clients = HashMap::new();
        for tls in own.chain([&config.tls]) {
            if !clients.contains_key(tls) {
                clients.insert(tls.clone(), super::tls::client(config, tls)?);
            }
        }
        Ok(Self { clients, retries: config.retries, metrics: config.metrics.clone() })
    }

    /// A client for what is not a [`Call`].
    pub fn client(config: &CloudConfig) -> Result<Client, CloudError> {
        super::tls::client(config, &config.tls)
    }

    /// Sends a call, again if it may be and that may help.
    pub async fn send(&self, call: &Call, via: Via<'_>) -> Result<Reply, CloudError> {
        let url = call.url(via.endpoint)?;
        let client = self
            .clients
            .get(via.tls)
            .ok_or_else(|| CloudError::Config { option: "tls", reason: "no client was made for these settings".into() })?;
        let cap = self.retries.cap;
        let pauses = ExponentialBuilder::new()
            .with_min_delay(self.retries.base)
            .with_max_delay(cap)
            .with_max_times(self.retries.max)
            .with_jitter();
        (|| self.attempt(client, call, &url, via))
            .retry(pauses)
            .sleep(tokio::time::sleep)
            .when(|error: &CloudError| call.repeatable && error.is_transient())
            .adjust(|error, pause| match error.retry_after() {
                Some(wish) if wish > cap => None,
                Some(wish) => pause.map(|pause| pause.max(wish)),
                None => pause,
            })
            .await
    }

    /// One try, counted and traced.
    async fn attempt(&self, client: &Client, call: &Call, url: &Url, via: Via<'_>) -> Result<Reply, CloudError> {
        let span = tracing::info_span!(
            target: traces::TARGET,
            "cloud_request",
            service = call.service.name(),
            operation = call.operation,
            method = call.method.as_str(),
            status = tracing::field::Empty,
            request_id = via.request_id.and_then(|id| id.to_str().ok()),
        );
        let started = Instant::now();
        let outcome = attempt(client, call, url, via, traces::header(&span)).instrument(span.clone()).await;
        self.metrics.answered(call, &outcome, started.elapsed());
        span.record("status", metrics::status(&outcome));
        trace(call, &outcome, started.elapsed());
        outcome
    }
}

async fn attempt(client: &Client, call: &Call, url: &Url, via: Via<'_>, trace: Option<HeaderValue>) -> Result<Reply, CloudError> {
    let mut request = client.request(call.method.clone(), url.clone()).header(ACCEPT, &call.accept);
    for (name, value) in &call.headers {
        request = request.header(name, value);
    }
    if let Some(token) = via.token {
        request = request.header(AUTH_TOKEN, token);
    }
    if let Some(id) = via.request_id {
        request = request.header(REQUEST_ID, id);
    }
    if let Some(trace) = trace {
        request = request.header(traces::TRACEPARENT, trace);
    }
    if let Some(body) = &call.body {
        request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
    }
    match request.send().await {
        Ok(response) => read(call, response).await,
        Err(error) => Err(unreachable(call, error)),
    }
}

async fn read(call: &Call, mut response: Response) -> Result<Reply, CloudError> {
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let request_id =
        [REQUEST_ID, COMPUTE_REQUEST_ID].iter().find_map(|name| parse::request_id(headers.get(name)?.to_str().ok()?));
    let reply = |body| Reply {
        service: call.service,
        operation: call.operation,
        status: status.as_u16(),
        request_id: request_id.clone(),
        subject_token: header(&headers, &SUBJECT_TOKEN).map(Secret::new),
        location: header(&headers, &LOCATION).map(str::to_owned),
        body,
    };
    let Some(body) = bounded_body(&mut response).await.map_err(|error| unreachable(call, error))? else {
        return Err(reply(Bytes::new()).unusable(&format!("its body is longer than {} MiB", MAX_BODY / 1024 / 1024)));
    };
    if status.is_client_error() || status.is_server_error() {
        return Err(CloudError::Refused(Box::new(refused(call, status, &headers, request_id, &body))));
    }
    if status.is_redirection() && !call.may_redirect {
        return Err(reply(body).unusable("it redirects elsewhere; tokens are not sent there"));
    }
    Ok(reply(body))
}

/// The body, or nothing when it is too long.
async fn bounded_body(response: &mut Response) -> Result<Option<Bytes>, reqwest::Error> {
    if response.content_length().is_some_and(|length| length > MAX_BODY as u64) {
        return Ok(None);
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_BODY {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body.freeze()))
}

fn refused(call: &Call, status: StatusCode, headers: &HeaderMap, request_id: Option<String>, body: &[u8]) -> Refusal {
    let complaint = refusal::read(body);
    let recognised = complaint.is_some();
    let complaint = complaint.unwrap_or_default();
    let message = complaint.message.unwrap_or_else(|| status.canonical_reason().unwrap_or("no reason given").to_owned());
    Refusal {
        service: call.service,
        operation: call.operation,
        status: status.as_u16(),
        code: complaint.code,
        message: call.redact(message),
        request_id,
        retry_after: header(headers, &RETRY_AFTER).and_then(retry_after),
        recognised,
    }
}

/// `Retry-After`: seconds, or a date.
fn retry_after(text: &str) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = OffsetDateTime::parse(text.trim(), &Rfc2822).ok()?;
    Some((date - OffsetDateTime::now_utc()).try_into().unwrap_or(Duration::ZERO))
}

fn header<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

fn unreachable(call: &Call, error: reqwest::Error) -> CloudError {
    CloudError::Unreachable { service: call.service, operation: call.operation, source: Arc::new(error.without_url()) }
}

fn trace(call: &Call, outcome: &Result<Reply, CloudError>, took: Duration) {
    let (status, request_id) = match outcome {
        Ok(reply) => (Some(reply.status), reply.request_id.as_deref()),
        Err(error) => (error.status(), error.request_id()),
    };
    tracing::debug!(
        service = call.service.name(),
        method = call.method.as_str(),
        path = call.template,
        status,
        request_id,
        ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "{}",
        call.operation,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(retry_after("7"), Some(Duration::from_secs(7)));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::ZERO));
        assert_eq!(retry_after("soon"), None);
        assert_eq!(retry_after("-1"), None);
    }
}
