//! Changes of rollouts: whatever the daemon was about to do with a version, the next one finds a registry that holds together, serves what the store says, and makes clusters.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use jeroboam_devcloud::Who;
use jeroboam_tests::{
    cloud::{Cloud, User},
    cluster,
    daemon::Place,
    guest::{self, DEFINED_BY, Guest},
    operator,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::fallen;

const DRIVER: &str = "swapped";
/// Active at first; what is activated next; what is new; what asks for more than it may have.
const OLD: &str = "1.0.0";
const NEXT: &str = "1.1.0";
const NEW: &str = "1.2.0";
const ASKING: &str = "1.3.0";

/// How far a rollout has come before the fall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    Steady,
    /// The next version is for one project, the user's.
    Canary,
    Unconfirmed,
    /// The same, and no cluster is on the old version.
    Unused,
}

/// What an operator asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Install,
    Approve,
    Activate,
    Canary,
    Confirm,
    RollBack,
    RevokeNext,
    MoveAll,
    RemoveNext,
}

/// The change of the kill point, where it is made, and by what.
const CASES: &[(&str, From, Action)] = &[
    ("bytes", From::Steady, Action::Install),
    ("install", From::Canary, Action::Install),
    ("check", From::Unconfirmed, Action::Install),
    ("approve", From::Steady, Action::Approve),
    ("activate", From::Steady, Action::Activate),
    ("activate", From::Canary, Action::Activate),
    ("canary", From::Steady, Action::Canary),
    ("confirm", From::Unconfirmed, Action::Confirm),
    ("rollback", From::Canary, Action::RollBack),
    ("rollback", From::Unconfirmed, Action::RollBack),
    ("revoke", From::Steady, Action::RevokeNext),
    ("revoke", From::Canary, Action::RevokeNext),
    ("revoke", From::Unconfirmed, Action::RevokeNext),
    ("move", From::Unconfirmed, Action::MoveAll),
    ("retire", From::Unused, Action::Confirm),
    ("remove", From::Steady, Action::RemoveNext),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_at_any_change_of_a_rollout_leaves_what_was_or_what_is_to_be() -> Result<()> {
    for from in [From::Steady, From::Canary, From::Unconfirmed, From::Unused] {
        let base = Base::new(from).await.with_context(|| format!("{from:?}"))?;
        for (change, _, action) in CASES.iter().filter(|(_, state, _)| *state == from) {
            for moment in ["before", "after"] {
                let point = format!("{change}/{moment}");
                base.killed_at(&point, *action)
                    .await
                    .with_context(|| format!("killed at {point}, from {from:?}, by {action:?}"))?;
            }
        }
        base.cloud.devcloud.shutdown().await;
    }
    Ok(())
}

/// A rollout that has come so far, with a cluster on the old version; no daemon runs. Each case has a copy of its state.
struct Base {
    place: Place,
    cloud: Cloud,
    template: String,
    cluster: Option<String>,
    digests: [String; 4],
}

impl Base {
    async fn new(from: From) -> Result<Self> {
        let place = Place::new()?;
        let cloud = Cloud::start(&place.url()?, Duration::ZERO).await?;
        place.configure(&cloud, "")?;
        let mut daemon = place.start(&[]).await?;
        let (admin, user) = (cloud.user(Who::Admin, &place.url()?).await?, cloud.user(Who::Demo, &place.url()?).await?);
        let image = guest::image(&cloud, &admin, DRIVER).await?;
        let mut digests = [OLD, NEXT, NEW, ASKING].map(str::to_owned);
        for digest in &mut digests {
            let component = component(digest)?;
            // One that waits for approval is checked at each start, in case it has been granted what it asks for.
            if digest.as_str() == NEW || (digest.as_str() == ASKING && from != From::Steady) {
                continue;
            }
            *digest = operator::install(&admin, DRIVER, component).await?;
            operator::checked(&admin, digest).await?;
        }
        operator::activate(&admin, &digests[0], &Value::Null).await?;
        let template = guest::template(&user, &image).await?;
        let mut cluster = None;
        if from != From::Unused {
            let made = cluster::create(&user, &template).await?;
            cluster::becomes(&user, &made, "CREATE_COMPLETE").await?;
            cluster = Some(made);
        }
        match from {
            From::Steady => {}
            From::Canary => drop(operator::activate(&admin, &digests[1], &json!({"projects": [user.project_id]})).await?),
            From::Unconfirmed | From::Unused => drop(operator::activate(&admin, &digests[1], &Value::Null).await?),
        }
        ensure!(daemon.end()?.success(), "SIGTERM ends the daemon in good order");
        Ok(Self { place, cloud, template, cluster, digests })
    }

    /// A daemon falls at the point; the store is read, and a second daemon has to go by it.
    async fn killed_at(&self, point: &str, action: Action) -> Result<()> {
        let place = self.place.copy()?;
        let mut daemon = place.start(&[("JEROBOAM_ABORT_ROLLOUT_AT", point)]).await?;
        let admin = self.cloud.user(Who::Admin, &place.url()?).await?;
        // The answer may not come, or come before the fall.
        let _ = self.act(&admin, action).await;
        fallen(&mut daemon).await?;
        drop(daemon);

        let stored = Stored::read(&place)?;
        if ["bytes/after", "remove/after"].contains(&point) {
            ensure!(stored.orphans > 0, "the bytes are there without their version");
            ensure!(place.start(&[]).await?.end()?.success(), "SIGTERM ends the daemon in good order");
            ensure!(Stored::read(&place)?.orphans == 0, "the next start removes them");
        }
        let mut daemon = place.start(&[]).await?;
        let user = self.cloud.user(Who::Demo, &place.url()?).await?;
        self.holds_together(&admin, &stored).await?;
        self.serves(&user, &stored).await?;

        // What was not done can be done, and what was done need not be done again.
        if point.starts_with("retire/") {
            self.retires(&admin).await?;
        } else if point.ends_with("/before") || matches!(action, Action::Install | Action::RevokeNext) {
            self.act(&admin, action).await?;
        }
        ensure!(daemon.end()?.success(), "SIGTERM ends the daemon in good order");
        self.came_to(&Stored::read(&place)?, action)
    }

    async fn act(&self, admin: &User, action: Action) -> Result<()> {
        let [_, next, _, asking] = &self.digests;
        let version = |digest: &str, action: &str| format!("/drivers/versions/{digest}/actions/{action}");
        let post = async |path: &str, body: Option<Value>, status| {
            admin.expect(Method::POST, path, body.as_ref(), status).await.map(drop)
        };
        match action {
            Action::Install => {
                let digest = operator::install(admin, DRIVER, component(NEW)?).await?;
                operator::checked(admin, &digest).await.map(drop)
            }
            Action::Approve => {
                post(&version(asking, "approve"), None, 202).await?;
                operator::checked(admin, asking).await.map(drop)
            }
            Action::Activate => operator::activate(admin, next, &Value::Null).await.map(drop),
            Action::Canary => operator::activate(admin, next, &json!({"share": 50})).await.map(drop),
            Action::Confirm => operator::act(admin, DRIVER, "confirm").await.map(drop),
            Action::RollBack => operator::act(admin, DRIVER, "rollback").await.map(drop),
            Action::RevokeNext => post(&version(next, "revoke"), Some(json!({"why": "a test"})), 200).await,
            Action::MoveAll => post(&format!("/drivers/{DRIVER}/actions/move"), Some(json!({"all": true})), 200).await,
            Action::RemoveNext => admin.expect(Method::DELETE, &format!("/drivers/versions/{next}"), None, 204).await.map(drop),
        }
    }

    /// The daemon shows what is stored, and the versions are in the states that the rollout gives them.
    async fn holds_together(&self, admin: &User, stored: &Stored) -> Result<()> {
        let shown = operator::show(admin, DRIVER).await?;
        let rollout = &stored.rollout;
        assert_eq!(shown["active"], rollout["active"], "{shown:#}");
        for version in shown["versions"].as_array().context("versions")? {
            let (digest, state) = (&version["digest"], version["state"].as_str().context("a state")?);
            let wanted: &[&str] = if *digest == rollout["active"] || *digest == rollout["stage"]["canary"]["next"] {
                &["active"]
            } else if *digest == rollout["stage"]["unconfirmed"]["previous"] {
                &["draining"]
            } else {
                &["installed", "checked", "draining", "retired", "failed"]
            };
            assert!(wanted.contains(&state), "{digest} is {state}, not one of {wanted:?}: {shown:#}");
        }
        let bytes: Vec<&Value> = stored.versions.iter().map(|version| &version["digest"]).collect();
        for digest in [&rollout["active"], &rollout["stage"]["canary"]["next"], &rollout["stage"]["unconfirmed"]["previous"]] {
            assert!(digest.is_null() || bytes.contains(&digest), "{digest} is named and not there: {rollout:#}");
        }
        Ok(())
    }

    /// What nothing is on retires by itself.
    async fn retires(&self, admin: &User) -> Result<()> {
        let old = &self.digests[0];
        for _ in 0..2400 {
            let version = admin.expect(Method::GET, &format!("/drivers/versions/{old}"), None, 200).await?;
            if version["state"] == "retired" {
                return Ok(());
            }
            assert_eq!(version["state"], "draining", "{version:#}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        anyhow::bail!("{old} did not retire")
    }

    /// A new cluster is made, by the version that the store says; the one that is there can be changed.
    async fn serves(&self, user: &User, stored: &Stored) -> Result<()> {
        let made = cluster::create(user, &self.template).await?;
        let shown = cluster::becomes(user, &made, "CREATE_COMPLETE").await?;
        let active = stored.rollout["active"].as_str().context("a version is active")?;
        let canary = &stored.rollout["stage"]["canary"];
        let wanted: &[&str] = match (canary["next"].as_str(), &canary["canary"]) {
            (Some(next), chosen) if chosen["projects"].is_array() => &[next],
            (Some(next), _) => &[next, active],
            (None, _) => &[active],
        };
        let defined = self.defined(user, &shown).await?;
        assert!(wanted.contains(&defined.as_str()), "{made} was defined by {defined}, not one of {wanted:?}");
        cluster::delete(user, &made).await?;
        cluster::gone(user, &made).await?;
        let Some(cluster) = &self.cluster else { return Ok(()) };
        let before = user.expect(Method::GET, &format!("/clusters/{cluster}"), None, 200).await?;
        let count = before["node_count"].as_u64().context("a count")? + 1;
        user.expect(Method::POST, &format!("/clusters/{cluster}/actions/resize"), Some(&json!({"node_count": count})), 202)
            .await?;
        cluster::becomes(user, cluster, "UPDATE_COMPLETE").await.map(drop)
    }

    /// The digest of the version that defined the cluster's stack.
    async fn defined(&self, user: &User, cluster: &Value) -> Result<String> {
        // Its name in this microversion.
        let stack = cluster["cluster_id"].as_str().context("a stack")?;
        let heat = format!("http://{}/orchestration/v1/{}", self.cloud.devcloud.address(), user.project_id);
        let shown = user.get_json(&format!("{heat}/stacks/{stack}")).await?;
        let description = shown["stack"]["description"].as_str().context("a description")?;
        let version = description.strip_prefix(DEFINED_BY).context("a version")?;
        let place = [OLD, NEXT, NEW, ASKING].iter().position(|known| *known == version).context("a known version")?;
        Ok(self.digests[place].clone())
    }

    /// What the action is for is so.
    fn came_to(&self, stored: &Stored, action: Action) -> Result<()> {
        let [old, next, _, asking] = &self.digests;
        let (rollout, active) = (&stored.rollout, stored.rollout["active"].as_str().unwrap_or_default());
        match action {
            Action::Install => {
                let new = stored.versions.iter().find(|version| version["version"] == NEW).context("the new version")?;
                assert_eq!(new["state"], "checked");
            }
            Action::Approve => assert_eq!(stored.version(asking)?["waits_for"], json!([])),
            Action::Activate => assert_eq!((active, &rollout["stage"]["unconfirmed"]["previous"]), (next.as_str(), &json!(old))),
            Action::Canary => assert_eq!((active, &rollout["stage"]["canary"]["next"]), (old.as_str(), &json!(next))),
            Action::Confirm => assert_eq!((active, &rollout["stage"]), (next.as_str(), &json!("steady"))),
            Action::RollBack => {
                assert_eq!((active, &rollout["stage"]), (old.as_str(), &json!("steady")));
                assert_eq!(stored.version(next)?["state"], "checked");
            }
            Action::RevokeNext => {
                assert_eq!((active, &rollout["stage"]), (old.as_str(), &json!("steady")));
                assert!(!stored.version(next)?["revoked"].is_null());
            }
            Action::MoveAll => assert_eq!(active, next),
            Action::RemoveNext => assert!(stored.version(next).is_err(), "it was removed"),
        }
        Ok(())
    }
}

/// Its components and rollout, as they lie in the store of a daemon that does not run.
struct Stored {
    rollout: Value,
    versions: Vec<Value>,
    /// Pieces of components that no version is of.
    orphans: usize,
}

impl Stored {
    fn read(place: &Place) -> Result<Self> {
        let mut stored = Self { rollout: Value::Null, versions: Vec::new(), orphans: 0 };
        let (mut pieces, mut known) = (Vec::new(), Vec::new());
        for line in place.export()? {
            let mut line: Value = serde_json::from_str(&line)?;
            let value = line["record"]["d"].take();
            match line["table"].as_str() {
                Some("components") => pieces.push(value["component"].clone()),
                Some("driver_versions") => {
                    known.push(value["digest"].clone());
                    if value["name"] == DRIVER {
                        stored.versions.push(value);
                    }
                }
                Some("rollouts") if value["driver"] == DRIVER => stored.rollout = value,
                _ => {}
            }
        }
        ensure!(!stored.rollout.is_null(), "no rollout is stored");
        stored.orphans = pieces.iter().filter(|piece| !known.contains(piece)).count();
        Ok(stored)
    }

    fn version(&self, digest: &str) -> Result<&Value> {
        self.versions.iter().find(|version| version["digest"] == digest).context("the version")
    }
}

fn component(version: &str) -> Result<Vec<u8>> {
    let asks = (version == ASKING).then_some("ca-key");
    Guest { asks, ..Guest::new(DRIVER, version) }.component()
}
