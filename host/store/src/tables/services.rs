//! Who serves: what Magnum lists as `mservices`.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{CommitError, Record, StoreError, Table};

/// A process that says that it is alive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Counts from 1.
    pub id: u32,
    pub host: String,
    /// `magnum-conductor`, for the sake of those who look for it.
    pub binary: String,
    /// Signs of life so far.
    pub report_count: u64,
    pub disabled: bool,
    pub disabled_reason: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// The latest sign of life after the first.
    #[serde(with = "time::serde::rfc3339::option")]
    pub updated_at: Option<OffsetDateTime>,
}

/// A sign of life could not be noted.
#[derive(Debug, thiserror::Error)]
pub enum BeatError {
    #[error("the services cannot be read")]
    Read(#[from] StoreError),
    #[error("the service cannot be written")]
    Write(#[from] CommitError),
}

impl Record for Service {
    const TABLE: &'static str = "services";
    type Key = (String, String);

    fn key(&self) -> (String, String) {
        (self.host.clone(), self.binary.clone())
    }
}

impl Table<'_, Service> {
    /// Notes a sign of life; the first one makes the record.
    pub async fn beat(&self, host: &str, binary: &str, now: OffsetDateTime) -> Result<(), BeatError> {
        let mut transaction = self.store.begin();
        if let Some(mut service) = self.get((host.to_owned(), binary.to_owned())).await? {
            service.report_count += 1;
            service.updated_at = Some(now);
            transaction.update(&service);
        } else {
            let highest = self.all().await?.iter().map(|service| service.id).max();
            transaction.insert(&Service {
                id: highest.unwrap_or_default() + 1,
                host: host.to_owned(),
                binary: binary.to_owned(),
                report_count: 1,
                disabled: false,
                disabled_reason: None,
                created_at: now,
                updated_at: None,
            });
        }
        transaction.commit().await?;
        Ok(())
    }
}
