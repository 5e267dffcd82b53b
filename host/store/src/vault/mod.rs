//! Seals secrets: AES-256-GCM under a key that is kept outside the store, bound to the place that the secret is kept at.
//!
//! Text form: `v1.<key id>.<base64url of nonce, ciphertext and tag>`. The key's id is in it so that keys can be replaced one day while what older
//! ones have sealed can still be opened.

mod key_file;

use std::{fmt, io, path::Path, path::PathBuf, sync::Arc};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    error::Unspecified,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jeroboam_model::{Sealed, Secret};
use zeroize::Zeroizing;

use crate::{CommitError, Store, StoreError, tables::vault_checks::VaultCheck};

const FORM: &str = "v1";
const KEY_LEN: usize = 32;
const CHECK_PLACE: &str = "vault/check";
const CHECK_WORD: &str = "jeroboam";

/// Seals and opens. Clones share the keys.
#[derive(Clone)]
pub struct Vault {
    /// The first one seals.
    keys: Arc<[Key]>,
}

struct Key {
    id: String,
    cipher: LessSafeKey,
}

/// What is wrong with the vault, its key file or a sealed secret. The host's fault or its operator's.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error("the key file {} can be read by others (mode {mode:04o}); run: chmod 600 {}", path.display(), path.display())]
    Exposed { path: PathBuf, mode: u32 },
    #[error("the key file {} is not one: line {line} is not `jeroboam-key <id> <base64 of {KEY_LEN} bytes>`; restore it from your backup", path.display())]
    Malformed { path: PathBuf, line: usize },
    #[error("the key file {} cannot be read or made", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error(
        "the secret at {place} was sealed under the key {key}, which is not in the key file; restore the file that belongs to this store"
    )]
    UnknownKey { place: String, key: String },
    #[error(
        "the secret at {place} cannot be opened: it was changed, or moved there from elsewhere, or the key file is another store's"
    )]
    Refused { place: String },
    #[error("what is kept at {place} is no sealed secret")]
    NotSealed { place: String },
    #[error("the system has no randomness or memory to seal with")]
    Exhausted,
    #[error("the store cannot be read")]
    Read(#[from] StoreError),
    #[error("the store cannot be written")]
    Write(#[from] CommitError),
}

impl Vault {
    /// Reads the key file, or makes one that only its owner can read.
    pub fn open_or_create(path: &Path) -> Result<Self, VaultError> {
        Ok(Self { keys: key_file::read_or_create(path)?.into() })
    }

    /// With a key that nobody keeps: for tests.
    pub fn ephemeral() -> Result<Self, VaultError> {
        Ok(Self { keys: vec![Key::random()?.0].into() })
    }

    /// Seals a secret for one place: `certificate/<cluster>/<slot>`, say. It cannot be opened anywhere else.
    pub fn seal(&self, place: &str, secret: &Secret) -> Result<Sealed, VaultError> {
        let key = self.keys.first().ok_or(VaultError::Exhausted)?;
        let mut nonce = [0; NONCE_LEN];
        aws_lc_rs::rand::fill(&mut nonce)?;
        let mut text = Zeroizing::new(secret.expose().as_bytes().to_vec());
        // Room for the tag, so that growing does not leave a copy behind.
        text.reserve_exact(AES_256_GCM.tag_len());
        key.cipher.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), key.bind(place), &mut *text)?;
        let mut bytes = nonce.to_vec();
        bytes.extend_from_slice(&text);
        Ok(Sealed::from_text(format!("{FORM}.{}.{}", key.id, BASE64_URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// Opens what was sealed for this place.
    pub fn open(&self, place: &str, sealed: &Sealed) -> Result<Secret, VaultError> {
        let not_sealed = || VaultError::NotSealed { place: place.to_owned() };
        let refused = || VaultError::Refused { place: place.to_owned() };
        let rest = sealed.as_text().strip_prefix(FORM).and_then(|rest| rest.strip_prefix('.')).ok_or_else(not_sealed)?;
        let (id, bytes) = rest.split_once('.').ok_or_else(not_sealed)?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(bytes).map_err(|_| not_sealed())?;
        let (nonce, text) = bytes.split_first_chunk::<NONCE_LEN>().ok_or_else(not_sealed)?;
        let key = self.keys.iter().find(|key| key.id == id);
        let key = key.ok_or_else(|| VaultError::UnknownKey { place: place.to_owned(), key: id.escape_debug().to_string() })?;
        let mut text = Zeroizing::new(text.to_vec());
        let opened = key.cipher.open_in_place(Nonce::assume_unique_for_key(*nonce), key.bind(place), &mut text);
        let opened = opened.map_err(|Unspecified| refused())?;
        std::str::from_utf8(opened).map(Secret::new).map_err(|_| refused())
    }
}

impl Store {
    /// Makes sure that the vault's key is the one that the store's secrets were sealed with; the first vault that a store meets becomes its own.
    pub async fn check_vault(&self, vault: &Vault) -> Result<(), VaultError> {
        if let Some(check) = crate::Table::<VaultCheck>::of(self).get(()).await? {
            return vault.open(CHECK_PLACE, &check.sealed).map(drop);
        }
        let sealed = vault.seal(CHECK_PLACE, &Secret::new(CHECK_WORD))?;
        let mut transaction = self.begin();
        transaction.insert(&VaultCheck { sealed });
        transaction.commit().await?;
        Ok(())
    }
}

impl Key {
    fn new(id: String, bytes: &[u8; KEY_LEN]) -> Result<Self, Unspecified> {
        Ok(Self { id, cipher: LessSafeKey::new(UnboundKey::new(&AES_256_GCM, bytes)?) })
    }

    /// A new one, and its bytes for whoever keeps them.
    fn random() -> Result<(Self, Zeroizing<[u8; KEY_LEN]>), Unspecified> {
        let mut id = [0; 4];
        aws_lc_rs::rand::fill(&mut id)?;
        let mut bytes = Zeroizing::new([0; KEY_LEN]);
        aws_lc_rs::rand::fill(&mut *bytes)?;
        Ok((Self::new(id.iter().map(|byte| format!("{byte:02x}")).collect(), &bytes)?, bytes))
    }

    /// What is authenticated along with a secret: the form, the key and the place.
    fn bind(&self, place: &str) -> Aad<Vec<u8>> {
        Aad::from([FORM, &self.id, place].join("\0").into_bytes())
    }
}

impl From<Unspecified> for VaultError {
    fn from(Unspecified: Unspecified) -> Self {
        Self::Exhausted
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(***)")
    }
}
