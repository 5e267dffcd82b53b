//! Upgrade plans, from guests.

use jeroboam_model::{NodeGroupId, driver::StackScope};

use super::{Bad, bad, definition::definition, error::warnings};
use crate::{
    RecordedRead, Redactor,
    bindings::{exports::jeroboam::coe::driver as wit, jeroboam::coe::types},
    driver::{UpgradePlan, UpgradeStep},
};

/// The most changes of stacks that an upgrade can have.
const STEPS_MAX: usize = 200;

pub(crate) fn plan(
    plan: wit::UpgradePlan,
    reads: Vec<RecordedRead>,
    groups: &[NodeGroupId],
    ca_key: bool,
    redactor: &Redactor,
) -> Result<UpgradePlan, Bad> {
    if plan.steps.len() > STEPS_MAX {
        return bad("steps", format_args!("{} where {STEPS_MAX} are the most", plan.steps.len()));
    }
    let step = |(number, step): (usize, wit::UpgradeStep)| -> Result<UpgradeStep, Bad> {
        Ok(UpgradeStep {
            summary: redactor.message(&step.summary),
            scope: scope(&step.scope, groups)?,
            definition: definition(step.definition, ca_key).map_err(|Bad(what)| Bad(format!("steps/{number}/{what}")))?,
        })
    };
    Ok(UpgradePlan {
        steps: plan.steps.into_iter().enumerate().map(step).collect::<Result<_, _>>()?,
        warnings: warnings(plan.warnings, redactor),
        reads,
    })
}

fn scope(scope: &types::StackScope, groups: &[NodeGroupId]) -> Result<StackScope, Bad> {
    match scope {
        types::StackScope::Cluster => Ok(StackScope::Cluster),
        types::StackScope::NodeGroup(id) => match id.parse().ok().filter(|group| groups.contains(group)) {
            Some(group) => Ok(StackScope::NodeGroup(group)),
            None => bad("scope", format_args!("{id:?} is no group of this cluster")),
        },
    }
}
