//! Recorded calls on an author's desk: read from files, made again with a component, compared.
//!
//! ```text
//! file ─► read ─► CallRecord ─► replay ─┬─► document of what was answered ─┐
//!                                       └─► document of what is answered ──┴─► difference ─► a person, a program, a test
//! ```

mod component;
mod difference;
mod document;
mod read;

use anyhow::Result;
use jeroboam_model::CallRecord;
use jeroboam_plugins::{Driver, ReplayError, Unanswered};

pub use component::load;
pub use difference::{Change, harmless};
pub use read::{Kept, files, read};

/// What became of a call that was made again.
pub struct Replayed {
    /// As it was made now.
    pub made: CallRecord,
    /// What is otherwise than in the record; empty: it answers the same.
    pub changes: Vec<Change>,
    /// What the component asks and the record does not answer. The changes may come of that.
    pub unanswered: Vec<Unanswered>,
}

/// In one word, the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Same,
    Different,
    Unanswered,
}

impl Replayed {
    pub const fn verdict(&self) -> Verdict {
        if !self.unanswered.is_empty() {
            Verdict::Unanswered
        } else if self.changes.is_empty() {
            Verdict::Same
        } else {
            Verdict::Different
        }
    }
}

impl Verdict {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Different => "different",
            Self::Unanswered => "unanswered",
        }
    }
}

/// Makes the call again with the component, offline.
pub async fn replay(driver: &Driver, record: &CallRecord) -> Result<Replayed, ReplayError> {
    let (made, unanswered) = jeroboam_plugins::replay(driver, record).await?;
    let is_alike = record.outcome.as_str() == made.outcome.as_str();
    let document = if is_alike { document::of } else { document::in_a_line };
    let changes = difference::between(&document(record), &document(&made));
    Ok(Replayed { made, changes, unanswered })
}
