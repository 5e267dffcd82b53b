//! A cluster's life over HTTP.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use reqwest::Method;
use serde_json::{Value, json};

use crate::cloud::User;

/// Two minutes: only a hang takes that long.
const TRIES: usize = 2400;
const BETWEEN: Duration = Duration::from_millis(50);

/// A template that names what every case needs; fields of `changes` win.
pub async fn template(user: &User, changes: &Value) -> Result<String> {
    let mut template = json!({
        "coe": "kubernetes", "image_id": "fedora-coreos-latest", "keypair_id": "testkey", "external_network_id": "public",
        "flavor_id": "m1.small", "master_flavor_id": "m1.small"});
    for (field, value) in changes.as_object().context("an object")? {
        template[field] = value.clone();
    }
    uuid(&user.expect(Method::POST, "/clustertemplates", Some(&template), 201).await?)
}

/// Has a cluster accepted.
pub async fn create(user: &User, template: &str) -> Result<String> {
    let cluster = json!({"name": "first", "cluster_template_id": template, "node_count": 1, "master_count": 1});
    uuid(&user.expect(Method::POST, "/clusters", Some(&cluster), 202).await?)
}

/// Waits until the cluster is at rest, in this status.
pub async fn becomes(user: &User, cluster: &str, wanted: &str) -> Result<Value> {
    for _ in 0..TRIES {
        let shown = user.expect(Method::GET, &format!("/clusters/{cluster}"), None, 200).await?;
        let status = shown["status"].as_str().context("a status")?;
        if status == wanted {
            return Ok(shown);
        }
        ensure!(status.ends_with("_IN_PROGRESS"), "{shown:#}");
        tokio::time::sleep(BETWEEN).await;
    }
    bail!("the cluster did not become {wanted}")
}

/// Has the deletion accepted.
pub async fn delete(user: &User, cluster: &str) -> Result<()> {
    user.expect(Method::DELETE, &format!("/clusters/{cluster}"), None, 204).await.map(drop)
}

/// Waits until the cluster is no more.
pub async fn gone(user: &User, cluster: &str) -> Result<()> {
    for _ in 0..TRIES {
        let answer = user.ask(Method::GET, &format!("/clusters/{cluster}"), None).await?;
        if answer.status().as_u16() == 404 {
            return Ok(());
        }
        let shown = answer.text().await?;
        ensure!(!shown.contains("DELETE_FAILED"), "{shown}");
        tokio::time::sleep(BETWEEN).await;
    }
    bail!("the cluster is still there")
}

/// Asks until there is an answer.
pub async fn until<T>(what: &str, mut ask: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    for _ in 0..TRIES {
        if let Some(answer) = ask()? {
            return Ok(answer);
        }
        tokio::time::sleep(BETWEEN).await;
    }
    bail!("waited in vain: {what}")
}

fn uuid(answer: &Value) -> Result<String> {
    answer["uuid"].as_str().map(str::to_owned).with_context(|| format!("a uuid in {answer}"))
}
