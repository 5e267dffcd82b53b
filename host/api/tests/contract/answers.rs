//! Which keys answers have, at each version.

use serde_json::Value;

use super::case::{Case, Expected, On, Taken};
use super::run::keys;
use super::table::{LATEST, Place, Reply, Table, Version};

/// Each address at each version: the case, whether it is of something that failed, the form, and the key of the list.
pub fn cases(table: &Table) -> Vec<(Case, bool, Place, Option<String>)> {
    let mut cases = Vec::new();
    for answers in &table.answers {
        for version in (1..=LATEST.0).map(Version) {
            let taken = Taken { status: 200, reply: Reply::Whole, attribute: String::new(), shown: None };
            let expected = if version < table.since { Expected::NotInVersion(table.before) } else { Expected::Taken(taken) };
            let case = Case {
                field: "*".to_owned(),
                way: "answer".to_owned(),
                version,
                caller: table.caller,
                method: "GET".to_owned(),
                path: answers.path.clone(),
                on: On::Full,
                body: Value::Null,
                expected,
            };
            cases.push((case, answers.failed, answers.form, answers.list.clone()));
        }
    }
    cases
}

pub fn judge(table: &Table, body: &Value, form: Place, list: Option<&str>, failed: bool, version: Version) -> Result<(), String> {
    let expected = table.keys(form, failed, version, &[]);
    let Some(list) = list else { return same_keys(&keys(body), &expected) };
    same_keys(&keys(body), &[list])?;
    match body[list].as_array().map(Vec::as_slice) {
        None | Some([]) => Err("the list is empty".to_owned()),
        Some(items) => items.iter().try_for_each(|item| same_keys(&keys(item), &expected)),
    }
}

pub fn same_keys(there: &[&str], expected: &[&str]) -> Result<(), String> {
    let missing: Vec<_> = expected.iter().filter(|key| !there.contains(key)).collect();
    let surplus: Vec<_> = there.iter().filter(|key| !expected.contains(key)).collect();
    if missing.is_empty() && surplus.is_empty() {
        return Ok(());
    }
    Err(format!("the answer lacks {missing:?} and has {surplus:?} besides"))
}

impl Table {
    /// The attributes of an answer.
    pub fn keys(&self, form: Place, failed: bool, version: Version, echoed: &[&str]) -> Vec<&str> {
        let shown = |(name, _): &(&String, &super::table::Field)| {
            self.fields[*name].is_shown(form, failed, version) || echoed.contains(&name.as_str())
        };
        self.fields.iter().filter(shown).map(|(name, _)| name.as_str()).collect()
    }

    /// What is in an answer only because the request said it.
    pub fn echoed(&self, body: &Value) -> Vec<&str> {
        let is_echoed =
            |(name, field): &(&String, &super::table::Field)| field.place == Place::Echo && !body[name.as_str()].is_null();
        self.fields.iter().filter(is_echoed).map(|(name, _)| name.as_str()).collect()
    }
}
