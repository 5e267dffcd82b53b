//! Instants, and how each service writes them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use time::{
    OffsetDateTime, PrimitiveDateTime,
    format_description::{StaticFormatDescription, well_known::Rfc3339},
    macros::format_description,
};

/// Milliseconds since the epoch, UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment(pub i64);

const SECONDS: StaticFormatDescription = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
const MICROSECONDS: StaticFormatDescription =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]");

impl Moment {
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(millis(since))
    }

    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(millis(duration)))
    }

    /// `2026-01-31T12:00:00`, as Octavia and Barbican write it.
    pub fn plain(self) -> String {
        self.written(SECONDS)
    }

    /// `2026-01-31T12:00:00Z`, as Nova, Neutron and Glance write it.
    pub fn zulu(self) -> String {
        format!("{}Z", self.plain())
    }

    /// `2026-01-31T12:00:00.000000`, as Cinder writes it; Keystone adds a `Z`.
    pub fn micros(self) -> String {
        self.written(MICROSECONDS)
    }

    /// ISO 8601 with or without an offset; without one it is UTC.
    pub fn parse(text: &str) -> Option<Self> {
        let date = OffsetDateTime::parse(text, &Rfc3339)
            .or_else(|_| PrimitiveDateTime::parse(text, MICROSECONDS).map(PrimitiveDateTime::assume_utc))
            .or_else(|_| PrimitiveDateTime::parse(text, SECONDS).map(PrimitiveDateTime::assume_utc))
            .ok()?;
        i64::try_from(date.unix_timestamp_nanos() / 1_000_000).ok().map(Self)
    }

    fn written(self, format: StaticFormatDescription) -> String {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000)
            .ok()
            .and_then(|date| date.format(format).ok())
            .unwrap_or_default()
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let moment = Moment(1_700_000_000_000);
        assert_eq!(moment.zulu(), "2023-11-14T22:13:20Z");
        for text in [moment.zulu(), moment.plain(), moment.micros(), format!("{}Z", moment.micros())] {
            assert_eq!(Moment::parse(&text), Some(moment), "{text}");
        }
        assert_eq!(Moment::parse("yesterday"), None);
    }
}
