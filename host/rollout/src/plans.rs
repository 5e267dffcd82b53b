//! Plans by `jeroboam-planner`.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use jeroboam_model::{
    ClusterId,
    driver::{ClusterVerdict, Digest},
};
use jeroboam_planner::{Definer, PlanError, PlanOptions, Planner, Preview};

use crate::{PlanId, PlanRequest, Planning, RolloutError};

/// Plans over the store. Cheap to clone.
#[derive(Clone)]
pub struct FleetPlans {
    planner: Planner,
    preview: Arc<OnceLock<Arc<dyn Preview>>>,
}

impl FleetPlans {
    pub fn new(planner: Planner) -> Self {
        Self { planner, preview: Arc::default() }
    }

    /// How Heat is asked, once there is somebody who can. Without it, plans that are to ask Heat are refused.
    pub fn set_preview(&self, preview: Arc<dyn Preview>) {
        // Only the first counts; there is one conductor in a process.
        _ = self.preview.set(preview);
    }

    /// For progress, summaries and rows.
    pub const fn planner(&self) -> &Planner {
        &self.planner
    }
}

#[async_trait]
impl Planning for FleetPlans {
    async fn begin(&self, request: PlanRequest) -> Result<PlanId, RolloutError> {
        let preview = match (request.preview, self.preview.get()) {
            (false, _) => None,
            (true, Some(preview)) => Some(Arc::clone(preview)),
            (true, None) => return Err(RolloutError::NoPlanner),
        };
        let old = request.old;
        let versions = move |digest: &Digest| old(digest).map(|driver| Arc::new(driver) as Arc<dyn Definer>);
        let begun = self.planner.begin(Arc::new(request.to), versions, PlanOptions { preview }).await;
        begun.map(|id| PlanId(id.to_string())).map_err(failed)
    }

    async fn finished(&self, plan: &PlanId) {
        if let Ok(id) = plan.0.parse() {
            self.planner.finished(&id).await;
        }
    }

    async fn verdicts(
        &self,
        driver: &str,
        to: &Digest,
        after: Option<ClusterId>,
        limit: usize,
    ) -> Result<Vec<ClusterVerdict>, RolloutError> {
        let id = jeroboam_planner::PlanId { driver: driver.to_owned(), to: *to };
        Ok(self.planner.rows(&id, after, limit).await?)
    }
}

fn failed(error: PlanError) -> RolloutError {
    match error {
        PlanError::Read(error) => RolloutError::Read(error),
        PlanError::Write(error) => RolloutError::Write(error),
        error @ PlanError::UnderWay { .. } => RolloutError::Plan(Box::new(error)),
    }
}
