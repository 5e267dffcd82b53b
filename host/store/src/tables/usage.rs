//! How much of its quota a project uses. Written in the transaction that adds or removes a cluster, so that two requests cannot both take the last place.

use jeroboam_model::ProjectId;
use serde::{Deserialize, Serialize};

use crate::Record;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    pub project_id: ProjectId,
    pub clusters: u32,
}

impl Record for Usage {
    const TABLE: &'static str = "usage";
    type Key = ProjectId;

    fn key(&self) -> ProjectId {
        self.project_id.clone()
    }
}
