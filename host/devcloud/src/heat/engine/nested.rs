//! Stacks that are resources of other stacks.

use std::{collections::VecDeque, sync::Arc};

use serde_json::{Value, json};

use super::{
    Context, Engine, ResourceKind,
    blueprint::Blueprint,
    state::{Action, Parent, Stack, Status, new_id, now},
};
use crate::heat::{
    error::Failure,
    hot::{Template, template::ResourceDefinition},
    resources::plugin::{Child, Properties},
};

impl Engine {
    async fn child_blueprint(
        &self,
        cx: &Context,
        parent: &Blueprint,
        kind: &ResourceKind,
        properties: &Properties,
    ) -> Result<Blueprint, Failure> {
        match kind {
            ResourceKind::Template { template, .. } => Ok(parent.nested(template.clone(), properties.clone())?),
            ResourceKind::Plugin(plugin) => match plugin.nested() {
                Some(nested) => Ok(nested_blueprint(parent, nested.child(cx, properties).await?)?),
                None => Err(Failure::new("TypeError", "not a nested stack")),
            },
        }
    }

    /// Records the nested stack of a resource; [`Self::perform`] then makes what is in it.
    pub(crate) async fn create_nested(
        self: &Arc<Self>,
        cx: &Context,
        parent: &Blueprint,
        definition: &ResourceDefinition,
        kind: &ResourceKind,
        properties: &Properties,
    ) -> Result<(), Failure> {
        let blueprint = self.child_blueprint(cx, parent, kind, properties).await?;
        let update_policy = self.evaluate_in(cx.stack_id(), parent, &definition.update_policy).await?;
        let facade = json!({
            "metadata": cx.resource(|resource| resource.metadata.clone()),
            "deletion_policy": definition.deletion_policy.name(),
            "update_policy": update_policy,
        });
        let name = cx.physical_name();
        let id = new_id();
        self.write(|state| {
            let Some(owner) = state.stacks.get(cx.stack_id()) else { return };
            let mut stack = Stack {
                id: id.clone(),
                name,
                owner: owner.owner.clone(),
                parent: Some(Parent { stack: cx.stack_id().to_owned(), resource: cx.name().to_owned() }),
                facade,
                blueprint,
                previous: None,
                action: Action::Create,
                status: Status::InProgress,
                reason: String::new(),
                created: now(),
                updated: None,
                deleted: None,
                timeout_mins: owner.timeout_mins,
                disable_rollback: true,
                complete_once: false,
                tags: Vec::new(),
                resources: Default::default(),
                backups: Vec::new(),
                events: VecDeque::new(),
            };
            stack.set_status(Action::Create, Status::InProgress, "Stack CREATE started");
            state.stacks.insert(id.clone(), stack);
        });
        cx.set_physical_id(&id);
        Ok(())
    }

    /// Brings a nested stack to what its resource now says, in as many steps as the type wants.
    pub(crate) async fn update_nested(
        self: &Arc<Self>,
        cx: &Context,
        parent: &Blueprint,
        kind: &ResourceKind,
        properties: &Properties,
        update_policy: &Value,
    ) -> Result<(), Failure> {
        let Some(child) = cx.physical_id() else { return Ok(()) };
        let steps = match kind {
            ResourceKind::Template { template, .. } => vec![parent.nested(template.clone(), properties.clone())?],
            ResourceKind::Plugin(plugin) => match plugin.nested() {
                Some(nested) => nested
                    .steps(cx, properties, update_policy)
                    .await?
                    .into_iter()
                    .map(|step| nested_blueprint(parent, step))
                    .collect::<Result<Vec<_>, _>>()?,
                None => Vec::new(),
            },
        };
        let pause = rolling(update_policy).and_then(|policy| policy.get("pause_time")).and_then(Value::as_f64).unwrap_or(0.0);
        // Pauses are simulated too: never longer than the pace of this cloud.
        let pause = std::time::Duration::try_from_secs_f64(pause).unwrap_or_default().min(self.pace());
        for (at, step) in steps.into_iter().enumerate() {
            if at > 0 {
                tokio::time::sleep(pause).await;
            }
            cx.control.check()?;
            self.write(|state| {
                if let Some(stack) = state.stacks.get_mut(&child) {
                    stack.previous = Some(std::mem::replace(&mut stack.blueprint, step));
                    stack.set_status(Action::Update, Status::InProgress, "Stack UPDATE started");
                }
            });
            self.perform(&child, Action::Update, &cx.control).await?;
        }
        Ok(())
    }

    /// What `get_resource` gives for a nested template: its `OS::stack_id` output, else its ARN.
    pub(crate) async fn template_reference(self: &Arc<Self>, cx: &Context) -> Result<Value, Failure> {
        let Some(child) = cx.physical_id() else { return Ok(Value::Null) };
        if let Some(value) = self.output(&child, "OS::stack_id").await? {
            return Ok(value);
        }
        Ok(self.read(|state| state.stacks.get(&child).map_or(Value::Null, |stack| Value::String(stack.arn()))))
    }
}

fn nested_blueprint(parent: &Blueprint, child: Child) -> Result<Blueprint, Failure> {
    Ok(parent.nested(Arc::new(Template::parse(&child.template)?), child.parameters)?)
}

/// The rolling part of an update policy.
#[must_use]
pub fn rolling(update_policy: &Value) -> Option<&Value> {
    update_policy.get("rolling_update").filter(|policy| policy.is_object())
}
