//! Microversions: which of the API's versions a request speaks.

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// A version of the API. The major number has always been 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Microversion(u8);

/// Why a request's version cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    #[error(
        "Invalid value '{0}' of the header OpenStack-API-Version: give a service and a version, as in 'container-infra 1.9' \
         or 'container-infra latest'"
    )]
    Malformed(String),
    #[error("Invalid service type '{0}' in the header OpenStack-API-Version: use 'container-infra'")]
    Service(String),
    #[error(
        "Invalid value '{0}' of the header X-OpenStack-Magnum-API-Version: it can be 1.1 or latest. Later versions are asked for \
         with OpenStack-API-Version"
    )]
    Legacy(String),
    #[error("Version {0} was requested but the minor version is not supported by this service. The supported version range is: [{min}, {max}].", min = Microversion::MIN, max = Microversion::MAX)]
    Unsupported(Requested),
}

/// What a request says about its version, in the header of today or in that of Liberty and Mitaka, which knows 1.1 only: its clients mean that by `latest`.
#[derive(Clone, Debug)]
pub struct Negotiation {
    outcome: Result<Microversion, VersionError>,
    is_legacy: bool,
}

/// A well-formed version that there may not be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requested {
    pub major: u32,
    pub minor: u32,
}

const HEADER: HeaderName = HeaderName::from_static("openstack-api-version");
const LEGACY: HeaderName = HeaderName::from_static("x-openstack-magnum-api-version");
const LEGACY_MIN: HeaderName = HeaderName::from_static("x-openstack-magnum-api-minimum-version");
const LEGACY_MAX: HeaderName = HeaderName::from_static("x-openstack-magnum-api-maximum-version");
const HEADER_MIN: HeaderName = HeaderName::from_static("openstack-api-minimum-version");
const HEADER_MAX: HeaderName = HeaderName::from_static("openstack-api-maximum-version");

/// What the service is called, in the order of the service types authority; the first one stands in answers.
pub const SERVICES: [&str; 3] = ["container-infrastructure-management", "container-infra", "container-infrastructure"];

impl Microversion {
    pub const MIN: Self = Self(1);
    pub const MAX: Self = Self(14);
    /// Bays are made and changed without waiting for it.
    pub const ASYNC_BAYS: Self = Self(2);
    /// `rollback` in cluster updates.
    pub const ROLLBACK: Self = Self(3);
    /// The resize action.
    pub const RESIZE: Self = Self(7);
    /// The upgrade action.
    pub const UPGRADE: Self = Self(8);
    /// Node groups.
    pub const NODEGROUPS: Self = Self(9);
    /// Groups of no nodes; and an unknown template is 404.
    pub const ZERO_NODES: Self = Self(10);
    /// Rotation of credentials.
    pub const CREDENTIALS: Self = Self(12);
    /// The last in which a cluster's stack is called `stack_id`.
    pub const LAST_STACK_ID: Self = Self(12);
    /// `cluster_id` in its place.
    pub const CLUSTER_ID: Self = Self(13);

    fn parse(text: &str) -> Result<Self, VersionError> {
        let malformed = || VersionError::Malformed(crate::error::echo(text));
        let mut words = text.split_whitespace();
        let (Some(service), Some(version), None) = (words.next(), words.next(), words.next()) else {
            return Err(malformed());
        };
        if version.eq_ignore_ascii_case("latest") {
            return Ok(Self::MAX);
        }
        let number = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
        let (major, minor) = version.split_once('.').ok_or_else(malformed)?;
        let (Some(major), Some(minor)) = (number(major), number(minor)) else { return Err(malformed()) };
        if !SERVICES.contains(&service) {
            return Err(VersionError::Service(crate::error::echo(service)));
        }
        match u8::try_from(minor) {
            Ok(minor) if major == 1 && (Self::MIN.0..=Self::MAX.0).contains(&minor) => Ok(Self(minor)),
            _ => Err(VersionError::Unsupported(Requested { major, minor })),
        }
    }

    fn parse_legacy(text: &str) -> Result<Self, VersionError> {
        match text.trim() {
            "1.1" => Ok(Self::MIN),
            latest if latest.eq_ignore_ascii_case("latest") => Ok(Self::MIN),
            other => Err(VersionError::Legacy(crate::error::echo(other))),
        }
    }

    fn value(self) -> HeaderValue {
        HeaderValue::from_static(USED.get(usize::from(self.0)).copied().unwrap_or(USED_MAX))
    }
}

impl Negotiation {
    /// The lowest version, if the request names none.
    pub fn of(headers: &HeaderMap) -> Self {
        if let Some(outcome) = only(headers, &HEADER) {
            return Self { outcome: outcome.and_then(Microversion::parse), is_legacy: false };
        }
        match only(headers, &LEGACY) {
            Some(outcome) => Self { outcome: outcome.and_then(Microversion::parse_legacy), is_legacy: true },
            None => Self { outcome: Ok(Microversion::MIN), is_legacy: false },
        }
    }

    /// What the request is to be answered in.
    pub fn version(&self) -> Result<Microversion, VersionError> {
        self.outcome.clone()
    }

