//! Records from files: one in each, or a list.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use jeroboam_model::CallRecord;
use serde::Deserialize;
use serde_json::Value;

/// A larger file is no record.
const FILE_MAX: u64 = 64 << 20;

/// A record, and what it is called: its file, with its number in it if there are several.
pub struct Kept {
    pub place: String,
    pub file: PathBuf,
    pub record: CallRecord,
}

/// A list, as the API answers it.
#[derive(Deserialize)]
struct List {
    records: Vec<Value>,
}

/// The file, or the folder's `*.json` by name.
pub fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = fs::read_dir(path).with_context(|| format!("reading the folder {}", path.display()))?;
    let is_record = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "json");
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_record).collect();
    files.sort();
    if files.is_empty() {
        bail!("{} holds no *.json", path.display());
    }
    Ok(files)
}

pub fn read(file: &Path) -> Result<Vec<Kept>> {
    let size = fs::metadata(file).with_context(|| format!("reading {}", file.display()))?.len();
    if size > FILE_MAX {
        bail!("{} has {size} bytes, and {FILE_MAX} is the most for records", file.display());
    }
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let value: Value = serde_json::from_str(&text).with_context(|| format!("{} is not JSON", file.display()))?;
    let is_list = value.is_array() || value.get("records").is_some();
    let values = match value {
        Value::Array(values) => values,
        value if is_list => {
            List::deserialize(value).with_context(|| format!("{} is no list of records", file.display()))?.records
        }
        value => vec![value],
    };
    let kept = |(index, value): (usize, Value)| {
        let place = if is_list { format!("{}[{index}]", file.display()) } else { file.display().to_string() };
        let record = CallRecord::deserialize(value).with_context(|| format!("{place} is no record of a call"))?;
        Ok(Kept { place, file: file.to_owned(), record })
    };
    values.into_iter().enumerate().map(kept).collect()
}
