//! A component is looked at: whether it could serve, what it asks for, and how it differs from what serves now.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use jeroboam_driver_check::Verdict;
use jeroboam_model::driver::{
    Capability, CapabilityChanges, CheckReport, Description, Digest, DriverVersion, Origin, Reason, SchemaChanges, SelfTest,
    VersionState,
};
use jeroboam_plugins::{Candidate, Driver, Grant, Purpose};
use jeroboam_store::Stored;
use time::OffsetDateTime;
use tracing::{instrument::WithSubscriber, subscriber::NoSubscriber};

use crate::{
    NewVersions, RolloutError, Rollouts, SelfTests,
    kill::{Changing, Moment},
    names,
    reason::reason,
    start::CONFIGURATION,
};

/// After so much, what else was wrong with a part is left to `jeroboam driver check`. In bytes.
const LONGEST_DETAIL: usize = 1024;

/// How closely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// World, links, one instantiation, `describe`.
    Describe,
    /// And whether it answers as a driver has to.
    SelfTest,
}

/// What a look came to.
struct Finding {
    version: DriverVersion,
    verdict: Result<(), Reason>,
}

impl Rollouts {
    /// Has it checked again. Answers at once; [`Rollouts::version`] tells how far it has come.
    pub async fn check(&self, digest: &Digest) -> Result<DriverVersion, RolloutError> {
        let _turn = self.0.turn.lock().await;
        let version = self.stored(digest).await?;
        let undecided = matches!(version.state, VersionState::Checked | VersionState::Failed(_)) && version.revoked.is_none();
        let after = if undecided && version.replaced_by.is_none() {
            let after =
                DriverVersion { state: VersionState::Installed, changed_at: OffsetDateTime::now_utc(), ..version.value.clone() };
            let mut tx = self.0.store.begin();
            tx.update(&version.with(after.clone()));
            tx.commit().await?;
            after
        } else {
            version.value
        };
        self.enqueue(*digest);
        Ok(after)
    }

    /// Checks the version and writes down what was found; then it goes as far as the policy lets it. What fails is written down or logged.
    pub(crate) async fn look_at(&self, digest: &Digest, depth: Depth) {
        match self.try_look_at(digest, depth).await {
            Ok(Some(version)) => self.go_on(&version).await,
            Ok(None) => {}
            Err(error) => tracing::error!(%digest, "a driver version could not be checked: {error}"),
        }
    }

    async fn try_look_at(&self, digest: &Digest, depth: Depth) -> Result<Option<DriverVersion>, RolloutError> {
        let Some(version) = self.0.store.driver_versions().get(*digest).await? else { return Ok(None) };
        if version.revoked.is_some() {
            return Ok(None);
        }
        let Finding { version: mut found, verdict } = self.find_out(&version, depth).await?;
        let _turn = self.0.turn.lock().await;
        // It may have been approved, activated or removed meanwhile.
        let Some(now) = self.0.store.driver_versions().get(*digest).await? else { return Ok(None) };
        found.state = match (&now.state, verdict) {
            (VersionState::Active | VersionState::Draining | VersionState::Retired, Ok(())) => now.state.clone(),
            (VersionState::Active | VersionState::Draining | VersionState::Retired, Err(reason)) => {
                tracing::error!(driver = found.name, %digest, "a version that serves does not pass its check: {}", reason.operator);
                now.state.clone()
            }
            (_, Ok(())) => VersionState::Checked,
            (_, Err(reason)) => {
                tracing::error!(driver = found.name, %digest, from = found.origin.as_str(), "a driver version is of no use: {}", reason.operator);
                VersionState::Failed(reason)
            }
        };
        (found.replaced_by, found.revoked) = (now.replaced_by, now.revoked.clone());
        found.changed_at = OffsetDateTime::now_utc();
        let mut tx = self.0.store.begin();
        tx.update(&now.with(found.clone()));
        self.0.kill.pass(Changing::Check, Moment::Before);
        tx.commit().await?;
        self.0.kill.pass(Changing::Check, Moment::After);
        Ok(Some(found))
    }

