//! Exports and imports: a line of JSON for each record, and a last one with the number of records and the SHA-256 of all lines before it. Secrets stay sealed, so
//! an export is worth something only together with the key file. Indexes are derived anew when it is imported.

use std::io::{self, BufRead, Read as _, Write};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::{
    Batch, CommitFailure, DecodeError, Entry, KeyBuf, Range, Revision, Store, StoreError, fsck::table_of, key::describe,
};

/// A line is read whole; longer ones than any record are not.
const LINE_MAX: u64 = 32 << 20;
/// An import is written in batches of about so many bytes.
const BATCH_BYTES: usize = 4 << 20;

/// What an export or import went over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dumped {
    pub records: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("the store cannot be read")]
    Store(#[from] StoreError),
    #[error("the record {key} is damaged, so that it cannot be exported")]
    Damaged { key: String, source: serde_json::Error },
    #[error("the export cannot be written")]
    Io(#[from] io::Error),
}

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("the store is not empty; import into a new one: give another [store] path")]
    NotEmpty,
    #[error("line {line} of the export is not what an export has there; use a file that `store export` wrote")]
    Line { line: u64, source: serde_json::Error },
    #[error("line {line} of the export has no usable key; use a file that `store export` wrote")]
    Key { line: u64 },
    #[error("line {line} is longer than {LINE_MAX} bytes, which no record is")]
    TooLong { line: u64 },
    #[error(
        "line {line} belongs to the table {table}, which this version does not know; import with the version that made the export, or a later one"
    )]
    UnknownTable { line: u64, table: String },
    #[error("line {line} holds a record that cannot be read")]
    Record { line: u64, source: DecodeError },
    #[error("the export is not whole: its last line, with the checksum, is missing; make another one")]
    Truncated,
    #[error("the export was changed since it was made: its checksum is wrong; make another one")]
    Checksum,
    #[error("the export cannot be read")]
    Io(#[from] io::Error),
    #[error("the store cannot be read")]
    Store(#[from] StoreError),
    #[error("the store cannot be written")]
    Commit(#[from] CommitFailure),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    table: String,
    key: String,
    #[serde(borrow)]
    record: &'a RawValue,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Trailer {
    records: u64,
    sha256: String,
}

/// Writes every record, as of one instant.
pub async fn export(store: &Store, mut writer: impl Write) -> Result<Dumped, ExportError> {
    let entries = store.backend().range(Range::all(&KeyBuf::all_tables())).await.map_err(StoreError::from)?;
    let mut hash = Sha256::new();
    for entry in &entries {
        let record: &RawValue =
            serde_json::from_slice(&entry.value).map_err(|source| ExportError::Damaged { key: describe(&entry.key), source })?;
        let table = table_of(&entry.key).map(|table| table.name).unwrap_or_default().to_owned();
        let mut line =
            serde_json::to_vec(&Line { table, key: BASE64_STANDARD.encode(&entry.key), record }).map_err(io::Error::from)?;
        line.push(b'\n');
        hash.update(&line);
        writer.write_all(&line)?;
    }
    let records = entries.len() as u64;
    serde_json::to_writer(&mut writer, &Trailer { records, sha256: hex(&hash.finalize()) }).map_err(io::Error::from)?;
    writer.write_all(b"\n")?;
    writer.flush()?;
    Ok(Dumped { records })
}

/// Reads an export into an empty store. All of it is checked before anything is written.
pub async fn import(store: &Store, mut reader: impl BufRead) -> Result<Dumped, ImportError> {
    let any = Range { limit: 1, ..Range::all(&KeyBuf::all_tables()) };
    if !store.backend().range(any).await.map_err(StoreError::from)?.is_empty() {
        return Err(ImportError::NotEmpty);
    }
    let puts = read_all(&mut reader)?;
    let records = puts.iter().filter(|put| !put.is_index).count() as u64;
    let mut batch = Batch::default();
    let mut size = 0;
    for put in puts {
        size += put.key.len() + put.value.len();
        batch.puts.push((put.key, put.value));
        if size > BATCH_BYTES {
            store.backend().commit(std::mem::take(&mut batch)).await?;
            size = 0;
        }
    }
    store.backend().commit(batch).await?;
    Ok(Dumped { records })
}

struct Put {
    key: Vec<u8>,
    value: Vec<u8>,
    is_index: bool,
}

fn read_all(reader: &mut impl BufRead) -> Result<Vec<Put>, ImportError> {
    let mut hash = Sha256::new();
    let mut puts = Vec::new();
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        reader.by_ref().take(LINE_MAX).read_until(b'\n', &mut bytes)?;
        if bytes.is_empty() {
            return Err(ImportError::Truncated);
        }
        if !bytes.ends_with(b"\n") {
            return Err(if bytes.len() as u64 == LINE_MAX { ImportError::TooLong { line } } else { ImportError::Truncated });
        }
        if let Ok(trailer) = serde_json::from_slice::<Trailer>(&bytes) {
            let whole = trailer.records == line - 1 && trailer.sha256 == hex(&hash.finalize());
            return if whole { Ok(puts) } else { Err(ImportError::Checksum) };
        }
        hash.update(&bytes);
        read_line(line, &bytes, &mut puts)?;
    }
    Err(ImportError::Truncated)
}

fn read_line(line: u64, bytes: &[u8], puts: &mut Vec<Put>) -> Result<(), ImportError> {
    let parsed: Line<'_> = serde_json::from_slice(bytes).map_err(|source| ImportError::Line { line, source })?;
    let key = BASE64_STANDARD.decode(&parsed.key).map_err(|_| ImportError::Key { line })?;
    let value = parsed.record.get().as_bytes().to_vec();
    let record = Entry { key: key.into(), value: value.into(), revision: Revision::default() };
    let table = table_of(&record.key).ok_or(ImportError::UnknownTable { line, table: parsed.table })?;
    let entries = table.index_keys(&record).map_err(|source| ImportError::Record { line, source })?;
    let point = |key| Put { key, value: record.key.to_vec(), is_index: true };
    puts.extend(entries.into_iter().map(point));
    puts.push(Put { key: record.key.to_vec(), value: record.value.to_vec(), is_index: false });
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
