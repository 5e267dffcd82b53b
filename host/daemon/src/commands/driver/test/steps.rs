//! Steps of a scenario, done and compared with what was to come of them.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use reqwest::Method;
use serde_json::{Map, Value, json};

use super::{
    lab::Lab,
    scenario::{Action, Expected},
};

/// Longer takes only what hangs.
const PATIENCE: Duration = Duration::from_secs(60);
const BETWEEN: Duration = Duration::from_millis(20);

pub struct Steps<'a> {
    lab: &'a Lab,
    template: String,
    /// Once it has been accepted.
    cluster: Option<String>,
    /// What there was before the first step.
    before: Vec<String>,
}

impl<'a> Steps<'a> {
    pub fn new(lab: &'a Lab, template: String) -> Self {
        let before = objects(lab);
        Self { lab, template, cluster: None, before }
    }

    /// Does one step to its end.
    pub async fn step(&mut self, action: Action, expect: &Expected) -> Result<()> {
        match action {
            Action::Fault(fault) => {
                self.lab.cloud.faults().add(fault);
                Ok(())
            }
            Action::Create(fields) => {
                let mut body =
                    json!({"name": "scenario", "cluster_template_id": self.template, "master_count": 1, "node_count": 1});
                extend(&mut body, fields);
                let answer = self.lab.ask(Method::POST, "/clusters", Some(&body)).await?;
                if self.is_refused(&answer, expect)? {
                    return self.compare(&Value::Null, expect).await;
                }
                self.cluster = answer.1.get("uuid").and_then(Value::as_str).map(str::to_owned);
                self.comes_to("CREATE_COMPLETE", expect).await
            }
            Action::Resize(fields) => {
                let path = format!("/clusters/{}/actions/resize", self.cluster()?);
                let mut body = json!({});
                extend(&mut body, fields);
                let answer = self.lab.ask(Method::POST, &path, Some(&body)).await?;
                if self.is_refused(&answer, expect)? {
                    return self.compare(&Value::Null, expect).await;
                }
                self.comes_to("UPDATE_COMPLETE", expect).await
            }
            Action::Delete => {
                let path = format!("/clusters/{}", self.cluster()?);
                let answer = self.lab.ask(Method::DELETE, &path, None).await?;
                if !self.is_refused(&answer, expect)? {
                    self.goes(&path).await?;
                }
                self.compare(&Value::Null, expect).await
            }
        }
    }

    fn cluster(&self) -> Result<&str> {
        self.cluster.as_deref().context("there is no cluster: let a step `create` come before")
    }

    /// Whether the answer is a refusal that was expected. One that was not, or that is missing, is an error.
    fn is_refused(&self, (status, answer): &(u16, Value), expect: &Expected) -> Result<bool> {
        let text = message(answer);
        match &expect.refused {
            None => ensure!((200..300).contains(status), "refused with {status}: {text}"),
            Some(words) => {
                ensure!((400..500).contains(status), "accepted with {status}, though it was to be refused");
                ensure!(text.contains(words.as_str()), "refused with {status}, but not in the words {words:?}: {text}");
            }
        }
        Ok(expect.refused.is_some())
    }

    async fn comes_to(&self, usual: &str, expect: &Expected) -> Result<()> {
        let wanted = expect.status.as_deref().unwrap_or(usual);
        let path = format!("/clusters/{}", self.cluster()?);
        let started = Instant::now();
        loop {
            let (_, shown) = self.lab.ask(Method::GET, &path, None).await?;
            let (status, reason) = (text(&shown, "status"), text(&shown, "status_reason"));
            if status == wanted {
                return self.compare(&shown, expect).await;
            }
            ensure!(status.ends_with("_IN_PROGRESS"), "the cluster is {status} in place of {wanted}: {reason}");
            ensure!(started.elapsed() < PATIENCE, "the cluster is still {status} after {} s: {reason}", PATIENCE.as_secs());
            tokio::time::sleep(BETWEEN).await;
        }
    }

