//! `POST /v1/clusters`. Of several things wrong, the first in this order is what the client is told.

use jeroboam_conductor::NewCluster;
use jeroboam_model::{ClusterId, ClusterTemplate, ClusterView, ProjectId, Role};
use jeroboam_plugins::Driver;

use super::face::Face;
use super::fields::{ClusterResource, Draft};
use super::inherit;
use crate::admission::{self, Openstack, Wanted};
use crate::call::Call;
use crate::error::ApiError;
use crate::fields::{self, Given};
use crate::lookup::{self, Reach};
use crate::microversion::Microversion;
use crate::names;
use crate::policy::{Rule, Target};
use crate::reply::Reply;
use crate::resources::quotas::cluster_limit;

pub async fn create(call: Call) -> Result<Reply, ApiError> {
    Ok(Reply::accepted(create_as::<ClusterResource>(&call).await?))
}

/// Accepts a cluster, whatever it is called.
pub async fn create_as<F: Face>(call: &Call) -> Result<ClusterId, ApiError> {
    call.no_query()?;
    let mut draft = fields::read::<F>(&call.object(F::ARGUMENT)?)?;
    if draft.name.as_value().is_none() {
        draft.name = names::generate(F::KIND).into();
    }
    let template = template::<F>(call, draft.cluster_template_id.as_value().map_or("", String::as_str)).await?;
    let uuid = ClusterId::random();
    let driver = admission::driver_of(call, &template, Some(uuid))?;
    let project = admit(call, F::RULES.create, &draft, &template).await?;
    let view = inherit::view(uuid, draft, template, project, &call.caller, &driver);
    admit_resources(call, &driver, &view).await?;

    let [master, worker] = [Role::Master, Role::Worker].map(|role| view.default_group(role).cloned());
    let groups = master.zip(worker).map(<[_; 2]>::from).ok_or(ApiError::Panic)?;
    let new = NewCluster { cluster: view.cluster, groups, requester: call.requester() };
    call.app.intake.create(new, call.app.config.max_clusters_per_project).await?;
    Ok(uuid)
}

/// The project's own template, or a public one: administrators, too, make clusters only from what their project sees.
async fn template<F: Face>(call: &Call, ident: &str) -> Result<ClusterTemplate, ApiError> {
    match lookup::template(call, ident, Reach::own(call)).await {
        Ok(template) => Ok(template.value.clone()),
        Err(ApiError::NotFound { what, ident }) if F::TEMPLATE_NOT_FOUND.is_none_or(|since| call.version < since) => {
            Err(ApiError::Unknown { what, ident })
        }
        Err(error) => Err(error),
    }
}

/// What can be known without asking the cloud. The caller's project, in which the cluster will be.
async fn admit(call: &Call, rule: Rule, draft: &Draft, template: &ClusterTemplate) -> Result<ProjectId, ApiError> {
    let volume_size = draft.docker_volume_size.as_value().copied().or(template.docker_volume_size);
    admission::check_docker_volume(template.docker_storage_driver.as_deref(), volume_size)?;
    admission::check_master_count(draft.master_count.as_value().copied().unwrap_or(1))?;
    check_zero(call, &draft.node_count)?;
    call.enforce(rule, Target::own(&call.caller))?;
    call.caller.delegation.required()?;
    let project = call.caller.project_id().ok_or(ApiError::Policy(rule.name()))?;
    // The intake counts again when it writes; this only saves the cloud some questions.
    let usage =
        call.app.store.usage().get_arc(project).await.map_err(|error| ApiError::store("read the quota's usage", error))?;
    let limit = cluster_limit(call, project).await?;
    if usage.is_some_and(|usage| usage.clusters >= limit) {
        return Err(ApiError::Quota { limit });
    }
    if template.hidden && !call.is_admin() {
        return Err(ApiError::NotAuthorized);
    }
    Ok(project.clone())
}

/// Groups of no nodes came with 1.10.
pub fn check_zero(call: &Call, node_count: &Given<u32>) -> Result<(), ApiError> {
    let is_zero = node_count.as_value() == Some(&0);
    if is_zero && call.version < Microversion::ZERO_NODES { Err(ApiError::ZeroNodes) } else { Ok(()) }
}

/// What the cloud and the driver say.
async fn admit_resources(call: &Call, driver: &Driver, view: &ClusterView) -> Result<(), ApiError> {
    let (cluster, template) = (&view.cluster, &view.template);
    let openstack = Openstack::new(call);
    let wanted = Wanted {
        flavor: cluster.flavor_id.as_deref(),
        master_flavor: cluster.master_flavor_id.as_deref(),
        external_network: template.external_network_id.as_deref(),
        fixed_network: cluster.fixed_network.as_deref(),
        fixed_subnet: cluster.fixed_subnet.as_deref(),
    };
    let (image, flavors) = futures::join!(openstack.image(&template.image_id), openstack.check(wanted));
    image?;
    let flavors = flavors?;
    admission::check_root_volumes(&cluster.labels, call.app.config.default_boot_volume_size, &flavors)?;
    if let Some(keypair) = &cluster.keypair {
        openstack.keypair(keypair).await?;
    }
    admission::check_load_balancer(view.count(Role::Master), cluster.master_lb_enabled)?;
    admission::admit_cluster(call, driver, view).await
}
