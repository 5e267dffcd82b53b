//! Policy files while the daemon runs.

use std::{fs, path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use jeroboam_devcloud::Who;
use jeroboam_tests::{
    cloud::{Cloud, User},
    daemon::{Daemon, Place},
};
use reqwest::Method;

struct Site {
    /// Ends with its value.
    _cloud: Cloud,
    place: Place,
    daemon: Daemon,
    member: User,
}

impl Site {
    async fn open() -> Result<Self> {
        let place = Place::new()?;
        let cloud = Cloud::start(&place.url()?, Duration::ZERO).await?;
        place.configure(&cloud, "")?;
        let daemon = place.start(&[]).await?;
        let member = cloud.user(Who::Demo, &place.url()?).await?;
        Ok(Self { _cloud: cloud, place, daemon, member })
    }

    /// Beside the configuration, whole at once.
    fn put(&self, name: &str, text: &str) -> Result<()> {
        let path = self.place.path().join(name);
        fs::create_dir_all(path.parent().context("a folder")?)?;
        let new = path.with_file_name(".new");
        fs::write(&new, text)?;
        Ok(fs::rename(new, path)?)
    }

    async fn status(&self, path: &str) -> Result<u16> {
        Ok(self.member.ask(Method::GET, path, None).await?.status().as_u16())
    }

    async fn becomes(&self, path: &str, status: u16) -> Result<()> {
        for _ in 0..600 {
            if self.status(path).await? == status {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        anyhow::bail!("{path} does not become {status}:\n{}", self.daemon.log()?)
    }

    async fn logs(&self, words: &str) -> Result<()> {
        for _ in 0..600 {
            if self.daemon.log()?.contains(words) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        anyhow::bail!("'{words}' is not logged:\n{}", self.daemon.log()?)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_takes_effect_without_a_restart_and_a_broken_one_takes_none() -> Result<()> {
    let site = Site::open().await?;
    ensure!((site.status("/mservices").await?, site.status("/clusters").await?) == (403, 200));

    site.put("policy.yaml", "\"magnum-service:get_all\": \"role:member\"\n\"cluster:get_all\": \"!\"\n")?;
    site.becomes("/mservices", 200).await?;
    let answer = site.member.ask(Method::GET, "/clusters", None).await?;
    ensure!(answer.status().as_u16() == 403);
    let told = answer.text().await?;
    ensure!(told.contains("Policy doesn't allow cluster:get_all to be performed."), "{told}");

    site.put("policy.yaml", "\"magnum-service:get_all\": \"role:member and\"\n")?;
    site.logs("policy.yaml: magnum-service:get_all: column 16: a check is missing here").await?;
    ensure!((site.status("/mservices").await?, site.status("/clusters").await?) == (200, 403));

    site.put("policy.d/late.json", "{\"magnum-service:get_all\": \"role:nobody\"}")?;
    site.put("policy.yaml", "")?;
    site.becomes("/clusters", 200).await?;
    ensure!(site.status("/mservices").await? == 403);
    ensure!(site.daemon.log()?.matches("column 16").count() == 1, "{}", site.daemon.log()?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_with_a_broken_policy_does_not_start_and_says_why() -> Result<()> {
    let place = Place::new()?;
    let cloud = Cloud::start(&place.url()?, Duration::ZERO).await?;
    place.configure(&cloud, "[oslo_policy]\npolicy_file = own.yaml\n")?;
    fs::write(Path::new(place.path()).join("own.yaml"), "cluster:get: https://policy.example\n")?;
    let told = match place.start(&[]).await {
        Ok(_) => anyhow::bail!("it has started"),
        Err(error) => error.to_string(),
    };
    ensure!(told.contains("own.yaml: cluster:get: column 1: checks by https:"), "{told}");
    Ok(())
}
