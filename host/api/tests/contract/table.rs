//! The tables of attributes, as data: what Magnum's own attributes are like, and what is done with them here where `host/docs/differences.md` says so.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// The newest version of the API.
pub const LATEST: Version = Version(14);

/// The minor number of a microversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u8);

/// A resource.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    #[serde(skip)]
    pub name: String,
    /// What errors call the body.
    pub argument: String,
    #[serde(default = "first")]
    pub since: Version,
    /// The status of requests before that.
    #[serde(default = "not_acceptable")]
    pub before: u16,
    /// Who asks.
    #[serde(default)]
    pub caller: Who,
    pub create: Option<Create>,
    pub patch: Option<Patch>,
    #[serde(default)]
    pub answers: Vec<Answers>,
    pub fields: BTreeMap<String, Field>,
    #[serde(default)]
    pub cases: Vec<Special>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Who {
    #[default]
    Demo,
    Admin,
}

/// How one is made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Create {
    pub path: String,
    #[serde(default = "post")]
    pub method: String,
    pub status: BTreeMap<Version, u16>,
    pub answer: BTreeMap<Version, Reply>,
    /// What has to be there, and nothing else.
    pub body: Map<String, Value>,
    /// Where it is shown afterwards, with `{}` for its uuid; nowhere for actions.
    pub shown_at: Option<String>,
    /// The attribute that no two may have in common.
    pub distinct: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reply {
    Whole,
    Uuid,
}

/// How one is changed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    pub path: String,
    pub status: BTreeMap<Version, u16>,
    pub answer: BTreeMap<Version, Reply>,
    /// What the one has on which everything is set.
    pub full: Map<String, Value>,
    /// What is said of an attribute that there is not, where it is something else than of other resources.
    pub unknown: Option<String>,
}

/// An address at which the resource is shown, and how much of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    pub path: String,
    pub form: Place,
    /// The key of the list; nothing where the answer is the resource itself.
    pub list: Option<String>,
    /// Of a cluster that failed.
    #[serde(default)]
    pub failed: bool,
}

/// From which form on an attribute is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    #[default]
    List,
    Detail,
    Show,
    /// By itself, and only if it failed.
    Failed,
    /// In the answer to its own request only, where it was said.
    Echo,
    Never,
}

/// An attribute.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub kind: Kind,
    /// Of text, in characters.
    pub length: Option<(usize, usize)>,
    pub range: Option<(i64, i64)>,
    /// Of a choice.
    #[serde(default)]
    pub words: Vec<String>,
    #[serde(default)]
    pub pattern: Option<Pattern>,
    #[serde(default)]
    pub create: Writing,
    #[serde(default)]
    pub patch: Patching,
    /// By a patch.
    #[serde(default = "yes")]
    pub removable: bool,
    #[serde(default, rename = "in")]
    pub place: Place,
    pub since: Option<Version>,
    pub until: Option<Version>,
    /// Further versions to look at.
    #[serde(default)]
    pub versions: Vec<Version>,
    /// Who has to ask for it.
    pub caller: Option<Who>,
    /// Whether its value names something that has to be there, so that values of the right form can still be refused.
    #[serde(default)]
    pub named: bool,
    /// What errors say instead of the attribute's name.
    pub says: Option<String>,
    /// Something that it may be.
    #[serde(default)]
    pub right: Value,
    /// How that is shown, if otherwise.
    #[serde(default, deserialize_with = "present")]
    pub shown: Option<Value>,
    /// What is shown where nothing was said.
    #[serde(default)]
    pub absent: Value,
    /// The same for `null`.
    #[serde(default, deserialize_with = "present")]
    pub null: Option<Value>,
    /// The same after a patch removed it.
    #[serde(default, deserialize_with = "present")]
    pub removed: Option<Value>,
    /// Further values.
    #[serde(default)]
    pub also: Vec<Also>,
    /// The same for patches.
    #[serde(default)]
    pub also_patched: Vec<Also>,
}

