//! Which path belongs to which service.

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    middleware::{Next, from_fn, from_fn_with_state},
};

use super::{auth, errors, versions};
use crate::{
    barbican, cinder,
    cloud::Cloud,
    control, glance, heat, keystone, neutron, nova, octavia,
    refusal::{Problem, Refusal},
    service::Service,
};

/// No request needs more: images are small here.
const BODY_LIMIT: usize = 64 << 20;

pub fn router(cloud: Arc<Cloud>) -> Router {
    let mut router = Router::new().nest("/devcloud", control::router());
    for service in Service::ALL {
        router = router.nest(&format!("/{}", service.prefix()), mounted(service, &cloud));
    }
    router.layer(DefaultBodyLimit::max(BODY_LIMIT)).with_state(cloud)
}

/// A service below its prefix: its versions for everyone, the rest for those with a token.
fn mounted(service: Service, cloud: &Arc<Cloud>) -> Router<Arc<Cloud>> {
    let required = from_fn_with_state(cloud.clone(), auth::required);
    let inner = match service {
        Service::Identity => keystone::api::router(cloud),
        Service::Image => Router::new().nest("/v2", glance::router()).layer(required),
        Service::Compute => Router::new().nest("/v2.1", nova::router()).layer(required),
        Service::Network => Router::new().nest("/v2.0", neutron::router()).layer(required),
        Service::Volume => Router::new().nest("/v3", cinder::router()).layer(required),
        Service::LoadBalancer => {
            let octavia = octavia::router();
            Router::new().nest("/v2.0", octavia.clone()).nest("/v2", octavia).layer(required)
        }
        Service::KeyManager => Router::new().nest("/v1", barbican::router()).layer(required),
        Service::Orchestration => match cloud.heat() {
            Some(engine) => Router::new()
                .nest("/v1", heat::router(engine.clone()).with_state(()))
                .layer(from_fn_with_state(cloud.clone(), auth::required_except_signals)),
            None => Router::new(),
        },
    };
    inner
        .fallback(async || Refusal::no_such_path())
        .method_not_allowed_fallback(async || {
            Refusal::new(Problem::NotAllowed, "HTTPMethodNotAllowed", "The method is not allowed for this resource.")
        })
        .merge(versions::router(service))
        .layer(from_fn(move |request: Request, next: Next| errors::shape(service, request, next)))
}
