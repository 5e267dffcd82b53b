//! Glance: the images that nodes boot from.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::CloudError;
use crate::find::{self, Named};
use crate::http::Call;
use crate::parse;
use crate::service::Service;
use crate::session::Session;

/// Glance, as the identity of a session.
#[derive(Clone)]
pub struct Glance {
    session: Session,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "Wire")]
pub struct Image {
    pub id: String,
    pub name: String,
    /// `active` when it can be booted.
    pub status: String,
    pub visibility: String,
    /// GiB that a root disk must have.
    pub min_disk: u64,
    /// MiB of memory that a server must have.
    pub min_ram: u64,
    /// Bytes; nothing before the data is there.
    pub size: Option<u64>,
    /// Everything else that is text: `os_distro` and its like.
    pub properties: BTreeMap<String, String>,
}

impl Image {
    pub fn property(&self, name: &str) -> Option<&str> {
        self.properties.get(name).map(String::as_str)
    }
}

impl Named for Image {
    const SERVICE: Service = Service::Glance;
    const WHAT: &'static str = "image";

    fn id(&self) -> &str {
        &self.id
    }
}

impl Glance {
    pub(crate) fn new(session: Session) -> Self {
        Self { session }
    }

    pub async fn image(&self, id: &str) -> Result<Option<Image>, CloudError> {
        let call = Call::get(Service::Glance, "show image", "/images/{}").arg(id);
        match self.session.call(call).await {
            Ok(reply) => reply.json().map(Some),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// An image by id, or else by name. One that may not be seen is
    /// [`Kind::Denied`](crate::Kind::Denied) or, as Glance prefers, not found.
    pub async fn find_image(&self, name_or_id: &str) -> Result<Image, CloudError> {
        if find::is_uuid(name_or_id)
            && let Some(image) = self.image(name_or_id).await?
        {
            return Ok(image);
        }
        let call = Call::get(Service::Glance, "list images", "/images").query("name", name_or_id);
        let mut found: Vec<Image> = self.session.call_list(call, "images").await?;
        // Glance reads operators in the filter ("in:a,b").
        found.retain(|image| image.name == name_or_id);
        find::only(name_or_id, found)
    }
}

#[derive(Deserialize)]
struct Wire {
    id: String,
    #[serde(default, deserialize_with = "parse::or_default")]
    name: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    visibility: String,
    #[serde(default)]
    min_disk: u64,
    #[serde(default)]
    min_ram: u64,
    #[serde(default)]
    size: Option<u64>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// Fields of Glance itself among the rest; what remains are properties.
const OWN_FIELDS: [&str; 18] = [
    "checksum",
    "container_format",
    "created_at",
    "direct_url",
    "disk_format",
    "file",
    "locations",
    "os_hash_algo",
    "os_hash_value",
    "os_hidden",
    "owner",
    "protected",
    "schema",
    "self",
    "stores",
    "tags",
    "updated_at",
    "virtual_size",
];

impl From<Wire> for Image {
    fn from(wire: Wire) -> Self {
        let properties = wire.rest.into_iter().filter_map(|(name, value)| match value {
            Value::String(text) if !OWN_FIELDS.contains(&name.as_str()) => Some((name, text)),
            _ => None,
        });
        Self {
            id: wire.id,
            name: wire.name,
            status: wire.status,
            visibility: wire.visibility,
            min_disk: wire.min_disk,
            min_ram: wire.min_ram,
            size: wire.size,
            properties: properties.collect(),
        }
    }
}
