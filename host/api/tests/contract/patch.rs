//! Cases of patches: each attribute added, replaced and removed, where it is set and where it is not.

use serde_json::{Value, json};

use super::case::{Case, Expected, On, Taken};
use super::kinds;
use super::table::{Field, Kind, Patch, Patching, Table, Version};

pub fn cases(table: &Table) -> Vec<Case> {
    let Some(patch) = &table.patch else { return Vec::new() };
    let mut cases = Vec::new();
    for (name, field) in &table.fields {
        for version in table.versions(field) {
            cases.extend(About { table, patch, name, field, version }.cases());
        }
        let before = table.since.before();
        if before < table.since {
            let about = About { table, patch, name, field, version: before };
            let element = about.element("replace", Some(about.right()));
            cases.push(about.case("before its version", On::Full, element, Expected::NotInVersion(table.before)));
        }
    }
    cases
}

struct About<'a> {
    table: &'a Table,
    patch: &'a Patch,
    name: &'a str,
    field: &'a Field,
    version: Version,
}

const WAYS: [On; 2] = [On::Bare, On::Full];

impl About<'_> {
    fn cases(&self) -> Vec<Case> {
        let mut cases = self.malformed();
        match self.field.patch {
            Patching::Internal => cases.extend(self.internal()),
            Patching::Ignored => cases.extend(self.ignored()),
            Patching::Fixed => cases.extend(self.fixed()),
            Patching::Changes => cases.extend(self.changes()),
            Patching::Special => {}
        }
        cases
    }

    /// What no attribute takes.
    fn malformed(&self) -> Vec<Case> {
        let mut cases = Vec::new();
        if !matches!(self.field.patch, Patching::Internal) {
            for operation in ["add", "replace"] {
                let says = ["needs value"];
                cases.push(self.case("without value", On::Full, self.element(operation, None), Expected::refused(says)));
                let null = self.element(operation, Some(Value::Null));
                cases.push(self.case("null", On::Full, null, Expected::refused(says)));
                for value in [json!(1.5), json!([1]), json!({"a": "b"})] {
                    let element = self.element(operation, Some(value));
                    cases.push(self.case("no scalar", On::Full, element, Expected::refused(["field/attribute value"])));
                }
            }
        }
        let unknown = format!("/{}_", self.name);
        let with = |operation: &str, path: &str| json!({"op": operation, "path": path, "value": "x"});
        let says = |text: String| Expected::refused([self.patch.unknown.clone().unwrap_or(text)]);
        let added = format!("Adding a new attribute {unknown} to the root");
        cases.push(self.case("unknown", On::Full, with("add", &unknown), says(added)));
        for operation in ["replace", "remove"] {
            cases.push(self.case("unknown", On::Full, with(operation, &unknown), says("a non-existent object".to_owned())));
        }
        for operation in ["move", "ADD", ""] {
            let element = with(operation, &format!("/{}", self.name));
            cases.push(self.case("unknown operation", On::Full, element, Expected::refused(["field/attribute op"])));
        }
        for path in [self.name.to_owned(), format!("/{}/", self.name), format!("//{}", self.name), format!("/{} ", self.name)] {
            let element = with("replace", &path);
            cases.push(self.case("odd path", On::Full, element, Expected::refused(["field/attribute path"])));
        }
        let mut element = with("replace", &format!("/{}", self.name));
        element["from"] = json!("/name");
        cases.push(self.case(
            "unknown member",
            On::Full,
            element,
            Expected::refused(["Unknown attribute for argument patch: from"]),
        ));
        cases
    }

    fn internal(&self) -> Vec<Case> {
        let says = format!("'/{}' is an internal attribute", self.name);
        let mut cases = Vec::new();
        for on in WAYS {
            for operation in ["add", "replace", "remove"] {
                for value in [self.right(), json!("x")] {
                    let element = self.element(operation, Some(value));
                    cases.push(self.case("internal", on, element, Expected::refused([says.clone()])));
                }
            }
        }
        cases
    }

    fn ignored(&self) -> Vec<Case> {
        let elements = ["add", "replace", "remove"].map(|operation| self.element(operation, Some(self.right())));
        WAYS.into_iter()
            .flat_map(|on| elements.clone().map(|element| self.case("not to be changed", on, element, self.unchangeable())))
            .collect()
    }

    fn fixed(&self) -> Vec<Case> {
        let right = Some(self.right());
        let bare = self.bare();
        let mut cases = Vec::new();
        let added = if bare.is_null() { self.unchangeable() } else { Expected::refused(["has existed"]) };
        cases.push(self.case("right", On::Bare, self.element("add", right.clone()), added));
        cases.push(self.case("right", On::Full, self.element("add", right.clone()), Expected::refused(["has existed"])));
        for on in WAYS {
            cases.push(self.case("right", on, self.element("replace", right.clone()), self.unchangeable()));
        }
        let removed = if self.field.removable { self.unchangeable() } else { self.mandatory() };
        cases.push(self.case("right", On::Full, self.element("remove", None), removed));
        cases.extend(self.flawed());
        cases
    }

    fn changes(&self) -> Vec<Case> {
        let right = Some(self.right());
        let shown = self.field.shown();
        let mut cases = Vec::new();
        for on in WAYS {
            cases.push(self.case("right", on, self.element("replace", right.clone()), self.outcome(&shown)));
        }
        let added = if self.bare().is_null() { self.outcome(&shown) } else { Expected::refused(["has existed"]) };
        cases.push(self.case("right", On::Bare, self.element("add", right.clone()), added));
        cases.push(self.case("right", On::Full, self.element("add", right.clone()), Expected::refused(["has existed"])));
        let removed = if self.field.removable { self.outcome(&self.field.removed()) } else { self.mandatory() };
        cases.push(self.case("right", On::Full, self.element("remove", None), removed));
        if self.field.kind == Kind::Pairs {
            cases.extend(self.keys());
        }
        cases.extend(self.flawed());
        for also in self.field.also_patched.iter().filter(|also| also.at.is_none_or(|at| at == self.version)) {
            let element = self.element("replace", Some(also.give.clone()));
            cases.push(self.case("also", On::Full, element, self.outcome_saying(&also.gives, also.says.as_deref())));
        }
        cases
    }

    /// Single keys of an object.
    fn keys(&self) -> Vec<Case> {
        let key = |operation: &str, key: &str| json!({"op": operation, "path": format!("/{}/{key}", self.name), "value": "new"});
        let full = self.patch.full.get(self.name).and_then(Value::as_object).cloned().unwrap_or_default();
        let (present, _) = full.iter().next().unwrap();
        let with = |name: &str| {
            let mut changed = full.clone();
            changed.insert(name.to_owned(), json!("new"));
            self.outcome(&changed.into())
        };
        let mut without = full.clone();
        without.shift_remove(present);
        vec![
            self.case("add a key", On::Full, key("add", "further"), with("further")),
            self.case("add a key that is there", On::Full, key("add", present), with(present)),
            self.case("replace a key", On::Full, key("replace", present), with(present)),
            self.case(
                "replace a key that is not there",
                On::Full,
                key("replace", "further"),
                Expected::refused(["non-existent"]),
            ),
            self.case("remove a key", On::Full, key("remove", present), self.outcome(&without.into())),
            self.case("remove a key that is not there", On::Full, key("remove", "further"), Expected::refused(["non-existent"])),
            self.case("a key of a key", On::Full, key("add", "further/one"), Expected::refused(["non-existent"])),
        ]
    }

    fn flawed(&self) -> Vec<Case> {
        let says = [self.says(), "attribute value"];
        let case = |(flaw, value): (kinds::Flaw, Value)| {
            self.case(&format!("{flaw:?}"), On::Full, self.element("replace", Some(value)), Expected::refused(says))
        };
        kinds::flawed_in_patches(self.field).into_iter().map(case).collect()
    }

    /// What is there where only the necessary was said.
    fn bare(&self) -> Value {
        let given = self.table.create.as_ref().and_then(|create| create.body.get(self.name));
        given.unwrap_or(&self.field.absent).clone()
    }

    /// As a patch says it.
    fn right(&self) -> Value {
        match self.field.right {
            Value::Array(_) | Value::Object(_) => json!(kinds::literal(&self.field.right)),
            Value::Null => json!("x"),
            ref scalar => scalar.clone(),
        }
    }

    fn element(&self, operation: &str, value: Option<Value>) -> Value {
        let mut element = json!({"op": operation, "path": format!("/{}", self.name)});
        if let Some(value) = value {
            element["value"] = value;
        }
        element
    }

    fn case(&self, way: &str, on: On, element: Value, expected: Expected) -> Case {
        let on_what = if on == On::Full { "a set one" } else { "a bare one" };
        let operation = element["op"].as_str().unwrap_or_default();
        Case {
            field: self.name.to_owned(),
            way: format!("patch {operation}, {way}, on {on_what}"),
            version: self.version,
            caller: self.field.caller.unwrap_or(self.table.caller),
            method: "PATCH".to_owned(),
            path: self.patch.path.clone(),
            on,
            body: json!([element]),
            expected,
        }
    }

    fn unchangeable(&self) -> Expected {
        Expected::refused([format!("cannot change {} property(ies) {}.", self.table.argument, self.name)])
    }

    fn mandatory(&self) -> Expected {
        Expected::refused([format!("'/{}' is a mandatory attribute and can not be removed", self.name)])
    }

    fn says(&self) -> &str {
        self.field.says.as_deref().unwrap_or(self.name)
    }

    fn outcome(&self, shown: &Value) -> Expected {
        self.outcome_saying(shown, None)
    }

    fn outcome_saying(&self, shown: &Value, says: Option<&str>) -> Expected {
        let taken = Taken {
            status: self.version.of(&self.patch.status),
            reply: self.version.of(&self.patch.answer),
            attribute: self.name.to_owned(),
            shown: None,
        };
        Expected::from_word(shown, says.unwrap_or(self.says()), &taken)
    }
}
