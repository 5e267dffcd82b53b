//! What an operator decides about drivers.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::PathBuf,
};

use crate::{DriverMetrics, Interface, Limits};

/// Where drivers come from and what they may do.
#[derive(Clone, Debug, Default)]
pub struct PluginsConfig {
    /// Where compiled code is kept; only this host's user may be able to write there. `None`: compile at each start.
    pub cache_dir: Option<PathBuf>,
    /// Its `*.wasm` files are loaded in the order of their names, after the bundled ones. `None`, or a directory that is not
    /// there: none.
    pub drivers_dir: Option<PathBuf>,
    /// Part of the binary.
    pub bundled: Vec<Bundled>,
    pub limits: Limits,
    /// Drivers not to serve: names, or digests of components.
    pub disabled: Vec<String>,
    /// Names of drivers, the most wanted first: which one serves a cluster type that several provide.
    pub preferred: Vec<String>,
    pub grants: Grants,
    /// Where calls are counted.
    pub metrics: DriverMetrics,
}

/// A component that is part of the binary.
#[derive(Clone)]
pub struct Bundled {
    /// `kubernetes.wasm`.
    pub file_name: String,
    pub bytes: Cow<'static, [u8]>,
}

/// Something a driver can be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grant {
    /// To import an interface.
    Interface(Interface),
    /// To name the secret `ca-private-key`.
    CaKey,
}

/// Who is allowed what. Looked up by the name of the component's file without `.wasm`, because that is the operator's, while a
/// driver chooses its own name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grants {
    pub bundled: BTreeSet<Grant>,
    pub directory: BTreeSet<Grant>,
    /// In place of the two above.
    pub by_file: BTreeMap<String, BTreeSet<Grant>>,
}

impl Grants {
    /// What the file's component is allowed. `log` and `settings` always are.
    pub fn of(&self, file_name: &str, bundled: bool) -> BTreeSet<Grant> {
        let stem = file_name.strip_suffix(".wasm").unwrap_or(file_name);
        let general = if bundled { &self.bundled } else { &self.directory };
        let mut granted = self.by_file.get(stem).unwrap_or(general).clone();
        granted.extend([Grant::Interface(Interface::Log), Grant::Interface(Interface::Settings)]);
        granted
    }
}

impl Grant {
    /// As in configuration and in `description.capabilities`.
    pub fn parse(name: &str) -> Option<Self> {
        if name == "ca-key" { Some(Self::CaKey) } else { Interface::parse(name).map(Self::Interface) }
    }

    /// Everything that there is to allow.
    pub fn all() -> impl Iterator<Item = Self> {
        Interface::ALL.iter().copied().map(Self::Interface).chain([Self::CaKey])
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Interface(interface) => interface.as_str(),
            Self::CaKey => "ca-key",
        }
    }
}

/// Bundled drivers may do everything, those of the directory what has no effect.
impl Default for Grants {
    fn default() -> Self {
        let reads = [Interface::Log, Interface::Settings, Interface::Lookup, Interface::Stacks];
        Self {
            bundled: Interface::ALL.iter().copied().map(Grant::Interface).chain([Grant::CaKey]).collect(),
            directory: reads.into_iter().map(Grant::Interface).collect(),
            by_file: BTreeMap::new(),
        }
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Bundled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bundled({}, {} bytes)", self.file_name, self.bytes.len())
    }
}
