//! What the stack's outputs say, read by the driver.

use jeroboam_model::driver::{Observation, StackScope};

use crate::draft::Draft;
use crate::error::{By, StepError};
use crate::sessions::Need;
use crate::sources;
use crate::steps::{Outcome, target};
use crate::work::Work;

pub(super) async fn run(work: &Work) -> Result<Outcome, StepError> {
    let (session, actor) = work.session(Need::TrustFirst).await?;
    let driver = work.shared.driver_of(&work.cluster).await?;
    let view = work.view()?;
    let mut seen = Vec::new();
    for scope in target::scopes(work)? {
        let outputs = session.heat().outputs(&target::stack(work, scope)?).await.by(actor)?.unwrap_or_default();
        let outputs = outputs.into_iter().map(|output| (output.key, output.value)).collect();
        let context = sources::for_work(work, &view, session.clone()).await;
        seen.push((scope, driver.read_stack(&view, scope, outputs, context).await?));
    }
    Ok(Outcome::recorded(move |draft| seen.iter().for_each(|(scope, seen)| enter(draft, *scope, seen))))
}

fn enter(draft: &mut Draft, scope: StackScope, seen: &Observation) {
    let cluster = &mut draft.cluster;
    let fields = [
        (&mut cluster.api_address, &seen.api_address),
        (&mut cluster.coe_version, &seen.coe_version),
        (&mut cluster.container_version, &seen.container_version),
    ];
    for (field, value) in fields {
        // What a stack does not say, another may have said.
        if value.is_some() {
            field.clone_from(value);
        }
    }
    if scope == StackScope::Cluster && !seen.memory.is_empty() {
        cluster.driver_memory.clone_from(&seen.memory);
    }
    for observed in &seen.groups {
        if let Some(group) = draft.group_mut(observed.group) {
            group.node_addresses.clone_from(&observed.node_addresses);
        }
    }
}
