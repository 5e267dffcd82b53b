//! YAML as Heat reads it: a scalar that is quoted is a text, and what a plain one is [YAML 1.1](super::scalar) says.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_yaml_ng::{
    Mapping, Value as Yaml,
    value::{Tag, TaggedValue},
};

use super::{ReadError, scalar};

/// Collections within collections.
const DEPTH: usize = 128;
/// What a document may come to with all aliases written out; about in bytes.
const ROOM: usize = 16 << 20;
/// Counts for a value besides its text. In bytes.
const VALUE: usize = 32;

/// Reads the one document of a text.
pub(super) fn parse(place: &str, text: &str) -> Result<Yaml, ReadError> {
    let failed = |what: String| ReadError::Syntax { place: place.to_owned(), what };
    let mut document = Document::default();
    for event in Parser::new_from_str(text) {
        let (event, _) = event.map_err(|error| failed(error.to_string()))?;
        document.take(event).map_err(|what| failed(what.to_owned()))?;
    }
    let mut yaml = document.root.unwrap_or_default();
    yaml.apply_merge().map_err(|error| failed(error.to_string()))?;
    Ok(yaml)
}

/// A document as far as it has been read.
#[derive(Default)]
struct Document {
    root: Option<Yaml>,
    open: Vec<Open>,
    /// What aliases stand for, with its size.
    anchors: BTreeMap<usize, (Yaml, usize)>,
    /// Of all that aliases stand for: anchors within anchors hold the same text again.
    anchored: usize,
    size: usize,
}

/// A collection whose end has not come.
struct Open {
    anchor: usize,
    tag: Option<String>,
    /// Of the document, when it began.
    size: usize,
    held: Held,
}

enum Held {
    Sequence(Vec<Yaml>),
    /// With the key whose value comes next.
    Mapping(Mapping, Option<Yaml>),
}

type Taken = Result<(), &'static str>;

impl Document {
    fn take(&mut self, event: Event<'_>) -> Taken {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) if self.root.is_some() => Err("it has more than one document"),
            Event::DocumentStart(_) => Ok(()),
            Event::Alias(anchor) => {
                let (value, size) = self.anchors.get(&anchor).cloned().ok_or("an alias is within what it stands for")?;
                self.grow(size)?;
                self.add(value)
            }
            Event::Scalar(text, style, anchor, tag) => {
                let before = self.size;
                self.grow(VALUE + text.len())?;
                let value = scalar(&text, style, tag.as_deref().map(tag_of));
                self.known(anchor, &value, before)?;
                self.add(value)
            }
            Event::SequenceStart(anchor, tag) => self.open(anchor, tag.as_deref().map(tag_of), Held::Sequence(Vec::new())),
            Event::MappingStart(anchor, tag) => {
                self.open(anchor, tag.as_deref().map(tag_of), Held::Mapping(Mapping::new(), None))
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(Open { anchor, tag, size, held }) = self.open.pop() else { return Err("a collection ends twice") };
                let value = match held {
                    Held::Sequence(items) => Yaml::Sequence(items),
                    Held::Mapping(mapping, _) => Yaml::Mapping(mapping),
                };
                let value = match tag {
                    Some(tag) if !is_core(&tag, &["map", "seq"]) => tagged(&tag, value),
                    _ => value,
                };
                self.known(anchor, &value, size)?;
                self.add(value)
            }
        }
    }

    fn open(&mut self, anchor: usize, tag: Option<String>, held: Held) -> Taken {
        if self.open.len() >= DEPTH {
            return Err("it is nested too deeply");
        }
        let size = self.size;
        self.grow(VALUE)?;
        self.open.push(Open { anchor, tag, size, held });
        Ok(())
    }

    fn grow(&mut self, by: usize) -> Taken {
        self.size = self.size.saturating_add(by);
        if self.size > ROOM { Err("it is too large with its aliases written out") } else { Ok(()) }
    }

    /// For aliases to come. Anchors are numbered from 1.
    fn known(&mut self, anchor: usize, value: &Yaml, before: usize) -> Taken {
        if anchor == 0 {
            return Ok(());
        }
        let size = self.size.saturating_sub(before);
        self.anchored = self.anchored.saturating_add(size);
        if self.anchored > ROOM {
            return Err("what its anchors stand for is too large");
        }
        self.anchors.insert(anchor, (value.clone(), size));
        Ok(())
    }

    fn add(&mut self, value: Yaml) -> Taken {
        match self.open.last_mut().map(|open| &mut open.held) {
            None => self.root = Some(value),
            Some(Held::Sequence(items)) => items.push(value),
            // Of a key that comes twice, the last counts.
            Some(Held::Mapping(mapping, key)) => match key.take() {
                Some(key) => _ = mapping.insert(key, value),
                None => *key = Some(value),
            },
        }
        Ok(())
    }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<String>) -> Yaml {
    match tag {
        None if style == ScalarStyle::Plain => scalar::plain(text),
        None => Yaml::String(text.to_owned()),
        Some(tag) if tag == "!" || is_core(&tag, &["str"]) => Yaml::String(text.to_owned()),
        Some(tag) if is_core(&tag, &["bool", "float", "int", "null"]) => scalar::plain(text),
        Some(tag) => tagged(&tag, Yaml::String(text.to_owned())),
    }
}

fn tag_of(tag: &saphyr_parser::Tag) -> String {
    format!("{}{}", tag.handle, tag.suffix)
}

fn is_core(tag: &str, names: &[&str]) -> bool {
    tag.strip_prefix("tag:yaml.org,2002:").is_some_and(|name| names.contains(&name))
}

/// Heat refuses all of them.
fn tagged(tag: &str, value: Yaml) -> Yaml {
    let tag = if tag.trim_start_matches('!').is_empty() { "unknown" } else { tag };
    Yaml::Tagged(Box::new(TaggedValue { tag: Tag::new(tag), value }))
}
