//! Values that are taken apart on their way in, and put together on their way out: a small row for each, and the long texts in it, which many rows share.
//!
//! A text is written by the transaction that writes the first row which refers to it, and a row that is written later makes sure that it is still there: in
//! both cases the commit is refused, and made again, if somebody removes the text meanwhile. Who removes one requires that nothing refers to it at that
//! moment. So there is no moment, and no `kill -9`, between a row and its texts.

use std::collections::{BTreeMap, BTreeSet};

use jeroboam_model::driver::{Digest, StackDefinition, Text, Value};
use serde::{Deserialize, Serialize};

use crate::{
    Indexes, KeyBuf, Read, Record, Store, StoreError, Stored, Table, codec,
    key::describe_record,
    record::record_key,
    tables::texts::{KeptText, REFERENCE},
};

/// Texts up to this size are no longer than what it takes to refer to them. In bytes.
const INLINE: usize = 256;

/// A value that is kept as a row and texts.
pub trait Whole: Sized + Send {
    /// What its table holds.
    type Row: Record;

    /// The row; the texts that it refers to are added to `texts`.
    fn take_apart(&self, texts: &mut Vec<Text>) -> Self::Row;

    /// What the row refers to.
    fn references(row: &Self::Row) -> BTreeSet<Digest>;

    /// The error is a text that the row refers to and that is not among those given.
    fn put_together(row: Self::Row, texts: &Texts) -> Result<Self, Digest>;
}

/// Texts by their digests.
pub type Texts = BTreeMap<Digest, Text>;

/// A text in a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextRef {
    Inline(Text),
    Kept(Digest),
}

/// A stack definition in a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DefinitionRow {
    template: TextRef,
    files: Vec<(String, TextRef)>,
    environment: TextRef,
    parameters: Vec<(String, Value)>,
}

impl TextRef {
    pub(crate) fn of(text: &Text, texts: &mut Vec<Text>) -> Self {
        if text.len() <= INLINE {
            return Self::Inline(text.clone());
        }
        texts.push(text.clone());
        Self::Kept(*text.digest())
    }

    pub(crate) fn of_json(value: &serde_json::Value, texts: &mut Vec<Text>) -> Self {
        Self::of(&value.to_string().into(), texts)
    }

    fn reference(&self) -> Option<Digest> {
        match self {
            Self::Inline(_) => None,
            Self::Kept(digest) => Some(*digest),
        }
    }

    fn text(self, texts: &Texts) -> Result<Text, Digest> {
        match self {
            Self::Inline(text) => Ok(text),
            Self::Kept(digest) => texts.get(&digest).cloned().ok_or(digest),
        }
    }

    /// What was kept as JSON.
    pub(crate) fn json(self, texts: &Texts) -> Result<serde_json::Value, Digest> {
        // Only this crate writes it; `null` stands for what was never JSON.
        Ok(serde_json::from_str(&self.text(texts)?).unwrap_or_default())
    }
}

impl DefinitionRow {
    pub(crate) fn of(definition: &StackDefinition, texts: &mut Vec<Text>) -> Self {
        Self {
            template: TextRef::of(&definition.template, texts),
            files: definition.files.iter().map(|(name, text)| (name.clone(), TextRef::of(text, texts))).collect(),
            environment: TextRef::of(&definition.environment, texts),
            parameters: definition.parameters.clone(),
        }
    }

    /// What the definition refers to, and what was read for it.
    pub(crate) fn references(&self, reads: &TextRef) -> BTreeSet<Digest> {
        let files = self.files.iter().map(|(_, text)| text);
        [&self.template, &self.environment, reads].into_iter().chain(files).filter_map(TextRef::reference).collect()
    }

    pub(crate) fn definition(self, texts: &Texts) -> Result<StackDefinition, Digest> {
        Ok(StackDefinition {
            template: self.template.text(texts)?,
            files: self.files.into_iter().map(|(name, text)| Ok((name, text.text(texts)?))).collect::<Result<_, _>>()?,
            environment: self.environment.text(texts)?,
            parameters: self.parameters,
        })
    }
}

