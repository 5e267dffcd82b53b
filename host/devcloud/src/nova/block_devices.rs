//! `block_device_mapping_v2`: the volumes that a server is made with.

use serde_json::{Value, json};

use crate::{
    ops,
    record::Body,
    refusal::Refusal,
    services::{Kind, Scope},
    state::State,
};

/// Makes the volumes that are to be made, and says which volumes are the server's: `(volume, goes with the server)`.
pub fn prepare(state: &mut State, scope: &Scope, mappings: &[Value]) -> Result<Vec<(String, bool)>, Refusal> {
    let mut volumes: Vec<(String, bool)> = Vec::new();
    for mapping in mappings {
        let text = |key: &str| mapping.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        let goes = mapping.get("delete_on_termination").and_then(Value::as_bool).unwrap_or(false);
        let (source, destination) = (text("source_type").unwrap_or("volume"), text("destination_type"));
        match (source, destination) {
            ("volume", _) => {
                let id = text("uuid")
                    .or(text("volume_id"))
                    .ok_or_else(|| Refusal::bad("Block Device Mapping is Invalid: a volume needs its uuid."))?;
                let volume = state
                    .visible(scope, Kind::Volume, id)
                    .map_err(|_| Refusal::bad(format!("Block Device Mapping is Invalid: failed to get volume {id}.")))?;
                if volume.text("status") != "available" {
                    return Err(Refusal::bad(format!(
                        "Invalid volume: volume '{id}' status must be 'available'. Currently in '{}'",
                        volume.text("status")
                    )));
                }
                if volumes.iter().any(|(taken, _)| taken == id) {
                    return Err(Refusal::bad(format!("Block Device Mapping is Invalid: volume {id} is given twice.")));
                }
                volumes.push((id.to_owned(), goes));
            }
            ("image" | "blank", Some("volume")) => {
                let size = mapping.get("volume_size").and_then(|size| size.as_i64().or_else(|| size.as_str()?.parse().ok()));
                let size =
                    size.ok_or_else(|| Refusal::bad("Block Device Mapping is Invalid: volume_size is needed to make a volume."))?;
                let mut body = Body::from_iter([("size".to_owned(), json!(size)), ("name".to_owned(), json!(""))]);
                if source == "image" {
                    body.insert("imageRef".to_owned(), json!(text("uuid")));
                }
                if let Some(kind) = text("volume_type") {
                    body.insert("volume_type".to_owned(), json!(kind));
                }
                let made = ops::create(state, scope, Kind::Volume, body)?;
                let id = made.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
                // A server waits for the volumes that are made with it; this one can be put in as it is.
                state.set(Kind::Volume, &id, "status", "available");
                volumes.push((id, goes));
            }
            // A local disk from the image, or a blank one: nothing to keep.
            ("image" | "blank", _) => {}
            _ => return Err(Refusal::bad(format!("Block Device Mapping is Invalid: source_type '{source}' is not available."))),
        }
    }
    Ok(volumes)
}

/// Whether the server starts from one of them.
pub fn bootable(mappings: &[Value]) -> bool {
    mappings.iter().any(|mapping| mapping.get("boot_index").is_some_and(|index| *index == json!(0) || *index == json!("0")))
}
