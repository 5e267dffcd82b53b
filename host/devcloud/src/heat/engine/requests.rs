//! What clients ask of stacks, checked and begun.

use std::{collections::VecDeque, sync::Arc};

use super::{
    Engine, MAX_STACKS,
    blueprint::{Blueprint, Request},
    operate::Operation,
    scope,
    signals::missing,
    state::{Action, Owner, Stack, Status, new_id, now},
    validate::Sketched,
};
use crate::{
    heat::error::{ErrorKind, HeatError, Result},
    services::Scope,
};

/// A stack to make.
#[derive(Clone, Debug, Default)]
pub struct NewStack {
    pub name: String,
    pub request: Request,
    pub timeout_mins: Option<u64>,
    pub disable_rollback: bool,
    pub tags: Vec<String>,
}

/// A change to a stack.
#[derive(Clone, Debug, Default)]
pub struct UpdateStack {
    pub request: Request,
    /// Whether what is not sent stays.
    pub existing: bool,
    pub timeout_mins: Option<u64>,
    pub disable_rollback: Option<bool>,
    pub tags: Option<Vec<String>>,
}

/// What names a stack in URLs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub id: String,
    pub name: String,
}

fn check_name(name: &str) -> Result<()> {
    let good = name.len() <= 255
        && name.chars().next().is_some_and(|first| first.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c));
    if good {
        return Ok(());
    }
    Err(HeatError::validation(format!(
        "Invalid stack name {name} must contain only alphanumeric or \"_-.\" characters, must start with alpha and must be 255 characters or less."
    )))
}

impl Engine {
    /// A stack by name or id. Deleted stacks are found by id only.
    pub fn find(&self, scope: &Scope, name_or_id: &str) -> Result<Identity> {
        self.read(|state| {
            let own = |stack: &&Stack| stack.owner.project_id == scope.project_id;
            let by_id = state.stacks.get(name_or_id).filter(own);
            let by_name = || state.stacks.values().filter(own).find(|stack| stack.name == name_or_id && stack.is_live());
            by_id.or_else(by_name).map(|stack| Identity { id: stack.id.clone(), name: stack.name.clone() })
        })
        .ok_or_else(|| HeatError::not_found("Stack", name_or_id))
    }

    /// Reads a stack of this project by its id.
    pub fn stack<T>(&self, scope: &Scope, id: &str, read: impl FnOnce(&Stack) -> T) -> Result<T> {
        self.read(|state| state.stacks.get(id).filter(|stack| stack.owner.project_id == scope.project_id).map(read))
            .ok_or_else(|| HeatError::not_found("Stack", id))
    }

    fn live(&self, scope: &Scope, id: &str) -> Result<Stack> {
        let stack = self.stack(scope, id, Stack::clone)?;
        if stack.is_live() { Ok(stack) } else { Err(HeatError::not_found("Stack", &stack.name)) }
    }

    /// Checks a new stack without making it.
    pub async fn sketch(self: &Arc<Self>, scope: &Scope, new: &NewStack) -> Result<(Blueprint, Vec<Sketched>)> {
        check_name(&new.name)?;
        if new.timeout_mins == Some(0) {
            return Err(HeatError::new(ErrorKind::BadRequest, "Invalid value for timeout_mins: 0"));
        }
        self.check_free(scope, &new.name)?;
        let blueprint = new.request.blueprint()?;
        let identity = scope::Identity { id: String::new(), name: new.name.clone(), project_id: scope.project_id.clone() };
        let sketched = self.validate(scope, &blueprint, &identity).await?;
        Ok((blueprint, sketched))
    }

    /// Checks a blueprint for a stack of no particular name.
    pub async fn check(self: &Arc<Self>, scope: &Scope, blueprint: &Blueprint) -> Result<()> {
        let identity = scope::Identity { project_id: scope.project_id.clone(), ..Default::default() };
        self.validate(scope, blueprint, &identity).await.map(drop)
    }

