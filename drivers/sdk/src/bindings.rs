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
