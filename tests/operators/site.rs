//! A cloud, and a daemon in it.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use anyhow::{Context, Result};
use jeroboam_devcloud::Who;
use jeroboam_tests::{
    cloud::{Cloud, User},
    daemon::{Daemon, Place},
};
use serde_json::json;

use crate::operator::Operator;

pub struct Site {
    pub cloud: Cloud,
    pub user: User,
    pub place: Place,
    pub daemon: Daemon,
}

impl Site {
    /// With these lines at the end of the configuration.
    pub async fn open(configuration: &str) -> Result<Self> {
        let place = Place::new()?;
        let cloud = Cloud::start(&place.url()?, Duration::ZERO).await?;
        place.configure(&cloud, configuration)?;
        let daemon = place.start(&[]).await?;
        let user = cloud.user(Who::Demo, &place.url()?).await?;
        Ok(Self { cloud, user, place, daemon })
    }

    pub fn socket(&self) -> PathBuf {
        self.place.state().join("operator.sock")
    }

    pub fn root(&self) -> Operator {
        Operator::at_socket(self.socket())
    }

    pub fn variables(&self, who: Who) -> BTreeMap<String, String> {
        self.cloud.variables(who)
    }

    /// An image for servers of a distribution.
    pub async fn image(&self, os_distro: &str) -> Result<String> {
        let images = format!("http://{}/image/v2/images", self.cloud.devcloud.address());
        let image = json!({"name": os_distro, "disk_format": "raw", "container_format": "bare", "os_distro": os_distro});
        let image = self.user.post_json(&images, &image).await?;
        let id = image["id"].as_str().context("an id")?.to_owned();
        self.user.put_bytes(&format!("{images}/{id}/file"), b"simulated").await?;
        Ok(id)
    }
}
