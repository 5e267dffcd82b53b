//! What is otherwise between two documents.

use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use super::document::Document;

/// Lines around a change that are shown.
const AROUND: usize = 3;

/// One text that is not the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// `template`, `parameters`, `files/node.yaml`, …
    pub text: String,
    /// Lines of the record that are not there now.
    pub removed: Vec<String>,
    /// Lines that were not in the record.
    pub added: Vec<String>,
    /// Both with the lines around them, in the unified form.
    #[serde(skip)]
    pub unified: String,
}

pub fn between(recorded: &Document, made: &Document) -> Vec<Change> {
    let mut names: Vec<&String> = recorded.keys().chain(made.keys()).collect();
    names.sort();
    names.dedup();
    names.into_iter().filter_map(|name| change(name, recorded.get(name), made.get(name))).collect()
}

fn change(name: &str, recorded: Option<&String>, made: Option<&String>) -> Option<Change> {
    if recorded == made {
        return None;
    }
    let empty = String::new();
    let (before, after) = (recorded.unwrap_or(&empty), made.unwrap_or(&empty));
    let diff = TextDiff::from_lines(before, after);
    let lines = |tag: ChangeTag| {
        let lines = diff.iter_all_changes().filter(|change| change.tag() == tag);
        lines.map(|change| change.value().trim_end_matches('\n').to_owned()).collect()
    };
    let unified = diff.unified_diff().context_radius(AROUND).to_string();
    Some(Change { text: name.to_owned(), removed: lines(ChangeTag::Delete), added: lines(ChangeTag::Insert), unified })
}

/// What a driver wrote, for a terminal: control characters are written out.
pub fn harmless(line: &str) -> String {
    let acts = |c: char| {
        c.is_control() && c != '\t' || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut text = String::with_capacity(line.len());
    for c in line.chars() {
        if acts(c) { text.extend(c.escape_unicode()) } else { text.push(c) }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_otherwise_is_told() {
        let document =
            |parameters: &str| Document::from([("parameters".into(), parameters.into()), ("template".into(), "a: 1\n".into())]);
        let changes = between(&document("a: text \"1\"\nb: text \"2\"\n"), &document("a: text \"1\"\nb: text \"3\"\n"));
        assert_eq!(changes.len(), 1);
        assert_eq!(
            (changes[0].text.as_str(), changes[0].removed.as_slice()),
            ("parameters", ["b: text \"2\"".to_owned()].as_slice())
        );
        assert_eq!(changes[0].added, ["b: text \"3\""]);
    }

    #[test]
    fn a_text_that_is_gone_is_a_change() {
        assert_eq!(between(&Document::from([("error".into(), "x\n".into())]), &Document::new())[0].removed, ["x"]);
    }

    #[test]
    fn a_terminal_is_not_told_what_to_do() {
        assert_eq!(harmless("a\u{1b}[2Jb\u{202e}"), "a\\u{1b}[2Jb\\u{202e}");
    }
}
