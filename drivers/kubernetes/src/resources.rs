//! Pods, services and replication controllers of the namespace `default`, as the cluster's API has them.

use jeroboam_driver_common::coe::{json, segment, send};
use jeroboam_driver_sdk::{
    Error,
    coe_resources::{
        CoeResource, Details, Failure, Kind, Manifest, PodDetails, Port, ReplicationControllerDetails, ServiceDetails,
        kind_unsupported,
    },
    errors::invalid,
    internal,
};
use serde_json::{Map, Value, json};

/// How many things are asked for at once: the answer has to fit into what the host takes.
const PAGE: usize = 250;

/// One of the kinds that Kubernetes has.
#[derive(Clone, Copy)]
struct Collection {
    kind: Kind,
    path: &'static str,
    /// As manifests say it.
    name: &'static str,
}

const COLLECTIONS: &[Collection] = &[
    Collection { kind: Kind::Pod, path: "/api/v1/namespaces/default/pods", name: "Pod" },
    Collection { kind: Kind::Service, path: "/api/v1/namespaces/default/services", name: "Service" },
    Collection {
        kind: Kind::ReplicationController,
        path: "/api/v1/namespaces/default/replicationcontrollers",
        name: "ReplicationController",
    },
];

pub fn list(kind: Kind) -> Result<Vec<CoeResource>, Failure> {
    let collection = collection(kind)?;
    objects(collection)?.iter().map(|object| read(collection, object)).collect()
}

pub fn show(kind: Kind, ident: &str) -> Result<CoeResource, Failure> {
    let collection = collection(kind)?;
    read(collection, &find(collection, ident)?)
}

pub fn create(manifest: &Manifest) -> Result<CoeResource, Failure> {
    let (collection, wanted) = parse(manifest)?;
    read(collection, &json("POST", collection.path, Some(&Value::Object(wanted).to_string()))?)
}

/// Only over what was read: a change in between is a conflict.
pub fn replace(ident: &str, manifest: &Manifest) -> Result<CoeResource, Failure> {
    let (collection, mut wanted) = parse(manifest)?;
    let found = find(collection, ident)?;
    let name = text(&found, "/metadata/name")?;
    let metadata = wanted.entry("metadata").or_insert_with(|| json!({})).as_object_mut();
    let metadata = metadata.ok_or_else(|| invalid("manifest", "its metadata are no object"))?;
    metadata.insert("name".to_owned(), json!(name));
    metadata.insert("resourceVersion".to_owned(), found.pointer("/metadata/resourceVersion").cloned().unwrap_or_default());
    if let (Kind::Service, Some(ip)) = (collection.kind, found.pointer("/spec/clusterIP")) {
        // A service keeps its address.
        if let Some(spec) = wanted.get_mut("spec").and_then(Value::as_object_mut) {
            spec.entry("clusterIP").or_insert_with(|| ip.clone());
        }
    }
    let path = format!("{}/{}", collection.path, segment(name)?);
    read(collection, &json("PUT", &path, Some(&Value::Object(wanted).to_string()))?)
}

/// What a replication controller has made goes with it.
pub fn delete(kind: Kind, ident: &str) -> Result<(), Failure> {
    let collection = collection(kind)?;
    let found = find(collection, ident)?;
    let path = format!("{}/{}", collection.path, segment(text(&found, "/metadata/name")?)?);
    let options = json!({"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background"});
    send("DELETE", &path, Some(&options.to_string())).map(drop)
}

fn collection(kind: Kind) -> Result<Collection, Failure> {
    COLLECTIONS.iter().copied().find(|collection| collection.kind == kind).ok_or_else(|| kind_unsupported(kind))
}

/// All of them, page by page.
fn objects(collection: Collection) -> Result<Vec<Value>, Failure> {
    let mut objects = Vec::new();
    let mut next = String::new();
    loop {
        let mut page = json("GET", &format!("{}?limit={PAGE}{next}", collection.path), None)?;
        if let Some(items) = page.get_mut("items").and_then(Value::as_array_mut) {
            objects.append(items);
        }
        match page.pointer("/metadata/continue").and_then(Value::as_str) {
            Some(token) if !token.is_empty() => next = format!("&continue={}", escaped(token)),
            _ => return Ok(objects),
        }
    }
}

