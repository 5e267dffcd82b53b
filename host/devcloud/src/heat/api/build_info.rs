//! `build_info` and `services`.

use axum::Json;
use serde_json::{Value, json};

use super::caller::Caller;

pub async fn show(_: Caller) -> Json<Value> {
    let revision = format!("simulated by jeroboam {}", env!("CARGO_PKG_VERSION"));
    Json(json!({"api": {"revision": revision}, "engine": {"revision": revision}}))
}

pub async fn services(_: Caller) -> Json<Value> {
    Json(json!({"services": [{
        "id": "simulated", "binary": "heat-engine", "host": "localhost", "hostname": "localhost", "engine_id": "simulated",
        "topic": "engine", "status": "up", "report_interval": 60, "created_at": null, "updated_at": null, "deleted_at": null,
    }]}))
}
