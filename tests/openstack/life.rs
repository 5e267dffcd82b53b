//! The life of a cluster on the real services, from its template to nothing.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::{
    case::{Case, Daemon, Step},
    project::{self, Inventory, Project},
    rig::{Rig, Session, list, text},
};

/// Nothing takes as long, even where many clusters share two cores: only a hang does.
const PATIENCE: Duration = Duration::from_secs(600);
const BETWEEN: Duration = Duration::from_secs(1);
const COE: &str = "container-infra";

/// Seconds that each step took.
pub type Times = Vec<(&'static str, u64)>;

struct Life<'a> {
    case: &'a Case,
    project: Project,
    cluster: String,
    times: Times,
    since: Instant,
}

pub async fn live(rig: &Rig, admin: &Session, case: &Case) -> Result<Times> {
    let project = Project::make(rig, admin, &case.name, case.daemon.region()).await?;
    let network = if case.existing_network { Some(project.network().await?) } else { None };
    let before = project.inventory().await?;
    let cluster = create(&project.user, case, network).await?;
    let mut life = Life { case, project, cluster, times: Times::new(), since: Instant::now() };
    let lived = life.through(&before).await;
    if let Err(error) = lived {
        // What is left would be in the way of nobody, and may tell why.
        return Err(error.context(life.story().await));
    }
    Ok(life.times)
}

async fn create(user: &Session, case: &Case, network: Option<(String, String)>) -> Result<String> {
    let template = template_of(user, &case.template, network).await?;
    let mut cluster = json!({
        "name": case.name, "cluster_template_id": template, "node_count": 1, "master_count": 1, "create_timeout": 30});
    overlay(&mut cluster, &case.cluster);
    Ok(text(&user.post(COE, "/clusters", &cluster).await?, "uuid"))
}

/// What every case needs, with what this one says over it.
async fn template_of(user: &Session, own: &Map<String, Value>, network: Option<(String, String)>) -> Result<String> {
    let mut template = json!({
        "name": "template", "keypair_id": "key", "external_network_id": "public", "flavor_id": "m1.small",
        "master_flavor_id": "m1.small", "dns_nameserver": "192.0.2.53"});
    if let Some((network, subnet)) = network {
        template["fixed_network"] = network.into();
        template["fixed_subnet"] = subnet.into();
    }
    overlay(&mut template, own);
    Ok(text(&user.post(COE, "/clustertemplates", &template).await?, "uuid"))
}

fn overlay(body: &mut Value, changes: &Map<String, Value>) {
    for (field, value) in changes {
        body[field] = value.clone();
    }
}

