//! The driver that is checked.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicUsize, Ordering},
};

use jeroboam_model::{RequestId, driver::Description};
use jeroboam_plugins::{CallContext, Driver, Grant, Grants, Interface};

use super::{
    report::{Asked, Identity, Report},
    world::World,
};

pub struct Subject {
    pub driver: Driver,
    calls: AtomicUsize,
}

impl Subject {
    /// It has described itself.
    pub fn new(driver: Driver) -> Self {
        Self { driver, calls: AtomicUsize::new(1) }
    }

    /// Says what it is, and what it wants.
    pub fn introduce(&self, imports: &BTreeSet<Interface>, report: &mut Report) {
        report.ok("world", format!("imports {}, and no WASI", words(imports.iter().map(|import| import.as_str()))));
        report.grants = asked(imports, self.description());
        explain(report, imports, self.description());
        report.driver = Some(identity(&self.driver));
    }

    pub fn description(&self) -> &Description {
        self.driver.description()
    }

    /// For one more call.
    pub fn context(&self, world: &World) -> CallContext {
        self.calls.fetch_add(1, Ordering::Relaxed);
        CallContext { request_id: RequestId::random(), sources: world.sources() }
    }

    /// How many calls there were.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }
}

/// What an operator has to grant: imports beyond those of every driver, and capabilities that are no imports.
pub fn asked(imports: &BTreeSet<Interface>, description: &Description) -> Vec<Asked> {
    let usual = Grants::default().directory;
    let imported = imports.iter().copied().map(Grant::Interface);
    let named = description.capabilities.iter().filter_map(|capability| Grant::parse(&capability.name));
    let wanted: BTreeSet<Grant> = imported.chain(named).filter(|grant| !usual.contains(grant)).collect();
    let reason = |grant: &Grant| {
        let own = description.capabilities.iter().find(|capability| capability.name == grant.as_str());
        own.map(|capability| capability.reason.clone()).unwrap_or_default()
    };
    wanted.iter().map(|grant| Asked { name: grant.as_str().to_owned(), reason: reason(grant) }).collect()
}

/// An operator is asked to grant what is imported, and reads why in `capabilities`.
fn explain(report: &mut Report, imports: &BTreeSet<Interface>, description: &Description) {
    for asked in report.grants.clone() {
        if asked.reason.is_empty() {
            let what = format!("imports {}, which has to be granted, and gives no reason", asked.name);
            report.note(
                "grants",
                "describe, capabilities",
                what,
                format!("add the capability {} with a reason, or do not import it", asked.name),
            );
        }
    }
    for capability in &description.capabilities {
        if Interface::parse(&capability.name).is_some_and(|interface| !imports.contains(&interface)) {
            let what = format!("asks for {}, and does not import it", capability.name);
            report.note("grants", "describe, capabilities", what, format!("remove the capability {}", capability.name));
        }
    }
}

fn identity(driver: &Driver) -> Identity {
    let description = driver.description();
    Identity {
        name: description.name.clone(),
        version: description.version.clone(),
        summary: description.summary.clone(),
        digest: driver.digest().to_string(),
        cluster_types: description.cluster_types.iter().map(ToString::to_string).collect(),
        labels: description.labels.iter().map(|label| label.name.clone()).collect(),
    }
}

fn words<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}
