//! Versions of drivers: components that were installed, and what became of them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Capability, Description, Digest};

/// Where a component came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Part of the binary.
    Bundled,
    /// A file in the drivers directory, by its name.
    Directory(String),
    /// An operator sent it.
    Installed,
}

/// Why something does not serve, as one sentence for each who could change it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub operator: String,
    /// For the author of the component; `None` if there is nothing for the author to change.
    pub author: Option<String>,
}

/// How far a version has come.
///
/// ```text
/// installed ──▶ checked ──▶ active ──▶ draining ──▶ retired
///      └──────────┴──▶ failed    ▲         │            │
///                                └─────────┴────────────┘ activated again
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionState {
    /// Its bytes are in the store; nobody has looked at them, or somebody is about to.
    Installed,
    /// It could serve, once what it waits for is approved.
    Checked,
    /// It serves new clusters: all of them, or those of a canary.
    Active,
    /// Another one serves new clusters; clusters are still on this one, or it can still be rolled back to.
    Draining,
    /// Nothing is on it any more.
    Retired,
    Failed(Reason),
}

/// A version of a driver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriverVersion {
    /// The driver that it is a version of: the name that it was installed under, and that it has to call itself.
    pub name: String,
    /// As it says itself. `None` until it has been asked.
    pub version: Option<String>,
    pub digest: Digest,
    pub origin: Origin,
    pub state: VersionState,
    /// The contract that it was built for: `jeroboam:coe@0.1.0`. `None` if that cannot be told.
    pub contract: Option<String>,
    /// In bytes.
    pub size: u64,
    pub description: Option<Description>,
    /// What it may use: interfaces, and `ca-key`.
    pub granted: BTreeSet<String>,
    /// What it asks for beyond that. It cannot be activated until somebody has approved all of it.
    pub waits_for: Vec<Capability>,
    pub report: Option<CheckReport>,
    /// It was rolled back or revoked: whatever is on it is served by this one in its place.
    pub replaced_by: Option<Digest>,
    /// Why it must never serve again.
    pub revoked: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub installed_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub changed_at: OffsetDateTime,
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    /// The version that it was compared with: the one that was active then.
    pub compared_with: Option<Digest>,
    pub labels: SchemaChanges,
    pub capabilities: CapabilityChanges,
    pub self_test: Vec<SelfTest>,
    /// Milliseconds; 0 if the compiled code was there already.
    pub compile_ms: u64,
    /// Milliseconds, for linking, one instantiation and `describe`.
    pub load_ms: u64,
}

/// How the labels of a version differ from those of another, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaChanges {
    pub added: Vec<String>,
    pub removed: Vec<String>,
    /// Another type, default or place.
    pub changed: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapabilityChanges {
    pub added: Vec<String>,
    pub removed: Vec<String>,
}

/// One thing that every driver has to do, and whether this one does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfTest {
    pub name: String,
    pub passed: bool,
    /// What was wrong; or what there is to know.
    pub detail: String,
}

impl Origin {
    /// For people: the file's name, `bundled` or `installed`.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Bundled => "bundled",
            Self::Directory(file) => file,
            Self::Installed => "installed",
        }
    }
}

impl Reason {
    pub fn operator(sentence: impl Into<String>) -> Self {
        Self { operator: sentence.into(), author: None }
    }

    #[must_use]
    pub fn and_author(self, sentence: impl Into<String>) -> Self {
        Self { author: Some(sentence.into()), ..self }
    }
}

impl VersionState {
    /// For people and programs, without the reason of a failure.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Installed => "installed",
            Self::Checked => "checked",
            Self::Active => "active",
            Self::Draining => "draining",
            Self::Retired => "retired",
            Self::Failed(_) => "failed",
        }
    }
}

impl DriverVersion {
    /// "kubernetes 0.2.0 (3f2a…)", as far as it is known.
    pub fn title(&self) -> String {
        match &self.version {
            Some(version) => format!("{} {version} ({})", self.name, self.digest.short()),
            None => format!("{} ({})", self.name, self.digest.short()),
        }
    }
}

impl SchemaChanges {
    /// From what `old` reads to what `new` reads.
    pub fn between(old: &Description, new: &Description) -> Self {
        let missing_in = |from: &Description, than: &Description| {
            from.labels.iter().filter(|label| than.label(&label.name).is_none()).map(|label| label.name.clone()).collect()
        };
        let differs = |label: &&super::LabelSpec| {
            old.label(&label.name).is_some_and(|before| {
                (&before.label_type, &before.default, before.per_group) != (&label.label_type, &label.default, label.per_group)
            })
        };
        Self {
            added: missing_in(new, old),
            removed: missing_in(old, new),
            changed: new.labels.iter().filter(differs).map(|label| label.name.clone()).collect(),
        }
    }
}

impl CapabilityChanges {
    pub fn between<'a>(old: impl IntoIterator<Item = &'a str>, new: impl IntoIterator<Item = &'a str>) -> Self {
        let (old, new): (BTreeSet<&str>, BTreeSet<&str>) = (old.into_iter().collect(), new.into_iter().collect());
        let names = |names: Vec<&&str>| names.into_iter().map(|name| (*name).to_owned()).collect();
        Self { added: names(new.difference(&old).collect()), removed: names(old.difference(&new).collect()) }
    }
}
