//! `/os-server-groups`.

use serde_json::{Value, json};

use super::admit;
use crate::{
    fields::{self, Fallback, Field, Type},
    record::{Attributes as _, Body, Record},
    refusal::Refusal,
    resource::{Resource, Shape},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

pub struct ServerGroups;

const POLICIES: [&str; 4] = ["affinity", "anti-affinity", "soft-affinity", "soft-anti-affinity"];

const FIELDS: [Field; 4] = [
    Field::new("name", Type::Short(255), Fallback::Required).fixed(),
    Field::new("policies", Type::List, Fallback::List).fixed(),
    Field::new("policy", Type::OneOf(&POLICIES), Fallback::Absent).fixed(),
    Field::new("rules", Type::Object, Fallback::Object).fixed(),
];

impl Resource for ServerGroups {
    fn shape(&self) -> Shape {
        Shape::new(Service::Compute, Kind::ServerGroup, "server_group", "server_groups").answers(200, 204)
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        Refusal::missing(Kind::ServerGroup, id, format!("Instance group {id} could not be found."))
    }

    /// The policy came as a list of one before microversion 2.64; both are shown.
    fn create(&self, state: &mut State, scope: &Scope, given: Body) -> Result<String, Refusal> {
        let mut body = fields::for_create(Service::Compute, &FIELDS, given)?;
        let first = body.list("policies").first().and_then(Value::as_str);
        let policy = body.text("policy").or(first).unwrap_or("anti-affinity").to_owned();
        if !POLICIES.contains(&policy.as_str()) {
            return Err(Refusal::bad(format!(
                "Invalid input for field/attribute policies. '{policy}' is not one of {POLICIES:?}"
            )));
        }
        admit(state, &scope.project_id, &[("server_groups", 1)])?;
        body.insert("policy".to_owned(), json!(policy));
        body.insert("policies".to_owned(), json!([policy]));
        body.insert("members".to_owned(), json!([]));
        body.insert("metadata".to_owned(), json!({}));
        Ok(state.insert(Kind::ServerGroup, Record::new(scope, body)))
    }

    fn view(&self, _: &State, record: &Record) -> Value {
        let mut shown = record.body.clone();
        shown.insert("id".to_owned(), json!(record.id));
        shown.insert("project_id".to_owned(), json!(record.project_id));
        shown.insert("user_id".to_owned(), json!(record.user_id));
        Value::Object(shown)
    }

    fn delete(&self, state: &mut State, _: &Scope, id: &str) -> Result<(), Refusal> {
        state.remove(Kind::ServerGroup, id);
        Ok(())
    }
}
