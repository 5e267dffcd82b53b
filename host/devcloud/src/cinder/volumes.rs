//! `/volumes`.

use serde_json::{Value, json};

use crate::{
    fields::{self, Fallback, Field, Type},
    pending::Change,
    quota::{self, Exceeded},
    record::{Attributes as _, Body, Record},
    refusal::{Problem, Refusal},
    resource::{Resource, Shape},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

pub struct Volumes;

/// The type of volumes that were given none.
pub const DEFAULT_TYPE: &str = "__DEFAULT__";

const FIELDS: [Field; 15] = [
    Field::new("name", Type::Short(255), Fallback::Empty),
    Field::new("description", Type::Short(255), Fallback::Null),
    Field::new("size", Type::Number(1, i32::MAX as i64), Fallback::Absent).fixed(),
    Field::new("volume_type", Type::Short(255), Fallback::Null).fixed(),
    Field::new("availability_zone", Type::Short(255), Fallback::Null).fixed(),
    Field::new("imageRef", Type::Short(255), Fallback::Absent).fixed(),
    Field::new("snapshot_id", Type::Short(64), Fallback::Null).fixed(),
    Field::new("source_volid", Type::Short(64), Fallback::Null).fixed(),
    Field::new("backup_id", Type::Short(64), Fallback::Absent).fixed(),
    Field::new("consistencygroup_id", Type::Short(64), Fallback::Null).fixed(),
    Field::new("metadata", Type::Object, Fallback::Object),
    Field::new("multiattach", Type::Flag, Fallback::Flag(false)).fixed(),
    Field::new("read_only", Type::Flag, Fallback::Absent).fixed(),
    Field::new("scheduler_hints", Type::Object, Fallback::Absent).fixed(),
    Field::new("OS-SCH-HNT:scheduler_hints", Type::Object, Fallback::Absent).fixed(),
];

impl Resource for Volumes {
    fn shape(&self) -> Shape {
        Shape::new(Service::Volume, Kind::Volume, "volume", "volumes").answers(202, 202)
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        Refusal::missing(Kind::Volume, id, format!("Volume {id} could not be found."))
    }

    fn create(&self, state: &mut State, scope: &Scope, given: Body) -> Result<String, Refusal> {
        let mut body = fields::for_create(Service::Volume, &FIELDS, given)?;
        if body.has("snapshot_id") || body.has("backup_id") {
            return Err(Refusal::new(
                Problem::NotFound,
                "SnapshotNotFound",
                "Snapshots and backups could not be found: this cloud has none.",
            ));
        }
        let source = match body.text("source_volid") {
            Some(id) => Some(state.visible(scope, Kind::Volume, id)?.number("size")),
            None => None,
        };
        let size = body
            .number("size")
            .or(source)
            .ok_or_else(|| Refusal::bad("Invalid input received: size is needed to make a volume."))?;
        let image = body.remove("imageRef").filter(|image| !image.is_null());
        if let Some(id) = image.as_ref().and_then(Value::as_str) {
            let image = state
                .visible(scope, Kind::Image, id)
                .map_err(|_| Refusal::bad("Invalid image identifier or unable to access requested image."))?;
            let (least, name) = (image.number("min_disk"), image.name().to_owned());
            if size < least {
                return Err(Refusal::bad(format!(
                    "Invalid input received: Volume size {size}GB cannot be smaller than the image minDisk size {least}GB."
                )));
            }
            body.insert("volume_image_metadata".to_owned(), json!({"image_id": id, "image_name": name}));
        }
        let kind = match body.text("volume_type") {
            Some(asked) => volume_type(state, scope, asked)?,
            None => DEFAULT_TYPE.to_owned(),
        };
        admit(state, &scope.project_id, 1, size)?;
        let zone = body.text("availability_zone").unwrap_or("nova").to_owned();
        if zone != "nova" {
            return Err(Refusal::bad(format!("Invalid input received: Availability zone '{zone}' is invalid.")));
        }
        let bootable = if image.is_some() { "true" } else { "false" };
        for (key, value) in [
            ("size", json!(size)),
            ("volume_type", json!(kind)),
            ("availability_zone", json!(zone)),
            ("bootable", json!(bootable)),
            ("status", json!("creating")),
            ("attachments", json!([])),
            ("encrypted", json!(false)),
        ] {
            body.insert(key.to_owned(), value);
        }
        let id = state.insert(Kind::Volume, Record::new(scope, body));
        state.later(Kind::Volume, &id, Change::set([("status", json!("available"))]));
        Ok(id)
    }

    fn view(&self, _: &State, record: &Record) -> Value {
        let mut shown = record.body.clone();
        let mut put = |key: &str, value: Value| shown.insert(key.to_owned(), value);
        put("id", json!(record.id));
        put("user_id", json!(record.user_id));
        put("created_at", json!(record.created.micros()));
        put("updated_at", json!(record.updated.map(|at| at.micros())));
        put("os-vol-tenant-attr:tenant_id", json!(record.project_id));
        put("os-vol-host-attr:host", json!("devcloud@simulated#pool"));
        put("replication_status", Value::Null);
        put("migration_status", Value::Null);
        put("links", json!([]));
        Value::Object(shown)
    }

    fn delete(&self, state: &mut State, _: &Scope, id: &str) -> Result<(), Refusal> {
        let status = state.get(Kind::Volume, id).map(|volume| volume.text("status").to_owned()).unwrap_or_default();
        if !["available", "error", "creating"].contains(&status.as_str()) {
            return Err(Refusal::bad(
                "Invalid volume: Volume status must be available or error or error_restoring or error_extending or error_managing and must not be migrating, \
                 attached, belong to a group, have snapshots, awaiting a transfer, or be disassociated from snapshots after volume transfer.",
            ));
        }
        state.set(Kind::Volume, id, "status", "deleting");
        state.later(Kind::Volume, id, Change::Remove);
        Ok(())
    }

    /// Heat's `size` grows the volume.
    fn update(&self, state: &mut State, scope: &Scope, id: &str, mut given: Body) -> Result<(), Refusal> {
        if let Some(size) = given.remove("size") {
            let extend = Body::from_iter([("new_size".to_owned(), size)]);
            self.act(state, scope, id, "os-extend", extend)?;
        }
        let body = fields::for_update(Service::Volume, &FIELDS, given)?;
        state.patch(Kind::Volume, id, body);
        Ok(())
    }

    /// `os-extend` and `os-set_bootable`.
    fn act(&self, state: &mut State, _: &Scope, id: &str, action: &str, given: Body) -> Result<Value, Refusal> {
        let volume = state.get(Kind::Volume, id).ok_or_else(|| self.missing(id))?;
        let (project, size) = (volume.project_id.clone(), volume.number("size"));
        match action {
            "os-extend" => {
                let wanted = given.get("new_size").and_then(|size| size.as_i64().or_else(|| size.as_str()?.parse().ok()));
                let wanted = wanted.filter(|wanted| *wanted > size).ok_or_else(|| {
                    Refusal::bad(format!(
                        "Invalid input received: New size for extend must be greater than current size. (current: {size})"
                    ))
                })?;
                admit(state, &project, 0, wanted - size)?;
                state.set(Kind::Volume, id, "size", wanted);
                Ok(Value::Null)
            }
            "os-set_bootable" => {
                let text = if given.flag("bootable") == Some(true) { "true" } else { "false" };
                state.set(Kind::Volume, id, "bootable", text);
                Ok(Value::Null)
            }
            _ => Err(Refusal::bad(format!("There is no such action: {action}"))),
        }
    }
}

fn volume_type(state: &State, scope: &Scope, asked: &str) -> Result<String, Refusal> {
    let mut kinds = state.all(Kind::VolumeType).into_iter().filter(|kind| kind.id == asked || kind.name() == asked);
    let found = kinds.find(|kind| super::volume_types::VolumeTypes.visible(state, scope, kind));
    found
        .map(|kind| kind.name().to_owned())
        .ok_or_else(|| Refusal::missing(Kind::VolumeType, asked, format!("Volume type with name {asked} could not be found.")))
}

fn admit(state: &State, project: &str, volumes: i64, gigabytes: i64) -> Result<(), Refusal> {
    if let Some(Err(Exceeded { limit, .. })) =
        quota::find(Service::Volume, "volumes").map(|limit| limit.admit(state, project, volumes))
    {
        let message = format!("VolumeLimitExceeded: Maximum number of volumes allowed ({limit}) exceeded for quota 'volumes'.");
        return Err(Refusal::new(Problem::OverQuota, "VolumeLimitExceeded", message));
    }
    if let Some(Err(Exceeded { used, requested, limit })) =
        quota::find(Service::Volume, "gigabytes").map(|limit| limit.admit(state, project, gigabytes))
    {
        let message = format!(
            "VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. Requested {requested}G, quota is {limit}G and {used}G has been consumed."
        );
        return Err(Refusal::new(Problem::OverQuota, "VolumeSizeExceedsAvailableQuota", message));
    }
    Ok(())
}
