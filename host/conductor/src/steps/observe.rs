//! What the stack's outputs say, read by the driver.

use jeroboam_model::OperationKind;

use crate::error::{By, StepError};
use crate::sessions::Need;
use crate::sources;
use crate::steps::{Outcome, stack};
use crate::work::Work;

pub(super) async fn run(work: &Work) -> Result<Outcome, StepError> {
    let (session, actor) = work.session(Need::TrustFirst).await?;
    let group_stack = match work.operation.kind {
        OperationKind::Resize { group, .. } => work.group(group)?.stack_id.clone(),
        _ => None,
    };
    let id = stack::stack_of(work, group_stack.as_deref())?;
    let outputs = session.heat().outputs(&id).await.by(actor)?.unwrap_or_default();
    let outputs = outputs.into_iter().map(|output| (output.key, output.value)).collect();
    let driver = work.shared.driver_of(&work.cluster)?;
    let view = work.view()?;
    let seen = driver.read_stack(&view, stack::scope(work)?, outputs, sources::for_work(work, &view, session)).await?;
    Ok(Outcome::recorded(move |draft| {
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
        for observed in &seen.groups {
            if let Some(group) = draft.group_mut(observed.group) {
                group.node_addresses.clone_from(&observed.node_addresses);
            }
        }
    }))
}
