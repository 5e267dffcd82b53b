//! Who asks, where, and with what: read from the request once.

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, Path};
use bytes::Bytes;
use http::request::Parts;
use serde_json::{Map, Value};

use super::MAX_BODY_BYTES;
use crate::{
    heat::error::{ErrorKind, HeatError, Result},
    services::Scope,
};

/// The caller, the query, and the URL that links start with.
pub struct Caller {
    pub scope: Scope,
    pub query: Query,
    pub base: String,
}

/// Query parameters; a name may come several times.
#[derive(Debug, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn flag(&self, name: &str) -> Result<bool> {
        self.flag_or(name, false)
    }

    pub fn flag_or(&self, name: &str, default: bool) -> Result<bool> {
        match self.get(name).map(str::to_lowercase).as_deref() {
            None | Some("") => Ok(default),
            Some("true" | "1" | "t" | "yes" | "on") => Ok(true),
            Some("false" | "0" | "f" | "no" | "off") => Ok(false),
            Some(other) => Err(bad(format!("Unrecognized value \"{other}\" for \"{name}\", acceptable values are: true, false"))),
        }
    }

    pub fn number(&self, name: &str) -> Result<Option<usize>> {
        match self.get(name) {
            None | Some("") => Ok(None),
            Some(text) => text
                .parse()
                .map(Some)
                .map_err(|_| bad(format!("Only integer is allowed for the parameter \"{name}\"; got {text}"))),
        }
    }
}

pub fn bad(message: impl Into<String>) -> HeatError {
    HeatError::new(ErrorKind::BadRequest, message)
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = HeatError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let scope = parts
            .extensions
            .get::<Scope>()
            .cloned()
            .ok_or_else(|| HeatError::new(ErrorKind::Forbidden, "You are not authenticated."))?;
        let path = Path::<BTreeMap<String, String>>::from_request_parts(parts, state).await.map_err(|_| bad("Invalid path"))?;
        if path.get("project").is_some_and(|project| *project != scope.project_id) {
            return Err(HeatError::new(ErrorKind::Forbidden, "You are not authorized to complete this action."));
        }
        let query = parts.uri.query().unwrap_or_default();
        let query = Query(url::form_urlencoded::parse(query.as_bytes()).into_owned().collect());
        let host = parts.headers.get(http::header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
        let base = format!("http://{host}/orchestration/v1/{}", scope.project_id);
        Ok(Self { scope, query, base })
    }
}

/// A body that is a JSON object.
pub fn object(body: &Bytes) -> Result<Map<String, Value>> {
    if body.len() > MAX_BODY_BYTES {
        return Err(HeatError::new(
            ErrorKind::RequestLimitExceeded,
            format!(
                "Request limit exceeded: JSON body size ({} bytes) exceeds maximum allowed size ({MAX_BODY_BYTES} bytes).",
                body.len()
            ),
        ));
    }
    if body.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(bad("The body must be a JSON object.")),
        Err(error) => Err(bad(format!("The body is not JSON: {error}"))),
    }
}
