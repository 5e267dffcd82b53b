//! Small parsers for what every service sends.

use serde::{Deserialize, Deserializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The longest text of a service that is kept in an error.
const MAX_MESSAGE: usize = 1000;
/// The longest request id that is kept.
const MAX_REQUEST_ID: usize = 64;

/// Text of a service made fit for a log line: no control characters, white space collapsed, bounded.
pub(crate) fn clean(text: &str) -> String {
    let spaced = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    let mut clean = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    if clean.len() > MAX_MESSAGE {
        clean.truncate(clean.floor_char_boundary(MAX_MESSAGE));
        clean.push('…');
    }
    clean
}

/// A request id as services write them, or nothing.
pub(crate) fn request_id(text: &str) -> Option<String> {
    let fits = !text.is_empty() && text.len() <= MAX_REQUEST_ID && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    fits.then(|| text.to_owned())
}

/// Whether a text may stand as one segment of a path without meaning anything else there.
///
/// Percent-encoding is not enough: `..` is a step up even when encoded, and WSGI servers decode
/// `%2F` before they route.
pub(crate) fn is_segment(text: &str) -> bool {
    !text.is_empty() && text != "." && text != ".." && !text.contains(['/', '\\', '%']) && !text.chars().any(char::is_control)
}

/// A time as OpenStack writes it: RFC 3339, where some services leave out the zone and mean UTC.
pub(crate) fn instant(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).or_else(|_| OffsetDateTime::parse(&format!("{text}Z"), &Rfc3339)).ok()
}

/// Field parser for a time that may be absent, null or unreadable.
pub(crate) fn optional_instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<OffsetDateTime>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.as_deref().and_then(instant))
}

/// Field parser for a time that must be there.
pub(crate) fn required_instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<OffsetDateTime, D::Error> {
    let text = String::deserialize(deserializer)?;
    instant(&text).ok_or_else(|| serde::de::Error::custom("not a time"))
}

/// Field parser that reads null as the default.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Field parser that reads null and the empty text as absent.
pub(crate) fn non_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_bounded_line() {
        assert_eq!(clean("no\r\n\tsuch \u{1b}[31mstack\u{0}"), "no such [31mstack");
        let long = clean(&"é".repeat(2000));
        assert!(long.len() <= MAX_MESSAGE + '…'.len_utf8(), "{}", long.len());
        assert!(long.ends_with('…'));
    }

    #[test]
    fn only_plain_request_ids_are_kept() {
        let id = "req-5b2c7e1a-0000-4000-8000-000000000001";
        assert_eq!(request_id(id).as_deref(), Some(id));
        assert_eq!(request_id("req-\u{1b}[0m"), None);
        assert_eq!(request_id(&"a".repeat(65)), None);
        assert_eq!(request_id(""), None);
    }

    #[test]
    fn a_segment_cannot_climb_or_branch() {
        for bad in ["", ".", "..", "a/b", "a\\b", "%2e%2e", "a\nb"] {
            assert!(!is_segment(bad), "{bad:?}");
        }
        for good in ["web", "a..b", "Fedora CoreOS 38", "m1.small", "ключ"] {
            assert!(is_segment(good), "{good:?}");
        }
    }

    #[test]
    fn times_without_a_zone_are_utc() {
        let zulu = instant("2014-06-03T20:59:46Z");
        assert!(zulu.is_some());
        assert_eq!(instant("2014-06-03T20:59:46"), zulu);
        assert_eq!(instant("2014-06-03T20:59:46.000000Z"), zulu);
        assert_eq!(instant("yesterday"), None);
    }
}
