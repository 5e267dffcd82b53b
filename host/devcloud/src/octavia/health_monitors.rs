//! `/lbaas/healthmonitors`.

use serde_json::{Value, json};

use super::{admit, arrive, balancer_of, change, leave, mutable, owner, references, view};
use crate::{
    fields::{self, Fallback, Field, Type},
    record::{Attributes as _, Body, Record},
    refusal::Refusal,
    resource::{Resource, Shape},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

pub struct HealthMonitors;

const TYPES: [&str; 7] = ["HTTP", "HTTPS", "PING", "SCTP", "TCP", "TLS-HELLO", "UDP-CONNECT"];

const FIELDS: [Field; 14] = [
    Field::new("pool_id", Type::Short(64), Fallback::Required).fixed(),
    Field::new("name", Type::Short(255), Fallback::Empty),
    Field::new("admin_state_up", Type::Flag, Fallback::Flag(true)),
    Field::new("type", Type::OneOf(&TYPES), Fallback::Required).fixed(),
    Field::new("delay", Type::Number(0, i32::MAX as i64), Fallback::Required),
    Field::new("timeout", Type::Number(0, i32::MAX as i64), Fallback::Required),
    Field::new("max_retries", Type::Number(1, 10), Fallback::Required),
    Field::new("max_retries_down", Type::Number(1, 10), Fallback::Number(3)),
    Field::new("http_method", Type::Short(16), Fallback::Null),
    Field::new("http_version", Type::Anything, Fallback::Null),
    Field::new("url_path", Type::Short(255), Fallback::Null),
    Field::new("expected_codes", Type::Short(255), Fallback::Null),
    Field::new("domain_name", Type::Short(255), Fallback::Null),
    Field::new("tags", Type::List, Fallback::List),
];

impl Resource for HealthMonitors {
    fn shape(&self) -> Shape {
        Shape::new(Service::LoadBalancer, Kind::HealthMonitor, "healthmonitor", "healthmonitors")
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        Refusal::missing(Kind::HealthMonitor, id, format!("Health Monitor {id} not found."))
    }

    fn create(&self, state: &mut State, scope: &Scope, mut given: Body) -> Result<String, Refusal> {
        owner(scope, &mut given)?;
        let mut body = fields::for_create(Service::LoadBalancer, &FIELDS, given)?;
        let pool = body.text("pool_id").unwrap_or_default().to_owned();
        let project = state.visible(scope, Kind::Pool, &pool)?.project_id.clone();
        if body.number("delay") < body.number("timeout") {
            return Err(Refusal::bad("Validation failure: The delay value must be greater than or equal to the timeout value."));
        }
        let balancer = balancer_of(state, Kind::Pool, &pool);
        mutable(state, &balancer)?;
        if state.all(Kind::HealthMonitor).into_iter().any(|other| other.text("pool_id") == pool) {
            return Err(Refusal::conflict("DuplicateHealthMonitor", "This pool already has a health monitor"));
        }
        admit(state, &project, "healthmonitor")?;
        if body.text("type").is_some_and(|kind| kind.starts_with("HTTP")) {
            for (key, value) in [("http_method", "GET"), ("url_path", "/"), ("expected_codes", "200")] {
                if !body.has(key) {
                    body.insert(key.to_owned(), json!(value));
                }
            }
        }
        Ok(arrive(state, Kind::HealthMonitor, &balancer, Record { project_id: project, ..Record::new(scope, body) }))
    }

    fn view(&self, _: &State, record: &Record) -> Value {
        let mut shown = view(record);
        shown.insert("pools".to_owned(), references(&[record.text("pool_id").to_owned()]));
        Value::Object(shown)
    }

    fn update(&self, state: &mut State, _: &Scope, id: &str, given: Body) -> Result<(), Refusal> {
        let body = fields::for_update(Service::LoadBalancer, &FIELDS, given)?;
        change(state, Kind::HealthMonitor, id, body)
    }

    fn delete(&self, state: &mut State, _: &Scope, id: &str) -> Result<(), Refusal> {
        leave(state, Kind::HealthMonitor, id)
    }
}
