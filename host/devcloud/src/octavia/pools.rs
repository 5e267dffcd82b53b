//! `/lbaas/pools`.

use serde_json::{Value, json};

use super::{BALANCER, admit, arrive, balancer_of, change, leave, mutable, owner, references, view};
use crate::{
    fields::{self, Fallback, Field, Type},
    record::{Attributes as _, Body, Record},
    refusal::Refusal,
    resource::{Resource, Shape},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

pub struct Pools;

const PROTOCOLS: [&str; 6] = ["HTTP", "HTTPS", "PROXY", "PROXYV2", "TCP", "UDP"];
const ALGORITHMS: [&str; 4] = ["ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP", "SOURCE_IP_PORT"];

const FIELDS: [Field; 11] = [
    Field::new("name", Type::Short(255), Fallback::Empty),
    Field::new("description", Type::Short(255), Fallback::Empty),
    Field::new("admin_state_up", Type::Flag, Fallback::Flag(true)),
    Field::new("loadbalancer_id", Type::Short(64), Fallback::Null).fixed(),
    Field::new("listener_id", Type::Short(64), Fallback::Null).fixed(),
    Field::new("protocol", Type::OneOf(&PROTOCOLS), Fallback::Required).fixed(),
    Field::new("lb_algorithm", Type::OneOf(&ALGORITHMS), Fallback::Required),
    Field::new("session_persistence", Type::Object, Fallback::Null),
    Field::new("tls_enabled", Type::Flag, Fallback::Flag(false)),
    Field::new("tls_container_ref", Type::Short(255), Fallback::Null),
    Field::new("tags", Type::List, Fallback::List),
];

impl Resource for Pools {
    fn shape(&self) -> Shape {
        Shape::new(Service::LoadBalancer, Kind::Pool, "pool", "pools")
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        Refusal::missing(Kind::Pool, id, format!("Pool {id} not found."))
    }

    /// Of a load balancer, or the default pool of a listener.
    fn create(&self, state: &mut State, scope: &Scope, mut given: Body) -> Result<String, Refusal> {
        owner(scope, &mut given)?;
        let mut body = fields::for_create(Service::LoadBalancer, &FIELDS, given)?;
        let take = |body: &mut Body, key: &str| body.remove(key).and_then(|id| id.as_str().map(str::to_owned));
        let (balancer, listener) = (take(&mut body, "loadbalancer_id"), take(&mut body, "listener_id"));
        if let Some(listener) = &listener {
            let record = state.visible(scope, Kind::Listener, listener)?;
            if record.body.has("default_pool_id") {
                return Err(Refusal::conflict(
                    "DuplicatePoolEntry",
                    format!("This listener already has a default pool: {listener}"),
                ));
            }
        }
        let balancer = match (balancer, &listener) {
            (Some(balancer), _) => balancer,
            (None, Some(listener)) => balancer_of(state, Kind::Listener, listener),
            (None, None) => {
                return Err(Refusal::bad("Validation failure: Must provide at least one of: loadbalancer_id, listener_id."));
            }
        };
        let project = state.visible(scope, Kind::LoadBalancer, &balancer)?.project_id.clone();
        mutable(state, &balancer)?;
        admit(state, &project, "pool")?;
        let id = arrive(state, Kind::Pool, &balancer, Record { project_id: project, ..Record::new(scope, body) });
        if let Some(listener) = listener {
            state.set(Kind::Listener, &listener, "default_pool_id", id.clone());
        }
        Ok(id)
    }

    fn view(&self, state: &State, record: &Record) -> Value {
        let mut shown = view(record);
        let with = |kind: Kind, key: &str| state.ids(kind, |other| other.text(key) == record.id);
        let balancer = record.private.text(BALANCER).unwrap_or_default().to_owned();
        shown.insert("loadbalancers".to_owned(), references(&[balancer]));
        shown.insert("listeners".to_owned(), references(&with(Kind::Listener, "default_pool_id")));
        shown.insert("members".to_owned(), references(&with(Kind::PoolMember, "pool_id")));
        shown.insert("healthmonitor_id".to_owned(), json!(with(Kind::HealthMonitor, "pool_id").first()));
        Value::Object(shown)
    }

    fn update(&self, state: &mut State, _: &Scope, id: &str, given: Body) -> Result<(), Refusal> {
        let body = fields::for_update(Service::LoadBalancer, &FIELDS, given)?;
        change(state, Kind::Pool, id, body)
    }

    /// Its members and its monitor go with it.
    fn delete(&self, state: &mut State, _: &Scope, id: &str) -> Result<(), Refusal> {
        leave(state, Kind::Pool, id)?;
        for kind in [Kind::PoolMember, Kind::HealthMonitor] {
            for child in state.ids(kind, |record| record.text("pool_id") == id) {
                state.later(kind, &child, crate::pending::Change::Remove);
            }
        }
        for listener in state.ids(Kind::Listener, |listener| listener.text("default_pool_id") == id) {
            state.set(Kind::Listener, &listener, "default_pool_id", Value::Null);
        }
        Ok(())
    }
}
