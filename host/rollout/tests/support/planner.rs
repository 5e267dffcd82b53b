//! A planner that knows its verdicts beforehand.

use std::sync::Mutex;

use async_trait::async_trait;
use jeroboam_model::{
    Cluster, ClusterId,
    driver::{ClusterVerdict, Digest, Verdict},
};
use jeroboam_rollout::{PlanId, PlanRequest, Planning, RolloutError};
use jeroboam_store::{Store, tables::recordings::fingerprint};
use time::OffsetDateTime;

#[derive(Default)]
pub struct Foretold(pub Mutex<Vec<ClusterVerdict>>);

impl Foretold {
    /// Made from the recordings that are there now.
    pub async fn say(&self, store: &Store, cluster: &Cluster, to: Digest, verdict: Verdict) {
        let recorded = fingerprint(&store.recordings().of_cluster(cluster.uuid).await.unwrap());
        self.0.lock().unwrap().push(ClusterVerdict {
            cluster: cluster.uuid,
            driver: cluster.driver.clone(),
            from: cluster.driver_digest.unwrap(),
            to,
            verdict,
            moved: false,
            drifted: false,
            previewed: false,
            recorded,
            at: OffsetDateTime::now_utc(),
        });
    }
}

#[async_trait]
impl Planning for Foretold {
    async fn begin(&self, request: PlanRequest) -> Result<PlanId, RolloutError> {
        Ok(PlanId(request.to.digest().to_string()))
    }

    async fn finished(&self, _: &PlanId) {}

    async fn verdicts(
        &self,
        driver: &str,
        to: &Digest,
        after: Option<ClusterId>,
        limit: usize,
    ) -> Result<Vec<ClusterVerdict>, RolloutError> {
        let mut found: Vec<ClusterVerdict> = self.0.lock().unwrap().clone();
        found
            .retain(|verdict| verdict.driver == driver && verdict.to == *to && after.is_none_or(|after| verdict.cluster > after));
        found.sort_by_key(|verdict| verdict.cluster);
        found.truncate(limit);
        Ok(found)
    }
}
