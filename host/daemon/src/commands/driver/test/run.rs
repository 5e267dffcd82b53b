//! One scenario, from its first step to the first that does not come out as it should.

use std::{fs, path::Path, time::Instant};

use anyhow::Result;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    lab::Lab,
    record,
    scenario::{Scenario, Step},
    steps::Steps,
};

/// What became of a scenario.
pub struct Outcome {
    /// Its file's, without the ending.
    pub name: String,
    pub summary: String,
    pub seconds: f64,
    pub failure: Option<Failure>,
}

/// Where it went otherwise.
pub struct Failure {
    pub place: String,
    pub what: String,
    /// The last that the driver and the host said before.
    pub log: Vec<String>,
}

/// An error is about reading the file or about the simulated cloud; what went otherwise is in the outcome.
/// `keep`: its calls are recorded into this folder.
pub async fn scenario(component: &Path, file: &Path, keep: Option<&Path>) -> Result<Outcome> {
    let started = Instant::now();
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (scenario, steps) = Scenario::read(file)?;
    let said = fs::metadata(component.with_file_name("test.log")).map_or(0, |log| log.len());
    let lab = Lab::start(component, &scenario).await?;
    if keep.is_some() {
        lab.record().await?;
    }
    let failure = match play(&lab, &scenario, steps).await {
        Ok(()) => None,
        Err((line, error)) => {
            let place = format!("{} line {line}", crate::commands::driver::build::shown(file).display());
            Some(Failure { place, what: format!("{error:#}"), log: super::last_words(component, said) })
        }
    };
    if let Some(folder) = keep {
        record::keep(&lab.records().await?, folder, &name)?;
    }
    lab.end().await;
    Ok(Outcome { name, summary: scenario.summary, seconds: started.elapsed().as_secs_f64(), failure })
}

async fn play(lab: &Lab, scenario: &Scenario, steps: Vec<Step>) -> Result<(), (usize, anyhow::Error)> {
    let first = steps.first().map_or(1, |step| step.line);
    let template = template(lab, scenario).await.map_err(|error| (first, error.context("making the cluster template")))?;
    let mut playing = Steps::new(lab, template);
    for step in steps {
        let name = step.action.as_str();
        playing.step(step.action, &step.expect).await.map_err(|error| (step.line, error.context(name)))?;
    }
    Ok(())
}

/// For the driver's first cluster type, with what every cluster needs; what the scenario says wins.
async fn template(lab: &Lab, scenario: &Scenario) -> Result<String> {
    let image = image(lab).await?;
    let mut body = json!({
        "name": "scenario", "coe": lab.cluster_type.coe.as_str(), "server_type": lab.cluster_type.server_type.as_str(), "image_id": image,
        "keypair_id": "testkey", "external_network_id": "public", "flavor_id": "m1.small", "master_flavor_id": "m1.small"});
    if let Some(fields) = body.as_object_mut() {
        fields.extend(scenario.template.clone());
    }
    let (status, answer) = lab.ask(Method::POST, "/clustertemplates", Some(&body)).await?;
    match answer.get("uuid").and_then(Value::as_str) {
        Some(uuid) if status == 201 => Ok(uuid.to_owned()),
        _ => anyhow::bail!("refused with {status}: {}", super::steps::message(&answer)),
    }
}

/// An image whose `os_distro` is the driver's.
async fn image(lab: &Lab) -> Result<String> {
    let body =
        json!({"name": "scenario", "disk_format": "raw", "container_format": "bare", "os_distro": lab.cluster_type.os_distro});
    let image = lab.cloud(Method::POST, "/image/v2/images", Some(&body)).await?;
    let id = image.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    lab.cloud(Method::PUT, &format!("/image/v2/images/{id}/file"), Some(&json!("simulated"))).await?;
    Ok(id)
}
