//! A scenario: what is done to a cluster, and what is to come of it.
//!
//! ```yaml
//! summary: What it shows, as a sentence.
//! template: {network_driver: flannel}           # fields of the template, as in the REST API; what is left out has a value that works
//! settings: {option: value}                     # the operator's section for this driver
//! steps:
//!   - fault: {resource_type: "OS::Nova::Server", action: CREATE, reason: "No valid host was found.", times: 1}
//!   - create: {master_count: 1, node_count: 2, labels: {motd: hello}}
//!     expect: {status: CREATE_COMPLETE, servers: 3}
//!   - resize: {node_count: 4}
//!     expect: {servers: 5, node_addresses: 4}
//!   - delete: {}
//!     expect: {left: 0}
//! ```
//!
//! A fault is one of the simulated cloud's: of a Heat resource as above, or of requests (`{service: network, method: POST, status: 503, times: 2}`).

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail, ensure};
use jeroboam_devcloud::faults::Fault;
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub summary: String,
    #[serde(default)]
    pub template: Map<String, Value>,
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    steps: Vec<Written>,
}

/// One step as it is written: exactly one of the actions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    create: Option<Map<String, Value>>,
    resize: Option<Map<String, Value>>,
    delete: Option<Nothing>,
    fault: Option<Fault>,
    #[serde(default)]
    expect: Expected,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

pub struct Step {
    pub action: Action,
    pub expect: Expected,
    /// In the file, from 1.
    pub line: usize,
}

pub enum Action {
    Create(Map<String, Value>),
    Resize(Map<String, Value>),
    Delete,
    Fault(Fault),
}

/// What is not said is not looked at, but for `status`: an operation is to succeed unless it is said otherwise.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// `CREATE_COMPLETE`, `UPDATE_FAILED`, …
    pub status: Option<String>,
    /// Part of the status's reason.
    pub reason: Option<String>,
    /// The request is refused, in words that contain this.
    pub refused: Option<String>,
    /// How many servers there are.
    pub servers: Option<usize>,
    pub master_addresses: Option<usize>,
    pub node_addresses: Option<usize>,
    /// Start of the cluster's API address.
    pub api_address: Option<String>,
    /// How many objects of a kind there are: `network/router`.
    #[serde(default)]
    pub made: BTreeMap<String, usize>,
    /// Nova metadata that every server has.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// How many objects there are that were not before the first step.
    pub left: Option<usize>,
}

impl Action {
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Create(_) => "create",
            Self::Resize(_) => "resize",
            Self::Delete => "delete",
            Self::Fault(_) => "fault",
        }
    }
}

impl Scenario {
    /// Reads a file; errors name its line.
    pub fn read(path: &Path) -> Result<(Self, Vec<Step>)> {
        let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        let mut scenario: Self = serde_yaml_ng::from_str(&text).with_context(|| format!("{} is no scenario", path.display()))?;
        ensure!(!scenario.steps.is_empty(), "{}: `steps` is empty", path.display());
        let lines = lines(&text);
        let steps = std::mem::take(&mut scenario.steps).into_iter().enumerate().map(|(index, written)| {
            let line = lines.get(index).copied().unwrap_or(1);
            let action = written.action().with_context(|| format!("{} line {line}", path.display()))?;
            Ok(Step { action, expect: written.expect, line })
        });
        let steps = steps.collect::<Result<_>>()?;
        Ok((scenario, steps))
    }
}

impl Written {
    fn action(&self) -> Result<Action> {
        let actions = [
            self.create.clone().map(Action::Create),
            self.resize.clone().map(Action::Resize),
            self.delete.as_ref().map(|_| Action::Delete),
            self.fault.clone().map(Action::Fault),
        ];
        let mut given = actions.into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(action), None) => Ok(action),
            _ => bail!("a step is exactly one of create, resize, delete and fault"),
        }
    }
}

/// The lines that steps begin on.
fn lines(text: &str) -> Vec<usize> {
    let after = text.lines().enumerate().skip_while(|(_, line)| !line.starts_with("steps:")).skip(1);
    let items: Vec<(usize, &str)> = after.filter(|(_, line)| line.trim_start().starts_with("- ")).collect();
    let depth = items.first().map_or(0, |(_, line)| line.len() - line.trim_start().len());
    items.iter().filter(|(_, line)| line.len() - line.trim_start().len() == depth).map(|(index, _)| index + 1).collect()
}
