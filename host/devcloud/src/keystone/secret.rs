//! Passwords and tokens, kept as digests.

use std::fmt::Write as _;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A password, kept as a salted digest. A real Keystone takes a slower one; nothing here is worth guessing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sealed {
    salt: String,
    digest: String,
}

impl Sealed {
    pub fn new(password: &str) -> Self {
        let salt = random(12);
        let digest = digest(&format!("{salt}:{password}"));
        Self { salt, digest }
    }

    pub fn opens_with(&self, password: &str) -> bool {
        digest(&format!("{}:{password}", self.salt)) == self.digest
    }
}

/// Random bytes as text that fits into a header and a URL.
pub fn random(bytes: usize) -> String {
    let raw: Vec<u8> = (0..bytes).map(|_| rand::random()).collect();
    BASE64_URL_SAFE_NO_PAD.encode(raw)
}

/// SHA-256, in hexadecimal.
pub fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
