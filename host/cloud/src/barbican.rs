//! Barbican: secrets that are kept outside the store.

use jeroboam_model::Secret;
use reqwest::header::HeaderValue;
use serde::Deserialize;
use serde_json::json;

use crate::error::CloudError;
use crate::http::{Call, Reply};
use crate::parse;
use crate::service::Service;
use crate::session::Session;

/// The most secrets of one name that are listed: far more than anybody makes.
const MAX_LISTED: usize = 2000;
/// The most that Barbican puts into one page.
const PAGE: usize = 100;

/// Barbican, as the identity of a session: secrets belong to its project.
#[derive(Clone)]
pub struct Barbican {
    session: Session,
}

/// A secret without its payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSecret {
    pub id: String,
    /// Not unique: any number of secrets may have the same.
    pub name: String,
    /// `ACTIVE`, or `ERROR` where the payload could not be kept.
    pub status: String,
}

/// A secret as Barbican describes it: known by a reference, which is an address that ends in the id.
#[derive(Deserialize)]
struct Wire {
    secret_ref: String,
    #[serde(default, deserialize_with = "parse::or_default")]
    name: String,
    #[serde(default, deserialize_with = "parse::or_default")]
    status: String,
}

#[derive(Deserialize)]
struct Page {
    secrets: Vec<Wire>,
}

impl Barbican {
    pub(crate) fn new(session: Session) -> Self {
        Self { session }
    }

    /// Keeps a text under a name. Sent once: after no answer, look for the name. Its id.
    pub async fn create_secret(&self, name: &str, payload: &Secret) -> Result<String, CloudError> {
        let call = Call::post(Service::Barbican, "create secret", "/secrets")
            .json(&json!({
                "name": name,
                // Every back end of Barbican takes these; some look into payloads of the types for keys.
                "secret_type": "opaque",
                "payload_content_type": "text/plain",
                "payload": payload.expose(),
            }))
            .secret(payload);
        let reply = self.session.call(call).await?;
        let reference: String = reply.member("secret_ref")?;
        id_of(&reply, &reference)
    }

    /// The text of a secret; nothing when it is not there.
    pub async fn payload(&self, id: &str) -> Result<Option<Secret>, CloudError> {
        let call = Call::get(Service::Barbican, "read secret", "/secrets/{}/payload")
            .arg(id)
            .accept(HeaderValue::from_static("text/plain"));
        match self.session.call(call).await {
            Ok(reply) => reply.into_secret().map(Some),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The secrets of exactly this name.
    pub async fn secrets_named(&self, name: &str) -> Result<Vec<StoredSecret>, CloudError> {
        let mut found = Vec::new();
        let mut offset = 0;
        loop {
            let call = Call::get(Service::Barbican, "list secrets", "/secrets")
                .query("name", name)
                .query("limit", PAGE.to_string())
                .query("offset", offset.to_string());
            let reply = self.session.call(call).await?;
            let page: Page = reply.json()?;
            let count = page.secrets.len();
            for wire in page.secrets.into_iter().filter(|wire| wire.name == name) {
                found.push(StoredSecret { id: id_of(&reply, &wire.secret_ref)?, name: wire.name, status: wire.status });
            }
            offset += count;
            if count < PAGE {
                return Ok(found);
            }
            if offset >= MAX_LISTED {
                return Err(reply.unusable(&format!("it has more than {MAX_LISTED} secrets of one name")));
            }
        }
    }

    /// Deletes a secret; one that is not there is deleted.
    pub async fn delete_secret(&self, id: &str) -> Result<(), CloudError> {
        self.session.call_delete(Call::delete(Service::Barbican, "delete secret", "/secrets/{}").arg(id)).await
    }
}

/// The last part of a reference. The rest is how others see Barbican, which need not be how it is reached from here.
fn id_of(reply: &Reply, reference: &str) -> Result<String, CloudError> {
    let id = reference.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let is_id = !id.is_empty() && id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if is_id { Ok(id.to_owned()) } else { Err(reply.unusable("a secret_ref does not end in an id")) }
}
