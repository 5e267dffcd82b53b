//! `/security-groups`. Every project has one named `default`.

use serde_json::{Value, json};

use super::{admit, owner, security_group_rules, view};
use crate::{
    fields::{self, Fallback, Field, Type},
    record::{Attributes as _, Body, Record},
    refusal::Refusal,
    resource::{Resource, Shape},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

pub struct SecurityGroups;

const DEFAULT: &str = "default";

const FIELDS: [Field; 4] = [
    Field::new("name", Type::Short(255), Fallback::Empty),
    Field::new("description", Type::Short(255), Fallback::Empty),
    Field::new("stateful", Type::Flag, Fallback::Flag(true)),
    Field::new("tags", Type::List, Fallback::List),
];

impl Resource for SecurityGroups {
    fn shape(&self) -> Shape {
        Shape::new(Service::Network, Kind::SecurityGroup, "security_group", "security_groups")
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        Refusal::missing(Kind::SecurityGroup, id, format!("Security group {id} does not exist"))
    }

    fn create(&self, state: &mut State, scope: &Scope, mut given: Body) -> Result<String, Refusal> {
        let project = owner(scope, &mut given)?;
        let body = fields::for_create(Service::Network, &FIELDS, given)?;
        if body.text("name") == Some(DEFAULT) {
            return Err(Refusal::conflict("SecurityGroupDefaultAlreadyExists", "Default security group already exists."));
        }
        admit(state, &project, "security_group")?;
        let record = Record { project_id: project, ..Record::new(scope, body) };
        let id = state.insert(Kind::SecurityGroup, record);
        security_group_rules::open_egress(state, scope, &id);
        Ok(id)
    }

    fn view(&self, state: &State, record: &Record) -> Value {
        let mut shown = view(record);
        let rules = state.all(Kind::SecurityGroupRule).into_iter().filter(|rule| rule.text("security_group_id") == record.id);
        if let Some(shown) = shown.as_object_mut() {
            shown.insert("security_group_rules".to_owned(), rules.map(view).collect());
            shown.insert("shared".to_owned(), json!(false));
        }
        shown
    }

    fn delete(&self, state: &mut State, scope: &Scope, id: &str) -> Result<(), Refusal> {
        if state.get(Kind::SecurityGroup, id).is_some_and(|group| group.name() == DEFAULT) && !scope.is_admin() {
            return Err(Refusal::conflict(
                "SecurityGroupCannotRemoveDefault",
                "Insufficient rights for removing default security group.",
            ));
        }
        if state.all(Kind::Port).into_iter().any(|port| port.texts("security_groups").any(|group| group == id)) {
            return Err(Refusal::conflict("SecurityGroupInUse", format!("Security Group {id} in use.")));
        }
        let about = |rule: &Record| [rule.text("security_group_id"), rule.text("remote_group_id")].contains(&id);
        for rule in state.ids(Kind::SecurityGroupRule, about) {
            state.remove(Kind::SecurityGroupRule, &rule);
        }
        state.remove(Kind::SecurityGroup, id);
        Ok(())
    }
}

/// The default group of a project, made if it is not there yet.
pub fn ensure_default(state: &mut State, project: &str) -> String {
    let own = |group: &Record| group.project_id == project && group.name() == DEFAULT;
    if let Some(id) = state.ids(Kind::SecurityGroup, own).into_iter().next() {
        return id;
    }
    let scope =
        Scope { project_id: project.to_owned(), user_id: String::new(), roles: Vec::new(), token: "".into(), trust_id: None };
    let body = json!({"name": DEFAULT, "description": "Default security group", "stateful": true, "tags": []});
    let mut record = Record::new(&scope, body.as_object().cloned().unwrap_or_default());
    record.private.insert("implicit".to_owned(), json!(true));
    let id = state.insert(Kind::SecurityGroup, record);
    security_group_rules::open_egress(state, &scope, &id);
    security_group_rules::admit_members(state, &scope, &id);
    id
}
