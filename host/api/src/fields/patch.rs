//! Magnum's dialect of JSON patch.

use jeroboam_model::Labels;
use serde_json::{Map, Value};

use super::error::{echo, render};
use super::{Field, FieldError, Given, Resource, Slot, coerce};

/// A patch, read: each element has an operation, a path, and a value if it needs one.
#[derive(Clone, Debug, PartialEq)]
pub struct Patch(Vec<Element>);

#[derive(Clone, Debug, PartialEq)]
struct Element {
    path: Path,
    change: Change,
}

/// `/attribute`, or `/attribute/key`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Path {
    root: String,
    rest: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
enum Change {
    Add(Value),
    Replace(Value),
    Remove,
}

/// Why a patch cannot be read or applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatchError {
    #[error("A patch is a list of objects, each with 'op', 'path' and, but for 'remove', 'value'")]
    Form,
    #[error("A patch has at most {MAX_ELEMENTS} elements")]
    TooLong,
    #[error("'{0}' is an internal attribute and can not be updated")]
    Internal(String),
    #[error("'{0}' is a mandatory attribute and can not be removed")]
    Mandatory(String),
    #[error("'add' and 'replace' operations needs value")]
    NoValue,
    #[error("Adding a new attribute {0} to the root of the resource is not allowed.")]
    NotAnAttribute(String),
    #[error("The attribute {0} has existed, please use 'replace' operation instead.")]
    Exists(String),
    #[error("Couldn't apply patch to '{path}'. Reason: can't {operation} a non-existent object '{missing}'")]
    Missing { path: String, operation: &'static str, missing: String },
    #[error("cannot change {} property(ies) {}.", resource, names.join(", "))]
    Unchangeable { resource: &'static str, names: Vec<String> },
    #[error(transparent)]
    Field(#[from] FieldError),
}

const MAX_ELEMENTS: usize = 1000;
const MAX_DEPTH: usize = 10;

/// What no patch of any resource may touch.
const INTERNAL: &[&str] = &["created_at", "id", "links", "updated_at", "uuid", "project_id", "user_id"];

impl Patch {
    /// Reads the elements, and refuses what no state of the resource would allow.
    pub fn read<R: Resource>(body: &Value) -> Result<Self, PatchError> {
        let elements = body.as_array().ok_or(PatchError::Form)?;
        if elements.len() > MAX_ELEMENTS {
            return Err(PatchError::TooLong);
        }
        let element = |element: &Value| element.as_object().ok_or(PatchError::Form).and_then(Element::read::<R>);
        elements.iter().map(element).collect::<Result<_, _>>().map(Self)
    }

    /// Changes the draft, element by element.
    pub fn apply<R: Resource>(&self, draft: &mut R::Draft) -> Result<(), PatchError> {
        self.0.iter().try_for_each(|element| element.apply::<R>(draft))
    }
}

impl Element {
    fn read<R: Resource>(object: &Map<String, Value>) -> Result<Self, PatchError> {
        let unknown: Vec<String> =
            object.keys().filter(|key| !matches!(key.as_str(), "op" | "path" | "value")).map(|key| echo(key)).collect();
        if !unknown.is_empty() {
            return Err(FieldError::Unknown { argument: "patch", names: unknown }.into());
        }
        let path = Path::read(object.get("path"))?;
        let operation = match object.get("op").and_then(Value::as_str) {
            Some(operation @ ("add" | "replace" | "remove")) => operation,
            _ => {
                let given = object.get("op").map(render).unwrap_or_default();
                return Err(FieldError::invalid("op", given, "Value should be one of: add, remove, replace").into());
            }
        };
        let field = R::FIELDS.iter().find(|field| field.name == path.root);
        let is_known_internal = [INTERNAL, R::INTERNAL].concat().contains(&path.root.as_str());
        if is_known_internal || field.is_some_and(|field| field.slot().is_none()) {
            return Err(PatchError::Internal(path.to_string()));
        }
        if operation == "remove" {
            if path.rest.is_empty() && field.is_some_and(|field| !field.removable) {
                return Err(PatchError::Mandatory(path.to_string()));
            }
            return Ok(Self { path, change: Change::Remove });
        }
        let value = match object.get("value") {
            None | Some(Value::Null) => return Err(PatchError::NoValue),
            Some(value @ (Value::String(_) | Value::Bool(_))) => value.clone(),
            Some(value @ Value::Number(number)) if number.is_i64() || number.is_u64() => value.clone(),
            Some(other) => {
                return Err(
                    FieldError::invalid("value", render(other), "Value should be a string, an integer or a boolean").into()
                );
            }
        };
        let change = if operation == "add" { Change::Add(value) } else { Change::Replace(value) };
        Ok(Self { path, change })
    }

    fn apply<R: Resource>(&self, draft: &mut R::Draft) -> Result<(), PatchError> {
        let Some((field, slot)) =
            R::FIELDS.iter().find(|field| field.name == self.path.root).and_then(|field| Some((field, field.slot()?)))
        else {
            return Err(match self.change {
                Change::Add(_) => PatchError::NotAnAttribute(self.path.to_string()),
                Change::Replace(_) | Change::Remove => self.missing(&self.path.root),
            });
        };
        match self.path.rest.as_slice() {
            [] => self.apply_to_root(field, slot, draft),
            [key] => match slot {
                Slot::Pairs { at } => self.apply_to_key(field.name, key, at(draft)),
                _ => Err(self.missing(key)),
            },
            [first, ..] => Err(self.missing(first)),
        }
    }

    fn apply_to_root<R: Resource>(&self, field: &Field<R>, slot: Slot<R::Draft>, draft: &mut R::Draft) -> Result<(), PatchError> {
        if let Slot::Ignored(_) = slot {
            return Err(PatchError::Unchangeable { resource: R::ARGUMENT, names: vec![field.name.to_owned()] });
        }
        match &self.change {
            Change::Remove => slot.clear(draft),
            Change::Add(_) if !slot.is_empty(draft) => return Err(PatchError::Exists(self.path.to_string())),
            Change::Add(value) | Change::Replace(value) => coerce::put_patched(field.name, slot, value, draft)?,
        }
        Ok(())
    }

    fn apply_to_key(
        &self,
        field: &'static str,
        key: &str,
        pairs: &mut Given<std::collections::BTreeMap<String, String>>,
    ) -> Result<(), PatchError> {
        let mut changed = Labels(pairs.as_value().cloned().unwrap_or_default());
        match &self.change {
            Change::Add(value) => _ = changed.0.insert(key.to_owned(), coerce::pair_value(field, value)?),
            Change::Replace(value) => match changed.0.get_mut(key) {
                Some(present) => *present = coerce::pair_value(field, value)?,
                None => return Err(self.missing(key)),
            },
            Change::Remove => {
                changed.0.remove(key).ok_or_else(|| self.missing(key))?;
            }
        }
        *pairs = Given::Value(changed.0);
        Ok(())
    }

    fn missing(&self, missing: &str) -> PatchError {
        let operation = match self.change {
            Change::Add(_) => "add to",
            Change::Replace(_) => "replace",
            Change::Remove => "remove",
        };
        PatchError::Missing { path: self.path.to_string(), operation, missing: echo(missing) }
    }
}

impl Path {
    /// `^(/[\w-]+)+$`
    fn read(path: Option<&Value>) -> Result<Self, PatchError> {
        let path = path.ok_or_else(|| FieldError::mandatory("path"))?;
        let wrong = || FieldError::invalid("path", render(path), "Value should match the pattern ^(/[\\w-]+)+$");
        let text = path.as_str().ok_or_else(wrong)?;
        let fits = |segment: &str| !segment.is_empty() && segment.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        let mut segments = text.strip_prefix('/').ok_or_else(wrong)?.split('/').map(str::to_owned);
        let root = segments.next().filter(|root| fits(root)).ok_or_else(wrong)?;
        let rest: Vec<String> = segments.take(MAX_DEPTH).collect();
        if !rest.iter().all(|segment| fits(segment)) {
            return Err(wrong().into());
        }
        Ok(Self { root, rest })
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "/{}", echo(&self.root))?;
        self.rest.iter().try_for_each(|segment| write!(f, "/{}", echo(segment)))
    }
}

#[cfg(test)]
mod tests;
