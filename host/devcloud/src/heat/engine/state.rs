//! What the engine remembers: stacks, their resources and events, configurations and deployments.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::blueprint::Blueprint;
use crate::services::Scope;

/// As many events as a stack keeps.
const MAX_EVENTS: usize = 1_000;
/// As many deleted stacks as are remembered.
const MAX_DELETED: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Action {
    Init,
    Create,
    Update,
    Delete,
    Rollback,
    Check,
    Suspend,
    Resume,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    InProgress,
    Complete,
    Failed,
}

impl Action {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Init => "INIT",
            Self::Create => "CREATE",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Rollback => "ROLLBACK",
            Self::Check => "CHECK",
            Self::Suspend => "SUSPEND",
            Self::Resume => "RESUME",
        }
    }
}

impl Status {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InProgress => "IN_PROGRESS",
            Self::Complete => "COMPLETE",
            Self::Failed => "FAILED",
        }
    }
}

/// On whose behalf a stack acts. The token is not kept: services in this process trust the engine.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Owner {
    pub project_id: String,
    pub user_id: String,
    pub roles: Vec<String>,
    pub trust_id: Option<String>,
}

impl From<&Scope> for Owner {
    fn from(scope: &Scope) -> Self {
        Self {
            project_id: scope.project_id.clone(),
            user_id: scope.user_id.clone(),
            roles: scope.roles.clone(),
            trust_id: scope.trust_id.clone(),
        }
    }
}

impl Owner {
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope {
            project_id: self.project_id.clone(),
            user_id: self.user_id.clone(),
            roles: self.roles.clone(),
            token: "".into(),
            trust_id: self.trust_id.clone(),
        }
    }
}

