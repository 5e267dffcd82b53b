//! Versions as people name them: `kubernetes@0.2.0`, a digest, or the beginning of one.

use jeroboam_model::driver::{Digest, DigestPrefix, DriverVersion};
use jeroboam_rollout::{RolloutError, Rollouts};

use crate::error::{ApiError, echo};

/// A version, as it stands in a path or a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    Digest(Digest),
    Beginning(DigestPrefix),
    Number { driver: String, version: String },
}

/// What is no name of a version, or the name of none or several.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NamedError {
    #[error("{0} names no version: expected a digest, at least six digits of its beginning, or name@version.")]
    Unreadable(String),
    #[error("There is no version {version} of the driver {driver}; see which there are with `jeroboam driver show {driver}`.")]
    NoSuchNumber { driver: String, version: String },
    #[error("{} components are version {version} of the driver {driver}: name one of them by its digest, {}.", digests.len(), digests.join(", "))]
    SeveralOfNumber { driver: String, version: String, digests: Vec<String> },
}

impl Named {
    pub fn read(text: &str) -> Result<Self, NamedError> {
        if let Some((driver, version)) = text.split_once('@') {
            return Ok(Self::Number { driver: echo(driver), version: echo(version) });
        }
        let digest = text.parse().map(Self::Digest);
        digest.or_else(|_| text.parse().map(Self::Beginning)).map_err(|_| NamedError::Unreadable(echo(text)))
    }

    /// The digest, whether such a component is installed or not.
    pub async fn digest(&self, rollouts: &Rollouts) -> Result<Digest, ApiError> {
        match self {
            Self::Digest(digest) => Ok(*digest),
            _ => Ok(self.find(rollouts).await?.digest),
        }
    }

    async fn find(&self, rollouts: &Rollouts) -> Result<DriverVersion, ApiError> {
        match self {
            Self::Digest(digest) => Ok(rollouts.version(digest).await?),
            Self::Beginning(prefix) => Ok(rollouts.find(prefix).await?),
            Self::Number { driver, version } => {
                let overview = match rollouts.show(driver).await {
                    Err(RolloutError::NoDriver(_)) => None,
                    overview => Some(overview?),
                };
                let all = overview.into_iter().flat_map(|overview| overview.versions).map(|overview| overview.version);
                Ok(only(driver, version, all.filter(|known| known.version.as_ref() == Some(version)).collect())?)
            }
        }
    }
}

/// Of several with the same number, the one that can still be used.
fn only(driver: &str, version: &str, mut found: Vec<DriverVersion>) -> Result<DriverVersion, NamedError> {
    if found.iter().any(|version| version.revoked.is_none()) {
        found.retain(|version| version.revoked.is_none());
    }
    let (driver, version) = (driver.to_owned(), version.to_owned());
    match (found.pop(), found.is_empty()) {
        (Some(only), true) => Ok(only),
        (None, _) => Err(NamedError::NoSuchNumber { driver, version }),
        (Some(last), false) => {
            let digests = found.iter().chain([&last]).map(|version| version.digest.short()).collect();
            Err(NamedError::SeveralOfNumber { driver, version, digests })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_named_by_number_digest_or_the_beginning_of_that() {
        let digest = "ab".repeat(32);
        assert_eq!(Named::read(&digest), Ok(Named::Digest(digest.parse().unwrap())));
        assert_eq!(Named::read("abcdef"), Ok(Named::Beginning("abcdef".parse().unwrap())));
        let number = Named::Number { driver: "swarm-mode".into(), version: "0.2.0".into() };
        assert_eq!(Named::read("swarm-mode@0.2.0"), Ok(number));
        for text in ["", "abcde", "kubernetes", "xyzxyz", &"ab".repeat(33)] {
            assert!(matches!(Named::read(text), Err(NamedError::Unreadable(_))), "{text}");
        }
    }
}
