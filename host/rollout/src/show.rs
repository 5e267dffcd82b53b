//! What operators are shown.

use jeroboam_model::driver::{DriverVersion, Rollout};
use time::OffsetDateTime;

use crate::{DriverOverview, InFlight, RolloutError, Rollouts, VersionOverview};

impl Rollouts {
    /// All drivers that anything was installed of, by name.
    pub async fn drivers(&self) -> Result<Vec<DriverOverview>, RolloutError> {
        let mut names: Vec<String> =
            self.0.store.driver_versions().all().await?.into_iter().map(|version| version.value.name).collect();
        names.extend(self.0.store.rollouts().all().await?.into_iter().map(|rollout| rollout.value.driver));
        names.sort();
        names.dedup();
        let mut drivers = Vec::new();
        for name in names {
            drivers.push(self.show(&name).await?);
        }
        Ok(drivers)
    }

    pub async fn show(&self, driver: &str) -> Result<DriverOverview, RolloutError> {
        let stored = self.0.store.driver_versions().of_driver(driver).await?;
        let rollout = self.0.store.rollouts().get(driver.to_owned()).await?.map(|rollout| rollout.value);
        if stored.is_empty() && rollout.is_none() {
            return Err(RolloutError::NoDriver(driver.to_owned()));
        }
        let rollout = rollout.unwrap_or_else(|| Rollout::new(driver, OffsetDateTime::now_utc()));
        let mut versions = Vec::new();
        for version in stored {
            versions.push(self.overview(&rollout, version.value).await?);
        }
        Ok(DriverOverview { rollout, versions })
    }

    async fn overview(&self, rollout: &Rollout, version: DriverVersion) -> Result<VersionOverview, RolloutError> {
        let under_way = self.fleet().loaded.get(&version.digest).map(jeroboam_plugins::Driver::under_way).unwrap_or_default();
        let in_flight = InFlight { calls: under_way.calls, oldest: under_way.oldest, deadline: self.deadline(&version.digest) };
        let clusters = self.clusters_of(rollout, &version).await?;
        Ok(VersionOverview { version, in_flight, clusters })
    }

    /// How many clusters the version serves; of a revoked one for which no other was there to stand in, how many are still on it.
    pub(crate) async fn clusters_of(&self, rollout: &Rollout, version: &DriverVersion) -> Result<usize, RolloutError> {
        if version.replaced_by.is_some() {
            return Ok(0);
        }
        let clusters = self.0.store.clusters();
        let mut count = 0;
        for digest in self.fleet().served_by(&version.digest) {
            count += clusters.count_of_version(&version.name, Some(&digest)).await?;
        }
        if rollout.active == Some(version.digest) {
            // Those from before versions were kept.
            count += clusters.count_of_version(&version.name, None).await?;
        }
        Ok(count)
    }
}
