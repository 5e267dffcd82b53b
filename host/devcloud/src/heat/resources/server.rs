//! `OS::Nova::Server`.

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

use super::{
    common,
    plugin::{Plugin, Properties, Updated},
    schema::{Default, Property, Rule, Type},
};
use crate::{
    heat::{engine::Context, error::Failure},
    services::{Kind, ServiceError},
};

pub struct Server;

const BLOCK_DEVICE: &[Property] = &[
    Property::string("device_name"),
    Property::string("volume_id").rules(&[Rule::Custom("cinder.volume")]),
    Property::string("image").rules(&[Rule::Custom("glance.image")]),
    Property::string("image_id").rules(&[Rule::Custom("glance.image")]),
    Property::string("snapshot_id"),
    Property::integer("swap_size"),
    Property::string("device_type"),
    Property::string("disk_bus"),
    Property::integer("boot_index"),
    Property::integer("volume_size"),
    Property::string("volume_type"),
    Property::boolean("delete_on_termination"),
    Property::integer("ephemeral_size"),
    Property::string("ephemeral_format"),
];

const NETWORK: &[Property] = &[
    Property::string("network").rules(&[Rule::Custom("neutron.network")]),
    Property::string("uuid").rules(&[Rule::Custom("neutron.network")]),
    Property::string("fixed_ip").rules(&[Rule::Custom("ip_addr")]),
    Property::string("port").rules(&[Rule::Custom("neutron.port")]),
    Property::string("subnet").rules(&[Rule::Custom("neutron.subnet")]),
    Property::string("floating_ip"),
    Property::string("tag"),
    Property::string("allocate_network"),
    Property::map("port_extra_properties"),
];

const POLICIES: Rule = Rule::Allowed(&["REBUILD", "REPLACE", "REBUILD_PRESERVE_EPHEMERAL", "RESIZE"]);

const PROPERTIES: &[Property] = &[
    Property::string("name").updatable(),
    Property::string("image").updatable().rules(&[Rule::Custom("glance.image")]),
    Property::map("block_device_mapping"),
    Property::new("block_device_mapping_v2", Type::List(&Type::Map(BLOCK_DEVICE))),
    Property::string("flavor").required().updatable().rules(&[Rule::Custom("nova.flavor")]),
    Property::string("flavor_update_policy").updatable().default(Default::Text("RESIZE")).rules(&[POLICIES]),
    Property::string("image_update_policy").updatable().default(Default::Text("REBUILD")).rules(&[POLICIES]),
    Property::string("key_name").rules(&[Rule::Custom("nova.keypair")]),
    Property::string("admin_user").updatable(),
    Property::string("availability_zone"),
    Property::strings("security_groups").default(Default::EmptyList),
    Property::new("networks", Type::List(&Type::Map(NETWORK))).updatable(),
    Property::map("scheduler_hints"),
    Property::map("metadata").updatable(),
    Property::string("user_data_format").default(Default::Text("HEAT_CFNTOOLS")).rules(&[Rule::Allowed(&[
        "HEAT_CFNTOOLS",
        "RAW",
        "SOFTWARE_CONFIG",
    ])]),
    Property::string("software_config_transport").updatable().rules(&[Rule::Allowed(&[
        "POLL_SERVER_CFN",
        "POLL_SERVER_HEAT",
        "POLL_TEMP_URL",
        "ZAQAR_MESSAGE",
        "DEFAULT",
    ])]),
    Property::string("user_data_update_policy")
        .updatable()
        .default(Default::Text("REPLACE"))
        .rules(&[Rule::Allowed(&["REPLACE", "IGNORE"])]),
    Property::string("user_data").updatable().default(Default::Text("")),
    Property::string("reservation_id"),
    Property::boolean("config_drive"),
    Property::string("diskConfig").rules(&[Rule::Allowed(&["AUTO", "MANUAL"])]),
    Property::map("personality").default(Default::EmptyMap),
    Property::string("admin_pass").updatable(),
    Property::strings("tags").updatable(),
    Property::map("deployment_swift_data").updatable(),
];

/// What a server's `user_data` property comes to: its text, or that of the software configuration it names.
#[must_use]
pub fn user_data(cx: &Context, properties: &Properties) -> String {
    let given = common::text(properties, "user_data").unwrap_or_default();
    let project = &cx.scope().project_id;
    match cx.engine.config(project, given) {
        Ok(config) => super::super::hot::text::display(&config.config),
        Err(_) => given.to_owned(),
    }
}

/// Nova takes texts only; anything else becomes JSON.
fn metadata_of(given: &Value) -> Value {
    let entries = given.as_object().into_iter().flatten();
    Value::Object(entries.map(|(key, value)| (key.clone(), json!(super::super::hot::text::display(value)))).collect())
}

