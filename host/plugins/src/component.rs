//! What a component wants and offers, read from its bytes before anything is compiled.

use std::collections::BTreeSet;

use semver::Version;
use wasmparser::{Encoding, Parser, Payload};

use crate::{
    Interface,
    contract::{Contract, DRIVER, PACKAGE, Served, is_newer, newest},
};

/// Why a file is no driver for this host. Each says to the operator what to do; [`ComponentError::author`] says it to whoever built the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComponentError {
    #[error("it is not WebAssembly; install the component that the driver's build makes, a file NAME.wasm")]
    NotWasm,
    #[error("it is a core module and no component; ask for the component (wasm-tools component new makes one of it)")]
    CoreModule,
    #[error("it is damaged at byte {offset}: {what}; copy it again, and rename it into place once it is whole")]
    Damaged { offset: usize, what: String },
    #[error(
        "it exports no interface driver of {PACKAGE}: it is a component for something else; install one for {PACKAGE} {Served}"
    )]
    OtherWorld,
    #[error("it was built for version {theirs} of {PACKAGE}, and this host serves {Served}; {}", other_version(.theirs))]
    OtherVersion { theirs: Version },
    #[error(
        "it imports {0}, which no driver is given; build it without: for WASI, stub it out (componentize-py --stub-wasi, componentize-js --disable, componentize-qjs --stub-wasi, or Rust for wasm32-unknown-unknown)"
    )]
    UnknownImport(String),
}

/// What is written on a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surface {
    /// The newest version of the contract that it needs: the one that it was built for, or an older one that has all of it.
    pub contract: Version,
    /// The interfaces of the contract that it imports.
    pub imports: BTreeSet<Interface>,
    /// The interfaces of the contract that it exports, besides `driver`.
    pub offers: BTreeSet<&'static str>,
}

impl ComponentError {
    /// What the driver's author has to change, in one sentence; nothing if that is not theirs.
    pub fn author(&self) -> Option<String> {
        match self {
            Self::Damaged { .. } => None,
            Self::NotWasm | Self::CoreModule | Self::OtherWorld => {
                Some(format!("build it as a component that targets the world {PACKAGE}/coe-driver@{}", newest()))
            }
            Self::OtherVersion { theirs } => Some(format!(
                "build it against wit/coe-{} ({PACKAGE} {Served} is what this host serves), or say that it needs a host that serves {}.{}",
                newest(),
                theirs.major,
                theirs.minor
            )),
            Self::UnknownImport(name) => {
                Some(format!("build it without {name}: a driver imports the interfaces of {PACKAGE}, and nothing else"))
            }
        }
    }
}

/// What the operator does about a version that is not served.
fn other_version(theirs: &Version) -> String {
    let Version { major, minor, .. } = theirs;
    if is_newer(theirs) {
        format!("install a newer host, one that serves {major}.{minor}, or a build of the driver for {Served}")
    } else {
        format!("install a build of the driver for {Served}")
    }
}

/// The interfaces of the contract that the component imports.
pub fn imports(bytes: &[u8]) -> Result<BTreeSet<Interface>, ComponentError> {
    surface(bytes).map(|surface| surface.imports)
}

/// Reads what the component's own imports and exports say, section by section; what lies deeper is not looked at. Nothing in `bytes` is taken on trust but that
/// it may be a component: whether it holds together is found by compiling it.
pub fn surface(bytes: &[u8]) -> Result<Surface, ComponentError> {
    let mut found = Surface { contract: Version::new(0, 0, 0), imports: BTreeSet::new(), offers: BTreeSet::new() };
    let mut is_driver = false;
    names(bytes, |name| {
        match name {
            Name::Import(name) => found.imported(name)?,
            Name::Export(name) => is_driver |= found.exported(name)?,
        }
        Ok(())
    })?;
    if is_driver { Ok(found) } else { Err(ComponentError::OtherWorld) }
}

/// Whether the bytes are a component from its first to its last section, as far as can be seen without compiling it: not a beginning of one. What a component
/// exports is its last section that matters, so a beginning exports nothing.
pub fn whole(bytes: &[u8]) -> Result<(), ComponentError> {
    let mut exports = false;
    names(bytes, |name| {
        exports |= matches!(name, Name::Export(_));
        Ok(())
    })?;
    if exports { Ok(()) } else { Err(ComponentError::OtherWorld) }
}

/// Of a component's own imports and exports.
enum Name<'a> {
    Import(&'a str),
    Export(&'a str),
}

/// Reads all sections, to the last byte.
fn names<'a>(bytes: &'a [u8], mut each: impl FnMut(Name<'a>) -> Result<(), ComponentError>) -> Result<(), ComponentError> {
    if !bytes.starts_with(b"\0asm") {
        return Err(ComponentError::NotWasm);
    }
    let mut depth = 0u32;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(damaged)? {
            Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => return Err(ComponentError::CoreModule),
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 0 => {
                for import in section {
                    each(Name::Import(import.map_err(damaged)?.name.name))?;
                }
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                for export in section {
                    each(Name::Export(export.map_err(damaged)?.name.name))?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The contract that the component was built for, by the interface that it exports: `jeroboam:coe@0.1.0`. Whether this host serves it is another question.
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

impl Surface {
    /// Every import has to be one that a served contract brought; `types` has nothing to link.
    fn imported(&mut self, name: &str) -> Result<(), ComponentError> {
        let unknown = || ComponentError::UnknownImport(name.to_owned());
        let (contract, interface) = of_contract(name)?.ok_or_else(unknown)?;
        if interface != "types" {
            let known = contract.imports.iter().find(|known| known.as_str() == interface);
            self.imports.insert(*known.ok_or_else(unknown)?);
        }
        self.needs(contract);
        Ok(())
    }

    /// Whether it is `driver`. What a component exports beyond the contract is its own business.
    fn exported(&mut self, name: &str) -> Result<bool, ComponentError> {
        let Some((contract, interface)) = of_contract(name)? else { return Ok(false) };
        let Some(export) = contract.exports.iter().find(|known| **known == interface) else { return Ok(false) };
        self.needs(contract);
        if *export == DRIVER {
            return Ok(true);
        }
        self.offers.insert(export);
        Ok(false)
    }

    fn needs(&mut self, contract: &Contract) {
        if self.contract < contract.version {
            self.contract = contract.version.clone();
        }
    }
}

/// The contract and `lookup`, for `jeroboam:coe/lookup@0.1.0`; nothing for a name of another package.
fn of_contract(name: &str) -> Result<Option<(&'static Contract, &str)>, ComponentError> {
    let Some((PACKAGE, rest)) = name.split_once('/') else { return Ok(None) };
    let Some((interface, version)) = rest.split_once('@') else { return Ok(None) };
    let Ok(theirs) = Version::parse(version) else { return Ok(None) };
    Contract::serving(&theirs).map(|contract| Some((contract, interface))).ok_or(ComponentError::OtherVersion { theirs })
}

fn damaged(error: wasmparser::BinaryReaderError) -> ComponentError {
    ComponentError::Damaged { offset: error.offset(), what: error.message().to_owned() }
}
