//! `/types`.

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

pub struct VolumeTypes;

const FIELDS: [Field; 4] = [
    Field::new("name", Type::Short(255), Fallback::Required),
    Field::new("description", Type::Short(255), Fallback::Null),
    Field::new("extra_specs", Type::Object, Fallback::Object).fixed(),
    Field::new("os-volume-type-access:is_public", Type::Flag, Fallback::Flag(true)).fixed(),
];

fn for_admins(scope: &Scope) -> Result<(), Refusal> {
    if scope.is_admin() {
        Ok(())
    } else {
        Err(Refusal::forbidden("Policy doesn't allow volume_extension:types_manage to be performed."))
    }
}

impl Resource for VolumeTypes {
    fn shape(&self) -> Shape {
        Shape::new(Service::Volume, Kind::VolumeType, "volume_type", "volume_types").answers(200, 202)
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        Refusal::missing(Kind::VolumeType, id, format!("Volume type {id} could not be found."))
    }

    fn visible(&self, _: &State, scope: &Scope, record: &Record) -> bool {
        scope.is_admin() || record.flag("os-volume-type-access:is_public")
    }

    fn create(&self, state: &mut State, scope: &Scope, given: Body) -> Result<String, Refusal> {
        for_admins(scope)?;
        let body = fields::for_create(Service::Volume, &FIELDS, given)?;
        let name = body.text("name").unwrap_or_default();
        if state.all(Kind::VolumeType).into_iter().any(|kind| kind.name() == name) {
            return Err(Refusal::conflict("VolumeTypeExists", format!("Volume Type {name} already exists.")));
        }
        let record = Record { project_id: String::new(), ..Record::new(scope, body) };
        Ok(state.insert(Kind::VolumeType, record))
    }

    fn view(&self, _: &State, record: &Record) -> Value {
        let mut shown = record.body.clone();
        shown.insert("id".to_owned(), json!(record.id));
        shown.insert("is_public".to_owned(), json!(record.flag("os-volume-type-access:is_public")));
        shown.insert("qos_specs_id".to_owned(), Value::Null);
        Value::Object(shown)
    }

    fn update(&self, state: &mut State, scope: &Scope, id: &str, given: Body) -> Result<(), Refusal> {
        for_admins(scope)?;
        let body = fields::for_update(Service::Volume, &FIELDS, given)?;
        state.patch(Kind::VolumeType, id, body);
        Ok(())
    }

    fn delete(&self, state: &mut State, scope: &Scope, id: &str) -> Result<(), Refusal> {
        for_admins(scope)?;
        let name = state.get(Kind::VolumeType, id).map(|kind| kind.name().to_owned()).unwrap_or_default();
        if state.all(Kind::Volume).into_iter().any(|volume| volume.text("volume_type") == name) {
            return Err(Refusal::bad(format!(
                "Target volume type is still in use: Volume Type {id} deletion is not allowed with volumes present with the type."
            )));
        }
        state.remove(Kind::VolumeType, id);
        Ok(())
    }
}
