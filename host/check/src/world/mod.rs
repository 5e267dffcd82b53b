//! A cloud that answers every question, or fails in the way that a check wants it to.

mod effects;
mod lookup;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jeroboam_model::driver::Platform;
use jeroboam_plugins::{FloatingIp, LoadBalancer, Settings, SourceError, Sources, Volume};

/// What there is, shared by the sources of a call and the check that looks at it afterwards.
#[derive(Clone, Default)]
pub struct World(Arc<Inner>);

#[derive(Default)]
struct Inner {
    /// Look-ups that fail.
    lookup: Option<Failing>,
    /// What every other source answers in place of an answer.
    effects: Option<SourceError>,
    owned: Mutex<Owned>,
}

/// A failure of look-ups.
#[derive(Clone, Debug)]
pub struct Failing {
    /// Of one question, by function and argument; of all, if absent.
    pub question: Option<(String, String)>,
    pub with: SourceError,
}

/// What controllers in the cluster have made.
#[derive(Default)]
pub struct Owned {
    pub load_balancers: Vec<LoadBalancer>,
    pub volumes: Vec<Volume>,
    pub floating_ips: Vec<FloatingIp>,
}

impl World {
    pub fn failing(failing: Failing) -> Self {
        Self(Arc::new(Inner { lookup: Some(failing), ..Inner::default() }))
    }

    /// Everything but look-ups and settings fails.
    pub fn without_effects(with: SourceError) -> Self {
        Self(Arc::new(Inner { effects: Some(with), ..Inner::default() }))
    }

    pub fn owning(owned: Owned) -> Self {
        Self(Arc::new(Inner { owned: Mutex::new(owned), ..Inner::default() }))
    }

    pub fn sources(&self) -> Sources {
        Sources::none()
            .with_settings(self.clone())
            .with_lookup(self.clone())
            .with_stacks(self.clone())
            .with_load_balancers(self.clone())
            .with_volumes(self.clone())
            .with_floating_ips(self.clone())
            .with_certificates(self.clone())
            .with_coe_api(self.clone())
    }

    fn owned(&self) -> MutexGuard<'_, Owned> {
        self.0.owned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Settings for World {
    async fn get_platform(&self) -> Platform {
        Platform {
            identity_url: "https://cloud.example/identity/v3".into(),
            container_infra_url: "https://cloud.example/container-infra/v1".into(),
            region: "RegionOne".into(),
            load_balancers: true,
            verify_ca: true,
            affinity_policy: "soft-anti-affinity".into(),
            ..Platform::default()
        }
    }

    async fn get(&self, _: &str, _: &str) -> Option<String> {
        None
    }
}
