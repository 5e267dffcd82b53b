//! A good answer, and reading it.

use bytes::Bytes;
use jeroboam_model::Secret;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::error::CloudError;
use crate::parse;
use crate::service::Service;

/// An answer with a status below 400.
pub(crate) struct Reply {
    pub service: Service,
    pub operation: &'static str,
    pub status: u16,
    pub request_id: Option<String>,
    /// `X-Subject-Token`, from Keystone alone.
    pub subject_token: Option<Secret>,
    /// `Location`, to be read but never followed.
    pub location: Option<String>,
    pub body: Bytes,
}

impl Reply {
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, CloudError> {
        serde_json::from_slice(&self.body).map_err(|error| self.unusable(&error.to_string()))
    }

    /// The object under one name, as in `{"stack": {…}}`.
    pub fn member<T: DeserializeOwned>(&self, name: &str) -> Result<T, CloudError> {
        let mut envelope: Map<String, Value> = self.json()?;
        match envelope.remove(name) {
            Some(inner) => T::deserialize(inner).map_err(|error| self.unusable(&format!("{name}: {error}"))),
            None => Err(self.unusable(&format!("it has no '{name}'"))),
        }
    }

    /// The whole body as a secret. Its bytes are not copied, so none of them stay behind.
    pub fn into_secret(self) -> Result<Secret, CloudError> {
        let unusable = self.unusable("it is not text");
        String::from_utf8(Vec::from(self.body)).map(Secret::new).map_err(|error| {
            drop(Zeroizing::new(error.into_bytes()));
            unusable
        })
    }

    pub fn unusable(&self, reason: &str) -> CloudError {
        CloudError::Protocol {
            service: self.service,
            operation: self.operation,
            request_id: self.request_id.clone(),
            reason: parse::clean(reason),
        }
    }
}