/// A row of shape 1, which had a definition's texts and what was read in it.
pub(crate) fn with_inline_texts(mut row: serde_json::Value) -> serde_json::Value {
    let inline = |text: &mut serde_json::Value| *text = serde_json::json!({ "inline": text.take() });
    for place in ["/definition/template", "/definition/environment"] {
        if let Some(text) = row.pointer_mut(place) {
            inline(text);
        }
    }
    if let Some(files) = row.pointer_mut("/definition/files").and_then(serde_json::Value::as_array_mut) {
        files.iter_mut().filter_map(|file| file.get_mut(1)).for_each(inline);
    }
    if let Some(reads) = row.get_mut("reads") {
        *reads = serde_json::json!({ "inline": reads.to_string() });
    }
    row
}

/// The entries by which a row is found from its texts.
pub(crate) fn add_references(references: BTreeSet<Digest>, indexes: &mut Indexes) {
    for digest in references {
        indexes.add(REFERENCE, KeyBuf::default().text(&digest.to_string()));
    }
}

impl<W: Whole> Table<'_, W> {
    /// The value with this key.
    pub(crate) async fn whole(&self, key: <W::Row as Record>::Key) -> Result<Option<Stored<W>>, StoreError> {
        match self.rows().get(key).await? {
            Some(row) => self.of_row(row).await,
            None => Ok(None),
        }
    }

    /// Values whose keys begin so, in the order of the keys.
    pub(crate) async fn whole_beginning_with(&self, prefix: KeyBuf) -> Result<Vec<Stored<W>>, StoreError> {
        let mut whole = Vec::new();
        for row in self.rows().beginning_with(prefix).await? {
            whole.extend(self.of_row(row).await?);
        }
        Ok(whole)
    }

    /// The value that the row is of. `None` if the row has gone since it was read.
    async fn of_row(&self, mut row: Stored<W::Row>) -> Result<Option<Stored<W>>, StoreError> {
        loop {
            let texts = self.store.texts_of(&W::references(&row)).await?;
            let (key, revision) = (row.key(), row.revision);
            let missing = match W::put_together(row.value, &texts) {
                Ok(value) => return Ok(Some(Stored { value, revision })),
                Err(missing) => missing,
            };
            // Another row took its place meanwhile, and the text was of no more use; or the store is not whole.
            let Some(found) = self.rows().get(&key).await? else { return Ok(None) };
            if found.revision == revision {
                return Err(StoreError::Dangling {
                    table: W::Row::TABLE,
                    key: describe_record(W::Row::TABLE, record_key::<W::Row>(&key).as_bytes()),
                    missing: format!("the text {missing}"),
                });
            }
            row = found;
        }
    }

    fn rows(&self) -> Table<'_, W::Row> {
        Table::of(self.store)
    }
}

impl Store {
    /// Those that there are.
    async fn texts_of(&self, wanted: &BTreeSet<Digest>) -> Result<Texts, StoreError> {
        let known = |digest: &Digest| Some((*digest, self.texts_cache().get(digest)?));
        let mut texts: Texts = wanted.iter().filter_map(known).collect();
        if texts.len() == wanted.len() {
            return Ok(texts);
        }
        let missing = wanted.iter().filter(|digest| !texts.contains_key(*digest));
        let reads: Vec<Read> = missing.map(|digest| Read::Key(record_key::<KeptText>(digest).into_bytes())).collect();
        for entry in self.backend().read(&reads).await?.into_iter().flatten() {
            let text = codec::decode::<KeptText>(&entry.key, &entry.value)?.text;
            // One that is damaged has another digest, and counts as missing.
            let digest = *text.digest();
            self.texts_cache().insert(digest, text.clone());
            texts.insert(digest, text);
        }
        Ok(texts)
    }
}