async fn networks(cx: &Context, properties: &Properties) -> Result<Option<Value>, Failure> {
    let Some(wanted) = properties.get("networks").and_then(Value::as_array) else { return Ok(None) };
    let mut networks = Vec::with_capacity(wanted.len());
    for network in wanted {
        let Some(network) = network.as_object() else { continue };
        let mut entry = Map::new();
        if let Some(port) = common::text(network, "port") {
            entry.insert("port".to_owned(), json!(common::id_of(cx, Kind::Port, port).await?));
        } else if let Some(name) = common::text(network, "network").or_else(|| common::text(network, "uuid")) {
            entry.insert("uuid".to_owned(), json!(common::id_of(cx, Kind::Network, name).await?));
            if let Some(fixed) = network.get("fixed_ip") {
                entry.insert("fixed_ip".to_owned(), fixed.clone());
            }
        } else if let Some(subnet) = common::text(network, "subnet") {
            let subnet = common::id_of(cx, Kind::Subnet, subnet).await?;
            let shown = cx.services().show(cx.scope(), Kind::Subnet, &subnet).await?;
            entry.insert("uuid".to_owned(), shown.get("network_id").cloned().unwrap_or_default());
        }
        networks.push(Value::Object(entry));
    }
    Ok(Some(Value::Array(networks)))
}

async fn block_devices(cx: &Context, properties: &Properties) -> Result<Option<Value>, Failure> {
    let Some(wanted) = properties.get("block_device_mapping_v2").and_then(Value::as_array) else { return Ok(None) };
    let mut devices = Vec::with_capacity(wanted.len());
    for (at, device) in wanted.iter().enumerate() {
        let Some(device) = device.as_object() else { continue };
        let mut entry = device.clone();
        let image = common::text(device, "image").or_else(|| common::text(device, "image_id"));
        let (source, destination, id) = if let Some(volume) = common::text(device, "volume_id") {
            ("volume", "volume", Some(common::id_of(cx, Kind::Volume, volume).await?))
        } else if let Some(image) = image {
            ("image", "volume", Some(common::id_of(cx, Kind::Image, image).await?))
        } else if let Some(snapshot) = common::text(device, "snapshot_id") {
            ("snapshot", "volume", Some(snapshot.to_owned()))
        } else {
            ("blank", "local", None)
        };
        for key in ["volume_id", "image", "image_id", "snapshot_id", "swap_size", "ephemeral_size", "ephemeral_format"] {
            entry.shift_remove(key);
        }
        entry.insert("source_type".to_owned(), json!(source));
        entry.insert("destination_type".to_owned(), json!(destination));
        entry.entry("boot_index").or_insert_with(|| json!(if at == 0 { 0 } else { -1 }));
        if let Some(id) = id {
            entry.insert("uuid".to_owned(), json!(id));
        }
        devices.push(Value::Object(entry));
    }
    Ok(Some(Value::Array(devices)))
}