/// Where a nested stack hangs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    pub stack: String,
    pub resource: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stack {
    pub id: String,
    pub name: String,
    pub owner: Owner,
    pub parent: Option<Parent>,
    /// What `resource_facade` answers in this stack.
    #[serde(default)]
    pub facade: Value,
    /// What the stack is, or is becoming.
    pub blueprint: Blueprint,
    /// What it was before the update in progress: what a rollback goes back to.
    pub previous: Option<Blueprint>,
    pub action: Action,
    pub status: Status,
    pub reason: String,
    pub created: String,
    pub updated: Option<String>,
    pub deleted: Option<String>,
    pub timeout_mins: Option<u64>,
    pub disable_rollback: bool,
    /// Whether it has ever been made in full: what a rollback goes back to otherwise is nothing.
    pub complete_once: bool,
    pub tags: Vec<String>,
    pub resources: BTreeMap<String, Resource>,
    /// Resources replaced or dropped by an update, until they are gone.
    pub backups: Vec<Resource>,
    pub events: VecDeque<Event>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Resource {
    pub uuid: String,
    pub name: String,
    /// The type as the template names it.
    pub kind: String,
    /// What that type resolved to when the resource was made.
    pub resolved: String,
    pub physical_id: Option<String>,
    /// What `get_resource` gives.
    pub reference: Option<Value>,
    pub action: Action,
    pub status: Status,
    pub reason: String,
    pub created: String,
    pub updated: String,
    /// Last applied.
    pub properties: Map<String, Value>,
    pub metadata: Value,
    /// Kept by the plugin.
    pub data: Map<String, Value>,
    pub requires: BTreeSet<String>,
    pub retain: bool,
    pub description: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Event {
    pub id: String,
    pub time: String,
    /// The same, fine enough to order the events of several stacks: nanoseconds since 1970.
    pub moment: i64,
    /// Of the resource; the stack's own events carry its name.
    pub resource_name: String,
    pub resource_type: String,
    pub physical_id: Option<String>,
    pub action: Action,
    pub status: Status,
    pub reason: String,
    pub properties: Map<String, Value>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SoftwareConfig {
    pub id: String,
    pub project_id: String,
    pub name: String,
    pub group: String,
    pub config: Value,
    pub inputs: Value,
    pub outputs: Value,
    pub options: Value,
    pub created: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Deployment {
    pub id: String,
    pub project_id: String,
    pub server_id: String,
    /// The configuration that was asked for, and the one derived from it with its inputs filled in.
    pub config_id: String,
    pub derived_id: String,
    pub action: Action,
    pub status: Status,
    pub reason: String,
    pub input_values: Value,
    pub output_values: Value,
    pub created: String,
    pub updated: Option<String>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct State {
    pub stacks: BTreeMap<String, Stack>,
    pub configs: BTreeMap<String, SoftwareConfig>,
    pub deployments: BTreeMap<String, Deployment>,
    /// Signs the URLs that signals go to.
    pub secret: String,
}

/// Now, as Heat writes times.
#[must_use]
pub fn now() -> String {
    let now = time::OffsetDateTime::now_utc();
    let now = now.replace_nanosecond(0).unwrap_or(now);
    now.format(&time::format_description::well_known::Rfc3339).unwrap_or_default()
}

fn moment() -> i64 {
    i64::try_from(time::OffsetDateTime::now_utc().unix_timestamp_nanos()).unwrap_or(i64::MAX)
}

#[must_use]
pub fn new_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

impl Resource {
    #[must_use]
    pub fn new(name: &str, kind: &str, resolved: &str) -> Self {
        let now = now();
        Self {
            uuid: new_id(),
            name: name.to_owned(),
            kind: kind.to_owned(),
            resolved: resolved.to_owned(),
            physical_id: None,
            reference: None,
            action: Action::Init,
            status: Status::Complete,
            reason: String::new(),
            created: now.clone(),
            updated: now,
            properties: Map::new(),
            metadata: Value::Null,
            data: Map::new(),
            requires: BTreeSet::new(),
            retain: false,
            description: String::new(),
        }
    }

    /// Whether an update need not make it anew.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.physical_id.is_some()
            && !matches!(
                (self.action, self.status),
                (Action::Create | Action::Init | Action::Check, Status::Failed) | (Action::Delete, _)
            )
    }
}

impl Stack {
    #[must_use]
    pub fn resource(&self, uuid: &str) -> Option<&Resource> {
        self.resources.values().chain(&self.backups).find(|resource| resource.uuid == uuid)
    }

    pub fn resource_mut(&mut self, uuid: &str) -> Option<&mut Resource> {
        self.resources.values_mut().chain(&mut self.backups).find(|resource| resource.uuid == uuid)
    }

    pub fn set_status(&mut self, action: Action, status: Status, reason: impl Into<String>) {
        self.action = action;
        self.status = status;
        self.reason = reason.into();
        if action != Action::Create && action != Action::Init {
            self.updated = Some(now());
        }
        if action == Action::Delete && status == Status::Complete {
            self.deleted = Some(now());
        }
        let event = Event {
            id: new_id(),
            time: now(),
            moment: moment(),
            resource_name: self.name.clone(),
            resource_type: "OS::Heat::Stack".to_owned(),
            physical_id: Some(self.id.clone()),
            action,
            status,
            reason: self.reason.clone(),
            properties: Map::new(),
        };
        self.add_event(event);
    }

    /// Changes a resource's status, and keeps the event.
    pub fn set_resource_status(&mut self, uuid: &str, action: Action, status: Status, reason: &str) {
        let Some(resource) = self.resource_mut(uuid) else { return };
        resource.action = action;
        resource.status = status;
        reason.clone_into(&mut resource.reason);
        resource.updated = now();
        let event = Event {
            id: new_id(),
            time: resource.updated.clone(),
            moment: moment(),
            resource_name: resource.name.clone(),
            resource_type: resource.kind.clone(),
            physical_id: resource.physical_id.clone(),
            action,
            status,
            reason: resource.reason.clone(),
            properties: resource.properties.clone(),
        };
        self.add_event(event);
    }

    fn add_event(&mut self, event: Event) {
        if self.events.len() >= MAX_EVENTS {
            self.events.pop_front();
        }
        self.events.push_back(event);
    }

    #[must_use]
    pub fn is_live(&self) -> bool {
        self.deleted.is_none()
    }

    /// `arn:openstack:heat::project:stacks/name/id`.
    #[must_use]
    pub fn arn(&self) -> String {
        format!("arn:openstack:heat::{}:stacks/{}/{}", self.owner.project_id, self.name, self.id)
    }
}

impl State {
    /// The stack at the top of the tree that `id` is in.
    #[must_use]
    pub fn root_of<'a>(&'a self, id: &'a str) -> &'a str {
        let mut current = id;
        while let Some(parent) = self.stacks.get(current).and_then(|stack| stack.parent.as_ref()) {
            current = &parent.stack;
        }
        current
    }

    /// Live stacks that hang directly under `id`.
    pub fn children<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Stack> {
        self.stacks
            .values()
            .filter(move |stack| stack.is_live() && stack.parent.as_ref().is_some_and(|parent| parent.stack == id))
    }

    /// `id` and every live stack under it.
    #[must_use]
    pub fn tree(&self, id: &str) -> Vec<String> {
        let mut ids = vec![id.to_owned()];
        let mut at = 0;
        while let Some(current) = ids.get(at).cloned() {
            ids.extend(self.children(&current).map(|stack| stack.id.clone()));
            at += 1;
        }
        ids
    }

    /// Forgets the oldest of the deleted stacks.
    pub fn forget_deleted(&mut self) {
        let mut deleted: Vec<_> =
            self.stacks.values().filter_map(|stack| Some((stack.deleted.clone()?, stack.id.clone()))).collect();
        if deleted.len() > MAX_DELETED {
            deleted.sort();
            for (_, id) in deleted.iter().take(deleted.len() - MAX_DELETED) {
                self.stacks.remove(id);
            }
        }
    }
}