impl Life<'_> {
    async fn through(&mut self, before: &Inventory) -> Result<()> {
        if let Some(reason) = &self.case.fails {
            let shown = self.settled("CREATE_FAILED").await.context("creation")?;
            let all = format!("{} {}", text(&shown, "status_reason"), shown["faults"]);
            ensure!(all.contains(reason), "the reason is not told: {all}");
            self.lap("create");
        } else {
            self.created(before).await.context("creation")?;
            for step in &self.case.steps {
                match step {
                    Step::Grow => self.grow().await.context("growing")?,
                    Step::Shrink => self.shrink().await.context("shrinking")?,
                    Step::ShrinkByChoice => self.shrink_by_choice().await.context("shrinking by choice")?,
                    Step::NodeGroup => self.node_group().await?,
                    Step::Upgrade => self.upgrade().await.context("upgrading")?,
                    Step::RotateCa => self.rotate_ca().await.context("rotating the authorities")?,
                }
            }
        }
        self.delete(before).await.context("deletion")
    }

    async fn created(&mut self, before: &Inventory) -> Result<()> {
        let shown = self.settled("CREATE_COMPLETE").await?;
        self.lap("create");
        for (count, addresses) in [("master_count", "master_addresses"), ("node_count", "node_addresses")] {
            let (count, addresses) = (shown[count].as_u64().context("a count")?, list(&shown[addresses]));
            ensure!(addresses.len() as u64 == count, "{count} nodes, and addresses {addresses:?}");
        }
        ensure!(text(&shown, "api_address").starts_with(&self.case.api_address), "API address {}", shown["api_address"]);
        let made = self.project.inventory().await?;
        for (kind, wanted) in &self.case.made {
            let found = project::count(&made, kind) - project::count(before, kind);
            ensure!(found == *wanted, "{found} of {kind} in place of {wanted}: {made:#?}");
        }
        let kept = self.project.kept(&self.cluster).await?;
        ensure!((self.case.daemon == Daemon::Barbican) != kept.is_empty(), "secrets in Barbican: {kept:?}");
        if let Some(health) = &self.case.health {
            self.until(&format!("health {health}"), async |life| Ok(text(&life.show().await?, "health_status") == *health))
                .await?;
            self.lap("health");
        }
        Ok(())
    }

    async fn grow(&mut self) -> Result<()> {
        let count = self.node_count().await?;
        self.resize(count + 1, &[]).await?;
        self.lap("grow");
        Ok(())
    }

    async fn shrink(&mut self) -> Result<()> {
        let count = self.node_count().await?;
        self.resize(count - 1, &[]).await?;
        self.lap("shrink");
        Ok(())
    }

    /// Removes the oldest worker, which nothing else would choose.
    async fn shrink_by_choice(&mut self) -> Result<()> {
        let count = self.node_count().await?;
        let servers = self.servers().await?;
        let (name, chosen) = servers.iter().find(|(name, _)| name.ends_with("-node-0")).context("a first worker")?;
        self.resize(count - 1, &[chosen]).await?;
        let left = self.servers().await?;
        ensure!(!left.iter().any(|(_, id)| id == chosen), "the chosen {name} is still there: {left:?}");
        self.lap("choose");
        Ok(())
    }

    async fn node_count(&self) -> Result<u64> {
        self.show().await?["node_count"].as_u64().context("node_count")
    }

    async fn node_group(&mut self) -> Result<()> {
        let servers = self.servers().await?.len();
        let path = format!("/clusters/{}/nodegroups", self.cluster);
        let made = self.project.user.post(COE, &path, &json!({"name": "extra", "role": "extra", "node_count": 1})).await?;
        let path = format!("{path}/{}", text(&made, "uuid"));
        let shown = self.settled("UPDATE_COMPLETE").await.context("a node group")?;
        let group = self.project.user.get(COE, &path).await?;
        ensure!(list(&group["node_addresses"]).len() == 1, "{group:#}");
        ensure!(self.servers().await?.len() == servers + 1, "{shown:#}");
        self.project.user.done(COE, Method::DELETE, &path, None).await?;
        self.settled("UPDATE_COMPLETE").await.context("deletion of the node group")?;
        ensure!(self.servers().await?.len() == servers, "the node group's server is still there");
        self.lap("group");
        Ok(())
    }

    /// Every server is replaced by one of the same name.
    async fn upgrade(&mut self) -> Result<()> {
        let servers = self.servers().await?;
        let mut template = self.case.template.clone();
        template.insert("labels".to_owned(), self.case.upgrade.clone().into());
        let target = template_of(&self.project.user, &template, None).await?;
        let body = json!({"cluster_template": target, "max_batch_size": 1});
        self.project.user.post(COE, &format!("{}/actions/upgrade", self.path()), &body).await?;
        let shown = self.settled("UPDATE_COMPLETE").await?;
        ensure!(shown["cluster_template_id"] == target, "{shown:#}");
        for (label, value) in &self.case.upgrade {
            ensure!(shown["labels"][label] == *value, "{}", shown["labels"]);
        }
        let replaced = self.servers().await?;
        for (name, id) in &replaced {
            ensure!(servers.iter().any(|(former, _)| former == name), "{name} is not of {servers:?}");
            ensure!(!servers.iter().any(|(_, former)| former == id), "{name} was not replaced");
        }
        ensure!(replaced.len() == servers.len(), "{replaced:?} in place of {servers:?}");
        self.lap("upgrade");
        Ok(())
    }

    /// The servers stay, and have everything signed anew.
    async fn rotate_ca(&mut self) -> Result<()> {
        let path = format!("/certificates/{}", self.cluster);
        let (servers, former) = (self.servers().await?, self.project.user.get(COE, &path).await?);
        self.project.user.done(COE, Method::PATCH, &path, None).await?;
        self.settled("UPDATE_COMPLETE").await?;
        ensure!(self.project.user.get(COE, &path).await?["pem"] != former["pem"], "the authority is the same");
        ensure!(self.servers().await? == servers, "servers were replaced");
        self.lap("rotate");
        Ok(())
    }

    async fn delete(&mut self, before: &Inventory) -> Result<()> {
        self.project.user.done(COE, Method::DELETE, &format!("/clusters/{}", self.cluster), None).await?;
        self.until("end", async |life| {
            let (status, shown) = life.project.user.ask(COE, Method::GET, &life.path(), None).await?;
            ensure!(shown["status"] != "DELETE_FAILED", "{shown:#}");
            Ok(status == 404)
        })
        .await?;
        let left = project::more(before, &self.project.inventory().await?);
        ensure!(left.is_empty(), "left behind: {left:#?}");
        let (trustees, kept) = (self.project.trustees(&self.cluster).await?, self.project.kept(&self.cluster).await?);
        ensure!(trustees.is_empty() && kept.is_empty(), "left behind: users {trustees:?}, secrets {kept:?}");
        self.lap("delete");
        Ok(())
    }

    async fn resize(&self, count: u64, remove: &[&str]) -> Result<()> {
        let body = json!({"node_count": count, "nodes_to_remove": remove});
        self.project.user.post(COE, &format!("{}/actions/resize", self.path()), &body).await?;
        let shown = self.settled("UPDATE_COMPLETE").await?;
        let addresses = list(&shown["node_addresses"]).len() as u64;
        ensure!(addresses == count, "{addresses} addresses of {count} nodes");
        Ok(())
    }

    /// Waits until the cluster is at rest, in this status.
    async fn settled(&self, wanted: &str) -> Result<Value> {
        self.until("rest", async |life| Ok(!text(&life.show().await?, "status").ends_with("_IN_PROGRESS"))).await?;
        let shown = self.show().await?;
        let status = text(&shown, "status");
        ensure!(status == wanted, "{status} in place of {wanted}: {} {}", text(&shown, "status_reason"), shown["faults"]);
        Ok(shown)
    }

    async fn until(&self, what: &str, mut is: impl AsyncFnMut(&Self) -> Result<bool>) -> Result<()> {
        let started = Instant::now();
        while !is(self).await? {
            if started.elapsed() > PATIENCE {
                bail!("waited {} s in vain for: {what}", PATIENCE.as_secs());
            }
            tokio::time::sleep(BETWEEN).await;
        }
        Ok(())
    }

    fn path(&self) -> String {
        format!("/clusters/{}", self.cluster)
    }

    async fn show(&self) -> Result<Value> {
        self.project.user.get(COE, &self.path()).await
    }

    async fn servers(&self) -> Result<Vec<(String, String)>> {
        project::names(&self.project.user, "compute", "/servers", "servers").await
    }

    fn lap(&mut self, step: &'static str) {
        self.times.push((step, self.since.elapsed().as_secs()));
        self.since = Instant::now();
    }

    /// What the services say of a cluster that went wrong.
    async fn story(&self) -> String {
        let shown = self.show().await.unwrap_or_default();
        let failed = match self.project.user.get("orchestration", "/stacks?show_nested=true").await {
            Ok(stacks) => list(&stacks["stacks"])
                .iter()
                .map(|stack| {
                    format!(
                        "{} {} {}",
                        text(stack, "stack_name"),
                        text(stack, "stack_status"),
                        text(stack, "stack_status_reason")
                    )
                })
                .collect(),
            Err(error) => vec![error.to_string()],
        };
        format!(
            "{}: cluster {} {} {}\n{}",
            self.case.name,
            self.cluster,
            text(&shown, "status"),
            text(&shown, "health_status_reason"),
            failed.join("\n")
        )
    }
}
