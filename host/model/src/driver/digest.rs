//! What a component, or a text, is known by.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// SHA-256 of a component or a text, written in lower-case hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest([u8; 32]);

/// The beginning of a digest: what people type. At least [`DigestPrefix::SHORTEST`] digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestPrefix(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a digest is 64 hexadecimal digits")]
pub struct NoDigest;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a digest, or its beginning, is {} to 64 hexadecimal digits", DigestPrefix::SHORTEST)]
pub struct NoDigestPrefix;

impl Digest {
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Of a component's bytes, or a text's.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first twelve digits: enough for people.
    pub fn short(&self) -> String {
        self.0.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl DigestPrefix {
    pub const SHORTEST: usize = 6;

    pub fn matches(&self, digest: &Digest) -> bool {
        digest.to_string().starts_with(&self.0)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Digest {
    type Err = NoDigest;

    fn from_str(text: &str) -> Result<Self, NoDigest> {
        let digits: Vec<u8> = text
            .chars()
            .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect::<Option<_>>()
            .ok_or(NoDigest)?;
        let bytes: Vec<u8> = digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| (byte << 4) | digit)).collect();
        if digits.len() == 64 { bytes.try_into().map(Self).map_err(|_| NoDigest) } else { Err(NoDigest) }
    }
}

impl FromStr for DigestPrefix {
    type Err = NoDigestPrefix;

    fn from_str(text: &str) -> Result<Self, NoDigestPrefix> {
        let fits = (Self::SHORTEST..=64).contains(&text.len()) && text.chars().all(|digit| digit.is_ascii_hexdigit());
        if fits { Ok(Self(text.to_ascii_lowercase())) } else { Err(NoDigestPrefix) }
    }
}

impl TryFrom<String> for Digest {
    type Error = NoDigest;

    fn try_from(text: String) -> Result<Self, NoDigest> {
        text.parse()
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({})", self.short())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_digest_is_read_back_from_its_text(bytes: [u8; 32]) {
            let digest = Digest::new(bytes);
            prop_assert_eq!(digest.to_string().parse(), Ok(digest));
            prop_assert_eq!(digest.to_string().to_uppercase().parse(), Ok(digest));
            prop_assert!(digest.short().parse::<DigestPrefix>().unwrap().matches(&digest));
        }

        #[test]
        fn other_texts_are_no_digests(text in "[0-9a-g+é]{0,70}") {
            let right = text.len() == 64 && text.chars().all(|digit| digit.is_ascii_hexdigit());
            prop_assert_eq!(text.parse::<Digest>().is_ok(), right);
        }
    }

    #[test]
    fn five_digits_are_no_prefix_and_six_are() {
        assert_eq!("abcde".parse::<DigestPrefix>(), Err(NoDigestPrefix));
        assert!("ABCDEF".parse::<DigestPrefix>().is_ok());
    }
}
