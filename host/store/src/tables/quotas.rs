//! Quotas that administrators have set: at most one for each project and resource.

use jeroboam_model::{ProjectId, Quota, QuotaResource};

use crate::{Indexes, KeyBuf, Record, StoreError, Table, Transaction};

const ID: &str = "id";
/// By what they are for.
const OF: &str = "of";

impl Record for Quota {
    const TABLE: &'static str = "quotas";
    const CACHED: bool = true;
    type Key = (ProjectId, QuotaResource);

    fn key(&self) -> (ProjectId, QuotaResource) {
        (self.project_id.clone(), self.resource)
    }

    fn indexes(&self, indexes: &mut Indexes) {
        indexes.unique(ID, KeyBuf::default().text(&self.id.to_string()));
        indexes.unique(OF, of(&self.project_id, self.resource));
    }
}

impl Table<'_, Quota> {
    /// A number that no quota has. Another one may get it first, which is then [`crate::CommitError::Exists`].
    pub async fn next_id(&self) -> Result<u32, StoreError> {
        let highest = self.all().await?.iter().map(|quota| quota.id).max();
        Ok(highest.unwrap_or_default().saturating_add(1))
    }
}

impl Transaction {
    /// Requires that at the moment of the commit nobody has set a quota: whoever goes by the default must not pass who sets one.
    pub fn require_no_quota_of(&mut self, project: &ProjectId, resource: QuotaResource) {
        self.require_none::<Quota>(OF, &of(project, resource));
    }
}

fn of(project: &ProjectId, resource: QuotaResource) -> KeyBuf {
    KeyBuf::default().text(project.as_str()).text(resource.as_str())
}
