//! Reading requests: JSON objects and their envelopes.

use std::collections::BTreeMap;

use axum::{
    body::Bytes,
    extract::{FromRequest, Path, Request},
};
use serde_json::Value;

use crate::{record::Body, refusal::Refusal};

/// A body that is one JSON object.
pub struct Object(pub Body);

/// The named parts of the path.
pub type Parts = Path<BTreeMap<String, String>>;

impl<S: Send + Sync> FromRequest<S> for Object {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| Refusal::new(crate::refusal::Problem::TooLarge, "RequestTooLarge", rejection.body_text()))?;
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(body)) => Ok(Self(body)),
            Ok(_) => Err(Refusal::bad("The request body must be a JSON object.")),
            Err(_) => Err(Refusal::bad("Malformed request body: it is not JSON.")),
        }
    }
}

impl Object {
    /// The object within the envelope.
    pub fn inner(mut self, envelope: &str) -> Result<Body, Refusal> {
        if envelope.is_empty() {
            return Ok(self.0);
        }
        match self.0.remove(envelope) {
            Some(Value::Object(inner)) => Ok(inner),
            _ => Err(Refusal::bad(format!("Invalid input: the request body has no object '{envelope}'."))),
        }
    }
}

/// A part of the path; empty if the route has none of that name.
pub fn part<'a>(parts: &'a BTreeMap<String, String>, name: &str) -> &'a str {
    parts.get(name).map(String::as_str).unwrap_or_default()
}
