//! `/lbaas/listeners`.

use serde_json::{Value, json};

use super::{BALANCER, admit, arrive, change, leave, mutable, owner, references, view};
use crate::{
    fields::{self, Fallback, Field, Type},
    record::{Attributes as _, Body, Record},
    refusal::Refusal,
    resource::{Resource, Shape},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

pub struct Listeners;

const PROTOCOLS: [&str; 7] = ["HTTP", "HTTPS", "TCP", "TERMINATED_HTTPS", "UDP", "SCTP", "PROMETHEUS"];

const FIELDS: [Field; 19] = [
    Field::new("name", Type::Short(255), Fallback::Empty),
    Field::new("description", Type::Short(255), Fallback::Empty),
    Field::new("admin_state_up", Type::Flag, Fallback::Flag(true)),
    Field::new("loadbalancer_id", Type::Short(64), Fallback::Required).fixed(),
    Field::new("protocol", Type::OneOf(&PROTOCOLS), Fallback::Required).fixed(),
    Field::new("protocol_port", Type::Number(1, 65_535), Fallback::Required).fixed(),
    Field::new("default_pool_id", Type::Short(64), Fallback::Null),
    Field::new("connection_limit", Type::Number(-1, i32::MAX as i64), Fallback::Number(-1)),
    Field::new("default_tls_container_ref", Type::Short(255), Fallback::Null),
    Field::new("sni_container_refs", Type::List, Fallback::List),
    Field::new("insert_headers", Type::Object, Fallback::Object),
    Field::new("timeout_client_data", Type::Number(0, 31_536_000_000), Fallback::Number(50_000)),
    Field::new("timeout_member_connect", Type::Number(0, 31_536_000_000), Fallback::Number(5_000)),
    Field::new("timeout_member_data", Type::Number(0, 31_536_000_000), Fallback::Number(50_000)),
    Field::new("timeout_tcp_inspect", Type::Number(0, 31_536_000_000), Fallback::Number(0)),
    Field::new("client_authentication", Type::OneOf(&["NONE", "OPTIONAL", "MANDATORY"]), Fallback::Text("NONE")),
    Field::new("allowed_cidrs", Type::List, Fallback::Null),
    Field::new("tls_versions", Type::List, Fallback::List),
    Field::new("tags", Type::List, Fallback::List),
];

impl Resource for Listeners {
    fn shape(&self) -> Shape {
        Shape::new(Service::LoadBalancer, Kind::Listener, "listener", "listeners")
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        Refusal::missing(Kind::Listener, id, format!("Listener {id} not found."))
    }

    fn create(&self, state: &mut State, scope: &Scope, mut given: Body) -> Result<String, Refusal> {
        owner(scope, &mut given)?;
        let mut body = fields::for_create(Service::LoadBalancer, &FIELDS, given)?;
        let balancer = body.remove("loadbalancer_id").and_then(|id| id.as_str().map(str::to_owned)).unwrap_or_default();
        let project = state.visible(scope, Kind::LoadBalancer, &balancer)?.project_id.clone();
        default_pool(state, scope, &balancer, &body)?;
        mutable(state, &balancer)?;
        let port = body.number("protocol_port").unwrap_or_default();
        let datagrams = |protocol: &str| ["UDP", "SCTP"].contains(&protocol);
        let same = |other: &&Record| {
            other.private.text(BALANCER) == Some(&balancer)
                && other.number("protocol_port") == port
                && datagrams(other.text("protocol")) == datagrams(body.text("protocol").unwrap_or_default())
        };
        if state.all(Kind::Listener).iter().any(same) {
            return Err(Refusal::conflict(
                "DuplicateListenerEntry",
                format!("Another Listener on this Load Balancer is already using protocol_port {port}"),
            ));
        }
        admit(state, &project, "listener")?;
        Ok(arrive(state, Kind::Listener, &balancer, Record { project_id: project, ..Record::new(scope, body) }))
    }

    fn view(&self, _: &State, record: &Record) -> Value {
        let mut shown = view(record);
        let balancer = record.private.text(BALANCER).unwrap_or_default().to_owned();
        shown.insert("loadbalancers".to_owned(), references(&[balancer]));
        shown.insert("l7policies".to_owned(), json!([]));
        Value::Object(shown)
    }

    fn update(&self, state: &mut State, scope: &Scope, id: &str, given: Body) -> Result<(), Refusal> {
        let body = fields::for_update(Service::LoadBalancer, &FIELDS, given)?;
        default_pool(state, scope, &super::balancer_of(state, Kind::Listener, id), &body)?;
        change(state, Kind::Listener, id, body)
    }

    fn delete(&self, state: &mut State, _: &Scope, id: &str) -> Result<(), Refusal> {
        leave(state, Kind::Listener, id)
    }
}

fn default_pool(state: &State, scope: &Scope, balancer: &str, body: &Body) -> Result<(), Refusal> {
    let Some(pool) = body.text("default_pool_id") else { return Ok(()) };
    let pool = state.visible(scope, Kind::Pool, pool)?;
    if pool.private.text(BALANCER) == Some(balancer) {
        return Ok(());
    }
    Err(Refusal::bad(format!("Pool {} is not on load balancer {balancer}", pool.id)))
}
