//! `/servers`.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use super::{admit, block_devices, networking, volume_attachments};
use crate::{
    fields::{self, Fallback, Field, Type},
    pending::Change,
    record::{Attributes as _, Body, Record},
    refusal::Refusal,
    resource::{Resource, Shape},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

pub struct Servers;

const FIELDS: [Field; 21] = [
    Field::new("name", Type::Short(255), Fallback::Required),
    Field::new("flavorRef", Type::Anything, Fallback::Required).fixed(),
    Field::new("imageRef", Type::Text, Fallback::Empty).fixed(),
    Field::new("key_name", Type::Short(255), Fallback::Null).fixed(),
    Field::new("networks", Type::Anything, Fallback::Null).fixed(),
    Field::new("security_groups", Type::List, Fallback::List).fixed(),
    Field::new("user_data", Type::Short(65_535), Fallback::Null).fixed(),
    Field::new("availability_zone", Type::Short(255), Fallback::Null).fixed(),
    Field::new("metadata", Type::Object, Fallback::Object).fixed(),
    Field::new("config_drive", Type::Flag, Fallback::Flag(false)).fixed(),
    Field::new("block_device_mapping_v2", Type::List, Fallback::List).fixed(),
    Field::new("block_device_mapping", Type::List, Fallback::List).fixed(),
    Field::new("adminPass", Type::Text, Fallback::Absent).fixed(),
    Field::new("description", Type::Short(255), Fallback::Null),
    Field::new("tags", Type::List, Fallback::List).fixed(),
    Field::new("min_count", Type::Number(1, 1), Fallback::Number(1)).fixed(),
    Field::new("max_count", Type::Number(1, 1), Fallback::Number(1)).fixed(),
    Field::new("OS-DCF:diskConfig", Type::OneOf(&["AUTO", "MANUAL"]), Fallback::Text("MANUAL")),
    Field::new("accessIPv4", Type::Text, Fallback::Empty),
    Field::new("accessIPv6", Type::Text, Fallback::Empty),
    Field::new("os:scheduler_hints", Type::Object, Fallback::Object).fixed(),
];

/// What a server is made from, kept for itself and not shown as given.
const NOT_SHOWN: [&str; 11] = [
    "flavorRef",
    "flavor_id",
    "imageRef",
    "networks",
    "user_data",
    "block_device_mapping_v2",
    "block_device_mapping",
    "adminPass",
    "min_count",
    "max_count",
    "port_order",
];

impl Resource for Servers {
    fn shape(&self) -> Shape {
        Shape::new(Service::Compute, Kind::Server, "server", "servers").answers(202, 204)
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        Refusal::missing(Kind::Server, id, format!("Instance {id} could not be found."))
    }

    fn create(&self, state: &mut State, scope: &Scope, given: Body) -> Result<String, Refusal> {
        let mut body = fields::for_create(Service::Compute, &FIELDS, given)?;
        let flavor = flavor(state, scope, &body)?;
        check(state, scope, &body, &flavor)?;
        let nics = networking::wanted(state, scope, body.get("networks"))?;
        let groups = networking::groups(state, scope, body.list("security_groups"))?;
        let group = server_group(state, scope, &body)?;
        admit(state, &scope.project_id, &[("instances", 1), ("cores", flavor.number("vcpus")), ("ram", flavor.number("ram"))])?;
        let mappings = [body.list("block_device_mapping_v2"), body.list("block_device_mapping")].concat();
        let secret = body.text("adminPass").map_or_else(|| crate::keystone::secret::random(9), str::to_owned);
        body.insert("flavor_id".to_owned(), json!(flavor.id));
        let mut record = Record::new(scope, body);
        record.private.insert(crate::resource::ONCE.to_owned(), json!(secret));
        let (mut order, mut made) = (Vec::new(), Vec::new());
        let plugged = nics.iter().try_for_each(|nic| {
            let (port, own) = networking::plug(state, scope, &record.id, nic, &groups)?;
            order.push(port.clone());
            if own {
                made.push(port);
            }
            Ok(())
        });
        let volumes = match plugged.and_then(|()| block_devices::prepare(state, scope, &mappings)) {
            Ok(volumes) => volumes,
            Err(refusal) => {
                order.iter().for_each(|port| networking::unplug(state, port, made.contains(port)));
                return Err(refusal);
            }
        };
        record.set("port_order", order);
        record.private.insert("ports".to_owned(), json!(made));
        record.body.extend(condition("BUILD", "building", 0, Some("spawning")));
        let id = state.insert(Kind::Server, record);
        for (volume, goes) in volumes {
            volume_attachments::attach(state, scope, &id, &volume, None, goes)?;
        }
        if let Some(group) = group.and_then(|group| state.get_mut(Kind::ServerGroup, &group)) {
            group.push("members", id.clone());
        }
        state.later(Kind::Server, &id, Change::Set(condition("ACTIVE", "active", 1, None)));
        Ok(id)
    }

    fn view(&self, state: &State, record: &Record) -> Value {
        let mut shown = record.body.clone();
        shown.retain(|key, _| !NOT_SHOWN.contains(&key.as_str()) && key != "os:scheduler_hints");
        let mut put = |key: &str, value: Value| shown.insert(key.to_owned(), value);
        put("id", json!(record.id));
        put("tenant_id", json!(record.project_id));
        put("project_id", json!(record.project_id));
        put("user_id", json!(record.user_id));
        put("created", json!(record.created.zulu()));
        put("updated", json!(record.updated.unwrap_or(record.created).zulu()));
        put("addresses", networking::addresses(state, record));
        put("flavor", flavor_view(state, record.text("flavor_id")));
        put(
            "image",
            if record.text("imageRef").is_empty() { json!("") } else { json!({"id": record.text("imageRef"), "links": []}) },
        );
        put("security_groups", group_names(state, record));
        put("hostId", json!(crate::keystone::secret::digest(&record.project_id)));
        put("OS-EXT-AZ:availability_zone", json!("nova"));
        put("OS-SRV-USG:launched_at", json!((record.text("status") != "BUILD").then(|| record.created.micros())));
        put("OS-SRV-USG:terminated_at", Value::Null);
        put("os-extended-volumes:volumes_attached", volume_attachments::of(state, &record.id));
        put("config_drive", json!(if record.flag("config_drive") { "True" } else { "" }));
        put("progress", json!(0));
        put("locked", json!(false));
        put("links", json!([]));
        Value::Object(shown)
    }

    fn view_created(&self, state: &State, record: &Record) -> Value {
        let mut shown = self.view(state, record);
        if let (Some(shown), Some(secret)) = (shown.as_object_mut(), record.private.get(crate::resource::ONCE)) {
            shown.insert("adminPass".to_owned(), secret.clone());
        }
        shown
    }

    /// Its ports are free and its volumes loose at once; the server itself goes when the cloud has come that far.
    fn delete(&self, state: &mut State, _: &Scope, id: &str) -> Result<(), Refusal> {
        let Some(server) = state.get(Kind::Server, id) else { return Ok(()) };
        let made: Vec<String> =
            serde_json::from_value(server.private.get("ports").cloned().unwrap_or_default()).unwrap_or_default();
        let ports: Vec<String> = networking::ports(state, id).into_iter().map(|port| port.id.clone()).collect();
        ports.iter().for_each(|port| networking::unplug(state, port, made.contains(port)));
        volume_attachments::detach_all(state, id);
        for group in state.ids(Kind::ServerGroup, |group| group.texts("members").any(|member| member == id)) {
            if let Some(group) = state.get_mut(Kind::ServerGroup, &group) {
                group.retain("members", |member| member.as_str() != Some(id));
            }
        }
        state.set(Kind::Server, id, "OS-EXT-STS:task_state", "deleting");
        state.later(Kind::Server, id, Change::Remove);
        Ok(())
    }

    /// `attach-volume`, `detach-volume`, `attach-interface`, `detach-interface`, `set-metadata`, `resize`, `rebuild`, and the
    /// actions that only change the status.
    fn act(&self, state: &mut State, scope: &Scope, id: &str, action: &str, given: Body) -> Result<Value, Refusal> {
        super::actions::act(state, scope, id, action, &given)
    }
}

/// A server's condition, in all the attributes that tell it.
pub fn condition(status: &str, vm: &str, power: i64, task: Option<&str>) -> Body {
    let all = [
        ("status", json!(status)),
        ("OS-EXT-STS:vm_state", json!(vm)),
        ("OS-EXT-STS:power_state", json!(power)),
        ("OS-EXT-STS:task_state", json!(task)),
    ];
    all.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn flavor(state: &State, scope: &Scope, body: &Body) -> Result<Record, Refusal> {
    let asked = body.get("flavorRef").map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned)).unwrap_or_default();
    let id = asked.rsplit('/').next().unwrap_or_default();
    state.visible(scope, Kind::Flavor, id).cloned().map_err(|_| Refusal::bad(format!("Flavor {id} could not be found.")))
}

