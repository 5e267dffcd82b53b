//! Containers of `/v1/containers`: on record because a request for one names no bay.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{ClusterId, ContainerId, ProjectId, UserId};

/// A container that somebody asked for. What it is doing is not kept: its bay says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Container {
    pub uuid: ContainerId,
    pub name: String,
    pub project_id: ProjectId,
    pub user_id: UserId,
    /// The bay.
    pub cluster: ClusterId,
    pub image: String,
    pub command: Option<String>,
    /// `512m`
    pub memory: Option<String>,
    pub environment: BTreeMap<String, String>,
    /// Docker's id. Nothing until it is known that the container was made: it is found again by its label [`Container::LABEL`].
    pub container_id: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub updated_at: Option<OffsetDateTime>,
}

impl Container {
    /// The label that containers have on their bay, with the uuid as its value.
    pub const LABEL: &str = "org.openstack.magnum.container";
}
