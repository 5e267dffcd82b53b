//! Users who make clusters and change them, one after the other, as fast as they are served.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::timeline::{Subject, Version};
use crate::{
    cloud::User,
    guest::{DEFINED_BY, READ_BY},
};

/// A user does this to a cluster before the next one.
const CHANGES: u32 = 3;
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);
/// Only a hang takes that long.
const PATIENCE: Duration = Duration::from_secs(60);

/// One operation, from the request to its end.
#[derive(Debug)]
pub struct Done {
    pub subject: Subject,
    pub asked: Instant,
    pub ended: Instant,
    pub outcome: Result<Served, String>,
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    pub defined: Version,
    pub read: Version,
}

/// A user with a template.
#[derive(Clone)]
pub struct Client {
    pub user: User,
    pub template: String,
    /// Heat, with the project.
    pub heat: String,
    /// The versions, as they call themselves.
    pub versions: &'static [&'static str],
}

impl Client {
    /// Makes clusters until it is told to stop.
    pub async fn work(self, numbers: &AtomicUsize, stop: &AtomicBool) -> Vec<Done> {
        let mut done = Vec::new();
        while !stop.load(Ordering::Relaxed) {
            let name = format!("c{}", numbers.fetch_add(1, Ordering::Relaxed));
            let _ = self.life(&name, stop, &mut done).await;
        }
        done
    }

    /// A cluster's. An error has been noted in what is done.
    async fn life(&self, name: &str, stop: &AtomicBool, done: &mut Vec<Done>) -> Result<(), ()> {
        let body = json!({"name": name, "cluster_template_id": self.template, "node_count": 1, "master_count": 1});
        let asked = Instant::now();
        let mut subject = Subject { cluster: Uuid::nil(), project: self.user.project_id.clone(), on: None };
        match self.user.expect(Method::POST, "/clusters", Some(&body), 202).await.and_then(|made| id(&made)) {
            Ok(cluster) => subject.cluster = cluster,
            Err(error) => {
                done.push(Done { subject, asked, ended: Instant::now(), outcome: Err(format!("create: {error:#}")) });
                return Err(());
            }
        }
        self.note(&mut subject, asked, "CREATE_COMPLETE", done).await?;
        for count in 0..CHANGES {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let asked = Instant::now();
            let path = format!("/clusters/{}/actions/resize", subject.cluster);
            if let Err(error) = self.user.expect(Method::POST, &path, Some(&json!({"node_count": 2 + count % 2})), 202).await {
                done.push(Done { subject, asked, ended: Instant::now(), outcome: Err(format!("resize: {error:#}")) });
                return Err(());
            }
            self.note(&mut subject, asked, "UPDATE_COMPLETE", done).await?;
        }
        // Nobody waits for it; what is asked of it is that it be accepted.
        let path = format!("/clusters/{}", subject.cluster);
        let asked = Instant::now();
        if let Err(error) = self.user.expect(Method::DELETE, &path, None, 204).await {
            done.push(Done { subject, asked, ended: Instant::now(), outcome: Err(format!("delete: {error:#}")) });
            return Err(());
        }
        Ok(())
    }

    /// Waits for the end of an operation, and notes it.
    async fn note(&self, subject: &mut Subject, asked: Instant, wanted: &str, done: &mut Vec<Done>) -> Result<(), ()> {
        let outcome = self.becomes(&subject.cluster, wanted).await;
        let ended = Instant::now();
        let outcome = match outcome {
            Ok(cluster) => self.served(&cluster).await,
            Err(error) => Err(error),
        };
        let outcome = outcome.map_err(|error| format!("{wanted} of {}: {error:#}", subject.cluster));
        let defined = outcome.as_ref().ok().map(|served| served.defined);
        done.push(Done { subject: subject.clone(), asked, ended, outcome });
        subject.on = defined;
        defined.map(drop).ok_or(())
    }

    async fn becomes(&self, cluster: &Uuid, wanted: &str) -> Result<Value> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            let shown = self.user.expect(Method::GET, &format!("/clusters/{cluster}"), None, 200).await?;
            let status = shown["status"].as_str().context("a status")?;
            if status == wanted {
                return Ok(shown);
            }
            ensure!(!status.ends_with("_FAILED"), "{status}: {}", shown["status_reason"]);
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        bail!("it took more than {} s", PATIENCE.as_secs())
    }

    /// Asks Heat and the cluster what the versions have left there.
    async fn served(&self, cluster: &Value) -> Result<Served> {
        // Its name in this microversion.
        let stack = cluster["cluster_id"].as_str().context("a stack")?;
        let shown = self.user.get_json(&format!("{}/stacks/{stack}", self.heat)).await?;
        let defined = shown["stack"]["description"].as_str().context("a description")?;
        let read = cluster["coe_version"].as_str().context("a version of the COE")?;
        Ok(Served { defined: self.version(defined, DEFINED_BY)?, read: self.version(read, READ_BY)? })
    }

    fn version(&self, text: &str, prefix: &str) -> Result<Version> {
        let named = text.strip_prefix(prefix).and_then(|name| self.versions.iter().position(|known| *known == name));
        named.with_context(|| format!("{text:?} names no version"))
    }
}

fn id(made: &Value) -> Result<Uuid> {
    Ok(made["uuid"].as_str().context("a uuid")?.parse()?)
}
