//! What all requests share.

use std::ops::Deref;
use std::sync::Arc;

use http::HeaderValue;
use jeroboam_certificates::Certificates;
use jeroboam_cloud::{Cloud, Identity};
use jeroboam_conductor::Intake;
use jeroboam_planner::Planner;
use jeroboam_rollout::Rollouts;
use jeroboam_store::Store;

use crate::admission::Lookups;
use crate::config::ApiConfig;
use crate::edge::{Callers, Limits};
use crate::resources::discovery::Waiting;

/// What the API is made of.
pub struct ApiParts {
    pub store: Store,
    pub cloud: Cloud,
    /// Who asks Keystone about tokens.
    pub service: Identity,
    pub rollouts: Rollouts,
    pub planner: Planner,
    pub intake: Intake,
    pub certificates: Certificates,
    pub config: ApiConfig,
}

/// The parts, and what is made of them once. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

pub struct Shared {
    pub store: Store,
    pub cloud: Cloud,
    pub rollouts: Rollouts,
    pub planner: Planner,
    pub intake: Intake,
    pub certificates: Certificates,
    pub config: ApiConfig,
    pub callers: Callers,
    pub limits: Limits,
    pub lookups: Lookups,
    pub www_authenticate: HeaderValue,
    /// Who waits at `/discovery`.
    pub waiting: Waiting,
}

impl App {
    pub fn new(parts: ApiParts) -> Self {
        let ApiParts { store, cloud, service, rollouts, planner, intake, certificates, config } = parts;
        let uri = if config.www_authenticate_uri.is_empty() { cloud.auth_url().as_str() } else { &config.www_authenticate_uri };
        let www_authenticate = HeaderValue::try_from(format!("Keystone uri=\"{uri}\""));
        let www_authenticate = www_authenticate.unwrap_or(HeaderValue::from_static("Keystone"));
        let lookups = Lookups::new(config.lookup_cache_time);
        let callers = Callers::new(cloud.session(service), config.token_cache_time);
        Self(Arc::new(Shared {
            store,
            cloud,
            rollouts,
            planner,
            intake,
            certificates,
            limits: Limits::new(config.limits),
            config,
            callers,
            lookups,
            www_authenticate,
            waiting: Waiting::default(),
        }))
    }
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
