//! Components that must never serve again, by digest.

use jeroboam_model::driver::{Digest, Revocation};

use crate::Record;

impl Record for Revocation {
    const TABLE: &'static str = "revocations";
    type Key = Digest;

    fn key(&self) -> Digest {
        self.digest
    }
}
