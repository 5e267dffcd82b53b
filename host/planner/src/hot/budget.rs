//! How much is worked out at most: a definition comes from a guest, and templates that use each other multiply.

use std::cell::Cell;

use super::{ReadError, Term};

/// Parts of expressions in one definition, counted each time that they are worked out, with the size of the values that they bring. The bundled drivers' take
/// about 3,000.
const STEPS: u32 = 500_000;

/// Bytes of text that count as much as a part of an expression.
const TEXT: usize = 1024;

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
        self.take(1)
    }

    /// For a value that is used once more: it will be compared once more.
    pub(super) fn spend_on(&self, term: &Term) -> Result<(), ReadError> {
        match term {
            Term::Text(text) => self.take(text.len() / TEXT),
            Term::Hidden(term) | Term::Call(_, term) => self.spend_on(term),
            Term::List(items) => {
                self.take(items.len())?;
                items.iter().try_for_each(|item| self.spend_on(item))
            }
            Term::Map(fields) => {
                self.take(fields.len())?;
                fields.values().try_for_each(|field| self.spend_on(field))
            }
            _ => Ok(()),
        }
    }

    fn take(&self, steps: usize) -> Result<(), ReadError> {
        let steps = u32::try_from(steps).unwrap_or(u32::MAX);
        self.0.set(self.0.get().checked_sub(steps).ok_or(ReadError::Size)?);
        Ok(())
    }
}
