//! Cinder: volume types and volumes.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::CloudError;
use crate::find::{self, Named};
use crate::http::Call;
use crate::parse;
use crate::service::Service;
use crate::session::Session;

/// Cinder, as the identity of a session.
#[derive(Clone)]
pub struct Cinder {
    session: Session,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct VolumeType {
    pub id: String,
    pub name: String,
    #[serde(default, deserialize_with = "parse::or_default")]
    pub description: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Volume {
    pub id: String,
    #[serde(default, deserialize_with = "parse::or_default")]
    pub name: String,
    /// `available`, `in-use`, `error` and so on.
    pub status: String,
    /// GiB.
    #[serde(default)]
    pub size: u64,
    #[serde(default, deserialize_with = "parse::or_default")]
    pub description: String,
    #[serde(default, deserialize_with = "parse::or_default")]
    pub metadata: BTreeMap<String, String>,
}

impl Named for VolumeType {
    const SERVICE: Service = Service::Cinder;
    const WHAT: &'static str = "volume type";

    fn id(&self) -> &str {
        &self.id
    }
}

impl Cinder {
    pub(crate) fn new(session: Session) -> Self {
        Self { session }
    }

    pub async fn list_volume_types(&self) -> Result<Vec<VolumeType>, CloudError> {
        let call = Call::get(Service::Cinder, "list volume types", "/types");
        self.session.call_list(call, "volume_types").await
    }

    /// A volume type by id, or else by name.
    pub async fn find_volume_type(&self, name_or_id: &str) -> Result<VolumeType, CloudError> {
        let mut found = self.list_volume_types().await?;
        if let Some(index) = found.iter().position(|kind| kind.id == name_or_id) {
            return Ok(found.swap_remove(index));
        }
        found.retain(|kind| kind.name == name_or_id);
        find::only(name_or_id, found)
    }

    /// The type of volumes that name none; nothing where the cloud has no such type.
    pub async fn default_volume_type(&self) -> Result<Option<VolumeType>, CloudError> {
        let call = Call::get(Service::Cinder, "show default volume type", "/types/default");
        self.session.call_show(call, "volume_type").await
    }

    /// The volumes of the project.
    pub async fn list_volumes(&self) -> Result<Vec<Volume>, CloudError> {
        let call = Call::get(Service::Cinder, "list volumes", "/volumes/detail");
        self.session.call_list(call, "volumes").await
    }

    /// Asks for deletion; a volume that is not there is deleted.
    pub async fn delete_volume(&self, id: &str) -> Result<(), CloudError> {
        let call = Call::delete(Service::Cinder, "delete volume", "/volumes/{}").arg(id);
        self.session.call_delete(call).await
    }
}
