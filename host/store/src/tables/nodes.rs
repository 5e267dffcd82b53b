//! Nodes that clients write down.

use jeroboam_model::{Node, NodeId, ProjectId};
use time::OffsetDateTime;

use crate::{Indexes, Listed, Record, list::add_list_indexes};

impl Record for Node {
    const TABLE: &'static str = "nodes";
    type Key = NodeId;

    fn key(&self) -> NodeId {
        self.uuid
    }

    fn indexes(&self, indexes: &mut Indexes) {
        add_list_indexes(self, indexes);
    }
}

impl Listed for Node {
    fn created_at(&self) -> OffsetDateTime {
        self.created_at
    }

    fn project(&self) -> &ProjectId {
        &self.project_id
    }
}
