//! Keys: parts that are kept apart whatever is in them, in an order that is that of the parts.

use jeroboam_model::{
    AuditId, CallRecordId, ClusterId, ContainerId, FederationId, NodeGroupId, NodeId, OperationId, ProjectId, QuotaResource,
    TemplateId, X509KeyPairId,
};
use time::OffsetDateTime;

/// Ends a part. Sorts before every byte that a part can go on with, so a name sorts before the names it begins.
const END: [u8; 2] = [0, 1];
/// Stands for a zero byte within a part.
const ZERO: [u8; 2] = [0, 255];

/// What the keys of records begin with.
const RECORD: u8 = b'r';
const INDEX: u8 = b'x';

/// A key, or the beginning of one.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyBuf(Vec<u8>);

/// What identifies a record within its table.
pub trait StoreKey: Send + Sync {
    fn write(&self, key: KeyBuf) -> KeyBuf;
}

impl KeyBuf {
    /// Where the records of a table begin.
    pub fn table(table: &str) -> Self {
        Self(vec![RECORD]).text(table)
    }

    /// Where the entries of an index begin.
    pub fn index(table: &str, index: &str) -> Self {
        Self(vec![INDEX]).text(table).text(index)
    }

    /// Where all records begin.
    pub(crate) fn all_tables() -> Self {
        Self(vec![RECORD])
    }

    /// Where all entries of all indexes begin.
    pub(crate) fn all_indexes() -> Self {
        Self(vec![INDEX])
    }

    #[must_use]
    pub fn text(mut self, part: &str) -> Self {
        if part.as_bytes().contains(&0) {
            for byte in part.bytes() {
                match byte {
                    0 => self.0.extend_from_slice(&ZERO),
                    other => self.0.push(other),
                }
            }
        } else {
            self.0.extend_from_slice(part.as_bytes());
        }
        self.0.extend_from_slice(&END);
        self
    }

    #[must_use]
    pub fn uuid(self, part: uuid::Uuid) -> Self {
        self.text(part.as_simple().encode_lower(&mut [0; uuid::fmt::Simple::LENGTH]))
    }

    /// To the nanosecond. Times before 1970 count as 1970.
    #[must_use]
    pub fn time(self, part: OffsetDateTime) -> Self {
        let nanoseconds = u64::try_from(part.unix_timestamp_nanos().max(0)).unwrap_or(u64::MAX);
        self.text(&format!("{nanoseconds:016x}"))
    }

    /// Goes on with parts that were written elsewhere.
    #[must_use]
    pub fn append(mut self, parts: &[u8]) -> Self {
        self.0.extend_from_slice(parts);
        self
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// The least key that sorts after all keys which begin with this one.
    pub fn end(&self) -> Vec<u8> {
        let mut end = self.0.clone();
        while let Some(last) = end.pop() {
            if last < u8::MAX {
                end.push(last + 1);
                break;
            }
        }
        end
    }

    /// The least key after this one.
    pub(crate) fn after(&self) -> Vec<u8> {
        let mut after = self.0.clone();
        after.push(0);
        after
    }
}

/// The parts of a key, of which the first begins with the byte that says what it is a key of.
pub(crate) fn parts(mut rest: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let end = rest.windows(END.len()).position(|at| at == END)?;
        let (part, after) = rest.split_at_checked(end)?;
        rest = after.get(END.len()..)?;
        Some(part)
    })
}

/// What a key begins with that it shares with others that are looked at together. A record's: its table, and the first part that tells it from others there. An
/// index entry's: table and index, and the first part of what it is found by, such as the project. `None` for what has no such part.
pub(crate) fn family(key: &[u8]) -> Option<&[u8]> {
    let shared = match *key.first()? {
        RECORD => 2,
        INDEX => 3,
        _ => return None,
    };
    let mut parts = parts(key);
    let mut length = 0;
    for _ in 0..shared {
        length += parts.next()?.len() + END.len();
    }
    key.get(..length)
}

/// The parts of a key, for people: without what comes before the first part, joined by `/`.
pub(crate) fn describe(key: &[u8]) -> String {
    let text = String::from_utf8_lossy(key);
    let parts: Vec<String> = text.split_terminator("\u{0}\u{1}").map(|part| part.escape_debug().to_string()).collect();
    parts.join("/")
}

/// As [`describe`], of a record's key: without the table.
pub(crate) fn describe_record(table: &str, key: &[u8]) -> String {
    describe(key.strip_prefix(KeyBuf::table(table).as_bytes()).unwrap_or(key))
}

macro_rules! uuid_keys {
    ($($name:ty),+) => {$(
        impl StoreKey for $name {
            fn write(&self, key: KeyBuf) -> KeyBuf {
                key.uuid(self.0)
            }
        }
    )+};
}

uuid_keys!(
    ClusterId,
    TemplateId,
    NodeGroupId,
    OperationId,
    AuditId,
    CallRecordId,
    ContainerId,
    FederationId,
    NodeId,
    X509KeyPairId
);

impl StoreKey for ProjectId {
    fn write(&self, key: KeyBuf) -> KeyBuf {
        key.text(self.as_str())
    }
}

impl StoreKey for QuotaResource {
    fn write(&self, key: KeyBuf) -> KeyBuf {
        key.text(self.as_str())
    }
}

impl StoreKey for String {
    fn write(&self, key: KeyBuf) -> KeyBuf {
        key.text(self)
    }
}

impl StoreKey for () {
    fn write(&self, key: KeyBuf) -> KeyBuf {
        key
    }
}

impl<A: StoreKey, B: StoreKey> StoreKey for (A, B) {
    fn write(&self, key: KeyBuf) -> KeyBuf {
        self.1.write(self.0.write(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(parts: &[String]) -> KeyBuf {
        parts.iter().fold(KeyBuf::default(), |key, part| key.text(part))
    }

    proptest! {
        #[test]
        fn keys_sort_as_their_parts_do(a in prop::collection::vec("[\\x00\\x01ab\u{ff}]{0,4}", 2), b in prop::collection::vec("[\\x00\\x01ab\u{ff}]{0,4}", 2)) {
            prop_assert_eq!(key(&a).cmp(&key(&b)), a.cmp(&b));
        }

        #[test]
        fn what_begins_with_a_key_lies_before_its_end(a: String, b: String) {
            let start = KeyBuf::default().text(&a);
            let within = start.clone().text(&b);
            prop_assert!(within > start && within.as_bytes() < start.end().as_slice());
        }
    }

    #[test]
    fn a_name_is_not_taken_for_the_beginning_of_a_longer_one() {
        let short = KeyBuf::index("clusters", "name").text("prod");
        let long = KeyBuf::index("clusters", "name").text("prod2").text("x");
        assert!(long.as_bytes() >= short.end().as_slice());
    }

    #[test]
    fn times_sort_by_when_they_are() {
        let at = |seconds| KeyBuf::default().time(OffsetDateTime::from_unix_timestamp(seconds).unwrap());
        assert!(at(9) < at(10) && at(10) < at(1_700_000_000));
        assert_eq!(at(-5), at(0));
    }

    #[test]
    fn a_key_reads_like_a_path_in_messages() {
        let key = KeyBuf::table("certificates").text("a").text("b\nc");
        assert_eq!(describe_record("certificates", key.as_bytes()), "a/b\\nc");
    }
}
