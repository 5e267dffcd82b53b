//! What the Kubernetes driver asks, answered from memory: the cloud's own time is not what is measured.

use jeroboam_model::driver::Platform;
use jeroboam_plugins::{Interface, RecordedRead, Replay, Sources, record::Answer};
use serde_json::json;

pub fn sources() -> Sources {
    let platform = Platform {
        identity_url: "https://cloud.example/identity/v3".into(),
        container_infra_url: "https://cloud.example/container-infra/v1".into(),
        region: "RegionOne".into(),
        verify_ca: true,
        load_balancers: true,
        affinity_policy: "soft-anti-affinity".into(),
        ..Platform::default()
    };
    let read = |interface, function: &str, argument: &str, answer| RecordedRead {
        interface,
        function: function.into(),
        argument: argument.into(),
        answer: Answer::Found(answer),
    };
    let replay = Replay(vec![
        read(Interface::Settings, "get-platform", "", json!(platform)),
        read(Interface::Lookup, "get-keypair", "key", json!({"name": "key", "public_key": "ssh-ed25519 AAAA"})),
        read(
            Interface::Lookup,
            "get-external-network",
            "public",
            json!({"id": "5b1b4d6c", "name": "public", "external": true, "subnets": []}),
        ),
        read(Interface::Lookup, "list-volume-types", "", json!([{"id": "1", "name": "ssd", "is_default": true}])),
    ]);
    Sources::none().with_settings(replay.clone()).with_lookup(replay)
}