    fn check_free(&self, scope: &Scope, name: &str) -> Result<()> {
        self.read(|state| {
            let own = || {
                state
                    .stacks
                    .values()
                    .filter(|stack| stack.owner.project_id == scope.project_id && stack.is_live() && stack.parent.is_none())
            };
            if own().any(|stack| stack.name == name) {
                return Err(HeatError::new(ErrorKind::StackExists, format!("The Stack ({name}) already exists.")));
            }
            if own().count() >= MAX_STACKS {
                return Err(HeatError::new(
                    ErrorKind::RequestLimitExceeded,
                    format!(
                        "Request limit exceeded: You have reached the maximum stacks per tenant, {MAX_STACKS}. Please delete some stacks."
                    ),
                ));
            }
            Ok(())
        })
    }

    /// Checks a new stack, records it, and begins to make it.
    pub async fn create(self: &Arc<Self>, scope: &Scope, new: NewStack) -> Result<Identity> {
        let (blueprint, _) = self.sketch(scope, &new).await?;
        // Somebody may have taken the name while it was checked.
        self.check_free(scope, &new.name)?;
        let identity = Identity { id: new_id(), name: new.name.clone() };
        let mut stack = Stack {
            id: identity.id.clone(),
            name: new.name,
            owner: Owner::from(scope),
            parent: None,
            facade: serde_json::Value::Null,
            blueprint,
            previous: None,
            action: Action::Create,
            status: Status::InProgress,
            reason: String::new(),
            created: now(),
            updated: None,
            deleted: None,
            timeout_mins: new.timeout_mins,
            disable_rollback: new.disable_rollback,
            complete_once: false,
            tags: new.tags,
            resources: Default::default(),
            backups: Vec::new(),
            events: VecDeque::new(),
        };
        stack.set_status(Action::Create, Status::InProgress, "Stack CREATE started");
        self.write(|state| state.stacks.insert(identity.id.clone(), stack));
        self.launch(&identity.id, Operation::CREATE);
        Ok(identity)
    }

    /// The blueprint an update would bring, checked.
    pub(crate) async fn changed(self: &Arc<Self>, scope: &Scope, id: &str, update: &UpdateStack) -> Result<Blueprint> {
        let before = self.live(scope, id)?;
        if before.status == Status::InProgress {
            return Err(HeatError::new(
                ErrorKind::ActionInProgress,
                format!("Stack {} already has an action ({}) in progress.", before.name, before.action.name()),
            ));
        }
        if before.action == Action::Suspend {
            return Err(HeatError::new(ErrorKind::NotSupported, "Updating a stack when it is suspended is not supported."));
        }
        let blueprint = if update.existing { update.request.patch(&before.blueprint)? } else { update.request.blueprint()? };
        let immutable =
            blueprint.parameters.immutable_changes(&before.blueprint.parameters, &before.blueprint.template.parameters);
        if !immutable.is_empty() {
            return Err(HeatError::new(
                ErrorKind::ImmutableParameterModified,
                format!("The following parameters are immutable and may not be updated: {}", immutable.join(", ")),
            ));
        }
        self.validate(scope, &blueprint, &scope::Identity::of(&before)).await?;
        Ok(blueprint)
    }

    pub async fn update(self: &Arc<Self>, scope: &Scope, id: &str, update: UpdateStack) -> Result<()> {
        let blueprint = self.changed(scope, id, &update).await?;
        let taken = self.write(|state| {
            let Some(stack) = state.stacks.get_mut(id).filter(|stack| stack.status != Status::InProgress) else { return false };
            // A rollback goes back to what last worked.
            let before = std::mem::replace(&mut stack.blueprint, blueprint);
            if stack.previous.is_none() {
                stack.previous = Some(before);
            }
            stack.owner = Owner::from(scope);
            if update.timeout_mins.is_some() || !update.existing {
                stack.timeout_mins = update.timeout_mins;
            }
            if let Some(disable) = update.disable_rollback {
                stack.disable_rollback = disable;
            }
            if let Some(tags) = update.tags {
                stack.tags = tags;
            }
            stack.set_status(Action::Update, Status::InProgress, "Stack UPDATE started");
            true
        });
        if !taken {
            return Err(HeatError::new(ErrorKind::ActionInProgress, format!("Stack {id} already has an action in progress.")));
        }
        self.launch(id, Operation::UPDATE);
        Ok(())
    }