    async fn goes(&self, path: &str) -> Result<()> {
        let started = Instant::now();
        loop {
            let (status, shown) = self.lab.ask(Method::GET, path, None).await?;
            if status == 404 {
                return Ok(());
            }
            let (status, reason) = (text(&shown, "status"), text(&shown, "status_reason"));
            ensure!(status != "DELETE_FAILED", "the cluster is DELETE_FAILED: {reason}");
            ensure!(started.elapsed() < PATIENCE, "the cluster is still {status} after {} s: {reason}", PATIENCE.as_secs());
            tokio::time::sleep(BETWEEN).await;
        }
    }

    async fn compare(&self, shown: &Value, expect: &Expected) -> Result<()> {
        if let Some(words) = &expect.reason {
            let reason = text(shown, "status_reason");
            ensure!(reason.contains(words.as_str()), "status_reason does not contain {words:?}: {reason}");
        }
        if let Some(start) = &expect.api_address {
            let address = text(shown, "api_address");
            ensure!(address.starts_with(start.as_str()), "api_address is {address:?} in place of {start}…");
        }
        for (field, wanted) in [("master_addresses", expect.master_addresses), ("node_addresses", expect.node_addresses)] {
            let count = shown.get(field).and_then(Value::as_array).map_or(0, Vec::len);
            ensure!(
                wanted.is_none_or(|wanted| wanted == count),
                "{field} has {count} entries in place of {}",
                wanted.unwrap_or(0)
            );
        }
        let now = objects(self.lab);
        let counted = expect.made.iter().map(|(kind, count)| (kind.as_str(), *count));
        for (kind, wanted) in counted.chain(expect.servers.map(|count| ("compute/server", count))) {
            let found: Vec<&str> = now.iter().filter(|line| line.split(' ').next() == Some(kind)).map(String::as_str).collect();
            ensure!(found.len() == wanted, "there are {} of {kind} in place of {wanted}: {}", found.len(), found.join(", "));
        }
        if let Some(wanted) = expect.left {
            let left: Vec<&str> = now.iter().filter(|line| !self.before.contains(line)).map(String::as_str).collect();
            ensure!(left.len() == wanted, "{} objects are left in place of {wanted}: {}", left.len(), left.join(", "));
        }
        if !expect.metadata.is_empty() { self.metadata(expect).await } else { Ok(()) }
    }

    async fn metadata(&self, expect: &Expected) -> Result<()> {
        let answer = self.lab.cloud(Method::GET, "/compute/v2.1/servers/detail", None).await?;
        let servers = answer.get("servers").and_then(Value::as_array).cloned().unwrap_or_default();
        if servers.is_empty() {
            bail!("there are no servers to have metadata");
        }
        for server in servers {
            for (name, wanted) in &expect.metadata {
                let value = server.get("metadata").and_then(|metadata| metadata.get(name)).and_then(Value::as_str);
                ensure!(
                    value == Some(wanted),
                    "server {}: metadata {name} is {value:?} in place of {wanted:?}",
                    text(&server, "name")
                );
            }
        }
        Ok(())
    }
}

/// What exists that the cloud did not start with, a line each: `compute/server name`.
fn objects(lab: &Lab) -> Vec<String> {
    let inventory = lab.cloud.inventory();
    let objects = inventory.get("objects").and_then(Value::as_array).cloned().unwrap_or_default();
    let is = |object: &Value, flag: &str| object.get(flag).and_then(Value::as_bool) == Some(true);
    let own = objects.iter().filter(|object| !is(object, "seeded") && !is(object, "nested"));
    own.map(|object| format!("{}/{} {}", text(object, "service"), text(object, "type"), text(object, "name"))).collect()
}

fn extend(body: &mut Value, fields: Map<String, Value>) {
    if let Some(body) = body.as_object_mut() {
        body.extend(fields);
    }
}

/// The words of a refusal.
pub fn message(answer: &Value) -> String {
    let detail = answer.pointer("/errors/0/detail").and_then(Value::as_str);
    detail.map_or_else(|| answer.to_string(), str::to_owned)
}

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}
