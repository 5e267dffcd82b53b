//! The users that Heat makes for its stacks: in its own domain, with the role of a stack user only.

use serde_json::{Value, json};

use super::{
    model::{Target, User},
    new_id, not_found,
    secret::{self, Sealed},
};
use crate::{
    fields::{self, Fallback, Field, Type},
    record::{Body, Record},
    refusal::Refusal,
    resource::{ONCE, Resource, Shape},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

pub const DOMAIN: &str = "heat";
pub const ROLE: &str = "heat_stack_user";

pub struct StackUsers;

const FIELDS: [Field; 1] = [Field::new("name", Type::Short(255), Fallback::Required).fixed()];

impl Resource for StackUsers {
    fn shape(&self) -> Shape {
        Shape::new(Service::Identity, Kind::StackUser, "user", "users")
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        Refusal { missing: Some((Kind::StackUser, id.to_owned())), ..not_found("user", id) }
    }

    /// The password is drawn here, and shown once.
    fn create(&self, state: &mut State, scope: &Scope, given: Body) -> Result<String, Refusal> {
        let mut record = Record::new(scope, fields::for_create(Service::Identity, self.fields(), given)?);
        record.id = new_id();
        let password = secret::random(24);
        let keystone = &mut state.keystone;
        let domain_id =
            keystone.domain_named(DOMAIN).map(|domain| domain.id.clone()).ok_or_else(|| not_found("domain", DOMAIN))?;
        let role_id = keystone.role_named(ROLE).map(|role| role.id.clone()).ok_or_else(|| not_found("role", ROLE))?;
        let user = User {
            id: record.id.clone(),
            name: format!("{}-{}", record.name(), record.id),
            domain_id: domain_id.clone(),
            description: None,
            email: None,
            default_project_id: None,
            enabled: true,
            password: Some(Sealed::new(&password)),
            generation: 0,
            seeded: false,
        };
        record.set("name", user.name.clone());
        record.set("domain_id", domain_id);
        record.private.insert(ONCE.to_owned(), json!(password));
        record.private.insert("password".to_owned(), json!(password));
        keystone.grant(&user.id, &role_id, Target::Project(scope.project_id.clone()));
        keystone.users.insert(user.id.clone(), user);
        Ok(state.insert(Kind::StackUser, record))
    }

    fn view(&self, _: &State, record: &Record) -> Value {
        json!({"id": record.id, "name": record.name(), "domain_id": record.text("domain_id"), "project_id": record.project_id})
    }

    fn view_created(&self, state: &State, record: &Record) -> Value {
        let mut shown = self.view(state, record);
        if let (Some(shown), Some(password)) = (shown.as_object_mut(), record.private.get(ONCE)) {
            shown.insert("password".to_owned(), password.clone());
        }
        shown
    }

    fn delete(&self, state: &mut State, _: &Scope, id: &str) -> Result<(), Refusal> {
        state.keystone.remove_user(id);
        state.remove(Kind::StackUser, id);
        Ok(())
    }
}
