//! `/images`: known attributes by a table, and any property beside them.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use crate::{
    fields::{self, Fallback, Field, Type},
    keystone::secret::digest,
    record::{Attributes as _, Body, Record},
    refusal::Refusal,
    resource::{Resource, Shape},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

pub struct Images;

const FIELDS: [Field; 10] = [
    Field::new("id", Type::Short(64), Fallback::Absent).fixed(),
    Field::new("name", Type::Short(255), Fallback::Null),
    Field::new("visibility", Type::OneOf(&["public", "private", "shared", "community"]), Fallback::Text("shared")),
    Field::new("protected", Type::Flag, Fallback::Flag(false)),
    Field::new("os_hidden", Type::Flag, Fallback::Flag(false)),
    Field::new(
        "container_format",
        Type::OneOf(&["bare", "ovf", "ova", "ami", "aki", "ari", "docker", "compressed"]),
        Fallback::Null,
    ),
    Field::new(
        "disk_format",
        Type::OneOf(&["raw", "qcow2", "vmdk", "vdi", "vhd", "vhdx", "iso", "ami", "aki", "ari", "ploop"]),
        Fallback::Null,
    ),
    Field::new("min_disk", Type::Number(0, i32::MAX as i64), Fallback::Number(0)),
    Field::new("min_ram", Type::Number(0, i32::MAX as i64), Fallback::Number(0)),
    Field::new("tags", Type::List, Fallback::List),
];

/// What the service says, and nobody else.
const READ_ONLY: [&str; 11] = [
    "status",
    "size",
    "checksum",
    "created_at",
    "updated_at",
    "owner",
    "self",
    "file",
    "schema",
    "virtual_size",
    "os_hash_value",
];

impl Resource for Images {
    fn shape(&self) -> Shape {
        Shape::new(Service::Image, Kind::Image, "", "images")
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        Refusal::missing(Kind::Image, id, format!("Failed to find image {id}"))
    }

    fn visible(&self, _: &State, scope: &Scope, record: &Record) -> bool {
        scope.is_admin() || record.project_id == scope.project_id || ["public", "community"].contains(&record.text("visibility"))
    }

    fn create(&self, state: &mut State, scope: &Scope, given: Body) -> Result<String, Refusal> {
        let (known, properties) = split(given)?;
        let mut body = fields::for_create(Service::Image, &FIELDS, known)?;
        if body.text("visibility") == Some("public") && !scope.is_admin() {
            return Err(Refusal::forbidden("You are not authorized to complete publicize_image action."));
        }
        let id = body.remove("id").and_then(|id| id.as_str().map(str::to_owned));
        if let Some(id) = &id {
            if uuid::Uuid::parse_str(id).is_err() {
                return Err(Refusal::bad("Invalid image id format"));
            }
            if state.get(Kind::Image, id).is_some() {
                return Err(Refusal::conflict("Duplicate", format!("Image ID {id} already exists!")));
            }
        }
        body.extend(properties);
        let mut record = Record::new(scope, body);
        record.id = id.unwrap_or(record.id);
        for (key, value) in
            [("status", json!("queued")), ("size", Value::Null), ("checksum", Value::Null), ("virtual_size", Value::Null)]
        {
            record.set(key, value);
        }
        Ok(state.insert(Kind::Image, record))
    }

    fn view(&self, _: &State, record: &Record) -> Value {
        let mut shown = record.body.clone();
        let mut put = |key: &str, value: Value| shown.insert(key.to_owned(), value);
        put("id", json!(record.id));
        put("owner", json!(record.project_id));
        put("created_at", json!(record.created.zulu()));
        put("updated_at", json!(record.updated.unwrap_or(record.created).zulu()));
        put("self", json!(format!("/v2/images/{}", record.id)));
        put("file", json!(format!("/v2/images/{}/file", record.id)));
        put("schema", json!("/v2/schemas/image"));
        Value::Object(shown)
    }

    fn update(&self, state: &mut State, scope: &Scope, id: &str, given: Body) -> Result<(), Refusal> {
        owned(state, scope, id)?;
        let (known, properties) = split(given)?;
        let mut body = fields::for_update(Service::Image, &FIELDS, known)?;
        if body.text("visibility") == Some("public") && !scope.is_admin() {
            return Err(Refusal::forbidden("You are not authorized to complete publicize_image action."));
        }
        body.extend(properties);
        state.patch(Kind::Image, id, body);
        Ok(())
    }

    fn delete(&self, state: &mut State, scope: &Scope, id: &str) -> Result<(), Refusal> {
        owned(state, scope, id)?;
        if state.get(Kind::Image, id).is_some_and(|image| image.flag("protected")) {
            return Err(Refusal::forbidden(format!("Image {id} is protected and cannot be deleted.")));
        }
        state.remove(Kind::Image, id);
        Ok(())
    }
}

/// Attributes of the table, and properties: which are text.
fn split(given: Body) -> Result<(Body, Body), Refusal> {
    let (known, properties): (Body, Body) = given.into_iter().partition(|(key, _)| FIELDS.iter().any(|field| field.name == key));
    for (key, value) in &properties {
        if READ_ONLY.contains(&key.as_str()) {
            return Err(Refusal::forbidden(format!("Attribute '{key}' is read-only.")));
        }
        if !value.is_string() {
            return Err(Refusal::bad(format!("Invalid input for property {key}: {value} is not of type 'string'")));
        }
    }
    Ok((known, properties))
}

pub fn owned(state: &State, scope: &Scope, id: &str) -> Result<(), Refusal> {
    let own = state.get(Kind::Image, id).is_some_and(|image| image.project_id == scope.project_id);
    if own || scope.is_admin() {
        return Ok(());
    }
    Err(Refusal::forbidden(format!("You are not permitted to modify this image: {id}")))
}

/// Takes the bytes of an image: it is active from then on.
pub fn upload(state: &mut State, scope: &Scope, id: &str, bytes: &[u8]) -> Result<(), Refusal> {
    owned(state, scope, id)?;
    let image = state.visible(scope, Kind::Image, id)?;
    if image.text("status") != "queued" {
        return Err(Refusal::conflict(
            "InvalidImageStatusTransition",
            format!("Image status transition from {} to saving is not allowed", image.text("status")),
        ));
    }
    if !image.body.has("disk_format") || !image.body.has("container_format") {
        return Err(Refusal::bad("Properties disk_format, container_format must be set prior to saving data."));
    }
    let encoded = BASE64_STANDARD.encode(bytes);
    let checksum = digest(&encoded).chars().take(32).collect::<String>();
    if let Some(image) = state.get_mut(Kind::Image, id) {
        image.private.insert("bytes".to_owned(), json!(encoded));
    }
    for (key, value) in [("status", json!("active")), ("size", json!(bytes.len())), ("checksum", json!(checksum))] {
        state.set(Kind::Image, id, key, value);
    }
    Ok(())
}

pub fn bytes(image: &Record) -> Option<Vec<u8>> {
    let encoded = image.private.get("bytes")?.as_str()?;
    BASE64_STANDARD.decode(encoded).ok()
}
