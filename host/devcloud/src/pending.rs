//! Changes that take time.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{moment::Moment, record::Body, services::Kind};

/// A change of one object, and when it is to be made.
#[derive(Clone, Serialize, Deserialize)]
pub struct Due {
    pub at: Moment,
    pub kind: Kind,
    pub id: String,
    pub change: Change,
}

#[derive(Clone, Serialize, Deserialize)]
pub enum Change {
    Set(Body),
    Remove,
}

impl Change {
    pub fn set<const N: usize>(attributes: [(&str, Value); N]) -> Self {
        Self::Set(attributes.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }
}
