//! The driver: which one serves a cluster type, and what it says about a template or a cluster.

use jeroboam_cloud::Image;
use jeroboam_conductor::sources;
use jeroboam_model::driver::{ClusterType, Warning};
use jeroboam_model::{ClusterId, ClusterTemplate, ClusterView, Coe, Labels, NodeGroup, NodeGroupId, ServerType};
use jeroboam_plugins::{CallContext, CallError, Driver};
use jeroboam_rollout::{Newcomer, ResolveError};
use jeroboam_store::SharedView;

use super::Refusal;
use super::lately::Lately;
use super::openstack::as_user;
use super::refusal::UnknownLabel;
use crate::call::Call;
use crate::config::UnknownLabels;
use crate::error::ApiError;

/// A driver for a new template, and the distribution it was chosen by.
pub struct Chosen {
    pub driver: Driver,
    pub distro: String,
}

/// The driver for a template: the one it names, or else the image's, or else the operator's choice.
pub fn choose(call: &Call, image: &Image, server_type: ServerType, coe: Coe, wanted: Option<&str>) -> Result<Chosen, Refusal> {
    let Some(distro) = image.property("os_distro").filter(|distro| !distro.is_empty()) else {
        let image = crate::error::echo(&image.name);
        return Err(Refusal::ImageWithoutDistro { image, available: call.app.rollouts.cluster_types() });
    };
    let name = wanted.or_else(|| image.property("magnum_driver")).or(call.app.config.default_driver.as_deref());
    let cluster_type = ClusterType { server_type, os_distro: distro.to_owned(), coe };
    let driver = resolve(call, &cluster_type, name, &newcomer(call, None, None))?;
    Ok(Chosen { driver, distro: distro.to_owned() })
}

fn resolve(call: &Call, cluster_type: &ClusterType, name: Option<&str>, newcomer: &Newcomer) -> Result<Driver, Refusal> {
    call.app.rollouts.for_new(cluster_type, name, newcomer).map_err(|error| match error {
        ResolveError::TypeNotSupported { wanted, available } => Refusal::ClusterType { wanted, available },
        ResolveError::DriverNotSupported(driver)
        | ResolveError::NoActiveVersion(driver)
        | ResolveError::Disabled { driver }
        | ResolveError::NotLoaded { driver, .. } => {
            Refusal::ClusterDriver { name: crate::error::echo(&driver), wanted: cluster_type.clone() }
        }
    })
}

/// Whom a canary may select: the caller's project, the template, the cluster that is to be made.
fn newcomer(call: &Call, template: Option<&ClusterTemplate>, cluster: Option<ClusterId>) -> Newcomer {
    let own = call.caller.project_id().cloned();
    let project = own.or_else(|| template.map(|template| template.project_id.clone()));
    Newcomer { project: project.unwrap_or_else(|| "".into()), template: template.map(|template| template.uuid), cluster }
}

/// The driver of a stored template's clusters; for the one that is to be made, if there is one.
pub fn driver_of(call: &Call, template: &ClusterTemplate, cluster: Option<ClusterId>) -> Result<Driver, Refusal> {
    let os_distro = template.cluster_distro.clone();
    let cluster_type = ClusterType { server_type: template.server_type, os_distro, coe: template.coe };
    resolve(call, &cluster_type, template.driver.as_deref(), &newcomer(call, Some(template), cluster))
}

/// Lets the driver look at a template.
pub async fn admit_template(call: &Call, driver: &Driver, template: &ClusterTemplate) -> Result<(), ApiError> {
    look_at_labels(call, driver, &template.labels)?;
    judge(call, driver.validate_template(template, context(call)).await)
}

/// Lets the driver look at a cluster.
pub async fn admit_cluster(call: &Call, driver: &Driver, view: &ClusterView) -> Result<(), ApiError> {
    look_at_labels(call, driver, &view.cluster.labels)?;
    judge(call, driver.validate_cluster(view, context(call)).await)
}

