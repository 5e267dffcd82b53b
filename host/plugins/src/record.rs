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

/// Answers what was asked when a stack was made as it was answered then, and everything else from a source: what an operator decides, or renames,
/// later is for clusters to come.
pub struct Recalled<S> {
    pub reads: Vec<RecordedRead>,
    /// Arguments that are asked anew.
    pub anew: Vec<String>,
    pub source: S,
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

impl<S> Recalled<S> {
    /// The answer of then. What could not be answered then may be now.
    fn recall<T: DeserializeOwned>(&self, interface: Interface, function: &str, argument: &str) -> Option<T> {
        if self.anew.iter().any(|anew| anew == argument) {
            return None;
        }
        self.reads.iter().find(|read| read.is(interface, function, argument))?.answer().ok()
    }
}

#[async_trait]
impl<S: Settings> Settings for Recalled<S> {
    /// Of then is what servers depend on; where services are and whom to trust is as it is now.
    async fn get_platform(&self) -> Platform {
        let now = self.source.get_platform().await;
        match self.recall::<Platform>(Interface::Settings, "get-platform", "") {
            None => now,
            Some(then) => Platform {
                affinity_policy: then.affinity_policy,
                docker_volume_type: then.docker_volume_type,
                etcd_volume_type: then.etcd_volume_type,
                boot_volume_type: then.boot_volume_type,
                boot_volume_size: then.boot_volume_size,
                ..now
            },
        }
    }

    async fn get(&self, driver: &str, name: &str) -> Option<String> {
        self.source.get(driver, name).await
    }
}

macro_rules! recall {
    ($self:ident, $function:literal, $method:ident, $argument:expr) => {
        match $self.recall(Interface::Lookup, $function, $argument) {
            Some(then) => Ok(then),
            None => $self.source.$method($argument).await,
        }
    };
}

#[async_trait]
impl<S: Lookup> Lookup for Recalled<S> {
    async fn get_image(&self, name_or_id: &str) -> Result<Image, SourceError> {
        recall!(self, "get-image", get_image, name_or_id)
    }
    async fn get_flavor(&self, name_or_id: &str) -> Result<Flavor, SourceError> {
        recall!(self, "get-flavor", get_flavor, name_or_id)
    }
    async fn get_network(&self, name_or_id: &str) -> Result<Network, SourceError> {
        recall!(self, "get-network", get_network, name_or_id)
    }
    async fn get_external_network(&self, name_or_id: &str) -> Result<Network, SourceError> {
        recall!(self, "get-external-network", get_external_network, name_or_id)
    }
    async fn get_subnet(&self, name_or_id: &str) -> Result<Subnet, SourceError> {
        recall!(self, "get-subnet", get_subnet, name_or_id)
    }
    async fn list_volume_types(&self) -> Result<Vec<VolumeType>, SourceError> {
        match self.recall(Interface::Lookup, "list-volume-types", "") {
            Some(then) => Ok(then),
            None => self.source.list_volume_types().await,
        }
    }
    async fn get_keypair(&self, name: &str) -> Result<Keypair, SourceError> {
        recall!(self, "get-keypair", get_keypair, name)
    }
    async fn list_regions(&self) -> Result<Vec<String>, SourceError> {
        self.source.list_regions().await
    }
}
