//! Requests that the cloud could not carry out, refused before anything is stored or made.

use anyhow::{Context, Result, ensure};
use reqwest::Method;
use serde_json::json;

use crate::{
    project::{self, Project},
    rig::{Login, Rig, Session, text},
};

const SECRET: &str = "only-for-this-test";

/// Keystone makes no trust for who comes with a restricted application credential, so a cluster of theirs could not be deleted
/// after they are gone.
pub async fn restricted_application_credential(rig: &Rig, admin: &Session) -> Result<()> {
    let region = "RegionOne";
    let project = Project::make(rig, admin, "application-credential", region).await?;
    let template = json!({
        "name": "any", "coe": "kubernetes", "image_id": "fedora-coreos", "keypair_id": "key", "external_network_id": "public",
        "flavor_id": "m1.small", "master_flavor_id": "m1.small"});
    let template = project.user.post("container-infra", "/clustertemplates", &template).await?;
    let before = project.inventory().await?;

    let path = format!("/users/{}/application_credentials", project.user.user_id);
    let credential = json!({"application_credential": {"name": "restricted", "secret": SECRET}});
    let made = project.user.post("identity", &path, &credential).await?;
    let id = text(&made["application_credential"], "id");
    let restricted = rig.log_in(Login::ApplicationCredential { id: &id, secret: SECRET }, region).await?;

    let cluster = json!({"name": "never", "cluster_template_id": text(&template, "uuid"), "node_count": 1, "master_count": 1});
    let (status, answer) = restricted.ask("container-infra", Method::POST, "/clusters", Some(&cluster)).await?;
    ensure!(status == 403, "{status}: {answer}");
    let detail = text(answer["errors"].get(0).context("an error")?, "detail");
    ensure!(detail.contains("application credential") && detail.contains("--unrestricted"), "what to do is not said: {detail}");

    let clusters = project.user.get("container-infra", "/clusters").await?;
    ensure!(clusters["clusters"] == json!([]), "{clusters}");
    let more = project::more(&before, &project.inventory().await?);
    ensure!(more.is_empty(), "{more:?}");
    Ok(())
}
