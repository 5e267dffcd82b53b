//! From when until when.

use time::{Duration, OffsetDateTime};

use crate::CertificateError;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Validity {
    pub not_before: OffsetDateTime,
    pub not_after: OffsetDateTime,
}

impl Validity {
    /// From a day ago, for the sake of clocks that are behind, for so many days.
    pub fn from(now: OffsetDateTime, days: u32) -> Result<Self, CertificateError> {
        let beyond = CertificateError::Validity { days };
        let not_after = now.checked_add(Duration::days(days.into()));
        let not_before = now.checked_sub(Duration::DAY);
        match (not_before, not_after) {
            // RFC 5280 writes years with four digits.
            (Some(not_before), Some(not_after)) if not_after.year() <= 9999 => Ok(Self { not_before, not_after }),
            _ => Err(beyond),
        }
    }

    /// No longer than the authority.
    #[must_use]
    pub fn within(self, end: OffsetDateTime) -> Self {
        Self { not_after: self.not_after.min(end), ..self }
    }
}
