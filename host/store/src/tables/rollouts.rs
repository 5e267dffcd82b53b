//! Rollouts of drivers, by the driver's name.

use jeroboam_model::driver::Rollout;

use crate::Record;

impl Record for Rollout {
    const TABLE: &'static str = "rollouts";
    type Key = String;

    fn key(&self) -> String {
        self.driver.clone()
    }
}
