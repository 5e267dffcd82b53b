//! `POST /v1/clusters/{ident}/actions/upgrade`

use jeroboam_conductor::{IntakeError, Upgrade as Wanted};

use super::resize::group_of;
use crate::admission;
use crate::call::Call;
use crate::error::{ApiError, echo};
use crate::fields::{self, Field, Form, Given, Resource, Slot};
use crate::lookup::{self, Reach};
use crate::microversion::Microversion;
use crate::policy::{Rule, Target};
use crate::reply::Reply;

/// The most nodes that can be replaced at once.
const MAX_BATCH: u32 = 1000;

/// What a request says about an upgrade.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    cluster_template: Given<String>,
    max_batch_size: Given<u32>,
    nodegroup: Given<String>,
}

/// The body of the action.
pub enum Upgrade {}

type F = Field<Upgrade>;

impl Resource for Upgrade {
    type Shown = ();
    type Draft = Draft;
    const ARGUMENT: &'static str = "cluster_upgrade_req";
    const INTERNAL: &'static [&'static str] = &[];
    const FIELDS: &'static [F] = &[
        F::new("cluster_template", |(), out| out.null())
            .mandatory(Slot::text(1, 255, |d| &mut d.cluster_template))
            .from_form(Form::Never),
        F::new("max_batch_size", |(), out| out.null())
            .optional(Slot::integer(1, MAX_BATCH, |d| &mut d.max_batch_size))
            .from_form(Form::Never),
        F::new("nodegroup", |(), out| out.null()).optional(Slot::text(1, 255, |d| &mut d.nodegroup)).from_form(Form::Never),
    ];
}

/// The cluster with the groups that came with it, or one further group to the template that its cluster has.
pub async fn upgrade(call: Call) -> Result<Reply, ApiError> {
    call.since(Microversion::RESIZE, "upgrade")?;
    if call.version < Microversion::UPGRADE {
        return Err(ApiError::UpgradeVersion);
    }
    call.no_query()?;
    let draft = fields::read::<Upgrade>(&call.object(Upgrade::ARGUMENT)?)?;
    let view = lookup::view(&call, &call.ident, Reach::of(&call, Rule::ClusterUpgradeAllProjects)).await?;
    call.enforce(Rule::ClusterUpgrade, Target::cluster(&view.cluster))?;
    let ident = draft.cluster_template.value().unwrap_or_default();
    let template = lookup::template(&call, &ident, Reach::of(&call, Rule::TemplateGetOneAllProjects)).await?;
    if template.hidden && !call.is_admin() {
        return Err(ApiError::NotAuthorized);
    }
    let group = draft.nodegroup.as_value().map(|ident| group_of(&view, ident)).transpose()?;
    // The groups that came with the cluster go together, as they do with Magnum.
    let group = group.filter(|group| !group.is_default);
    if let Some(group) = group.as_ref().filter(|_| template.uuid != view.cluster.cluster_template_id) {
        return Err(ApiError::GroupTemplate { group: echo(&group.name), template: view.cluster.cluster_template_id });
    }
    let (group, batch) = (group.map(|group| group.uuid), draft.max_batch_size.value().unwrap_or(1));
    admission::check_target(&view.cluster, &view.template, &template)?;
    admission::admit_upgrade(&call, &view, &template, group, batch).await?;
    let (cluster, requester) = (view.cluster.uuid, call.requester());
    let wanted = Wanted { cluster, template: template.uuid, group, batch, rollback: false, requester };
    match call.app.intake.upgrade(wanted).await {
        Err(IntakeError::NotAllowed { status }) => Err(ApiError::BusyUpgrade(status)),
        outcome => Ok(outcome.map(|_| Reply::accepted(cluster))?),
    }
}
