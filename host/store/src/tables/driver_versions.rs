//! Versions of drivers, by the digest of the component; and those of a driver, in the order in which they were installed.

use jeroboam_model::driver::{Digest, DigestPrefix, DriverVersion};

use crate::{Indexes, KeyBuf, Range, Record, StoreError, Stored, Table, table::owned};

const DRIVER: &str = "driver";

impl Record for DriverVersion {
    const TABLE: &'static str = "driver_versions";
    type Key = Digest;

    fn key(&self) -> Digest {
        self.digest
    }

    fn indexes(&self, indexes: &mut Indexes) {
        indexes.add(DRIVER, KeyBuf::default().text(&self.name).time(self.installed_at));
    }
}

impl Table<'_, DriverVersion> {
    /// The oldest first.
    pub async fn of_driver(&self, name: &str) -> Result<Vec<Stored<DriverVersion>>, StoreError> {
        Ok(owned(self.indexed(Range::all(&KeyBuf::index(DriverVersion::TABLE, DRIVER).text(name))).await?))
    }

    /// All whose digests begin so.
    pub async fn beginning(&self, prefix: &DigestPrefix) -> Result<Vec<Stored<DriverVersion>>, StoreError> {
        Ok(self.all().await?.into_iter().filter(|version| prefix.matches(&version.digest)).collect())
    }
}