/// A value and what comes of it: `refused`, `any`, or what is shown.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Also {
    pub give: Value,
    pub gives: Value,
    pub at: Option<Version>,
    /// What an error says instead of the attribute's name.
    pub says: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Text,
    Uuid,
    Integer,
    Boolean,
    Choice,
    Pairs,
    List,
    Taints,
    Addresses,
    Time,
    Links,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pattern {
    /// `^[a-zA-Z][a-zA-Z0-9_.-]*$`
    Name,
}

/// What a request to create may do with an attribute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Writing {
    #[default]
    Sets,
    Required,
    /// Read, checked, and not used.
    Ignored,
    Readonly,
    /// Not among the attributes of a request at all.
    Unknown,
}

/// What a patch may do with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Patching {
    Changes,
    /// Patched, and then found not to be changeable.
    #[default]
    Fixed,
    /// The same, whatever it is given.
    Ignored,
    Internal,
    /// By cases of its own.
    Special,
}

/// A request that is not about one attribute.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Special {
    pub method: String,
    pub path: String,
    #[serde(default)]
    pub body: Value,
    #[serde(default = "latest")]
    pub at: Version,
    pub caller: Option<Who>,
    pub status: u16,
    /// Within the error's text.
    pub says: Option<String>,
}

impl Table {
    /// What there are tables of.
    pub fn names() -> Vec<String> {
        let files = std::fs::read_dir(directory()).unwrap().map(|entry| entry.unwrap().path());
        let mut names: Vec<String> = files.map(|file| file.file_stem().unwrap().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// A word after `$` stands for what `names` says.
    pub fn named(name: &str, names: &BTreeMap<&str, String>) -> Self {
        let file = directory().join(format!("{name}.yaml"));
        let mut text = std::fs::read_to_string(&file).unwrap();
        for (name, value) in names {
            text = text.replace(&format!("${name}"), value);
        }
        let table: Self = serde_yaml_ng::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        Self { name: name.to_owned(), ..table }
    }

    /// The versions that requests for the attribute are made at: before it, when it came, and the newest.
    pub fn versions(&self, field: &Field) -> Vec<Version> {
        let since = field.since.unwrap_or(self.since).max(self.since);
        let mut versions = vec![since.before().max(self.since), since, LATEST];
        versions.extend(field.until.into_iter().flat_map(|until| [until, until.after()]));
        versions.extend(field.versions.iter().copied().filter(|version| *version >= self.since));
        versions.sort();
        versions.dedup();
        versions
    }
}

impl Field {
    pub fn is_shown(&self, place: Place, failed: bool, version: Version) -> bool {
        let there = self.place <= place || (failed && place == Place::Show && self.place == Place::Failed);
        there && self.since.is_none_or(|since| since <= version) && self.until.is_none_or(|until| version <= until)
    }

    /// How the right value is shown.
    pub fn shown(&self) -> Value {
        self.shown.clone().unwrap_or_else(|| self.right.clone())
    }

    /// What is shown after `null` was said.
    pub fn null(&self) -> Value {
        self.null.clone().unwrap_or_else(|| self.absent.clone())
    }

    pub fn removed(&self) -> Value {
        self.removed.clone().unwrap_or_else(|| self.absent.clone())
    }
}

impl Version {
    pub fn before(self) -> Self {
        Self(self.0.saturating_sub(1).max(1))
    }

    pub fn after(self) -> Self {
        Self((self.0 + 1).min(LATEST.0))
    }

    /// The value of a table for the version: that of the newest not after it.
    pub fn of<T: Copy>(self, table: &BTreeMap<Self, T>) -> T {
        *table.range(..=self).next_back().unwrap().1
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "1.{}", self.0)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let minor = text.strip_prefix("1.").and_then(|minor| minor.parse().ok());
        minor.map(Self).ok_or_else(|| serde::de::Error::custom(format!("{text} is no version; quote it")))
    }
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract/tables")
}

/// So that `null` is something else than nothing.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

fn first() -> Version {
    Version(1)
}

fn latest() -> Version {
    LATEST
}

fn post() -> String {
    "POST".to_owned()
}

fn not_acceptable() -> u16 {
    406
}

fn yes() -> bool {
    true
}
