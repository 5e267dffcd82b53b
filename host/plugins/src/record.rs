//! Reads that a call made, so that it can be made again without a cloud.

use async_trait::async_trait;
use jeroboam_model::driver::Platform;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    Interface,
    interfaces::{
        lookup::{Flavor, Image, Keypair, Lookup, Network, Subnet, VolumeType},
        settings::Settings,
    },
    source::SourceError,
};

/// A question of `lookup` or `settings`, and its answer. Holds no secret: no source is to answer with one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordedRead {
    pub interface: Interface,
    /// `get-flavor`, …
    pub function: String,
    /// Empty for functions without one.
    pub argument: String,
    pub answer: Answer,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Found(serde_json::Value),
    Failed(SourceError),
}

/// Answers from a record. What was not asked then is `NotFound` now.
#[derive(Clone, Debug, Default)]
pub struct Replay(pub Vec<RecordedRead>);

impl RecordedRead {
    pub(crate) fn is(&self, interface: Interface, function: &str, argument: &str) -> bool {
        self.interface == interface && self.function == function && self.argument == argument
    }

    pub(crate) fn answer<T: DeserializeOwned>(&self) -> Result<T, SourceError> {
        match &self.answer {
            Answer::Found(value) => T::deserialize(value)
                .map_err(|error| SourceError::Internal(format!("the record of {} is damaged: {error}", self.function))),
            Answer::Failed(error) => Err(error.clone()),
        }
    }
}

impl Replay {
    fn find<T: DeserializeOwned>(&self, interface: Interface, function: &str, argument: &str) -> Result<T, SourceError> {
        match self.0.iter().find(|read| read.is(interface, function, argument)) {
            Some(read) => read.answer(),
            None => Err(SourceError::NotFound(format!("{function} {argument} is not in the record"))),
        }
    }
}

#[async_trait]
impl Settings for Replay {
    async fn get_platform(&self) -> Platform {
        self.find(Interface::Settings, "get-platform", "").unwrap_or_default()
    }

    async fn get(&self, _: &str, name: &str) -> Option<String> {
        self.find(Interface::Settings, "get", name).unwrap_or_default()
    }
}

#[async_trait]
impl Lookup for Replay {
    async fn get_image(&self, name_or_id: &str) -> Result<Image, SourceError> {
        self.find(Interface::Lookup, "get-image", name_or_id)
    }
    async fn get_flavor(&self, name_or_id: &str) -> Result<Flavor, SourceError> {
        self.find(Interface::Lookup, "get-flavor", name_or_id)
    }
    async fn get_network(&self, name_or_id: &str) -> Result<Network, SourceError> {
        self.find(Interface::Lookup, "get-network", name_or_id)
    }
    async fn get_external_network(&self, name_or_id: &str) -> Result<Network, SourceError> {
        self.find(Interface::Lookup, "get-external-network", name_or_id)
    }
    async fn get_subnet(&self, name_or_id: &str) -> Result<Subnet, SourceError> {
        self.find(Interface::Lookup, "get-subnet", name_or_id)
    }
    async fn list_volume_types(&self) -> Result<Vec<VolumeType>, SourceError> {
        self.find(Interface::Lookup, "list-volume-types", "")
    }
    async fn get_keypair(&self, name: &str) -> Result<Keypair, SourceError> {
        self.find(Interface::Lookup, "get-keypair", name)
    }
    async fn list_regions(&self) -> Result<Vec<String>, SourceError> {
        self.find(Interface::Lookup, "list-regions", "")
    }
}
