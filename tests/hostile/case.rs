//! The cases: one file for each guest.

use std::{collections::BTreeMap, fs, path::Path, time::Duration};

use jeroboam_model::driver::Origin;
use jeroboam_plugins::{Candidate, Grant, Limits};
use serde::Deserialize;

use crate::{
    definition::Definition,
    guest::{EXPORTS, Guest},
};

/// A guest, and what has to become of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    #[serde(skip)]
    pub name: String,
    /// For the list: a sentence.
    pub does: String,
    /// The exports that do it; `every`: all nine.
    #[serde(default = "define_stack")]
    pub exports: Vec<String>,
    /// Interface, function and signature of what it imports.
    #[serde(default)]
    imports: Vec<[String; 3]>,
    /// Data and functions, as WebAssembly text.
    #[serde(default)]
    items: String,
    /// Of the exports.
    body: Option<String>,
    /// Of single exports.
    #[serde(default)]
    bodies: BTreeMap<String, String>,
    /// What it answers define-stack with, in place of a body.
    definition: Option<Definition>,
    /// Runs when an instance is made.
    start: Option<String>,
    realloc: Option<String>,
    /// In 64 KiB.
    #[serde(default = "one")]
    pages: u32,
    /// A whole component, in place of all that.
    component: Option<String>,
    /// Another driver's name, which it goes by.
    pub calls_itself: Option<String>,
    /// Milliseconds that a call may take, for what would otherwise take long to end.
    wall: Option<u64>,
    /// How the call ends: a stop reason's word, `bad-answer`, `refused` (by the driver's own account), `answered`, or `not-loaded`.
    pub ends: String,
    /// A part of what the operator reads.
    #[serde(default)]
    pub says: String,
    /// How many lines of the guest's own the log has.
    pub lines: Option<usize>,
}

fn define_stack() -> Vec<String> {
    vec!["define-stack".into()]
}

const fn one() -> u32 {
    1
}

/// All of them, by name.
pub fn all() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("hostile/guests");
    let mut cases: Vec<Case> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let case: Case = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            Case { name: path.file_stem().unwrap().to_string_lossy().into_owned(), ..case }
        })
        .collect();
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    cases
}

impl Case {
    /// The exports that are to be called.
    pub fn called(&self) -> Vec<&'static str> {
        let wanted = |export: &&str| self.exports.iter().any(|name| name == "every" || name == export);
        EXPORTS.into_iter().filter(wanted).collect()
    }

    /// Time passes while others compute, on a machine that has much else to do: only processor time ends a call that computes.
    pub fn limits(&self) -> Limits {
        let patience = Duration::from_secs(120);
        let wall = self.wall.map_or(patience, Duration::from_millis);
        Limits { cpu: Duration::from_millis(200), wall, describe_wall: patience, ..Limits::default() }
    }

    /// The component, with everything granted: nothing that it is stopped at is for want of a grant. `export` is the one that misbehaves.
    pub fn candidate(&self, export: &str) -> Candidate {
        Candidate::new("hostile", Origin::Installed, Grant::all().collect(), self.bytes(export))
    }

    fn bytes(&self, export: &str) -> Vec<u8> {
        if let Some(text) = &self.component {
            return wat::parse_str(text).unwrap_or_else(|error| panic!("{}: {error}", self.name));
        }
        let mut guest = Guest::new(self.calls_itself.as_deref().unwrap_or("hostile")).pages(self.pages).item(&self.items);
        for [interface, function, signature] in &self.imports {
            guest = guest.import(interface, function, signature);
        }
        let export = EXPORTS.into_iter().find(|name| *name == export).unwrap();
        let own = self.bodies.get(export).or(self.body.as_ref());
        if let Some(definition) = &self.definition {
            guest = definition.answered_by(guest);
        } else if let Some(body) = own {
            guest = guest.body(export, body);
        }
        if let Some(start) = &self.start {
            guest = guest.start(start);
        }
        if let Some(realloc) = &self.realloc {
            guest = guest.realloc(realloc);
        }
        guest.component()
    }
}
