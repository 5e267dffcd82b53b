//! Looks at clusters that are complete, now and then, through their drivers.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::StreamExt;
use jeroboam_cloud::Identity;
use jeroboam_model::driver::Health;
use jeroboam_model::{Cluster, ClusterId, ClusterView, RequestId, Status};
use jeroboam_plugins::CallContext;
use jeroboam_store::{CommitError, ListQuery, StoreError};

use crate::cause;
use crate::pace::spread_at_random;
use crate::shared::Shared;
use crate::sources;

/// How many clusters are read at once.
const PAGE: usize = 500;

/// Runs for ever, if health is to be looked at.
pub(crate) async fn run(shared: Shared) {
    let Some(interval) = shared.config.health_polling_interval else { return };
    loop {
        tokio::time::sleep(spread_at_random(interval)).await;
        if let Err(error) = round(&shared, interval).await {
            tracing::error!("clusters cannot be read: {}", cause::chain(&error));
        }
    }
}

/// Every cluster once, a few at a time.
async fn round(shared: &Shared, interval: Duration) -> Result<(), StoreError> {
    let mut marker = None;
    loop {
        let page = shared.store.clusters().list(ListQuery { marker, limit: PAGE, ..ListQuery::default() }).await?;
        let due: Vec<ClusterId> = page.items.iter().filter(|cluster| is_due(cluster)).map(|cluster| cluster.uuid).collect();
        let looks = due.into_iter().map(|id| async move {
            if tokio::time::timeout(interval, look(shared, id)).await.is_err() {
                tracing::warn!(cluster = %id, "looking at its health takes longer than the interval");
            }
        });
        futures::stream::iter(looks).buffer_unordered(shared.config.health_checks.max(1)).collect::<()>().await;
        match page.items.last() {
            Some(last) if page.more => marker = Some(last.uuid),
            _ => return Ok(()),
        }
    }
}

/// Complete, and nobody in it who tells by himself.
fn is_due(cluster: &Cluster) -> bool {
    let heals_itself = cluster.labels.get("auto_healing_enabled").is_some_and(|value| value.eq_ignore_ascii_case("true"))
        && cluster.labels.get("auto_healing_controller") == Some("magnum-auto-healer");
    matches!(cluster.status, Status::CreateComplete | Status::UpdateComplete) && !heals_itself
}

/// One cluster. Whatever prevents looking leaves the health as it was.
async fn look(shared: &Shared, id: ClusterId) {
    let view = match shared.store.view(id).await {
        Ok(Some(view)) => view,
        Ok(None) => return,
        Err(error) => return tracing::warn!(cluster = %id, "{}", cause::chain(&error)),
    };
    let Some(health) = ask(shared, &view).await else { return };
    if let Err(error) = write(shared, id, &health).await {
        tracing::warn!(cluster = %id, "its health could not be written: {}", cause::chain(&error));
    }
}

async fn ask(shared: &Shared, view: &ClusterView) -> Option<Health> {
    let cluster = &view.cluster;
    let driver = shared.driver_of(cluster).await.ok().filter(|driver| driver.description().features.health)?;
    let trustee = cluster.trustee.as_ref()?;
    let identity = Identity::Trust {
        trustee_user_id: trustee.user_id.clone()?.0,
        password: shared.trustee_password(cluster.uuid, trustee).ok()?,
        trust_id: trustee.trust_id.clone()?,
    };
    let request_id = RequestId::random();
    let session = shared.cloud.session(identity).with_request_id(request_id.as_str());
    let context = CallContext { request_id, sources: sources::for_cluster(shared, session, view, None).await };
    match driver.check_health(view, context).await {
        Ok(health) => Some(health),
        Err(error) => {
            tracing::warn!(cluster = %cluster.uuid, "its health cannot be told: {}", cause::chain(&error));
            None
        }
    }
}

/// Writes what has changed, if the cluster is still at rest.
async fn write(shared: &Shared, id: ClusterId, health: &Health) -> Result<(), WriteError> {
    let reasons: BTreeMap<String, String> = health.reasons.iter().cloned().collect();
    loop {
        let Some(mut cluster) = shared.store.clusters().get(id).await? else { return Ok(()) };
        let same = cluster.health_status == Some(health.status) && cluster.health_status_reason == reasons;
        if same || !cluster.status.is_stable() {
            return Ok(());
        }
        cluster.value.health_status = Some(health.status);
        cluster.value.health_status_reason.clone_from(&reasons);
        let mut tx = shared.store.begin();
        tx.update(&cluster);
        match tx.commit().await {
            Err(CommitError::Conflict { .. }) => {}
            outcome => return Ok(outcome.map(drop)?),
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum WriteError {
    #[error("the store cannot be read")]
    Read(#[from] StoreError),
    #[error("the store cannot be written")]
    Write(#[from] CommitError),
}
