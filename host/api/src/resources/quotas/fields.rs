//! The attributes of a quota.

use jeroboam_model::{ProjectId, Quota, QuotaResource};
use time::OffsetDateTime;

use crate::fields::{Field, Given, Resource, Slot};

pub const COLLECTION: &str = "quotas";

/// A quota, or what holds where there is none.
pub struct Shown {
    project_id: ProjectId,
    resource: QuotaResource,
    hard_limit: u32,
    row: Option<Row>,
}

/// What only a quota that somebody has set has.
struct Row {
    id: u32,
    created_at: OffsetDateTime,
    updated_at: Option<OffsetDateTime>,
}

/// What a request says about a quota.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Taken and not used: quotas are numbered by the service.
    id: Given<u32>,
    pub project_id: Given<String>,
    pub resource: Given<QuotaResource>,
    pub hard_limit: Given<u32>,
}

impl Shown {
    /// The operator's default, for a project without a quota of its own.
    pub const fn default_for(project_id: ProjectId, hard_limit: u32) -> Self {
        Self { project_id, resource: QuotaResource::Cluster, hard_limit, row: None }
    }

    /// Of what only a set quota has.
    fn row<T>(&self, of: impl FnOnce(&Row) -> T) -> Option<T> {
        self.row.as_ref().map(of)
    }
}

impl From<Quota> for Shown {
    fn from(quota: Quota) -> Self {
        let row = Row { id: quota.id, created_at: quota.created_at, updated_at: quota.updated_at };
        Self { project_id: quota.project_id, resource: quota.resource, hard_limit: quota.hard_limit, row: Some(row) }
    }
}

/// The resource `quotas`.
pub enum QuotaTable {}

type F = Field<QuotaTable>;

impl Resource for QuotaTable {
    type Shown = Shown;
    type Draft = Draft;
    const ARGUMENT: &'static str = "quota";
    const INTERNAL: &'static [&'static str] = &[];
    const FIELDS: &'static [F] = &[
        F::new("id", |s, out| out.integer_or_null(s.row(|row| row.id)))
            .optional(Slot::integer(1, i32::MAX as u32, |d| &mut d.id))
            .when(|s| s.row.is_some()),
        F::new("hard_limit", |s, out| out.integer(s.hard_limit))
            .not_null(Slot::integer(0, i32::MAX as u32, |d| &mut d.hard_limit)),
        F::new("project_id", |s, out| out.text(s.project_id.as_str())).optional(Slot::text(1, 255, |d| &mut d.project_id)),
        F::new("resource", |s, out| out.text(s.resource.as_str())).optional(Slot::choice(|d| &mut d.resource)),
        F::new("created_at", |s, out| out.time_or_null(s.row(|row| row.created_at))).when(|s| s.row.is_some()),
        F::new("updated_at", |s, out| out.time_or_null(s.row(|row| row.updated_at).flatten())).when(|s| s.row.is_some()),
    ];
}
