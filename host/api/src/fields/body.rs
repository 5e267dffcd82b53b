//! A body, read into a typed request by the table of its resource.

use serde_json::{Map, Value};

use super::coerce;
use super::table::Input;
use super::{FieldError, Resource};

/// Reads what a request says. Unknown attributes come first, since a slip in a name explains what is missing.
pub fn read<R: Resource>(body: &Map<String, Value>) -> Result<R::Draft, FieldError> {
    let unknown: Vec<String> = body
        .keys()
        .filter(|name| !R::FIELDS.iter().any(|field| field.name == name.as_str()))
        .map(|name| super::error::echo(name))
        .collect();
    if !unknown.is_empty() {
        return Err(FieldError::Unknown { argument: R::ARGUMENT, names: unknown });
    }
    let mut draft = R::Draft::default();
    for field in R::FIELDS {
        match (field.input, body.get(field.name)) {
            (Input::Mandatory(_), None | Some(Value::Null)) => return Err(FieldError::mandatory(field.name)),
            (_, None) => {}
            (Input::ReadOnly, Some(value)) => return Err(FieldError::read_only(field.name, value)),
            (Input::NotNull(_), Some(Value::Null)) => {
                return Err(FieldError::invalid(field.name, "None", "Value should not be null; leave it out for the default"));
            }
            (Input::Optional(slot), Some(Value::Null)) => slot.clear(&mut draft),
            (Input::Mandatory(slot) | Input::Optional(slot) | Input::NotNull(slot), Some(value)) => {
                coerce::put(field.name, slot, value, &mut draft)?;
            }
        }
    }
    Ok(draft)
}
