//! `/containers`.

use serde_json::{Value, json};

use super::secrets::admit;
use crate::{
    fields::{self, Fallback, Field, Type},
    record::{Attributes as _, Body, Record},
    refusal::{Problem, Refusal},
    resource::{Resource, Shape},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

pub struct Containers;

const FIELDS: [Field; 3] = [
    Field::new("name", Type::Short(255), Fallback::Null).fixed(),
    Field::new("type", Type::OneOf(&["generic", "rsa", "certificate"]), Fallback::Required).fixed(),
    Field::new("secret_refs", Type::List, Fallback::List).fixed(),
];

impl Resource for Containers {
    fn shape(&self) -> Shape {
        Shape::new(Service::KeyManager, Kind::SecretContainer, "container", "containers")
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        Refusal::missing(Kind::SecretContainer, id, "Container not found.")
    }

    fn visible(&self, _: &State, scope: &Scope, record: &Record) -> bool {
        record.project_id == scope.project_id
    }

    fn create(&self, state: &mut State, scope: &Scope, given: Body) -> Result<String, Refusal> {
        let mut body = fields::for_create(Service::KeyManager, &FIELDS, given)?;
        for entry in body.list("secret_refs") {
            let reference = entry.get("secret_ref").and_then(Value::as_str).unwrap_or_default();
            let id = reference.rsplit('/').next().unwrap_or_default();
            state.visible(scope, Kind::Secret, id).map_err(|_| {
                Refusal::new(
                    Problem::NotFound,
                    "NotFound",
                    format!(
                        "Secret provided for '{}' doesn't exist.",
                        entry.get("name").and_then(Value::as_str).unwrap_or_default()
                    ),
                )
            })?;
        }
        admit(state, &scope.project_id, "containers")?;
        body.insert("consumers".to_owned(), json!([]));
        Ok(state.insert(Kind::SecretContainer, Record::new(scope, body)))
    }

    fn view(&self, _: &State, record: &Record) -> Value {
        let mut shown = record.body.clone();
        let mut put = |key: &str, value: Value| shown.insert(key.to_owned(), value);
        put("id", json!(record.id));
        put("status", json!("ACTIVE"));
        put("created", json!(record.created.plain()));
        put("updated", json!(record.updated.unwrap_or(record.created).plain()));
        put("creator_id", json!(record.user_id));
        Value::Object(shown)
    }

    fn delete(&self, state: &mut State, _: &Scope, id: &str) -> Result<(), Refusal> {
        state.remove(Kind::SecretContainer, id);
        Ok(())
    }
}
