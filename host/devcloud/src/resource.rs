//! What a collection of a service must know about itself.

use serde_json::Value;

use crate::{
    fields::{self, Field},
    record::{Body, Record},
    refusal::{Problem, Refusal},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

/// How a collection looks over REST.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub service: Service,
    pub kind: Kind,
    /// The envelope of one object; empty for none.
    pub singular: &'static str,
    /// The envelope of a list, and the last segment of the collection's path unless that says otherwise.
    pub plural: &'static str,
    /// The status of a creation and of a deletion.
    pub created: u16,
    pub deleted: u16,
}

impl Shape {
    /// Created with 201, deleted with 204.
    pub const fn new(service: Service, kind: Kind, singular: &'static str, plural: &'static str) -> Self {
        Self { service, kind, singular, plural, created: 201, deleted: 204 }
    }

    pub const fn answers(self, created: u16, deleted: u16) -> Self {
        Self { created, deleted, ..self }
    }
}

/// A collection of a service: its attributes and the rules on them. REST and Heat both come through here.
pub trait Resource: Sync {
    fn shape(&self) -> Shape;

    fn fields(&self) -> &'static [Field];

    /// What the error calls an object that is not there.
    fn missing(&self, id: &str) -> Refusal;

    /// The key of what the caller means by this id; keypairs are known by names of the caller's own.
    fn key(&self, _: &Scope, id: &str) -> String {
        id.to_owned()
    }

    fn visible(&self, _: &State, scope: &Scope, record: &Record) -> bool {
        scope.is_admin() || record.project_id == scope.project_id
    }

    /// Makes the object and says its id.
    fn create(&self, state: &mut State, scope: &Scope, given: Body) -> Result<String, Refusal>;

    /// The object as the API shows it.
    fn view(&self, state: &State, record: &Record) -> Value;

    /// The object as its creation shows it: with what its private [`ONCE`] holds, which is then forgotten.
    fn view_created(&self, state: &State, record: &Record) -> Value {
        self.view(state, record)
    }

    fn update(&self, state: &mut State, _: &Scope, id: &str, given: Body) -> Result<(), Refusal> {
        let Shape { service, kind, .. } = self.shape();
        let body = fields::for_update(service, self.fields(), given)?;
        state.patch(kind, id, body);
        Ok(())
    }

    fn delete(&self, state: &mut State, scope: &Scope, id: &str) -> Result<(), Refusal>;

    /// What else can be done with an object.
    fn act(&self, _: &mut State, _: &Scope, _id: &str, action: &str, _: Body) -> Result<Value, Refusal> {
        Err(Refusal::bad(format!("There is no such action: {action}")))
    }
}

/// The private attribute that is shown by the creation, and never after.
pub const ONCE: &str = "once";

/// What a caller wants to do with a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Read,
    Write,
}

/// Whether these roles may read from or write to a service.
pub fn decide(scope: &Scope, service: Service, access: Access) -> Result<(), Refusal> {
    let own: &[&str] = match service {
        Service::LoadBalancer => &["load-balancer_member"],
        Service::KeyManager => &["creator"],
        _ => &[],
    };
    let role = |name: &str| scope.roles.iter().any(|role| role == name);
    let member = role("admin") || role("member") || own.iter().any(|name| role(name));
    let allowed = match access {
        Access::Read => member || role("reader"),
        Access::Write => member,
    };
    if allowed {
        return Ok(());
    }
    let message = match service {
        Service::LoadBalancer => "Policy does not allow this request to be performed.",
        _ => "You are not authorized to perform the requested action.",
    };
    Err(Refusal::new(Problem::Forbidden, "PolicyNotAuthorized", message))
}

impl Scope {
    pub fn is_admin(&self) -> bool {
        self.roles.iter().any(|role| role == "admin")
    }
}
