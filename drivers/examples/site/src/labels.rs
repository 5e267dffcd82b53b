//! The label that this driver adds.

use jeroboam_driver_sdk::{Error, Pair, labels};

labels! {
    BOOT_METADATA = "boot_metadata": text, since "0.1.0", "Nova metadata of every server from its boot on: name=value, comma-separated, up to 255 characters each.";
}

/// Nova's limit on a name and on a value.
const LONGEST: usize = 255;

/// The pairs of the label; none if it is absent. The error is `invalid`, and names the label.
pub fn metadata(given: &[Pair]) -> Result<Vec<(&str, &str)>, Error> {
    let text = BOOT_METADATA.find(given)?.unwrap_or_default();
    let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    entries
        .map(|entry| {
            pair(entry).ok_or_else(|| BOOT_METADATA.invalid(&format!("has to be a list of name=value, and {entry:?} is none")))
        })
        .collect()
}

fn pair(entry: &str) -> Option<(&str, &str)> {
    let (name, value) = entry.split_once('=')?;
    let fits = !name.is_empty() && name.len() <= LONGEST && value.len() <= LONGEST;
    fits.then_some((name, value))
}
