//! The bytes of components, by digest, in pieces: a record stays small whatever the component's size.

use std::borrow::Borrow;

use base64::{Engine, prelude::BASE64_STANDARD};
use jeroboam_model::driver::Digest;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{CommitError, KeyBuf, Range, Record, StoreError, StoreKey, Table};

/// Of a component, in one record. As base64 it is a third more.
const PIECE_BYTES: usize = 512 << 10;
/// Pieces in one commit.
const AT_ONCE: usize = 4;

/// A piece of a component.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    pub component: Digest,
    /// From 0.
    pub number: u32,
    #[serde(serialize_with = "as_base64", deserialize_with = "from_base64")]
    pub bytes: Vec<u8>,
}

/// The bytes of a component cannot be had, or cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum ComponentsError {
    #[error("the components cannot be read")]
    Read(#[from] StoreError),
    #[error("the components cannot be written")]
    Write(#[from] CommitError),
    #[error("the component {digest} is not whole in the store; install it again")]
    Damaged { digest: Digest },
}

impl Record for Piece {
    const TABLE: &'static str = "components";
    type Key = (Digest, String);

    fn key(&self) -> (Digest, String) {
        (self.component, format!("{:06}", self.number))
    }
}

impl StoreKey for Digest {
    fn write(&self, key: KeyBuf) -> KeyBuf {
        key.text(&self.to_string())
    }
}

impl Table<'_, Piece> {
    /// The components of which there is at least a piece. Reads one piece of each, and keeps none.
    pub async fn digests(&self) -> Result<Vec<Digest>, StoreError> {
        let mut next = Range { limit: 1, ..Range::all(&KeyBuf::table(Piece::TABLE)) };
        let mut found = Vec::new();
        while let Some(entry) = self.store.backend().range(next.clone()).await?.first() {
            let digest = self.decode(entry)?.component;
            next.from = of_component(&digest).end();
            found.push(digest);
        }
        Ok(found)
    }

    /// The whole component, proved by its digest. `None`: nothing of it is there.
    pub async fn bytes(&self, component: impl Borrow<Digest> + Send) -> Result<Option<Vec<u8>>, ComponentsError> {
        let digest = *component.borrow();
        let pieces = self.beginning_with(of_component(&digest)).await?;
        if pieces.is_empty() {
            return Ok(None);
        }
        let bytes: Vec<u8> = pieces.into_iter().flat_map(|piece| piece.value.bytes).collect();
        if digest_of(&bytes) == digest { Ok(Some(bytes)) } else { Err(ComponentsError::Damaged { digest }) }
    }

    /// Writes the bytes. May be cut short at any point and done again: pieces of a digest are always the same.
    pub async fn keep(&self, bytes: &[u8]) -> Result<Digest, ComponentsError> {
        let component = digest_of(bytes);
        let pieces: Vec<(u32, &[u8])> = (0..).zip(bytes.chunks(PIECE_BYTES)).collect();
        for some in pieces.chunks(AT_ONCE) {
            let mut tx = self.store.begin();
            for (number, piece) in some {
                tx.put(&Piece { component, number: *number, bytes: piece.to_vec() });
            }
            tx.commit().await?;
        }
        Ok(component)
    }

    /// Removes the bytes. May be cut short at any point and done again.
    pub async fn forget(&self, component: impl Borrow<Digest> + Send) -> Result<(), ComponentsError> {
        let mut tx = self.store.begin();
        for piece in self.beginning_with(of_component(component.borrow())).await? {
            tx.remove(&piece);
        }
        Ok(tx.commit().await?)
    }
}

/// What a component is known by.
pub fn digest_of(bytes: &[u8]) -> Digest {
    Digest::of(bytes)
}

fn of_component(digest: &Digest) -> KeyBuf {
    digest.write(KeyBuf::table(Piece::TABLE))
}

fn as_base64<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&BASE64_STANDARD.encode(bytes))
}

fn from_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    BASE64_STANDARD.decode(text).map_err(de::Error::custom)
}
