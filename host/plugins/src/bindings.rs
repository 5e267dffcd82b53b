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
