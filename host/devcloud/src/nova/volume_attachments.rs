//! `/servers/{server_id}/os-volume_attachments`.

use serde_json::{Value, json};

use crate::{
    fields::{self, Fallback, Field, Type},
    pending::Change,
    record::{Attributes as _, Body, Record},
    refusal::{Problem, Refusal},
    resource::{Resource, Shape},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

pub struct VolumeAttachments;

const FIELDS: [Field; 5] = [
    Field::new("server_id", Type::Short(64), Fallback::Required).fixed(),
    Field::new("volumeId", Type::Short(64), Fallback::Required).fixed(),
    Field::new("device", Type::Short(255), Fallback::Absent).fixed(),
    Field::new("delete_on_termination", Type::Flag, Fallback::Flag(false)).fixed(),
    Field::new("tag", Type::Short(60), Fallback::Null).fixed(),
];

impl Resource for VolumeAttachments {
    fn shape(&self) -> Shape {
        Shape::new(Service::Compute, Kind::VolumeAttachment, "volumeAttachment", "volumeAttachments").answers(200, 202)
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        Refusal::missing(Kind::VolumeAttachment, id, format!("volume_id not found: {id}"))
    }

    fn create(&self, state: &mut State, scope: &Scope, given: Body) -> Result<String, Refusal> {
        let body = fields::for_create(Service::Compute, &FIELDS, given)?;
        let text = |key: &str| body.text(key).unwrap_or_default();
        state.visible(scope, Kind::Server, text("server_id"))?;
        let goes = body.flag("delete_on_termination") == Some(true);
        let shown = attach(state, scope, text("server_id"), text("volumeId"), body.text("device"), goes)?;
        Ok(shown.get("id").and_then(Value::as_str).unwrap_or_default().to_owned())
    }

    fn view(&self, _: &State, record: &Record) -> Value {
        json!({"id": record.id, "attachment_id": record.text("attachment_id"), "serverId": record.text("server_id"),
            "server_id": record.text("server_id"), "volumeId": record.text("volumeId"), "device": record.text("device"),
            "tag": null, "delete_on_termination": record.flag("delete_on_termination"), "bdm_uuid": record.text("attachment_id")})
    }

    fn delete(&self, state: &mut State, _: &Scope, id: &str) -> Result<(), Refusal> {
        let Some(record) = state.get(Kind::VolumeAttachment, id) else { return Ok(()) };
        let (server, volume) = (record.text("server_id").to_owned(), record.text("volumeId").to_owned());
        detach(state, &server, &volume).map(drop)
    }
}

/// Puts a volume into a server; the answer is the attachment.
pub fn attach(
    state: &mut State,
    scope: &Scope,
    server: &str,
    volume: &str,
    device: Option<&str>,
    goes: bool,
) -> Result<Value, Refusal> {
    let record = state.visible(scope, Kind::Volume, volume)?;
    if record.text("status") != "available" {
        return Err(Refusal::bad(format!(
            "Invalid volume: volume {volume} status must be available or downloading. Currently {}",
            record.text("status")
        )));
    }
    let used = state.all(Kind::VolumeAttachment).into_iter().filter(|attachment| attachment.text("server_id") == server).count();
    let letter = char::from(b'b'.saturating_add(u8::try_from(used).unwrap_or(24).min(24)));
    let device = device.map_or_else(|| format!("/dev/vd{letter}"), str::to_owned);
    let attachment_id = uuid::Uuid::new_v4().to_string();
    let body = json!({"server_id": server, "volumeId": volume, "device": device, "delete_on_termination": goes,
        "attachment_id": attachment_id});
    // Nova knows an attachment by its volume.
    let attachment = Record { id: volume.to_owned(), ..Record::new(scope, body.as_object().cloned().unwrap_or_default()) };
    let shown = VolumeAttachments.view(state, &attachment);
    let entry = json!({"attachment_id": attachment_id, "id": volume, "volume_id": volume, "server_id": server, "device": device,
        "host_name": null, "attached_at": state.now().micros()});
    state.insert(Kind::VolumeAttachment, attachment);
    let attached = [("status".to_owned(), json!("in-use")), ("attachments".to_owned(), json!([entry]))];
    state.set(Kind::Volume, volume, "status", "attaching");
    state.later(Kind::Volume, volume, Change::Set(attached.into_iter().collect()));
    Ok(shown)
}

pub fn detach(state: &mut State, server: &str, volume: &str) -> Result<Value, Refusal> {
    let this = |record: &Record| record.text("server_id") == server && record.text("volumeId") == volume;
    let Some(id) = state.ids(Kind::VolumeAttachment, this).pop() else {
        return Err(Refusal::new(Problem::NotFound, "VolumeBDMNotFound", format!("volume_id not found: {volume}")));
    };
    state.remove(Kind::VolumeAttachment, &id);
    state.set(Kind::Volume, volume, "status", "detaching");
    state.later(Kind::Volume, volume, Change::set([("status", json!("available")), ("attachments", json!([]))]));
    Ok(Value::Null)
}

/// When a server goes: what was to go with it goes.
pub fn detach_all(state: &mut State, server: &str) {
    for id in state.ids(Kind::VolumeAttachment, |record| record.text("server_id") == server) {
        let Some(attachment) = state.remove(Kind::VolumeAttachment, &id) else { continue };
        let volume = attachment.text("volumeId");
        if attachment.flag("delete_on_termination") {
            state.set(Kind::Volume, volume, "status", "deleting");
            state.later(Kind::Volume, volume, Change::Remove);
        } else {
            let loose = Change::set([("status", json!("available")), ("attachments", json!([]))]);
            state.later(Kind::Volume, volume, loose);
        }
    }
}

/// `os-extended-volumes:volumes_attached` of a server.
pub fn of(state: &State, server: &str) -> Value {
    let own = state.all(Kind::VolumeAttachment).into_iter().filter(|record| record.text("server_id") == server);
    own.map(|record| json!({"id": record.text("volumeId"), "delete_on_termination": record.flag("delete_on_termination")}))
        .collect()
}
