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
    #[error("Version {0} was requested but the minor version is not supported by this service. The supported version range is: [{min}, {max}].", min = Microversion::MIN, max = Microversion::MAX)]
    Unsupported(Requested),
}

/// A well-formed version that there may not be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requested {
    pub major: u32,
    pub minor: u32,
}

const HEADER: HeaderName = HeaderName::from_static("openstack-api-version");
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

    /// The version of a request: the lowest if it names none.
    pub fn negotiate(headers: &HeaderMap) -> Result<Self, VersionError> {
        let mut values = headers.get_all(&HEADER).iter();
        match (values.next(), values.next()) {
            (None, _) => Ok(Self::MIN),
            (Some(value), None) => Self::parse(value.to_str().unwrap_or("?")),
            (Some(_), Some(_)) => Err(VersionError::Malformed("more than one".to_owned())),
        }
    }

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

    /// Tells the client which version was used.
    pub fn describe(self, headers: &mut HeaderMap) {
        let used = USED.get(usize::from(self.0)).copied().unwrap_or(USED_MAX);
        describe_as(HeaderValue::from_static(used), headers);
    }
}

impl VersionError {
    /// The range goes along where the version was understood.
    pub fn describe(&self, headers: &mut HeaderMap) {
        if let Self::Unsupported(requested) = self
            && let Ok(value) = HeaderValue::try_from(format!("{} {requested}", SERVICES[0]))
        {
            describe_as(value, headers);
        }
    }
}

fn describe_as(used: HeaderValue, headers: &mut HeaderMap) {
    headers.insert(HEADER_MIN, HeaderValue::from_static(USED_MIN));
    headers.insert(HEADER_MAX, HeaderValue::from_static(USED_MAX));
    headers.insert(HEADER, used);
    headers.insert(header::VARY, HeaderValue::from_static("OpenStack-API-Version"));
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
        let mut headers = HeaderMap::new();
        headers.insert(HEADER, HeaderValue::from_str(value).unwrap());
        Microversion::negotiate(&headers)
    }

    #[test]
    fn without_the_header_the_version_is_the_lowest() {
        assert_eq!(Microversion::negotiate(&HeaderMap::new()), Ok(Microversion::MIN));
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
        Microversion(9).describe(&mut headers);
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
