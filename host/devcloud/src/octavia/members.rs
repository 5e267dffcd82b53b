//! `/lbaas/pools/{pool_id}/members`.

use serde_json::{Value, json};

use super::{admit, arrive, balancer_of, change, leave, mutable, owner, view};
use crate::{
    fields::{self, Fallback, Field, Type},
    record::{Attributes as _, Body, Record},
    refusal::Refusal,
    resource::{Resource, Shape},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

pub struct Members;

const FIELDS: [Field; 12] = [
    Field::new("pool_id", Type::Short(64), Fallback::Required).fixed(),
    Field::new("name", Type::Short(255), Fallback::Empty),
    Field::new("admin_state_up", Type::Flag, Fallback::Flag(true)),
    Field::new("address", Type::Short(64), Fallback::Required).fixed(),
    Field::new("protocol_port", Type::Number(1, 65_535), Fallback::Required).fixed(),
    Field::new("weight", Type::Number(0, 256), Fallback::Number(1)),
    Field::new("backup", Type::Flag, Fallback::Flag(false)),
    Field::new("subnet_id", Type::Short(64), Fallback::Null).fixed(),
    Field::new("monitor_address", Type::Short(64), Fallback::Null),
    Field::new("monitor_port", Type::Number(1, 65_535), Fallback::Null),
    Field::new("vnic_type", Type::Text, Fallback::Text("normal")).fixed(),
    Field::new("tags", Type::List, Fallback::List),
];

impl Resource for Members {
    fn shape(&self) -> Shape {
        Shape::new(Service::LoadBalancer, Kind::PoolMember, "member", "members")
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        Refusal::missing(Kind::PoolMember, id, format!("Member {id} not found."))
    }

    fn create(&self, state: &mut State, scope: &Scope, mut given: Body) -> Result<String, Refusal> {
        owner(scope, &mut given)?;
        let body = fields::for_create(Service::LoadBalancer, &FIELDS, given)?;
        let text = |key: &str| body.text(key).unwrap_or_default();
        let project = state.visible(scope, Kind::Pool, text("pool_id"))?.project_id.clone();
        crate::neutron::addresses::parse(text("address"))?;
        if let Some(subnet) = body.text("subnet_id") {
            state.visible(scope, Kind::Subnet, subnet).map_err(|_| Refusal::bad(format!("Subnet {subnet} not found.")))?;
        }
        let balancer = balancer_of(state, Kind::Pool, text("pool_id"));
        mutable(state, &balancer)?;
        let same =
            |other: &&Record| ["pool_id", "address", "protocol_port"].iter().all(|key| other.body.get(*key) == body.get(*key));
        if state.all(Kind::PoolMember).iter().any(same) {
            let message = format!(
                "Another member on this pool is already using ip {} on protocol_port {}",
                text("address"),
                body.number("protocol_port").unwrap_or_default()
            );
            return Err(Refusal::conflict("DuplicateMemberEntry", message));
        }
        admit(state, &project, "member")?;
        Ok(arrive(state, Kind::PoolMember, &balancer, Record { project_id: project, ..Record::new(scope, body) }))
    }

    /// Without a monitor nobody knows how it is.
    fn view(&self, state: &State, record: &Record) -> Value {
        let mut shown = view(record);
        let watched = state.all(Kind::HealthMonitor).into_iter().any(|monitor| monitor.text("pool_id") == record.text("pool_id"));
        if !watched {
            shown.insert("operating_status".to_owned(), json!("NO_MONITOR"));
        }
        Value::Object(shown)
    }

    fn update(&self, state: &mut State, _: &Scope, id: &str, given: Body) -> Result<(), Refusal> {
        let body = fields::for_update(Service::LoadBalancer, &FIELDS, given)?;
        change(state, Kind::PoolMember, id, body)
    }

    fn delete(&self, state: &mut State, _: &Scope, id: &str) -> Result<(), Refusal> {
        leave(state, Kind::PoolMember, id)
    }
}
