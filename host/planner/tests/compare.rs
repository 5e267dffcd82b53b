//! Verdicts: each file in `cases` has a definition, what the next version changes in it, and what Heat does then.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may say what they expect")]

use std::{collections::BTreeMap, fs, path::Path};

use jeroboam_model::driver::{StackDefinition, Text, Value, Verdict};
use jeroboam_planner::compare;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    template: String,
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    environment: String,
    #[serde(default)]
    parameters: serde_json::Map<String, serde_json::Value>,
    steps: Vec<Step>,
}

/// A change, and what becomes of the stack.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    what: String,
    /// Text of the definition, and what stands there in the next version.
    replace: Vec<(String, String)>,
    #[serde(default)]
    parameters: serde_json::Map<String, serde_json::Value>,
    same: Option<bool>,
    in_place: Option<Vec<String>>,
    replaces: Option<Vec<String>>,
    fails: Option<String>,
}

impl Case {
    fn definition(&self) -> StackDefinition {
        let value = |value: &serde_json::Value| match value {
            serde_json::Value::String(text) => Value::Text(text.clone()),
            serde_json::Value::Bool(flag) => Value::Flag(*flag),
            serde_json::Value::Number(number) => Value::Number(number.as_i64().unwrap()),
            other => Value::Json(other.clone()),
        };
        StackDefinition {
            template: self.template.as_str().into(),
            files: self.files.iter().map(|(name, text)| (name.clone(), text.as_str().into())).collect(),
            environment: self.environment.as_str().into(),
            parameters: self.parameters.iter().map(|(name, given)| (name.clone(), value(given))).collect(),
        }
    }
}

impl Step {
    fn apply(&self, case: &Case) -> StackDefinition {
        let mut parameters = case.parameters.clone();
        parameters.extend(self.parameters.clone());
        let mut definition = Case {
            parameters,
            template: case.template.clone(),
            files: case.files.clone(),
            environment: case.environment.clone(),
            steps: Vec::new(),
        }
        .definition();
        let mut found = vec![false; self.replace.len()];
        let mut texts: Vec<&mut Text> = vec![&mut definition.template, &mut definition.environment];
        texts.extend(definition.files.iter_mut().map(|(_, text)| text));
        for text in texts {
            for (place, (from, to)) in self.replace.iter().enumerate() {
                found[place] |= text.contains(from.as_str());
                *text = text.replace(from.as_str(), to).into();
            }
        }
        assert!(found.iter().all(|found| *found), "{}: a text to replace is not there", self.what);
        definition
    }

    fn check(&self, verdict: &Verdict) {
        let what = &self.what;
        match verdict {
            Verdict::Same => assert_eq!(self.same, Some(true), "{what}: {verdict:#?}"),
            Verdict::InPlace { changes } => {
                let wanted = self.in_place.as_ref().unwrap_or_else(|| panic!("{what}: {verdict:#?}"));
                let paths: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
                assert!(wanted.iter().all(|path| paths.contains(&path.as_str())), "{what}: {paths:#?}");
            }
            Verdict::Replaces { resources, .. } => {
                let wanted = self.replaces.as_ref().unwrap_or_else(|| panic!("{what}: {verdict:#?}"));
                let paths: Vec<&str> = resources.iter().map(|text| text.split_once(": ").unwrap().0).collect();
                assert_eq!(&paths, wanted, "{what}: {verdict:#?}");
            }
            Verdict::Fails { error } => {
                let wanted = self.fails.as_ref().unwrap_or_else(|| panic!("{what}: {verdict:#?}"));
                assert!(error.contains(wanted), "{what}: {error}");
            }
        }
    }
}

#[test]
fn every_case_ends_as_heat_would_end_it() {
    let mut steps = 0;
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")).unwrap() {
        let path = entry.unwrap().path();
        let case: Case = serde_yaml_ng::from_str(&fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let old = case.definition();
        assert_eq!(compare(&old, &old.clone()), Verdict::Same);
        for step in &case.steps {
            let new = step.apply(&case);
            let verdict = compare(&old, &new);
            step.check(&verdict);
            // There and back are alike in whether anything changes.
            assert_eq!(verdict == Verdict::Same, compare(&new, &old) == Verdict::Same, "{}", step.what);
            assert_eq!(compare(&new, &new.clone()), Verdict::Same);
            steps += 1;
        }
    }
    assert!(steps > 20, "only {steps} were found");
}
