//! A cluster's own API, where whoever asks is told what it answered.

use jeroboam_driver_sdk::{
    coe_api::{self, Request, Response},
    coe_resources::{Failure, Refusal},
    internal, unsupported,
};
use serde_json::Value;

/// Milliseconds that one request may take.
const TIMEOUT: u32 = 12_000;

/// What was answered, if that was not a refusal.
pub fn send(method: &str, path: &str, body: Option<&str>) -> Result<Response, Failure> {
    send_within(TIMEOUT, method, path, body)
}

/// The same, for what takes its time.
pub fn send_within(timeout_ms: u32, method: &str, path: &str, body: Option<&str>) -> Result<Response, Failure> {
    let json = ("content-type".to_owned(), "application/json".to_owned());
    let request = Request {
        method: method.to_owned(),
        path: path.to_owned(),
        headers: body.map(|_| json).into_iter().collect(),
        body: body.unwrap_or_default().as_bytes().to_vec(),
        timeout_ms,
        identity: None,
    };
    let response = coe_api::send(&request)?;
    match response.status {
        400..=599 => Err(Failure::Refused(Refusal { status: response.status, message: message(&response.body) })),
        200..=299 | 304 => Ok(response),
        other => Err(internal(format!("the cluster's API answered {other} to {method}")).into()),
    }
}

/// The JSON of what was answered.
pub fn json(method: &str, path: &str, body: Option<&str>) -> Result<Value, Failure> {
    let response = send(method, path, body)?;
    serde_json::from_slice(&response.body).map_err(|error| internal(format!("the cluster's API: {error}")).into())
}

/// Both Kubernetes and Docker say it in `message`.
fn message(body: &[u8]) -> String {
    let said = serde_json::from_slice::<Value>(body).ok();
    let said = said.as_ref().and_then(|said| said.get("message")).and_then(Value::as_str).map(str::to_owned);
    said.unwrap_or_else(|| String::from_utf8_lossy(body).trim().chars().take(1000).collect())
}

/// A name or id as one segment of a path.
pub fn segment(ident: &str) -> Result<&str, Failure> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if !ident.is_empty() && ident.bytes().all(plain) && ident.bytes().any(|byte| byte != b'.') {
        return Ok(ident);
    }
    Err(unsupported("a name is made of letters, digits, '-', '_' and '.'").into())
}
