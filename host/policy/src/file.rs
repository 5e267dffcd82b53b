//! One policy file: names of rules and their checks, in YAML or JSON.

use std::{
    collections::HashSet,
    fmt,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::{
    check::{Check, SyntaxError, from_lists},
    problem::{Place, Problem, ProblemKind},
};

/// Longer files are no policies.
pub const MAX_BYTES: u64 = 1 << 20;

/// A rule as a file gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub name: String,
    pub check: Check,
    pub file: Arc<PathBuf>,
}

/// Reads a file. Everything that is wrong with it is told at once.
pub fn read(path: &Path) -> Result<Vec<Given>, Vec<Problem>> {
    let unreadable = |error: io::Error| vec![Problem::unreadable(path, &error)];
    // Before it is opened: a pipe would be waited for.
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(vec![Problem::of_file(path, ProblemKind::NoFile)]);
    }
    let mut text = String::new();
    File::open(path).map_err(unreadable)?.take(MAX_BYTES + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > MAX_BYTES {
        return Err(vec![Problem::of_file(path, ProblemKind::TooLong)]);
    }
    parse(&text, &Arc::new(path.to_owned()))
}

/// Reads a file's text: JSON if it is named so, else YAML.
pub fn parse(text: &str, file: &Arc<PathBuf>) -> Result<Vec<Given>, Vec<Problem>> {
    let entries: Result<Entries, String> =
        if file.extension().is_some_and(|extension| extension == "json") && !text.trim().is_empty() {
            serde_json::from_str(text).map_err(|error| error.to_string())
        } else {
            serde_yaml_ng::from_str::<Option<Entries>>(text).map(Option::unwrap_or_default).map_err(|error| error.to_string())
        };
    let place = |rule: Option<&str>, column| Place { file: Some(Arc::clone(file)), rule: rule.map(str::to_owned), column };
    let Entries(entries) =
        entries.map_err(|error| vec![Problem { place: place(None, None), kind: ProblemKind::NotRules(error) }])?;
    let (mut given, mut problems, mut names) = (Vec::new(), Vec::new(), HashSet::new());
    for (name, value) in entries {
        if !names.insert(name.clone()) {
            problems.push(Problem { place: place(Some(&name), None), kind: ProblemKind::Twice });
            continue;
        }
        match check(&value) {
            Ok(check) => given.push(Given { name, check, file: Arc::clone(file) }),
            Err((column, kind)) => problems.push(Problem { place: place(Some(&name), column), kind }),
        }
    }
    if problems.is_empty() { Ok(given) } else { Err(problems) }
}

fn check(value: &Value) -> Result<Check, (Option<usize>, ProblemKind)> {
    match value {
        Value::String(text) => {
            text.parse().map_err(|SyntaxError { column, problem }| (Some(column), ProblemKind::Syntax(problem)))
        }
        Value::Array(lists) => from_lists(lists).map_err(|error| (None, ProblemKind::List(error))),
        Value::Null => Err((None, ProblemKind::NotAText("nothing"))),
        Value::Bool(_) => Err((None, ProblemKind::NotAText("true or false"))),
        Value::Number(_) => Err((None, ProblemKind::NotAText("a number"))),
        Value::Object(_) => Err((None, ProblemKind::NotAText("an object"))),
    }
}

/// Names and values in the file's order, those given twice included.
#[derive(Default)]
struct Entries(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Entries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("names of rules, each with its check")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(Reader)
    }
}
