//! What is generated from `wit/`. No logic here.

wasmtime::component::bindgen!({
    path: "../../wit/coe-0.1.0",
    world: "coe-driver",
    imports: { default: async | trappable },
    exports: { default: async },
    additional_derives: [serde::Serialize, serde::Deserialize],
    trappable_error_type: {
        "jeroboam:coe/types.error" => crate::source::HostError,
    },
});

/// What 0.2.0 adds. Its values of 0.1.0 are those above.
pub(crate) mod v0_2 {
    wasmtime::component::bindgen!({
        path: "../../wit/coe-0.2.0",
        world: "additions",
        exports: { default: async },
        additional_derives: [serde::Serialize, serde::Deserialize],
        with: { "jeroboam:coe/types@0.1.0": crate::bindings::jeroboam::coe::types },
    });
}

/// What 0.3.0 adds. Its values are those of 0.1.0.
#[cfg(feature = "coe-0-3")]
pub(crate) mod v0_3 {
    wasmtime::component::bindgen!({
        path: "../../wit/coe-0.3.0",
        world: "additions",
        exports: { default: async },
        with: { "jeroboam:coe/types@0.1.0": crate::bindings::jeroboam::coe::types },
    });
}
