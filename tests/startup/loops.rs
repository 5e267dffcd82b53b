//! A component of the right world whose `describe` never returns.

use std::{fmt::Write, path::Path};

use anyhow::Result;
use wit_component::{ComponentEncoder, StringEncoding};
use wit_parser::Resolve;

/// The driver's other exports.
const REST: &[&str] = &[
    "validate-template",
    "validate-cluster",
    "define-stack",
    "plan-upgrade",
    "pick-removals",
    "read-stack",
    "before-delete",
    "check-health",
];

pub fn component() -> Result<Vec<u8>> {
    let mut text = String::from(
        r#"(module (memory (export "memory") 1)
           (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
           (func (export "jeroboam:coe/driver@0.1.0#describe") (result i32) (loop (br 0)) unreachable)"#,
    );
    for export in REST {
        write!(text, r#"(func (export "jeroboam:coe/driver@0.1.0#{export}") (param i32) (result i32) unreachable)"#)?;
    }
    text.push(')');
    let mut module = wat::parse_str(&text)?;
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit/coe-0.1.0"))?;
    let world = resolve.select_world(&[package], Some("coe-driver"))?;
    wit_component::embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8)?;
    ComponentEncoder::default().validate(true).module(&module)?.encode()
}
