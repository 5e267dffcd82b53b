//! One sealed word, by which a store knows the key that its secrets were sealed with.

use jeroboam_model::Sealed;
use serde::{Deserialize, Serialize};

use crate::Record;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VaultCheck {
    pub sealed: Sealed,
}

impl Record for VaultCheck {
    const TABLE: &'static str = "vault";
    type Key = ();

    fn key(&self) {}
}