#[async_trait]
impl Plugin for Server {
    fn name(&self) -> &'static str {
        "OS::Nova::Server"
    }

    fn properties(&self) -> &'static [Property] {
        PROPERTIES
    }

    fn attributes(&self) -> &'static [&'static str] {
        &[
            "name",
            "addresses",
            "networks",
            "first_address",
            "instance_name",
            "accessIPv4",
            "accessIPv6",
            "console_urls",
            "config_drive",
            "os_collect_config",
        ]
    }

    fn kind(&self) -> Option<Kind> {
        Some(Kind::Server)
    }

    fn validate(&self, properties: &Properties) -> Result<(), String> {
        let given =
            |name: &str| properties.get(name).is_some_and(|value| !value.is_null() && *value != json!("") && *value != json!([]));
        if given("image") || given("block_device_mapping") || given("block_device_mapping_v2") {
            return Ok(());
        }
        Err("Neither image nor bootable volume is specified for instance".to_owned())
    }

    async fn body(&self, cx: &Context, properties: &Properties) -> Result<Value, Failure> {
        let name = common::text(properties, "name").map_or_else(|| cx.physical_name(), str::to_owned);
        let flavor = common::id_of(cx, Kind::Flavor, common::text(properties, "flavor").unwrap_or_default()).await?;
        let mut body = json!({"name": name, "flavorRef": flavor});
        let Some(map) = body.as_object_mut() else { return Ok(body) };
        let mut put = |key: &str, value: Value| {
            map.insert(key.to_owned(), value);
        };
        put("imageRef", json!(""));
        if let Some(image) = common::text(properties, "image") {
            put("imageRef", json!(common::id_of(cx, Kind::Image, image).await?));
        }
        if let Some(networks) = networks(cx, properties).await? {
            put("networks", networks);
        }
        if let Some(devices) = block_devices(cx, properties).await? {
            put("block_device_mapping_v2", devices);
        }
        for (from, to) in [
            ("key_name", "key_name"),
            ("availability_zone", "availability_zone"),
            ("config_drive", "config_drive"),
            ("scheduler_hints", "os:scheduler_hints"),
        ] {
            if let Some(value) = properties.get(from).filter(|value| !value.is_null() && **value != json!("")) {
                put(to, value.clone());
            }
        }
        if let Some(metadata) = properties.get("metadata") {
            put("metadata", metadata_of(metadata));
        }
        let groups = properties.get("security_groups").and_then(Value::as_array).into_iter().flatten();
        let groups: Vec<_> = groups.map(|group| json!({"name": group})).collect();
        if !groups.is_empty() {
            put("security_groups", Value::Array(groups));
        }
        let user_data = user_data(cx, properties);
        if !user_data.is_empty() {
            put("user_data", json!(STANDARD.encode(user_data)));
        }
        Ok(body)
    }

    fn needs_replacement(&self, before: &Properties, after: &Properties) -> bool {
        let changed =
            |name: &str| before.get(name).filter(|value| !value.is_null()) != after.get(name).filter(|value| !value.is_null());
        let policy = |name: &str, policy: &str| after.get(name) == Some(&json!(policy));
        changed("image") && policy("image_update_policy", "REPLACE")
            || changed("flavor") && policy("flavor_update_policy", "REPLACE")
            || changed("user_data") && policy("user_data_update_policy", "REPLACE")
            || changed("networks")
    }

    /// Takes the ports that it was given from the server, as Heat does: the one in its place is to have them.
    async fn prepare_replacement(&self, cx: &Context) -> Result<(), Failure> {
        let Some(id) = cx.physical_id() else { return Ok(()) };
        let networks = cx.resource(|resource| resource.properties.get("networks").cloned()).flatten();
        let networks = networks.as_ref().and_then(Value::as_array).into_iter().flatten();
        for port in networks.filter_map(|network| network.get("port").and_then(Value::as_str)) {
            match cx.services().act(cx.scope(), Kind::Server, &id, "detach-interface", json!({"port_id": port})).await {
                Ok(_) | Err(ServiceError::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    async fn update(&self, cx: &Context, after: &Properties, changed: &Properties) -> Result<Updated, Failure> {
        let Some(id) = cx.physical_id() else { return Ok(Updated::Replace) };
        let services = cx.services();
        if let Some(Value::String(name)) = changed.get("name") {
            services.update(cx.scope(), Kind::Server, &id, json!({"name": name})).await?;
        }
        if let Some(metadata) = changed.get("metadata") {
            services.act(cx.scope(), Kind::Server, &id, "set-metadata", metadata_of(metadata)).await?;
        }
        if let Some(Value::String(flavor)) = changed.get("flavor") {
            let flavor = common::id_of(cx, Kind::Flavor, flavor).await?;
            services.act(cx.scope(), Kind::Server, &id, "resize", json!({"flavorRef": flavor})).await?;
            let mut wait = cx.waiting();
            loop {
                let shown = services.show(cx.scope(), Kind::Server, &id).await?;
                match shown.get("status").and_then(Value::as_str) {
                    Some("VERIFY_RESIZE") => {
                        services.act(cx.scope(), Kind::Server, &id, "confirmResize", Value::Null).await?;
                        break;
                    }
                    Some("ACTIVE") => break,
                    Some("ERROR") => return Err(Failure::new("ResourceInError", "Went to status ERROR while resizing")),
                    _ => wait.again().await?,
                }
            }
        }
        if let Some(Value::String(image)) = changed.get("image") {
            let image = common::id_of(cx, Kind::Image, image).await?;
            let mut body = json!({"imageRef": image});
            if let (Some(name), Some(body)) = (common::text(after, "name"), body.as_object_mut()) {
                body.insert("name".to_owned(), json!(name));
            }
            services.act(cx.scope(), Kind::Server, &id, "rebuild", body).await?;
        }
        Ok(Updated::InPlace)
    }

    async fn attribute(&self, cx: &Context, name: &str) -> Result<Option<Value>, Failure> {
        let Some(id) = cx.physical_id() else { return Ok(None) };
        let shown = match cx.services().show(cx.scope(), Kind::Server, &id).await {
            Err(ServiceError::NotFound { .. }) => return Ok(Some(Value::Null)),
            other => other?,
        };
        let addresses = shown.get("addresses").and_then(Value::as_object).cloned().unwrap_or_default();
        let plain = |list: &Value| -> Vec<Value> {
            list.as_array().into_iter().flatten().filter_map(|entry| entry.get("addr").cloned()).collect()
        };
        Ok(Some(match name {
            "show" => shown,
            "name" => shown.get("name").cloned().unwrap_or_default(),
            "addresses" => Value::Object(addresses),
            "networks" => {
                Value::Object(addresses.iter().map(|(network, list)| (network.clone(), Value::Array(plain(list)))).collect())
            }
            "first_address" => addresses.values().flat_map(plain).next().unwrap_or_else(|| json!("")),
            "instance_name" => shown.get("OS-EXT-SRV-ATTR:instance_name").cloned().unwrap_or_default(),
            "console_urls" | "os_collect_config" => json!({}),
            other => match shown.get(other) {
                Some(value) => value.clone(),
                None if self.attributes().contains(&other) => Value::Null,
                None => return Ok(None),
            },
        }))
    }
}
