//! The dialect of INI that oslo.config reads: sections, `name = value` or `name: value`, values continued on lines that begin with white space, comments with
//! `#` or `;`, matching quotes taken off, names given several times, `$name` and `${section.name}` put in.

use std::{collections::BTreeMap, path::PathBuf};

/// Bigger files are no configuration.
const MAX_BYTES: usize = 1 << 20;
/// How deep references may go, so that `a = $b`, `b = $a` ends.
const MAX_DEPTH: usize = 8;

/// What stands in one or several files; later files win.
#[derive(Clone, Debug, Default)]
pub struct Ini {
    /// Where files that the options name without a whole path are looked for, in this order.
    pub search: Vec<PathBuf>,
    sections: BTreeMap<String, BTreeMap<String, Entry>>,
}

#[derive(Clone, Debug)]
struct Entry {
    values: Vec<String>,
    place: Place,
}

/// Where an option was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: String,
    pub line: usize,
}

/// A file that cannot be read as configuration.
#[derive(Debug, thiserror::Error)]
pub enum IniError {
    #[error("{file}: more than {MAX_BYTES} bytes")]
    TooLong { file: String },
    #[error("{file}:{line}: expected a section in brackets, or a name and a value with '=' or ':' between them")]
    NotAnOption { file: String, line: usize },
    #[error("{file}:{line}: this line continues a value, but none comes before it")]
    NothingToContinue { file: String, line: usize },
    #[error("{file}:{line}: a section begins with '[' and ends with ']'")]
    OpenSection { file: String, line: usize },
}

impl Ini {
    /// Adds a file's options; one that was there before loses its values.
    pub fn read(&mut self, file: &str, text: &str) -> Result<(), IniError> {
        if text.len() > MAX_BYTES {
            return Err(IniError::TooLong { file: file.to_owned() });
        }
        let mut fresh: BTreeMap<String, BTreeMap<String, Entry>> = BTreeMap::new();
        let mut section = "DEFAULT".to_owned();
        let mut last: Option<String> = None;
        for (index, line) in text.lines().enumerate() {
            let place = Place { file: file.to_owned(), line: index + 1 };
            let trimmed = line.trim();
            if trimmed.is_empty() {
                last = None;
            } else if trimmed.starts_with(['#', ';']) {
            } else if line.starts_with([' ', '\t']) {
                let continued = last
                    .as_ref()
                    .and_then(|name| fresh.get_mut(&section)?.get_mut(name)?.values.last_mut())
                    .ok_or_else(|| IniError::NothingToContinue { file: place.file.clone(), line: place.line })?;
                continued.push('\n');
                continued.push_str(trimmed);
            } else if let Some(rest) = trimmed.strip_prefix('[') {
                let name = rest.strip_suffix(']').ok_or(IniError::OpenSection { file: place.file, line: place.line })?;
                section = name.trim().to_owned();
                last = None;
            } else {
                let (name, value) = trimmed
                    .split_once(['=', ':'])
                    .ok_or_else(|| IniError::NotAnOption { file: place.file.clone(), line: place.line })?;
                let name = name.trim().to_owned();
                let entry =
                    fresh.entry(section.clone()).or_default().entry(name.clone()).or_insert(Entry { values: Vec::new(), place });
                entry.values.push(unquote(value.trim()).to_owned());
                last = Some(name);
            }
        }
        for (section, entries) in fresh {
            self.sections.entry(section).or_default().extend(entries);
        }
        Ok(())
    }

    /// Sets one option, as a command line does.
    pub fn set(&mut self, section: &str, name: &str, value: &str) {
        let place = Place { file: "command line".to_owned(), line: 0 };
        let entry = Entry { values: vec![value.to_owned()], place };
        self.sections.entry(section.to_owned()).or_default().insert(name.to_owned(), entry);
    }

    /// The last value given, with references put in.
    pub fn get(&self, section: &str, name: &str) -> Option<String> {
        self.raw(section, name).map(|value| self.expand(section, value, 0))
    }

    /// Every value given, in order, with references put in.
    pub fn all(&self, section: &str, name: &str) -> Vec<String> {
        let entry = self.sections.get(section).and_then(|entries| entries.get(name));
        entry.into_iter().flat_map(|entry| &entry.values).map(|value| self.expand(section, value, 0)).collect()
    }

