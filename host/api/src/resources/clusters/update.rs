//! `PATCH /v1/clusters/{ident}`: the number of workers, and what the healer in the cluster found.

use std::collections::BTreeMap;

use jeroboam_conductor::{HealthUpdate, Resize, ResizeVia};
use jeroboam_model::{ClusterId, HealthStatus, Role};
use jeroboam_store::SharedView;

use super::create::check_zero;
use super::face::Face;
use super::fields::{ClusterResource, Draft};
use crate::admission;
use crate::call::Call;
use crate::error::{ApiError, echo};
use crate::fields::{self, FieldError, Given, Patch, PatchError, boolean_word};
use crate::lookup::{self, Reach};
use crate::microversion::Microversion;
use crate::policy::Target;
use crate::query::Query;
use crate::reply::Reply;

pub async fn update(call: Call) -> Result<Reply, ApiError> {
    Ok(Reply::accepted(update_as::<ClusterResource>(&call).await?))
}

/// Accepts a change, whatever the cluster is called.
pub async fn update_as<F: Face>(call: &Call) -> Result<ClusterId, ApiError> {
    let rollback = rollback(call)?;
    let patch = Patch::read::<F>(&call.json("patch")?)?;
    let view = lookup::view(call, &call.ident, Reach::by(call, F::RULES.update)).await?;
    call.enforce(F::RULES.update.rule, Target::cluster(&view.cluster))?;
    if let Some(rule) = F::RULES.update_health_status {
        call.enforce(rule, Target::own(&call.caller))?;
    }

    let mut before = Draft::from(&view);
    let mut after = before.clone();
    patch.apply::<F>(&mut after)?;
    let changed = fields::changed::<F>(&mut before, &mut after);
    let is_fixed = |name: &&&str| !matches!(**name, "node_count" | "health_status" | "health_status_reason");
    let fixed: Vec<String> = changed.iter().filter(is_fixed).map(|name| (*name).to_owned()).collect();
    if !fixed.is_empty() {
        return Err(PatchError::Unchangeable { resource: F::ARGUMENT, names: fixed }.into());
    }
    if changed.contains(&"node_count") {
        check_zero(call, &after.node_count)?;
    }
    // Health first: while the cluster is being resized, it would be refused.
    if changed.iter().any(|name| name.starts_with("health_status")) {
        update_health(call, &view, after.health_status, after.health_status_reason).await?;
    }
    if changed.contains(&"node_count") {
        resize(call, &view, after.node_count.value().unwrap_or(1), rollback).await?;
    }
    Ok(view.cluster.uuid)
}

/// The parameter came with 1.3.
pub fn rollback(call: &Call) -> Result<bool, ApiError> {
    if call.version < Microversion::ROLLBACK {
        return call.no_query().map(|()| false);
    }
    let [rollback] = Query::read(call.query(), ["rollback"])?.into_values();
    match rollback {
        None => Ok(false),
        Some(word) => {
            let wrong = || FieldError::invalid("rollback", echo(&word), "Value should be a boolean: true or false");
            Ok(boolean_word(&word).ok_or_else(wrong)?)
        }
    }
}

async fn resize(call: &Call, view: &SharedView, node_count: u32, rollback: bool) -> Result<(), ApiError> {
    let group = view.groups.iter().find(|group| group.is_default && group.role == Role::Worker);
    let group = group.ok_or(ApiError::Panic)?.uuid;
    admission::admit_resize(call, view, group, node_count).await?;
    let resize = Resize {
        cluster: view.cluster.uuid,
        group,
        node_count,
        nodes_to_remove: Vec::new(),
        rollback,
        via: ResizeVia::Update,
        requester: call.requester(),
    };
    call.app.intake.resize(resize).await?;
    Ok(())
}

async fn update_health(
    call: &Call,
    view: &SharedView,
    status: Given<HealthStatus>,
    reasons: Given<BTreeMap<String, String>>,
) -> Result<(), ApiError> {
    let update =
        HealthUpdate { cluster: view.cluster.uuid, status: status.value(), reasons: Some(reasons.value().unwrap_or_default()) };
    Ok(call.app.intake.update_health(update).await?)
}

impl From<&SharedView> for Draft {
    /// What a patch is applied to.
    fn from(view: &SharedView) -> Self {
        let cluster = view.cluster.value.clone();
        Self {
            name: cluster.name.into(),
            cluster_template_id: cluster.cluster_template_id.to_string().into(),
            keypair: cluster.keypair.into(),
            node_count: view.count(Role::Worker).into(),
            master_count: view.count(Role::Master).into(),
            docker_volume_size: cluster.docker_volume_size.into(),
            labels: cluster.labels.0.into(),
            master_flavor_id: cluster.master_flavor_id.into(),
            flavor_id: cluster.flavor_id.into(),
            create_timeout: cluster.create_timeout.into(),
            health_status: cluster.health_status.into(),
            health_status_reason: cluster.health_status_reason.into(),
            discovery_url: cluster.discovery_url.into(),
            fixed_network: cluster.fixed_network.into(),
            fixed_subnet: cluster.fixed_subnet.into(),
            floating_ip_enabled: cluster.floating_ip_enabled.into(),
            merge_labels: false.into(),
            master_lb_enabled: cluster.master_lb_enabled.into(),
        }
    }
}
