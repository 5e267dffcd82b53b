//! Clusters. Names need not be unique.

use std::borrow::Borrow;

use jeroboam_model::{Cluster, ClusterId, ProjectId, TemplateId, driver::Digest};
use time::OffsetDateTime;

use crate::{Indexes, KeyBuf, Listed, Range, Record, Shared, StoreError, StoreKey, Table, Transaction, list::add_list_indexes};

const NAME: &str = "name";
const TEMPLATE: &str = "template";
const STACK_NAME: &str = "stack_name";
/// By the driver, and by the version of it that they are on.
const DRIVER: &str = "driver";

impl Record for Cluster {
    const TABLE: &'static str = "clusters";
    const CACHED: bool = true;
    type Key = ClusterId;

    fn key(&self) -> ClusterId {
        self.uuid
    }

    fn indexes(&self, indexes: &mut Indexes) {
        add_list_indexes(self, indexes);
        indexes.add(NAME, KeyBuf::default().text(&self.name));
        indexes.add(TEMPLATE, KeyBuf::default().uuid(self.cluster_template_id.0));
        // Nor may the template go that the cluster is being brought to.
        if let Some(next) = self.upgrading_to.filter(|next| *next != self.cluster_template_id) {
            indexes.add(TEMPLATE, KeyBuf::default().uuid(next.0));
        }
        indexes.add(DRIVER, of_version(KeyBuf::default(), &self.driver, self.driver_digest.as_ref()));
        indexes.unique(STACK_NAME, KeyBuf::default().text(self.stack_name.as_str()));
    }
}

impl Listed for Cluster {
    fn created_at(&self) -> OffsetDateTime {
        self.created_at
    }

    fn project(&self) -> &ProjectId {
        &self.project_id
    }
}

impl Table<'_, Cluster> {
    /// All of that name, in all projects.
    pub async fn by_name(&self, name: &str) -> Result<Vec<Shared<Cluster>>, StoreError> {
        self.indexed(Range::all(&KeyBuf::index(Cluster::TABLE, NAME).text(name))).await
    }

    /// The one whose stack has that name.
    pub async fn by_stack_name(&self, name: &str) -> Result<Option<Shared<Cluster>>, StoreError> {
        let found = self.indexed(Range::all(&KeyBuf::index(Cluster::TABLE, STACK_NAME).text(name))).await?;
        Ok(found.into_iter().next())
    }

    /// How many were made from the template.
    pub async fn count_of_template(&self, template: impl Borrow<TemplateId> + Send) -> Result<usize, StoreError> {
        let entries = Range::all(&KeyBuf::index(Cluster::TABLE, TEMPLATE).uuid(template.borrow().0));
        Ok(self.store.backend().range(entries).await?.len())
    }

    /// At most `limit` of the driver's that come after the marker, whatever version they are on; by version.
    pub async fn of_driver(
        &self,
        driver: &str,
        after: Option<&Cluster>,
        limit: usize,
    ) -> Result<Vec<Shared<Cluster>>, StoreError> {
        let all = KeyBuf::index(Cluster::TABLE, DRIVER).text(driver);
        let range = Range { limit, ..Range::all(&all) };
        let range = match after {
            None => range,
            Some(cluster) => {
                let place = of_version(KeyBuf::index(Cluster::TABLE, DRIVER), driver, cluster.driver_digest.as_ref());
                Range { from: cluster.uuid.write(place).after(), ..range }
            }
        };
        self.indexed(range).await
    }

    /// How many the driver has.
    pub async fn count_of_driver(&self, driver: &str) -> Result<usize, StoreError> {
        Ok(self.store.backend().range(Range::all(&KeyBuf::index(Cluster::TABLE, DRIVER).text(driver))).await?.len())
    }

    /// At most `limit` that are on the version.
    pub async fn of_version(
        &self,
        driver: &str,
        version: Option<&Digest>,
        limit: usize,
    ) -> Result<Vec<Shared<Cluster>>, StoreError> {
        self.indexed(Range { limit, ..Range::all(&of_version(KeyBuf::index(Cluster::TABLE, DRIVER), driver, version)) }).await
    }

    /// How many are on the version.
    pub async fn count_of_version(&self, driver: &str, version: Option<&Digest>) -> Result<usize, StoreError> {
        let entries = Range::all(&of_version(KeyBuf::index(Cluster::TABLE, DRIVER), driver, version));
        Ok(self.store.backend().range(entries).await?.len())
    }
}

/// What is on no version known comes first.
fn of_version(index: KeyBuf, driver: &str, version: Option<&Digest>) -> KeyBuf {
    index.text(driver).text(&version.map(Digest::to_string).unwrap_or_default())
}

impl Transaction {
    /// Requires that no cluster refers to the template at the moment of the commit. Belongs to its removal, as [`Transaction::require`] of the template
    /// belongs to the making of a cluster: the two cannot pass each other.
    pub fn require_no_clusters_of(&mut self, template: TemplateId) {
        self.require_none::<Cluster>(TEMPLATE, &KeyBuf::default().uuid(template.0));
    }
}