    /// Where it was given.
    pub fn place(&self, section: &str, name: &str) -> Option<&Place> {
        self.sections.get(section)?.get(name).map(|entry| &entry.place)
    }

    /// Everything that was given.
    pub fn options(&self) -> impl Iterator<Item = (&str, &str, &Place)> {
        self.sections.iter().flat_map(|(section, entries)| {
            entries.iter().map(move |(name, entry)| (section.as_str(), name.as_str(), &entry.place))
        })
    }

    /// Names and values of a section.
    pub fn section(&self, section: &str) -> impl Iterator<Item = (&str, String)> {
        let names = self.sections.get(section).into_iter().flat_map(BTreeMap::keys);
        names.filter_map(|name| Some((name.as_str(), self.get(section, name)?)))
    }

    /// Names of sections.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.sections.keys().map(String::as_str)
    }

    fn raw(&self, section: &str, name: &str) -> Option<&str> {
        self.sections.get(section)?.get(name)?.values.last().map(String::as_str)
    }

    /// `$$` is a dollar; a reference to what is not given stays as it is.
    fn expand(&self, section: &str, value: &str, depth: usize) -> String {
        let mut out = String::with_capacity(value.len());
        let mut rest = value;
        while let Some((before, after)) = rest.split_once('$') {
            out.push_str(before);
            if let Some(tail) = after.strip_prefix('$') {
                out.push('$');
                rest = tail;
                continue;
            }
            let (reference, tail) = match after.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
                Some(braced) => braced,
                None => after.split_at(after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len())),
            };
            match self.refer(section, reference).filter(|_| depth < MAX_DEPTH) {
                Some(found) => {
                    out.push_str(&self.expand(section, found, depth + 1));
                    rest = tail;
                }
                None => {
                    out.push('$');
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }

    fn refer(&self, section: &str, reference: &str) -> Option<&str> {
        match reference.split_once('.') {
            Some((section, name)) => self.raw(section, name),
            None => self.raw(section, reference).or_else(|| self.raw("DEFAULT", reference)),
        }
    }
}

fn unquote(value: &str) -> &str {
    ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote)).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ini(text: &str) -> Ini {
        let mut ini = Ini::default();
        ini.read("test.conf", text).unwrap();
        ini
    }

    #[test]
    fn the_last_of_several_values_counts_and_later_files_win() {
        let mut both = ini("[api]\nport = 1\nport = 2\nhost = a\n");
        both.read("more.conf", "[api]\nport: 3\n").unwrap();
        assert_eq!(both.get("api", "port").as_deref(), Some("3"));
        assert_eq!(both.get("api", "host").as_deref(), Some("a"));
        assert_eq!(both.place("api", "port"), Some(&Place { file: "more.conf".into(), line: 2 }));
    }

    #[test]
    fn values_go_on_over_indented_lines_and_lose_their_quotes() {
        let ini = ini("[a]\nlist = one,\n  two\nquoted = \" x \"\n; note\n# note\n");
        assert_eq!(ini.get("a", "list").as_deref(), Some("one,\ntwo"));
        assert_eq!(ini.get("a", "quoted").as_deref(), Some(" x "));
    }

    #[test]
    fn references_are_put_in_and_never_run_in_circles() {
        let ini = ini("[DEFAULT]\nroot = /var\n[a]\nx = $root/lib\ny = ${b.z}$$\nloop = $loop\nnone = $missing\n[b]\nz = 1\n");
        assert_eq!(ini.get("a", "x").as_deref(), Some("/var/lib"));
        assert_eq!(ini.get("a", "y").as_deref(), Some("1$"));
        assert_eq!(ini.get("a", "loop").as_deref(), Some("$loop"));
        assert_eq!(ini.get("a", "none").as_deref(), Some("$missing"));
    }

    #[test]
    fn a_line_that_is_no_option_is_named() {
        let error = Ini::default().read("f", "[a]\nx\n").unwrap_err();
        assert!(error.to_string().starts_with("f:2: "), "{error}");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(?s).{0,200}") {
            let mut ini = Ini::default();
            if ini.read("f", &text).is_ok() {
                for (section, name, _) in ini.options() {
                    let _ = ini.get(section, name);
                }
            }
        }
    }
}
