//! What a version would do to a cluster: the rows of plans, by driver, version and cluster.

use jeroboam_model::{
    ClusterId,
    driver::{ClusterVerdict, Digest},
};

use crate::{KeyBuf, Range, Record, StoreError, StoreKey, Stored, Table, record::record_key};

impl Record for ClusterVerdict {
    const TABLE: &'static str = "verdicts";
    type Key = (String, (Digest, ClusterId));

    fn key(&self) -> (String, (Digest, ClusterId)) {
        (self.driver.clone(), (self.to, self.cluster))
    }
}

impl Table<'_, ClusterVerdict> {
    /// At most `limit` of a plan's rows that come after the cluster, by cluster.
    pub async fn of_plan(
        &self,
        driver: &str,
        to: &Digest,
        after: Option<ClusterId>,
        limit: usize,
    ) -> Result<Vec<Stored<ClusterVerdict>>, StoreError> {
        let all = Range { limit, ..Range::all(&to.write(KeyBuf::table(ClusterVerdict::TABLE).text(driver))) };
        let range = match after {
            None => all,
            Some(cluster) => Range { from: record_key::<ClusterVerdict>(&(driver.to_owned(), (*to, cluster))).after(), ..all },
        };
        let entries = self.store.backend().range(range).await?;
        entries.iter().map(|entry| self.decode(entry).map(std::sync::Arc::unwrap_or_clone)).collect()
    }
}
