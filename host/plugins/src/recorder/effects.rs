//! Which host calls change something.

use jeroboam_model::call_record::HostCall;
use serde_json::Value;

/// Whether it changed something outside, or was to.
pub fn has_effect(call: &HostCall) -> bool {
    match (call.interface.as_str(), call.function.as_str()) {
        (_, "delete" | "sign" | "issue") => true,
        ("coe-api", _) => {
            let method = call.arguments.get("request").and_then(|request| request.get("method"));
            !matches!(method.and_then(Value::as_str), Some("GET" | "HEAD"))
        }
        _ => false,
    }
}
