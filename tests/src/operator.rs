//! What an operator does about versions of drivers, over HTTP.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use reqwest::Method;
use serde_json::{Value, json};

use crate::cloud::User;

const TRIES: usize = 2400;
const BETWEEN: Duration = Duration::from_millis(50);

/// Has a component stored; answers its digest.
pub async fn install(admin: &User, name: &str, component: Vec<u8>) -> Result<String> {
    let answer = admin.send_component(&format!("/drivers/versions?name={name}"), component).await?;
    let (status, text) = (answer.status().as_u16(), answer.text().await?);
    anyhow::ensure!(status == 202, "installing {name}: {status}: {text}");
    let stored: Value = serde_json::from_str(&text)?;
    stored["digest"].as_str().map(str::to_owned).context("a digest")
}

/// Waits until it is checked.
pub async fn checked(admin: &User, digest: &str) -> Result<Value> {
    for _ in 0..TRIES {
        let version = admin.expect(Method::GET, &format!("/drivers/versions/{digest}"), None, 200).await?;
        match version["state"].as_str() {
            Some("installed") => tokio::time::sleep(BETWEEN).await,
            Some("failed") => bail!("{version:#}"),
            _ => return Ok(version),
        }
    }
    bail!("{digest} was not checked")
}

/// `canary`: as the API has it, or null.
pub async fn activate(admin: &User, digest: &str, canary: &Value) -> Result<Value> {
    let path = format!("/drivers/versions/{digest}/actions/activate");
    admin.expect(Method::POST, &path, Some(&json!({"canary": canary})), 200).await
}

/// `confirm` or `rollback`.
pub async fn act(admin: &User, driver: &str, action: &str) -> Result<Value> {
    admin.expect(Method::POST, &format!("/drivers/{driver}/actions/{action}"), None, 200).await
}

pub async fn show(admin: &User, driver: &str) -> Result<Value> {
    admin.expect(Method::GET, &format!("/drivers/{driver}"), None, 200).await
}
