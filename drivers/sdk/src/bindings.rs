//! What is generated from `wit/`. Nothing else in the crate is unsafe, and nothing here is public as it is.

#![allow(unsafe_code, reason = "generated: crosses the component boundary")]
#![allow(clippy::all, reason = "generated")]
#![allow(missing_docs, dead_code, reason = "generated: a driver uses a part of the contract")]

wit_bindgen::generate!({
    path: "../../wit/coe-0.1.0",
    world: "coe-driver",
    additional_derives: [PartialEq, serde::Serialize, serde::Deserialize],
    additional_derives_ignore: ["description"],
    pub_export_macro: true,
    export_macro_name: "export_coe_driver",
});

/// What 0.2.0 adds. Its values of 0.1.0 are those above.
pub mod v0_2 {
    wit_bindgen::generate!({
        path: "../../wit/coe-0.2.0",
        world: "additions",
        additional_derives: [PartialEq, serde::Serialize, serde::Deserialize],
        with: { "jeroboam:coe/types@0.1.0": crate::bindings::jeroboam::coe::types },
        pub_export_macro: true,
        export_macro_name: "export_coe_resources",
    });
}
