//! `/flavors`.

use serde_json::{Value, json};

use crate::{
    fields::{self, Fallback, Field, Type},
    record::{Attributes as _, Body, Record},
    refusal::Refusal,
    resource::{Resource, Shape},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

pub struct Flavors;

const FIELDS: [Field; 10] = [
    Field::new("id", Type::Short(255), Fallback::Absent).fixed(),
    Field::new("name", Type::Short(255), Fallback::Required).fixed(),
    Field::new("ram", Type::Number(1, i32::MAX as i64), Fallback::Required).fixed(),
    Field::new("vcpus", Type::Number(1, i32::MAX as i64), Fallback::Required).fixed(),
    Field::new("disk", Type::Number(0, i32::MAX as i64), Fallback::Required).fixed(),
    Field::new("OS-FLV-EXT-DATA:ephemeral", Type::Number(0, i32::MAX as i64), Fallback::Number(0)).fixed(),
    Field::new("swap", Type::Number(0, i32::MAX as i64), Fallback::Number(0)).fixed(),
    Field::new("rxtx_factor", Type::Anything, Fallback::Number(1)).fixed(),
    Field::new("os-flavor-access:is_public", Type::Flag, Fallback::Flag(true)).fixed(),
    Field::new("description", Type::Text, Fallback::Null),
];

fn for_admins(scope: &Scope) -> Result<(), Refusal> {
    if scope.is_admin() {
        Ok(())
    } else {
        Err(Refusal::forbidden("Policy doesn't allow os_compute_api:os-flavor-manage to be performed."))
    }
}

impl Resource for Flavors {
    fn shape(&self) -> Shape {
        Shape::new(Service::Compute, Kind::Flavor, "flavor", "flavors").answers(200, 202)
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        Refusal::missing(Kind::Flavor, id, format!("Flavor {id} could not be found."))
    }

    fn visible(&self, _: &State, scope: &Scope, record: &Record) -> bool {
        scope.is_admin() || record.flag("os-flavor-access:is_public")
    }

    fn create(&self, state: &mut State, scope: &Scope, given: Body) -> Result<String, Refusal> {
        for_admins(scope)?;
        let mut body = fields::for_create(Service::Compute, &FIELDS, given)?;
        let id = body.remove("id").and_then(|id| id.as_str().map(str::to_owned)).filter(|id| !id.is_empty() && id != "auto");
        let name = body.text("name").unwrap_or_default();
        let taken = state.all(Kind::Flavor).into_iter().any(|flavor| flavor.name() == name || Some(&flavor.id) == id.as_ref());
        if taken {
            return Err(Refusal::conflict("FlavorExists", format!("Flavor with name {name} already exists.")));
        }
        let mut record = Record::new(scope, body);
        record.id = id.unwrap_or(record.id);
        record.project_id = String::new();
        record.set("extra_specs", json!({}));
        Ok(state.insert(Kind::Flavor, record))
    }

    fn view(&self, _: &State, record: &Record) -> Value {
        let mut shown = record.body.clone();
        shown.insert("id".to_owned(), json!(record.id));
        shown.insert("OS-FLV-DISABLED:disabled".to_owned(), json!(false));
        shown.insert("links".to_owned(), json!([]));
        Value::Object(shown)
    }

    fn update(&self, state: &mut State, scope: &Scope, id: &str, given: Body) -> Result<(), Refusal> {
        for_admins(scope)?;
        let body = fields::for_update(Service::Compute, &FIELDS, given)?;
        state.patch(Kind::Flavor, id, body);
        Ok(())
    }

    fn delete(&self, state: &mut State, scope: &Scope, id: &str) -> Result<(), Refusal> {
        for_admins(scope)?;
        state.remove(Kind::Flavor, id);
        Ok(())
    }

    /// `set-extra-specs`.
    fn act(&self, state: &mut State, scope: &Scope, id: &str, action: &str, given: Body) -> Result<Value, Refusal> {
        for_admins(scope)?;
        if action != "set-extra-specs" {
            return Err(Refusal::bad(format!("There is no such action: {action}")));
        }
        let mut specs =
            state.get(Kind::Flavor, id).and_then(|flavor| flavor.body.object("extra_specs").cloned()).unwrap_or_default();
        specs.extend(given);
        state.set(Kind::Flavor, id, "extra_specs", specs.clone());
        Ok(Value::Object(specs))
    }
}
