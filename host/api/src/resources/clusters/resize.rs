//! `POST /v1/clusters/{ident}/actions/resize`

use jeroboam_conductor::{Resize as Wanted, ResizeVia};
use jeroboam_model::{NodeGroup, Role};
use jeroboam_store::SharedView;

use super::create::check_zero;
use super::fields::MAX_NODES;
use crate::admission;
use crate::call::Call;
use crate::error::{ApiError, What, echo};
use crate::fields::{self, Field, Form, Given, Resource, Slot};
use crate::lookup::{self, Reach, Shared};
use crate::microversion::Microversion;
use crate::policy::{Rule, Target};
use crate::reply::Reply;

/// What a request says about a resize.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    node_count: Given<u32>,
    nodes_to_remove: Given<Vec<String>>,
    nodegroup: Given<String>,
}

/// The body of the action.
pub enum Resize {}

type F = Field<Resize>;

impl Resource for Resize {
    type Shown = ();
    type Draft = Draft;
    const ARGUMENT: &'static str = "cluster_resize_req";
    const INTERNAL: &'static [&'static str] = &[];
    const FIELDS: &'static [F] = &[
        F::new("node_count", |(), out| out.null())
            .mandatory(Slot::integer(0, MAX_NODES, |d| &mut d.node_count))
            .from_form(Form::Never),
        F::new("nodes_to_remove", |(), out| out.null())
            .optional(Slot::List { at: |d| &mut d.nodes_to_remove })
            .from_form(Form::Never),
        F::new("nodegroup", |(), out| out.null()).optional(Slot::text(1, 255, |d| &mut d.nodegroup)).from_form(Form::Never),
    ];
}

pub async fn resize(call: Call) -> Result<Reply, ApiError> {
    call.since(Microversion::RESIZE, "resize")?;
    call.no_query()?;
    let draft = fields::read::<Resize>(&call.object(Resize::ARGUMENT)?)?;
    check_zero(&call, &draft.node_count)?;
    // Not in all projects, not even for administrators: there is no rule that would say so.
    let view = lookup::view(&call, &call.ident, Reach::own(&call)).await?;
    call.enforce(Rule::ClusterResize, Target::cluster(&view.cluster))?;
    let group = group_of(&view, draft.nodegroup.as_value().map_or(NodeGroup::DEFAULT_WORKER, String::as_str))?;
    let node_count = draft.node_count.value().unwrap_or_default();
    match group.role {
        Role::Worker => check_range(&group, node_count)?,
        Role::Master => check_masters(&call, &view, node_count).await?,
    }
    admission::admit_resize(&call, &view, group.uuid, node_count).await?;
    let wanted = Wanted {
        cluster: view.cluster.uuid,
        group: group.uuid,
        node_count,
        nodes_to_remove: draft.nodes_to_remove.value().unwrap_or_default(),
        rollback: false,
        via: ResizeVia::Resize,
        requester: call.requester(),
    };
    call.app.intake.resize(wanted).await?;
    Ok(Reply::accepted(view.cluster.uuid))
}

/// By uuid or name.
pub fn group_of(view: &SharedView, ident: &str) -> Result<Shared<NodeGroup>, ApiError> {
    let found = view.groups.iter().find(|group| group.name == ident || ident.parse().is_ok_and(|uuid| group.uuid == uuid));
    found.cloned().ok_or_else(|| ApiError::NotFound { what: What::NodeGroup, ident: echo(ident) })
}

fn check_range(group: &NodeGroup, node_count: u32) -> Result<(), ApiError> {
    let (min, max) = (group.min_node_count, group.max_node_count.filter(|max| *max > 0));
    if node_count < min || max.is_some_and(|max| node_count > max) {
        return Err(ApiError::OutsideRange { group: echo(&group.name), min, max: group.max_node_count });
    }
    Ok(())
}

async fn check_masters(call: &Call, view: &SharedView, master_count: u32) -> Result<(), ApiError> {
    let driver = call.app.rollouts.for_cluster(&view.cluster).await;
    if !driver.is_ok_and(|driver| driver.description().features.resize_masters) {
        return Err(ApiError::MasterResize);
    }
    admission::check_master_count(master_count)?;
    Ok(admission::check_load_balancer(master_count, view.cluster.master_lb_enabled)?)
}