    /// Begins to delete a stack, whatever else it is doing.
    pub fn delete(self: &Arc<Self>, scope: &Scope, id: &str) -> Result<()> {
        let stack = self.live(scope, id)?;
        if stack.action == Action::Delete && stack.status == Status::InProgress {
            return Ok(());
        }
        let root = self.read(|state| state.root_of(id).to_owned());
        if root != id {
            return Err(HeatError::new(
                ErrorKind::NotSupported,
                "Deleting a nested stack on its own is not supported by this simulated Heat.",
            ));
        }
        self.begin(id, Action::Delete);
        self.launch(id, Operation::DELETE);
        Ok(())
    }

    fn begin(&self, id: &str, action: Action) {
        self.write(|state| {
            if let Some(stack) = state.stacks.get_mut(id) {
                stack.set_status(action, Status::InProgress, format!("Stack {} started", action.name()));
            }
        });
    }

    /// `check`, `suspend` and `resume`.
    pub fn act(self: &Arc<Self>, scope: &Scope, id: &str, action: Action) -> Result<()> {
        let stack = self.live(scope, id)?;
        if stack.status == Status::InProgress {
            return Err(HeatError::new(
                ErrorKind::ActionInProgress,
                format!("Stack {} already has an action ({}) in progress.", stack.name, stack.action.name()),
            ));
        }
        self.begin(id, action);
        self.launch(id, Operation::resumed(action));
        Ok(())
    }

    /// Stops an update, going back if asked to.
    pub fn cancel_update(self: &Arc<Self>, scope: &Scope, id: &str, roll_back: bool) -> Result<()> {
        let stack = self.live(scope, id)?;
        if (stack.action, stack.status) != (Action::Update, Status::InProgress)
            && (stack.action, stack.status) != (Action::Create, Status::InProgress)
        {
            return Err(HeatError::new(
                ErrorKind::NotSupported,
                format!("Cancelling update when stack is {} is not supported.", super::state_name(&stack)),
            ));
        }
        if roll_back {
            self.write(|state| {
                let Some(stack) = state.stacks.get_mut(id) else { return };
                if let Some(previous) = stack.previous.take() {
                    stack.blueprint = previous;
                }
                stack.set_status(Action::Rollback, Status::InProgress, "Stack ROLLBACK started");
            });
            self.launch(id, Operation::ROLLBACK);
        } else {
            self.write(|state| {
                if let Some(stack) = state.stacks.get_mut(id) {
                    stack.set_status(stack.action, Status::Failed, format!("{} cancelled by user.", stack.action.name()));
                }
            });
            self.launch(id, Operation::NOTHING);
        }
        Ok(())
    }

    /// Marks a resource so that the next update makes it anew, or takes the mark off.
    pub fn mark_unhealthy(&self, scope: &Scope, id: &str, resource: &str, unhealthy: bool, reason: &str) -> Result<()> {
        let stack = self.live(scope, id)?;
        let found = stack
            .resources
            .get(resource)
            .or_else(|| stack.resources.values().find(|found| found.physical_id.as_deref() == Some(resource)));
        let uuid = found.map(|found| found.uuid.clone()).ok_or_else(|| missing(resource, &stack.name))?;
        let (status, default) = if unhealthy {
            (Status::Failed, "state changed by resource mark unhealthy api")
        } else {
            (Status::Complete, "state changed")
        };
        let reason = if reason.is_empty() { default } else { reason };
        self.write(|state| {
            if let Some(stack) = state.stacks.get_mut(id) {
                stack.set_resource_status(&uuid, Action::Check, status, reason);
            }
        });
        Ok(())
    }
}
