//! The versions of the contract that this host serves: the one table of them.
//!
//! A published version is a frozen folder, `wit/coe-<version>`. A later one includes what it does not change, under the version that brought it, and adds
//! interfaces; so a component that was built for 0.1.0 is served for ever, and one that was built for more says so in the names that it imports and exports.

use std::fmt;

use semver::Version;

use crate::Interface;

/// The package of the contract.
pub(crate) const PACKAGE: &str = "jeroboam:coe";

/// A version of the contract, by what it brought.
#[derive(Debug)]
pub(crate) struct Contract {
    pub(crate) version: Version,
    pub(crate) exports: &'static [&'static str],
    pub(crate) imports: &'static [Interface],
}

/// Oldest first.
pub(crate) const SERVED: &[Contract] = &[
    Contract { version: Version::new(0, 1, 0), exports: &[DRIVER], imports: Interface::ALL },
    Contract { version: Version::new(0, 2, 0), exports: &["coe-resources"], imports: &[] },
    #[cfg(feature = "coe-0-3")]
    Contract { version: Version::new(0, 3, 0), exports: &["node-advice"], imports: &[] },
];

/// The interface that makes a component a driver.
pub(crate) const DRIVER: &str = "driver";

impl Contract {
    /// The one that a name of this version belongs to: while the first number is 0, versions that differ in the last one only are the same contract.
    pub(crate) fn serving(version: &Version) -> Option<&'static Self> {
        let same = |own: &Version| (own.major, own.minor) == (version.major, version.minor);
        SERVED.iter().find(|contract| same(&contract.version) && version.pre.is_empty())
    }
}

/// Versions that are served, for people: `0.1 and 0.2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served;

impl fmt::Display for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Contract { version, .. }) in SERVED.iter().enumerate() {
            if index > 0 {
                f.write_str(" and ")?;
            }
            write!(f, "{}.{}", version.major, version.minor)?;
        }
        Ok(())
    }
}

/// Whether a host that is newer than this one is the way to have the version served.
pub(crate) fn is_newer(version: &Version) -> bool {
    SERVED.iter().all(|contract| contract.version < *version)
}

/// What an author builds against.
pub(crate) fn newest() -> &'static Version {
    const FIRST: &Version = &Version::new(0, 1, 0);
    SERVED.last().map_or(FIRST, |contract| &contract.version)
}
