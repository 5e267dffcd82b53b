//! Property schemas: the tables in which each resource type says what it takes.

use serde_json::{Map, Value, json};

use crate::{
    heat::hot::{
        constraints::{Constraint, Custom},
        text,
    },
    services::Kind,
};

/// One property of a resource type, or of a map in one.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    pub name: &'static str,
    pub ty: Type,
    pub required: bool,
    pub default: Default,
    /// Whether it changes in place; else a change replaces the resource.
    pub updatable: bool,
    pub immutable: bool,
    pub rules: &'static [Rule],
}

#[derive(Clone, Copy, Debug)]
pub enum Type {
    String,
    Integer,
    Number,
    Boolean,
    /// Anything at all.
    Any,
    /// A map; without properties, with any keys.
    Map(&'static [Property]),
    List(&'static Type),
}

#[derive(Clone, Copy, Debug)]
pub enum Default {
    None,
    Text(&'static str),
    Integer(i64),
    Flag(bool),
    EmptyList,
    EmptyMap,
}

/// A constraint, as tables can hold it.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    Range(Option<i64>, Option<i64>),
    Length(Option<i64>, Option<i64>),
    Allowed(&'static [&'static str]),
    Pattern(&'static str),
    Custom(&'static str),
}

/// An object that a property names and that must exist.
#[derive(Clone, Debug)]
pub struct Named {
    pub path: String,
    pub kind: Kind,
    pub entity: &'static str,
    pub value: String,
}

/// What is wrong with a property, and where: the path is empty for the map itself.
pub type PropertyError = (String, String);

impl Property {
    pub const fn new(name: &'static str, ty: Type) -> Self {
        Self { name, ty, required: false, default: Default::None, updatable: false, immutable: false, rules: &[] }
    }

    pub const fn string(name: &'static str) -> Self {
        Self::new(name, Type::String)
    }

    pub const fn integer(name: &'static str) -> Self {
        Self::new(name, Type::Integer)
    }

    pub const fn boolean(name: &'static str) -> Self {
        Self::new(name, Type::Boolean)
    }

    pub const fn strings(name: &'static str) -> Self {
        Self::new(name, Type::List(&Type::String))
    }

    pub const fn map(name: &'static str) -> Self {
        Self::new(name, Type::Map(&[]))
    }

    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub const fn updatable(mut self) -> Self {
        self.updatable = true;
        self
    }

    pub const fn default(mut self, default: Default) -> Self {
        self.default = default;
        self
    }

    pub const fn rules(mut self, rules: &'static [Rule]) -> Self {
        self.rules = rules;
        self
    }
}

impl Rule {
    #[must_use]
    pub fn constraint(&self) -> Constraint {
        let number = |bound: &Option<i64>| bound.map(serde_json::Number::from);
        match self {
            Self::Range(min, max) => Constraint::Range { min: number(min), max: number(max) },
            Self::Length(min, max) => Constraint::Length { min: *min, max: *max },
            Self::Allowed(values) => Constraint::AllowedValues(values.iter().map(|value| Value::from(*value)).collect()),
            Self::Pattern(pattern) => {
                Constraint::pattern(pattern).unwrap_or(Constraint::Custom(Custom::Unchecked((*pattern).to_owned())))
            }
            Self::Custom(name) => Constraint::Custom(Custom::named(name)),
        }
    }
}

impl Default {
    #[must_use]
    pub fn value(self) -> Option<Value> {
        match self {
            Self::None => None,
            Self::Text(text) => Some(Value::from(text)),
            Self::Integer(number) => Some(Value::from(number)),
            Self::Flag(flag) => Some(Value::Bool(flag)),
            Self::EmptyList => Some(json!([])),
            Self::EmptyMap => Some(json!({})),
        }
    }
}

/// Reads given values by a table: types made right, defaults filled in, nulls dropped. Objects to look up are added to `named`.
pub fn read(
    table: &[Property],
    given: &Map<String, Value>,
    path: &str,
    named: &mut Vec<Named>,
) -> Result<Map<String, Value>, PropertyError> {
    if let Some(key) = given.keys().find(|key| !table.iter().any(|property| property.name == key.as_str())) {
        return Err((path.to_owned(), format!("Unknown Property {key}")));
    }
    let mut values = Map::new();
    for property in table {
        let place = if path.is_empty() { property.name.to_owned() } else { format!("{path}.{}", property.name) };
        match given.get(property.name).filter(|value| !value.is_null()) {
            Some(value) => {
                let value = read_type(&property.ty, value, &place, named)?;
                for rule in property.rules {
                    check(rule, &value, &place, named)?;
                }
                values.insert(property.name.to_owned(), value);
            }
            None if property.required => {
                return Err((path.to_owned(), format!("Property {} not assigned", property.name)));
            }
            None => {
                if let Some(value) = property.default.value() {
                    values.insert(property.name.to_owned(), value);
                }
            }
        }
    }
    Ok(values)
}

/// Checks one value by its property, as far as it is known.
pub fn read_one(property: &Property, value: &Value, named: &mut Vec<Named>) -> Result<(), PropertyError> {
    if value.is_null() {
        return Ok(());
    }
    let value = read_type(&property.ty, value, property.name, named)?;
    property.rules.iter().try_for_each(|rule| check(rule, &value, property.name, named))
}

fn check(rule: &Rule, value: &Value, place: &str, named: &mut Vec<Named>) -> Result<(), PropertyError> {
    let constraint = rule.constraint();
    let many = matches!(rule, Rule::Custom(_) | Rule::Allowed(_) | Rule::Pattern(_));
    let items = match value {
        Value::Array(items) if many => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    for item in items {
        constraint.check(item).map_err(|message| (place.to_owned(), message))?;
        if let Constraint::Custom(Custom::Object { kind, entity, .. }) = &constraint {
            named.push(Named { path: place.to_owned(), kind: *kind, entity, value: text::display(item) });
        }
    }
    Ok(())
}

fn read_type(ty: &Type, value: &Value, place: &str, named: &mut Vec<Named>) -> Result<Value, PropertyError> {
    let fail = |message: String| Err((place.to_owned(), message));
    match ty {
        Type::Any => Ok(value.clone()),
        Type::String => match value {
            Value::Object(_) | Value::Array(_) => fail(format!("Value must be a string; got {}", text::repr(value))),
            scalar => Ok(Value::String(text::display(scalar))),
        },
        Type::Integer => match text::number(value) {
            Some(number) if number.as_i64().is_some() => Ok(Value::Number(number)),
            Some(number) if number.as_f64().is_some_and(|float| float.fract() == 0.0) => {
                Ok(number.as_f64().map_or(Value::Null, |float| Value::from(float as i64)))
            }
            _ => fail(format!("Value '{}' is not an integer", text::display(value))),
        },
        Type::Number => match text::number(value) {
            Some(number) => Ok(Value::Number(number)),
            None => fail(format!("Value '{}' is not a number", text::display(value))),
        },
        Type::Boolean => match text::boolean(value) {
            Some(flag) => Ok(Value::Bool(flag)),
            None => fail(format!("\"{}\" is not a valid boolean", text::display(value))),
        },
        Type::Map(table) => match value {
            Value::Object(map) if table.is_empty() => Ok(Value::Object(map.clone())),
            Value::Object(map) => read(table, map, place, named).map(Value::Object),
            Value::String(json) if json.trim_start().starts_with('{') => match serde_json::from_str(json) {
                Ok(parsed @ Value::Object(_)) => read_type(ty, &parsed, place, named),
                _ => fail(format!("\"{json}\" is not a map")),
            },
            other => fail(format!("\"{}\" is not a map", text::display(other))),
        },
        Type::List(item) => match value {
            Value::Array(items) => items
                .iter()
                .enumerate()
                .map(|(at, inner)| read_type(item, inner, &format!("{place}[{at}]"), named))
                .collect::<Result<Vec<_>, _>>()
                .map(Value::Array),
            Value::String(text) if matches!(item, Type::String) => {
                Ok(Value::Array(text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(Value::from).collect()))
            }
            other => fail(format!("\"{}\" is not a list", text::repr(other))),
        },
    }
}

/// As `resource_types/{name}` shows a table.
#[must_use]
pub fn describe(table: &[Property]) -> Map<String, Value> {
    table.iter().map(|property| (property.name.to_owned(), property.describe())).collect()
}

impl Property {
    fn describe(&self) -> Value {
        let mut shown = describe_type(&self.ty);
        if let Some(shown) = shown.as_object_mut() {
            shown.insert("required".to_owned(), Value::Bool(self.required));
            shown.insert("update_allowed".to_owned(), Value::Bool(self.updatable));
            shown.insert("immutable".to_owned(), Value::Bool(self.immutable));
            if let Some(default) = self.default.value() {
                shown.insert("default".to_owned(), default);
            }
            if !self.rules.is_empty() {
                let constraints: Vec<_> = self.rules.iter().map(|rule| rule.constraint().describe()).collect();
                shown.insert("constraints".to_owned(), Value::Array(constraints));
            }
        }
        shown
    }
}

fn describe_type(ty: &Type) -> Value {
    match ty {
        Type::String => json!({"type": "string"}),
        Type::Integer => json!({"type": "integer"}),
        Type::Number => json!({"type": "number"}),
        Type::Boolean => json!({"type": "boolean"}),
        Type::Any => json!({"type": "any"}),
        Type::Map([]) => json!({"type": "map"}),
        Type::Map(table) => json!({"type": "map", "schema": describe(table)}),
        Type::List(item) => json!({"type": "list", "schema": {"*": describe_type(item)}}),
    }
}
