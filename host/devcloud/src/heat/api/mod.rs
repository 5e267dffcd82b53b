//! The Orchestration REST API, v1: one file for each resource of it.
//!
//! Paths are relative to `/orchestration/v1`. The caller arrives as a [`Scope`](crate::services::Scope) extension; a signal needs none when its URL
//! carries a signature.

mod actions;
mod build_info;
mod caller;
mod error;
mod events;
mod outputs;
mod resource_types;
mod resources;
mod signal;
mod software;
mod stacks;
mod template_versions;
mod templates;
mod update;
mod view;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{any, get, post, put},
};

use super::Engine;

/// Heat's `max_json_body_size`, bytes.
pub const MAX_BODY_BYTES: usize = 1_048_576;

pub fn router(engine: Arc<Engine>) -> Router {
    let stack = "/{project}/stacks/{name}/{id}";
    let at = |path: &str| format!("{stack}{path}");
    Router::new()
        .route("/{project}/build_info", get(build_info::show))
        .route("/{project}/validate", post(templates::validate))
        .route("/{project}/resource_types", get(resource_types::list))
        .route("/{project}/resource_types/{type}", get(resource_types::show))
        .route("/{project}/resource_types/{type}/template", get(resource_types::template))
        .route("/{project}/template_versions", get(template_versions::list))
        .route("/{project}/template_versions/{version}/functions", get(template_versions::functions))
        .route("/{project}/services", get(build_info::services))
        .route("/{project}/stacks", get(stacks::list).post(stacks::create))
        .route("/{project}/stacks/detail", get(stacks::detail))
        .route("/{project}/stacks/preview", post(stacks::preview))
        .route("/{project}/stacks/{name}", any(stacks::lookup))
        .route(stack, get(stacks::show).put(update::put).patch(update::patch).delete(stacks::delete).post(stacks::lookup_below))
        .route(&at("/preview"), put(update::preview).patch(update::preview_patch))
        .route(&at("/actions"), post(actions::act))
        .route(&at("/template"), get(templates::template))
        .route(&at("/environment"), get(templates::environment))
        .route(&at("/files"), get(templates::files))
        .route(&at("/outputs"), get(outputs::list))
        .route(&at("/outputs/{key}"), get(outputs::show))
        .route(&at("/events"), get(events::list))
        .route(&at("/resources"), get(resources::list))
        .route(&at("/resources/{resource}"), get(resources::show).patch(resources::mark_unhealthy))
        .route(&at("/resources/{resource}/metadata"), get(resources::metadata))
        .route(&at("/resources/{resource}/signal"), post(signal::post))
        .route(&at("/resources/{resource}/events"), get(events::of_resource))
        .route(&at("/resources/{resource}/events/{event}"), get(events::show))
        .route("/{project}/software_configs", get(software::list_configs).post(software::create_config))
        .route("/{project}/software_configs/{id}", get(software::show_config).delete(software::delete_config))
        .route("/{project}/software_deployments", get(software::list_deployments).post(software::create_deployment))
        .route("/{project}/software_deployments/metadata/{server}", get(software::metadata))
        .route(
            "/{project}/software_deployments/{id}",
            get(software::show_deployment).put(software::update_deployment).delete(software::delete_deployment),
        )
        .layer(DefaultBodyLimit::max(2 * MAX_BODY_BYTES))
        .with_state(engine)
}
