//! How much is worked out at most: a definition comes from a guest, and templates that use each other multiply.

use std::cell::Cell;

use super::ReadError;

/// Parts of expressions in one definition, counted each time that they are worked out. The bundled drivers' take about 2,000.
const STEPS: u32 = 4_000_000;

/// Templates within templates. Heat itself allows five.
pub(super) const DEPTH: usize = 8;

pub(super) struct Budget(Cell<u32>);

impl Default for Budget {
    fn default() -> Self {
        Self(Cell::new(STEPS))
    }
}

impl Budget {
    pub(super) fn spend(&self) -> Result<(), ReadError> {
        let left = self.0.get().checked_sub(1).ok_or(ReadError::Size)?;
        self.0.set(left);
        Ok(())
    }
}
