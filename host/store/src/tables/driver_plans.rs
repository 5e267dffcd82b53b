//! Plans for versions of drivers, by driver and version.

use jeroboam_model::driver::{Digest, DriverPlan};

use crate::Record;

impl Record for DriverPlan {
    const TABLE: &'static str = "driver_plans";
    type Key = (String, Digest);

    fn key(&self) -> (String, Digest) {
        (self.driver.clone(), self.to)
    }
}
