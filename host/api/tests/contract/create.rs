//! Cases of requests to create: each attribute absent, `null`, right, and wrong in each way.

use serde_json::{Map, Value, json};

use super::case::{Case, Expected, On, Taken};
use super::kinds::{self, Flaw};
use super::table::{Create, Field, Table, Version, Writing};

pub fn cases(table: &Table) -> Vec<Case> {
    let Some(create) = &table.create else { return Vec::new() };
    let mut cases = Vec::new();
    for (name, field) in &table.fields {
        for version in table.versions(field) {
            cases.extend(About { table, create, name, field, version }.cases());
        }
        // Before the resource was there at all.
        let before = table.since.before();
        if before < table.since {
            let about = About { table, create, name, field, version: before };
            cases.push(about.case("before its version", Some(field.right.clone()), Expected::NotInVersion(table.before)));
        }
    }
    cases
}

struct About<'a> {
    table: &'a Table,
    create: &'a Create,
    name: &'a str,
    field: &'a Field,
    version: Version,
}

impl About<'_> {
    fn cases(&self) -> Vec<Case> {
        let mut cases = vec![self.unknown(&format!("{}_", self.name)), self.unknown(&self.name.to_uppercase())];
        let field = self.field;
        let exists = field.since.is_none_or(|since| since <= self.version);
        match field.create {
            Writing::Unknown => cases.push(self.unknown(self.name)),
            Writing::Readonly => {
                // Whether it is there yet or not: it is nobody's to say.
                for value in [json!("x"), json!(5), Value::Null, json!({}), field.right.clone()] {
                    cases.push(self.case("read-only", Some(value), Expected::refused(["read only field"])));
                }
            }
            Writing::Required => {
                cases.push(self.case("absent", None, self.refused()));
                cases.push(self.case("null", Some(Value::Null), self.refused()));
                cases.extend(self.given(exists));
            }
            Writing::Sets | Writing::Ignored => {
                cases.push(self.case("absent", None, self.outcome(&field.absent)));
                cases.push(self.case("null", Some(Value::Null), self.outcome(&field.null())));
                cases.extend(self.given(exists));
            }
        }
        cases
    }

    /// With values, right ones and wrong ones.
    fn given(&self, exists: bool) -> Vec<Case> {
        if !exists {
            return vec![self.case("before its version", Some(self.field.right.clone()), self.outcome(&json!("any")))];
        }
        let mut cases = Vec::new();
        for (value, shown) in kinds::accepted(self.field) {
            let shown = if self.field.create == Writing::Ignored { &self.field.absent } else { &shown };
            cases.push(self.case("right", Some(value), self.outcome(shown)));
        }
        for (flaw, value) in kinds::flawed(self.field) {
            // What is not used is looked at for its form alone.
            if self.field.create == Writing::Ignored && matches!(flaw, Flaw::TooLong) {
                continue;
            }
            cases.push(self.case(&format!("{flaw:?}"), Some(value), self.refused()));
        }
        for also in self.field.also.iter().filter(|also| also.at.is_none_or(|at| at == self.version)) {
            cases.push(self.case("also", Some(also.give.clone()), self.outcome_saying(&also.gives, also.says.as_deref())));
        }
        cases
    }

    fn unknown(&self, name: &str) -> Case {
        let mut body = self.create.body.clone();
        body.insert(name.to_owned(), self.field.right.clone());
        let text = format!("Unknown attribute for argument {}: {name}", self.table.argument);
        self.with("unknown name", body, Expected::refused([text]))
    }

    fn case(&self, way: &str, value: Option<Value>, expected: Expected) -> Case {
        let mut body = self.create.body.clone();
        match value {
            Some(value) => _ = body.insert(self.name.to_owned(), value),
            None => _ = body.shift_remove(self.name),
        }
        self.with(way, body, expected)
    }

    fn with(&self, way: &str, body: Map<String, Value>, expected: Expected) -> Case {
        Case {
            field: self.name.to_owned(),
            way: format!("create {way}"),
            version: self.version,
            caller: self.field.caller.unwrap_or(self.table.caller),
            method: self.create.method.clone(),
            path: self.create.path.clone(),
            on: On::Anything,
            body: body.into(),
            expected,
        }
    }

    fn refused(&self) -> Expected {
        Expected::refused([self.says()])
    }

    fn says(&self) -> &str {
        self.field.says.as_deref().unwrap_or(self.name)
    }

    fn outcome(&self, shown: &Value) -> Expected {
        self.outcome_saying(shown, None)
    }

    fn outcome_saying(&self, shown: &Value, says: Option<&str>) -> Expected {
        let taken = Taken {
            status: self.version.of(&self.create.status),
            reply: self.version.of(&self.create.answer),
            attribute: self.name.to_owned(),
            shown: None,
        };
        Expected::from_word(shown, says.unwrap_or(self.says()), &taken)
    }
}