/// By uid, which Kubernetes cannot be asked for, or by name.
fn find(collection: Collection, ident: &str) -> Result<Value, Failure> {
    if is_uuid(ident) {
        let has_uid = |object: &Value| object.pointer("/metadata/uid").and_then(Value::as_str) == Some(ident);
        if let Some(object) = objects(collection)?.into_iter().find(has_uid) {
            return Ok(object);
        }
    }
    match json("GET", &format!("{}/{}", collection.path, segment(ident)?), None) {
        Err(Failure::Refused(refusal)) if refusal.status == 404 => {
            Err(Error::NotFound(format!("{} {ident} could not be found.", collection.name)).into())
        }
        found => found,
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

fn escaped(token: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    token.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// The manifest, made to say what it is for: a user may have left out what the request says already.
fn parse(manifest: &Manifest) -> Result<(Collection, Map<String, Value>), Failure> {
    let collection = collection(manifest.kind())?;
    let (Manifest::Pod(text) | Manifest::Service(text) | Manifest::ReplicationController(text)) = manifest else {
        return Err(kind_unsupported(manifest.kind()));
    };
    let parsed = serde_json::from_str(text).map_err(|error| invalid("manifest", error.to_string()))?;
    let Value::Object(mut wanted) = parsed else { return Err(invalid("manifest", "it is no object").into()) };
    let kind = wanted.entry("kind").or_insert_with(|| json!(collection.name));
    if kind.as_str() != Some(collection.name) {
        return Err(invalid("manifest", format!("its kind is {kind}, and it has to be {}", collection.name)).into());
    }
    wanted.insert("apiVersion".to_owned(), json!("v1"));
    Ok((collection, wanted))
}

fn read(collection: Collection, object: &Value) -> Result<CoeResource, Failure> {
    let at = |pointer: &str| object.pointer(pointer);
    let word = |pointer: &str| at(pointer).and_then(Value::as_str).map(str::to_owned);
    let details = match collection.kind {
        Kind::Service => Details::Service(ServiceDetails {
            selector: pairs(at("/spec/selector")),
            ip: word("/spec/clusterIP"),
            ports: list_of(at("/spec/ports")).map(port).collect(),
        }),
        Kind::ReplicationController => Details::ReplicationController(ReplicationControllerDetails {
            images: images(at("/spec/template/spec/containers")),
            replicas: at("/spec/replicas")
                .and_then(Value::as_u64)
                .and_then(|count| u32::try_from(count).ok())
                .unwrap_or_default(),
        }),
        Kind::Pod | Kind::Container => {
            Details::Pod(PodDetails { images: images(at("/spec/containers")), host: word("/spec/nodeName") })
        }
    };
    let labels = match collection.kind {
        Kind::ReplicationController => "/spec/template/metadata/labels",
        _ => "/metadata/labels",
    };
    Ok(CoeResource {
        id: text(object, "/metadata/uid")?.to_owned(),
        name: text(object, "/metadata/name")?.to_owned(),
        labels: pairs(at(labels)),
        status: word("/status/phase"),
        details,
        extras: Vec::new(),
    })
}

fn text<'a>(object: &'a Value, pointer: &str) -> Result<&'a str, Failure> {
    let text = object.pointer(pointer).and_then(Value::as_str);
    text.ok_or_else(|| internal(format!("the cluster's API sent an object without {pointer}")).into())
}

fn list_of(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn images(containers: Option<&Value>) -> Vec<String> {
    list_of(containers).filter_map(|container| container.get("image")?.as_str()).map(str::to_owned).collect()
}

fn pairs(value: Option<&Value>) -> Vec<(String, String)> {
    let pairs = value.and_then(Value::as_object).into_iter().flatten();
    pairs.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}

fn port(value: &Value) -> Port {
    let word = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let number = |name: &str| value.get(name).and_then(Value::as_u64).and_then(|number| u16::try_from(number).ok());
    Port {
        name: word("name"),
        protocol: word("protocol"),
        port: number("port").unwrap_or_default(),
        target_port: word("targetPort").or_else(|| number("targetPort").map(|number| number.to_string())),
        node_port: number("nodePort"),
    }
}
