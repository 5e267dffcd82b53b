//! What is being recorded: a row for each driver and each cluster whose calls are.

use jeroboam_model::{Recorded, RecordingSwitch};

use crate::Record;

impl Record for RecordingSwitch {
    const TABLE: &'static str = "recording_switches";
    type Key = (String, String);

    fn key(&self) -> (String, String) {
        key_of(&self.of)
    }
}

/// Where the switch of something is, if it is on.
pub fn key_of(of: &Recorded) -> (String, String) {
    match of {
        Recorded::Driver(name) => ("driver".to_owned(), name.clone()),
        Recorded::Cluster(id) => ("cluster".to_owned(), id.to_string()),
    }
}