    /// As the policy says: what is new in the binary or in the directory may serve without being asked for.
    async fn go_on(&self, version: &DriverVersion) {
        if !self.is_to_serve(version) {
            return;
        }
        match self.active_of(&version.name, &version.digest).await {
            // One that is only checked again.
            Ok(Some(active)) if active.installed_at > version.installed_at => return,
            Ok(_) => {}
            Err(error) => return tracing::error!(driver = version.name, "what serves now cannot be read: {error}"),
        }
        if let Err(error) = self.activate(&version.digest, None, CONFIGURATION).await {
            tracing::error!(driver = version.name, digest = %version.digest, "a new driver version is not activated: {error}");
        }
    }

    /// Whether the policy would have it serve without being asked for.
    pub(crate) fn is_to_serve(&self, version: &DriverVersion) -> bool {
        if version.state != VersionState::Checked || !version.waits_for.is_empty() || version.replaced_by.is_some() {
            return false;
        }
        let has_active = self.fleet().rollouts.get(&version.name).is_some_and(|rollout| rollout.active.is_some());
        match version.origin {
            Origin::Installed => false,
            Origin::Bundled => !has_active || self.0.config.new_versions == NewVersions::Activate,
            Origin::Directory(_) => self.0.config.new_versions == NewVersions::Activate,
        }
    }

    async fn find_out(&self, version: &Stored<DriverVersion>, depth: Depth) -> Result<Finding, RolloutError> {
        let mut found = version.value.clone();
        let bytes = Arc::new(self.bytes(version).await?);
        let verdict = async {
            let candidate = Candidate {
                name: version.name.clone(),
                digest: version.digest,
                origin: version.origin.clone(),
                granted: BTreeSet::new(),
                bytes,
            };
            let failed = |error: &jeroboam_plugins::LoadError| reason(error);
            found.contract = candidate.contract();
            let imports = candidate.wants().map_err(|error| failed(&error.into()))?;
            // Nothing is asked of the host by `describe`: what it imports is linked only so that it can be asked what it wants, and why.
            let candidate = Candidate { granted: imports.clone(), ..candidate };
            let driver = self.0.host.load(candidate).await.map_err(|error| failed(&error))?;
            let said = driver.description().clone();
            if !names::is_name(&said.name) || !names::may_be_called(&version.origin, &version.name, &said.name) {
                return Err(misnamed(&version.name, &said.name));
            }
            found.name = said.name.clone();
            found.version = Some(said.version.clone());
            let asked = asked(&imports, &said)?;
            let active =
                self.active_of(&said.name, &version.digest).await.map_err(|error| Reason::operator(error.to_string()))?;
            let grantable = self.grantable(version, &said.name, active.as_ref());
            found.granted =
                asked.iter().map(|capability| capability.name.clone()).filter(|name| grantable.contains(name)).collect();
            found.waits_for = asked.into_iter().filter(|capability| !found.granted.contains(&capability.name)).collect();
            let loading = driver.loading();
            let mut report = CheckReport {
                compile_ms: loading.compile.map_or(0, millis),
                load_ms: millis(loading.link),
                ..differences(active.as_ref(), &found, &said)
            };
            found.description = Some(said);
            if depth == Depth::SelfTest && found.waits_for.is_empty() {
                let granted = found.granted.iter().filter_map(|name| Grant::parse(name)).collect();
                let driver = driver.granting(granted, Purpose::Check).map_err(|error| failed(&error))?;
                report.self_test = self_test(driver).await;
            }
            let wrong: Vec<String> = report
                .self_test
                .iter()
                .filter(|test| !test.passed)
                .map(|test| format!("{}: {}", test.name, test.detail))
                .collect();
            found.report = Some(report);
            if wrong.is_empty() || self.0.config.self_test == SelfTests::Report { Ok(()) } else { Err(failing(&wrong)) }
        }
        .await;
        Ok(Finding { version: found, verdict })
    }

    /// What serves now under the name, if it is another version.
    async fn active_of(&self, name: &str, than: &Digest) -> Result<Option<DriverVersion>, RolloutError> {
        let Some(active) = self.rollout(name).await?.rollout().active.filter(|active| active != than) else { return Ok(None) };
        Ok(self.0.store.driver_versions().get(active).await?.map(|version| version.value))
    }

