//! What a component wants and offers, read from its bytes before anything is compiled.

use std::collections::BTreeSet;

use semver::Version;
use wasmparser::{Encoding, Parser, Payload};

use crate::Interface;

/// The package of the contract, and the versions of it that this host speaks: those that differ in the last number only.
const PACKAGE: &str = "jeroboam:coe";
const SPOKEN: (u64, u64) = (0, 1);

/// Why a file is no driver for this host. Each says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComponentError {
    #[error("it is not WebAssembly; build it as a component that targets the world jeroboam:coe/coe-driver@0.1.0")]
    NotWasm,
    #[error("it is a core module; make a component of it (wasm-tools component new)")]
    CoreModule,
    #[error("it is damaged at byte {offset}: {what}")]
    Damaged { offset: usize, what: String },
    #[error("it exports no interface driver of {PACKAGE}; build it for the world jeroboam:coe/coe-driver@0.1.0")]
    OtherWorld,
    #[error("it was built for version {theirs} of {PACKAGE}, and this host speaks 0.1; use a build for 0.1, or a newer host")]
    OtherVersion { theirs: Version },
    #[error(
        "it imports {0}, which no driver is given; build it without: for WASI, stub it out (componentize-py --stub-wasi, componentize-js --disable, componentize-qjs --stub-wasi, or Rust for wasm32-unknown-unknown)"
    )]
    UnknownImport(String),
}

/// The interfaces of the contract that the component imports.
pub fn imports(bytes: &[u8]) -> Result<BTreeSet<Interface>, ComponentError> {
    if !bytes.starts_with(b"\0asm") {
        return Err(ComponentError::NotWasm);
    }
    let mut wanted = BTreeSet::new();
    let mut is_driver = false;
    let mut depth = 0u32;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(damaged)? {
            Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => return Err(ComponentError::CoreModule),
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section {
                    wanted.extend(imported(import.map_err(damaged)?.name.name)?);
                }
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                for export in section {
                    is_driver |= contract(export.map_err(damaged)?.name.name)? == Some("driver");
                }
            }
            _ => {}
        }
    }
    if is_driver { Ok(wanted) } else { Err(ComponentError::OtherWorld) }
}

/// The contract that the component was built for, by the interface that it exports: `jeroboam:coe@0.1.0`. Whether this host speaks it is another question.
pub(crate) fn contract_of(bytes: &[u8]) -> Option<String> {
    let mut depth = 0u32;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.ok()? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentExportSection(section) if depth == 0 => {
                for export in section {
                    let name = export.ok()?.name.name;
                    if let Some((package, version)) = name.split_once("/driver@") {
                        return Some(format!("{}@{}", crate::text::line(package, 64), crate::text::line(version, 64)));
                    }
                }
            }
            _ => {}
        }
    }
    None
}

/// The interface behind an import; `types` has nothing to link.
fn imported(name: &str) -> Result<Option<Interface>, ComponentError> {
    match contract(name)? {
        Some("types") => Ok(None),
        Some(interface) => Interface::parse(interface).map(Some).ok_or_else(|| ComponentError::UnknownImport(name.to_owned())),
        None => Err(ComponentError::UnknownImport(name.to_owned())),
    }
}

/// `lookup` for `jeroboam:coe/lookup@0.1.0`; nothing for a name of another package.
fn contract(name: &str) -> Result<Option<&str>, ComponentError> {
    let Some((PACKAGE, rest)) = name.split_once('/') else { return Ok(None) };
    let Some((interface, version)) = rest.split_once('@') else { return Ok(None) };
    match Version::parse(version) {
        Ok(version) if (version.major, version.minor) == SPOKEN && version.pre.is_empty() => Ok(Some(interface)),
        Ok(theirs) => Err(ComponentError::OtherVersion { theirs }),
        Err(_) => Ok(None),
    }
}

fn damaged(error: wasmparser::BinaryReaderError) -> ComponentError {
    ComponentError::Damaged { offset: error.offset(), what: error.message().to_owned() }
}
