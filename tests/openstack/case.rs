//! A case: a template, a cluster, and what has to be there.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Map, Value};

/// A file of `cases/`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The file's, without its ending; also the project's and the user's.
    #[serde(skip)]
    pub name: String,
    /// Fields of the cluster template over those that every case needs.
    pub template: Map<String, Value>,
    /// Fields of the cluster over one master and one worker.
    #[serde(default)]
    pub cluster: Map<String, Value>,
    /// Whether the template names a network of the project's own.
    #[serde(default)]
    pub existing_network: bool,
    /// How many of each kind the cluster makes, by the names of the inventory.
    #[serde(default)]
    pub made: BTreeMap<String, usize>,
    /// The health that the cluster comes to, where the host can reach its API.
    pub health: Option<String>,
    /// The beginning of the API's address.
    #[serde(default)]
    pub api_address: String,
    /// Between creation and deletion, in this order.
    #[serde(default = "Step::usual")]
    pub steps: Vec<Step>,
    /// Labels of the template to upgrade to.
    #[serde(default)]
    pub upgrade: Map<String, Value>,
    /// Which daemon makes it.
    #[serde(default)]
    pub daemon: Daemon,
    /// The creation fails, and its reason contains this.
    pub fails: Option<String>,
}

#[derive(Debug, Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Grows by one.
    Grow,
    /// Shrinks by one.
    Shrink,
    /// Shrinks by one that the user chooses.
    ShrinkByChoice,
    /// Gets and loses a node group.
    NodeGroup,
    /// Comes to a template with other labels.
    Upgrade,
    /// Gets new authorities.
    RotateCa,
}

impl Step {
    fn usual() -> Vec<Self> {
        vec![Self::Grow, Self::Shrink]
    }
}

/// Which of the configurations in `daemons.rs` serves a case.
#[derive(Debug, Deserialize, Clone, Copy, PartialEq, Eq, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Daemon {
    #[default]
    Usual,
    /// Certificates in Barbican, and no trusts.
    Barbican,
}

impl Daemon {
    /// The region whose `container-infra` it is.
    pub fn region(self) -> &'static str {
        match self {
            Self::Usual => "RegionOne",
            Self::Barbican => "Barbican",
        }
    }
}

/// All of them, those that take longest first: they are begun in this order.
pub fn all() -> Result<Vec<Case>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("openstack/cases");
    let mut cases = Vec::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        let mut case: Case = serde_json::from_str(&fs::read_to_string(&path)?).with_context(|| path.display().to_string())?;
        case.name = path.file_stem().and_then(|stem| stem.to_str()).context("a file name")?.to_owned();
        cases.push(case);
    }
    ensure!(!cases.is_empty(), "no cases");
    cases.sort_by_key(|case| {
        let balanced = case.template.get("master_lb_enabled").is_some_and(|on| on == true);
        (!balanced, usize::MAX - case.steps.len(), case.name.clone())
    });
    Ok(cases)
}