    /// Tells the client which versions there are, and which one was used, if it was understood.
    pub fn describe(&self, headers: &mut HeaderMap) {
        headers.insert(HEADER_MIN, HeaderValue::from_static(USED_MIN));
        headers.insert(HEADER_MAX, HeaderValue::from_static(USED_MAX));
        headers.insert(header::VARY, HeaderValue::from_static("OpenStack-API-Version"));
        match &self.outcome {
            Ok(version) => _ = headers.insert(HEADER, version.value()),
            Err(VersionError::Unsupported(requested)) => {
                if let Ok(value) = HeaderValue::try_from(format!("{} {requested}", SERVICES[0])) {
                    headers.insert(HEADER, value);
                }
            }
            Err(_) => {}
        }
        if self.is_legacy {
            headers.append(header::VARY, HeaderValue::from_static("X-OpenStack-Magnum-API-Version"));
            for name in [LEGACY, LEGACY_MIN, LEGACY_MAX] {
                headers.insert(name, HeaderValue::from_static("1.1"));
            }
        }
    }
}

/// The one value of a header, if it is there at all.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Result<&'a str, VersionError>> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => None,
        (Some(value), None) => Some(Ok(value.to_str().unwrap_or("?"))),
        (Some(_), Some(_)) => Some(Err(VersionError::Malformed("more than one".to_owned()))),
    }
}

macro_rules! used {
    ($($minor:literal),+) => {
        ["", $(concat!("container-infrastructure-management 1.", $minor)),+]
    };
}

/// Header values by minor version, so that answering allocates none.
static USED: [&str; 15] = used!(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
const USED_MIN: &str = "container-infrastructure-management 1.1";
const USED_MAX: &str = "container-infrastructure-management 1.14";

impl fmt::Display for Microversion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.0)
    }
}

impl fmt::Display for Requested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn negotiate(value: &str) -> Result<Microversion, VersionError> {
        Negotiation::of(&HeaderMap::from_iter([(HEADER, HeaderValue::from_str(value).unwrap())])).version()
    }

    #[test]
    fn without_the_header_the_version_is_the_lowest() {
        assert_eq!(Negotiation::of(&HeaderMap::new()).version(), Ok(Microversion::MIN));
    }

    #[test]
    fn the_oldest_clients_are_answered_in_their_only_version_and_told_so() {
        let asked = |value: &str| Negotiation::of(&HeaderMap::from_iter([(LEGACY, HeaderValue::from_str(value).unwrap())]));
        for value in ["1.1", "latest", "LATEST"] {
            let mut headers = HeaderMap::new();
            asked(value).describe(&mut headers);
            assert_eq!(asked(value).version(), Ok(Microversion::MIN), "{value}");
            assert_eq!(
                (&headers[&LEGACY], &headers[&LEGACY_MIN], &headers[&LEGACY_MAX]),
                (&"1.1".parse().unwrap(), &"1.1".parse().unwrap(), &"1.1".parse().unwrap())
            );
        }
        for value in ["1.2", "container-infra 1.1", "", "x"] {
            assert!(matches!(asked(value).version(), Err(VersionError::Legacy(_))), "{value}");
        }
        let both = HeaderMap::from_iter([
            (LEGACY, HeaderValue::from_static("1.1")),
            (HEADER, HeaderValue::from_static("container-infra 1.9")),
        ]);
        assert_eq!(Negotiation::of(&both).version(), Ok(Microversion(9)));
    }

    #[test]
    fn versions_are_understood_under_every_name_of_the_service() {
        for (value, minor) in [
            ("container-infra 1.1", 1),
            ("container-infra 1.9", 9),
            ("container-infra 1.05", 5),
            ("container-infra  1.14", 14),
            ("container-infrastructure 1.10", 10),
            ("container-infrastructure-management 1.13", 13),
            ("container-infra latest", 14),
            ("container-infra LATEST", 14),
            ("compute latest", 14),
        ] {
            assert_eq!(negotiate(value), Ok(Microversion(minor)), "{value}");
        }
    }

    #[test]
    fn versions_that_there_are_not_are_told_apart_from_nonsense() {
        for value in ["container-infra 1.15", "container-infra 1.0", "container-infra 2.1", "container-infra 0.9"] {
            assert!(matches!(negotiate(value), Err(VersionError::Unsupported(_))), "{value}");
        }
        for value in [
            "",
            "1.5",
            "container-infra",
            "container-infra 1",
            "container-infra 1.5, compute 2.1",
            "container-infra 1.x",
            "container-infra +1.5",
            "container-infra 1.99999999999999999999",
        ] {
            assert!(matches!(negotiate(value), Err(VersionError::Malformed(_))), "{value}");
        }
        assert!(matches!(negotiate("compute 1.5"), Err(VersionError::Service(_))));
        assert!(matches!(negotiate("Container-Infra 1.5"), Err(VersionError::Service(_))));
    }

    #[test]
    fn an_answer_names_the_version_used_and_the_range() {
        let mut headers = HeaderMap::new();
        Negotiation { outcome: Ok(Microversion(9)), is_legacy: false }.describe(&mut headers);
        assert_eq!(headers[&HEADER], "container-infrastructure-management 1.9");
        assert_eq!(headers[&HEADER_MIN], "container-infrastructure-management 1.1");
        assert_eq!(headers[&HEADER_MAX], "container-infrastructure-management 1.14");
        assert_eq!(headers[header::VARY], "OpenStack-API-Version");
    }

    #[test]
    fn the_range_stands_in_the_headers_as_in_the_constants() {
        assert_eq!(USED_MIN, format!("{} {}", SERVICES[0], Microversion::MIN));
        assert_eq!(USED_MAX, format!("{} {}", SERVICES[0], Microversion::MAX));
        assert_eq!(USED.len(), usize::from(Microversion::MAX.0) + 1);
    }
}