fn check(state: &State, scope: &Scope, body: &Body, flavor: &Record) -> Result<(), Refusal> {
    match body.text("imageRef") {
        Some(id) => {
            let image =
                state.visible(scope, Kind::Image, id).map_err(|_| Refusal::bad(format!("Image {id} could not be found.")))?;
            if image.text("status") != "active" {
                return Err(Refusal::bad(format!("Image {id} is not active.")));
            }
            let small = flavor.number("disk") != 0
                && image.number("min_disk") > flavor.number("disk")
                && !block_devices::bootable(body.list("block_device_mapping_v2"));
            if small {
                return Err(Refusal::bad(
                    "Flavor's disk is too small for requested image. Flavor disk is smaller than the minimum size specified in image metadata.",
                ));
            }
            if image.number("min_ram") > flavor.number("ram") {
                return Err(Refusal::bad("Flavor's memory is too small for requested image."));
            }
        }
        None if body.list("block_device_mapping_v2").is_empty() && body.list("block_device_mapping").is_empty() => {
            return Err(Refusal::bad("Invalid imageRef provided."));
        }
        None => {}
    }
    if let Some(name) = body.text("key_name") {
        let key = crate::collections::resource(Kind::Keypair).key(scope, name);
        state.get(Kind::Keypair, &key).ok_or_else(|| Refusal::bad("Invalid key_name provided."))?;
    }
    if body.text("user_data").is_some_and(|data| BASE64_STANDARD.decode(data.replace(['\n', '\r'], "")).is_err()) {
        return Err(Refusal::bad("Invalid input for field/attribute user_data. It is not a 'base64'"));
    }
    if body.text("availability_zone").is_some_and(|zone| zone != "nova" && !zone.starts_with("nova:")) {
        return Err(Refusal::bad("The requested availability zone is not available"));
    }
    let texts = body.object("metadata").is_none_or(|metadata| metadata.values().all(Value::is_string));
    if texts { Ok(()) } else { Err(Refusal::bad("Invalid input for field/attribute metadata. Values must be strings.")) }
}

