//! Field tables: what attributes an object may be given, of what type, with what default.

use serde_json::{Value, json};

use crate::{record::Body, refusal::Refusal, service::Service};

/// The type of an attribute.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    Text,
    /// Text, at most this many bytes.
    Short(usize),
    /// A whole number within bounds; a number in quotes is taken too, as the services do.
    Number(i64, i64),
    Flag,
    Object,
    List,
    OneOf(&'static [&'static str]),
    Anything,
}

/// What an attribute is when it is not given.
#[derive(Clone, Copy, Debug)]
pub enum Fallback {
    Required,
    Null,
    /// Not set at all.
    Absent,
    Empty,
    Text(&'static str),
    Number(i64),
    Flag(bool),
    List,
    Object,
}

/// One attribute of a collection.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub name: &'static str,
    pub kind: Type,
    pub fallback: Fallback,
    /// Whether an update may set it.
    pub mutable: bool,
}

impl Field {
    pub const fn new(name: &'static str, kind: Type, fallback: Fallback) -> Self {
        Self { name, kind, fallback, mutable: true }
    }

    /// Set when the object is made, and never after.
    pub const fn fixed(self) -> Self {
        Self { mutable: false, ..self }
    }
}

/// Attributes for a new object: all those of the table, and no others.
pub fn for_create(service: Service, fields: &[Field], mut given: Body) -> Result<Body, Refusal> {
    let mut body = Body::new();
    for field in fields {
        let value = match (given.remove(field.name), field.fallback) {
            (Some(Value::Null), Fallback::Required) | (None, Fallback::Required) => {
                return Err(missing(service, field.name));
            }
            (Some(Value::Null) | None, Fallback::Null) => Value::Null,
            (Some(Value::Null) | None, Fallback::Absent) => continue,
            (Some(Value::Null) | None, Fallback::Empty) => json!(""),
            (Some(Value::Null) | None, Fallback::Text(text)) => json!(text),
            (Some(Value::Null) | None, Fallback::Number(number)) => json!(number),
            (Some(Value::Null) | None, Fallback::Flag(flag)) => json!(flag),
            (Some(Value::Null) | None, Fallback::List) => json!([]),
            (Some(Value::Null) | None, Fallback::Object) => json!({}),
            (Some(value), _) => parse(service, field, value)?,
        };
        body.insert(field.name.to_owned(), value);
    }
    none_left(service, &given)?;
    Ok(body)
}

/// Attributes for a change: of the table, and mutable.
pub fn for_update(service: Service, fields: &[Field], given: Body) -> Result<Body, Refusal> {
    let mut body = Body::new();
    for (name, value) in given {
        let Some(field) = fields.iter().find(|field| field.name == name) else {
            return Err(unknown(service, &name));
        };
        if !field.mutable {
            return Err(Refusal::bad(format!("Cannot update read-only attribute {name}")));
        }
        let value = match value {
            Value::Null if !matches!(field.fallback, Fallback::Required) => Value::Null,
            value => parse(service, field, value)?,
        };
        body.insert(name, value);
    }
    Ok(body)
}

fn none_left(service: Service, given: &Body) -> Result<(), Refusal> {
    given.keys().next().map_or(Ok(()), |name| Err(unknown(service, name)))
}

fn unknown(service: Service, name: &str) -> Refusal {
    Refusal::bad(match service {
        Service::Network => format!("Unrecognized attribute(s) '{name}'"),
        Service::LoadBalancer => format!("Invalid input for field/attribute {name}. Unknown attribute"),
        _ => format!("Additional properties are not allowed ('{name}' was unexpected)"),
    })
}

fn missing(service: Service, name: &str) -> Refusal {
    Refusal::bad(match service {
        Service::Network => format!("Failed to parse request. Required attribute '{name}' not specified"),
        Service::LoadBalancer => {
            format!("Invalid input for field/attribute {name}. Value: 'None'. Mandatory field missing.")
        }
        _ => format!("Invalid input for field/attribute. '{name}' is a required property"),
    })
}

fn parse(service: Service, field: &Field, value: Value) -> Result<Value, Refusal> {
    let refuse = |why: String| {
        let name = field.name;
        Err(Refusal::bad(match service {
            Service::Network => format!("Invalid input for {name}. Reason: {why}."),
            _ => format!("Invalid input for field/attribute {name}. {why}"),
        }))
    };
    match field.kind {
        Type::Text | Type::Short(_) => {
            let Some(text) = value.as_str() else {
                return refuse(format!("{value} is not of type 'string'"));
            };
            let bound = if let Type::Short(bound) = field.kind { bound } else { 1 << 20 };
            if text.len() > bound {
                return refuse(format!("the value is longer than {bound} characters"));
            }
            Ok(value)
        }
        Type::Number(least, most) => {
            let number = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok());
            match number {
                Some(number) if (least..=most).contains(&number) => Ok(json!(number)),
                Some(number) => refuse(format!("{number} is not between {least} and {most}")),
                None => refuse(format!("{value} is not of type 'integer'")),
            }
        }
        Type::Flag => match &value {
            Value::Bool(_) => Ok(value),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(json!(true)),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(json!(false)),
            _ => refuse(format!("{value} is not of type 'boolean'")),
        },
        Type::Object if value.is_object() => Ok(value),
        Type::Object => refuse(format!("{value} is not of type 'object'")),
        Type::List if value.is_array() => Ok(value),
        Type::List => refuse(format!("{value} is not of type 'array'")),
        Type::OneOf(choices) => match value.as_str() {
            Some(text) if choices.contains(&text) => Ok(value),
            _ => refuse(format!("{value} is not in valid_values: {}", choices.join(", "))),
        },
        Type::Anything => Ok(value),
    }
}