/// Lets the driver look at a cluster as it is to be once a group has another size. A driver that is not there is not asked: the operation will tell.
pub async fn admit_resize(call: &Call, view: &SharedView, group: NodeGroupId, node_count: u32) -> Result<(), ApiError> {
    let Ok(driver) = call.app.rollouts.for_cluster(&view.cluster).await else { return Ok(()) };
    let mut view = view.to_view();
    for group in view.groups.iter_mut().filter(|found| found.uuid == group) {
        group.node_count = node_count;
    }
    judge(call, driver.validate_cluster(&view, context(call)).await)
}

/// Lets the driver look at a cluster as it is to be with a further group.
pub async fn admit_group(call: &Call, view: &SharedView, group: &NodeGroup) -> Result<(), ApiError> {
    let driver = call.app.rollouts.for_cluster(&view.cluster).await.ok();
    let driver = driver.filter(|driver| driver.description().features.node_groups);
    let driver = driver.ok_or(ApiError::DriverCannot("create_nodegroup"))?;
    look_at_labels(call, &driver, &group.labels)?;
    let mut view = view.to_view();
    view.groups.push(group.clone());
    judge(call, driver.validate_cluster(&view, context(call)).await)
}

/// Lets the driver plan an upgrade. The plan that counts is made when the upgrade begins.
pub async fn admit_upgrade(
    call: &Call,
    view: &SharedView,
    target: &ClusterTemplate,
    group: Option<NodeGroupId>,
    batch: u32,
) -> Result<(), ApiError> {
    if driver_of(call, target, Some(view.cluster.uuid))?.name() != view.cluster.driver {
        return Err(Refusal::UpgradeField { template: crate::error::echo(&target.name), field: "driver" }.into());
    }
    // The version that the operation will ask.
    let Ok(driver) = call.app.rollouts.for_upgrade(&view.cluster).await else {
        return Err(ApiError::DriverCannot("upgrade_cluster"));
    };
    if !driver.description().features.upgrade {
        return Err(ApiError::DriverCannot("upgrade_cluster"));
    }
    look_at_labels(call, &driver, &target.labels)?;
    let plan = driver.plan_upgrade(&view.to_view(), target, group, batch, context(call)).await;
    judge(call, plan.map(|plan| plan.warnings))
}

fn context(call: &Call) -> CallContext {
    let (session, asker) = as_user(call);
    let lookup = Lately { source: sources::lookup(session.clone()), asker, told: call.app.lookups.told.clone() };
    let sources = sources::for_user(&session, &call.app.config.driver_settings, lookup);
    let recorder = call.app.intake.recorder().of_request(call.token());
    CallContext { request_id: call.request_id.clone(), sources: sources.with_recorder(recorder) }
}

/// Labels that the driver does not read are stored all the same, unless the operator wants none: another version may read them.
fn look_at_labels(call: &Call, driver: &Driver, labels: &Labels) -> Result<(), Refusal> {
    let unknown: Vec<UnknownLabel> = driver
        .description()
        .unknown_labels(labels)
        .map(|(name, meant)| UnknownLabel { name: crate::error::echo(name), meant: meant.map(str::to_owned) })
        .collect();
    match call.app.config.unknown_labels {
        UnknownLabels::Refuse if !unknown.is_empty() => {
            Err(Refusal::UnknownLabels { driver: driver.name().to_owned(), labels: unknown })
        }
        UnknownLabels::Refuse | UnknownLabels::Warn => {
            for label in unknown {
                call.warn(format!("the driver {} does not know the label {label}", driver.name()));
            }
            Ok(())
        }
    }
}

fn judge(call: &Call, judgement: Result<Vec<Warning>, CallError>) -> Result<(), ApiError> {
    let warnings = judgement.map_err(ApiError::Driver)?;
    for Warning { field, message } in warnings {
        call.warn(field.map_or_else(|| message.clone(), |field| format!("{field}: {message}")));
    }
    Ok(())
}