fn server_group(state: &State, scope: &Scope, body: &Body) -> Result<Option<String>, Refusal> {
    let Some(id) = body.object("os:scheduler_hints").and_then(|hints| hints.text("group")) else { return Ok(None) };
    let group = state.visible(scope, Kind::ServerGroup, id);
    group
        .map(|group| Some(group.id.clone()))
        .map_err(|_| Refusal::bad(format!("Invalid input: Instance group {id} could not be found.")))
}

/// The flavor as it is shown within a server since microversion 2.47, and its id for those before.
fn flavor_view(state: &State, id: &str) -> Value {
    let Some(flavor) = state.get(Kind::Flavor, id) else { return json!({"id": id}) };
    json!({"id": id, "original_name": flavor.name(), "vcpus": flavor.number("vcpus"), "ram": flavor.number("ram"),
        "disk": flavor.number("disk"), "ephemeral": 0, "swap": flavor.number("swap"), "extra_specs": flavor.body.get("extra_specs")})
}

fn group_names(state: &State, server: &Record) -> Value {
    let ports = networking::ports(state, &server.id);
    let mut names: Vec<&str> = ports.iter().flat_map(|port| port.texts("security_groups")).collect();
    names.sort_unstable();
    names.dedup();
    names.iter().filter_map(|id| state.get(Kind::SecurityGroup, id)).map(|group| json!({"name": group.name()})).collect()
}
