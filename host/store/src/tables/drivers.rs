//! Drivers as they were found, by name and digest.

use jeroboam_model::driver::DriverRecord;

use crate::{KeyBuf, Record, StoreError, Stored, Table};

impl Record for DriverRecord {
    const TABLE: &'static str = "drivers";
    type Key = (String, String);

    fn key(&self) -> (String, String) {
        (self.name.clone(), self.digest.clone())
    }
}

impl Table<'_, DriverRecord> {
    /// All that have the name, by digest.
    pub async fn of_name(&self, name: &str) -> Result<Vec<Stored<DriverRecord>>, StoreError> {
        self.beginning_with(KeyBuf::table(DriverRecord::TABLE).text(name)).await
    }
}