    /// What the configuration lets the driver have, what the version was granted before, and what serves now has already.
    fn grantable(&self, version: &DriverVersion, name: &str, active: Option<&DriverVersion>) -> BTreeSet<String> {
        let grants = &self.0.config.grants;
        let own = grants.of(name, version.origin == Origin::Bundled);
        // An operator may have named the file, and not what is in it.
        let files = match &version.origin {
            Origin::Directory(file) => grants.of(file, false),
            Origin::Bundled | Origin::Installed => BTreeSet::new(),
        };
        let configured = own.into_iter().chain(files).map(|grant| grant.as_str().to_owned());
        let before = active.into_iter().chain([version]).flat_map(|version| version.granted.iter().cloned());
        configured.chain(before).collect()
    }
}

/// One test for each area of the contract; what it says is what was found there first, or all that was wrong.
async fn self_test(driver: Driver) -> Vec<SelfTest> {
    // What the driver does there it does to nobody: the log and the audit are about clusters.
    let report = jeroboam_driver_check::driver(driver).with_subscriber(NoSubscriber::default()).await;
    let mut tests: Vec<SelfTest> = Vec::new();
    for finding in report.findings {
        let passed = finding.verdict != Verdict::Failed;
        match tests.iter_mut().find(|test| test.name == finding.area) {
            None => tests.push(SelfTest { name: finding.area.to_owned(), passed, detail: finding.what }),
            Some(test) if !passed && test.passed => *test = SelfTest { passed, detail: finding.what, ..test.clone() },
            Some(test) if !passed && test.detail.len() < LONGEST_DETAIL => {
                test.detail.push_str("; ");
                test.detail.push_str(&finding.what);
            }
            Some(_) => {}
        }
    }
    tests
}

/// What it imports, and what it says it needs, each once.
fn asked(imports: &BTreeSet<Grant>, said: &Description) -> Result<Vec<Capability>, Reason> {
    if let Some(unknown) = said.capabilities.iter().find(|capability| Grant::parse(&capability.name).is_none()) {
        let told = format!("It asks for {}, which this host does not know.", unknown.name);
        return Err(Reason::operator(format!("{told} Use a later host, or an older version of the driver.")).and_author(told));
    }
    let mut asked = said.capabilities.clone();
    let imported =
        imports.iter().map(|grant| grant.as_str()).filter(|name| said.capabilities.iter().all(|one| one.name != *name));
    asked.extend(imported.map(|name| Capability { name: name.to_owned(), reason: "it imports it".to_owned() }));
    Ok(asked)
}

fn differences(active: Option<&DriverVersion>, found: &DriverVersion, said: &Description) -> CheckReport {
    let wants = |version: &DriverVersion| -> BTreeSet<String> {
        version.granted.iter().cloned().chain(version.waits_for.iter().map(|capability| capability.name.clone())).collect()
    };
    let Some((active, description)) = active.and_then(|active| Some((active, active.description.as_ref()?))) else {
        return CheckReport::default();
    };
    let (old, new) = (wants(active), wants(found));
    CheckReport {
        compared_with: Some(active.digest),
        labels: SchemaChanges::between(description, said),
        capabilities: CapabilityChanges::between(old.iter().map(String::as_str), new.iter().map(String::as_str)),
        ..CheckReport::default()
    }
}

fn misnamed(came_as: &str, calls_itself: &str) -> Reason {
    Reason::operator(format!("It came as {came_as} and calls itself {calls_itself}. Install it under its own name, or name the file {calls_itself}.wasm."))
        .and_author(format!("describe answers the name {calls_itself}: it must be the name that the driver is installed under."))
}

fn failing(wrong: &[String]) -> Reason {
    let all = wrong.join("; ");
    Reason::operator(format!(
        "It does not answer as a driver has to ({all}). Ask its author for one that passes `jeroboam driver check`."
    ))
    .and_author(format!("`jeroboam driver check` tells the same, with more: {all}."))
}

fn millis(duration: Duration) -> u64 {
    // At least 1: 0 says that nothing was done.
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX).max(1)
}
