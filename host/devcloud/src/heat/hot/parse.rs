//! Values to expressions: which maps are function calls, and whether their arguments are in order.

use serde_json::Value;

use super::{
    expression::{Condition, Expression, Facade, Function, Strictness},
    version::{CONDITION_FUNCTIONS, FUNCTIONS, Version},
};
use crate::heat::error::{HeatError, Result};

/// Parses a value of a template of this version. `place` is its dotted path, for errors.
pub fn expression(value: &Value, version: Version, place: &str) -> Result<Expression> {
    match value {
        Value::Array(items) => {
            items.iter().map(|item| expression(item, version, place)).collect::<Result<Vec<_>>>().map(Expression::List)
        }
        Value::Object(map) => {
            if let Some((name, argument)) = map.iter().next().filter(|_| map.len() == 1) {
                if version.has_function(name) {
                    let function = call(name, argument, version, place)?;
                    return Ok(Expression::Call(Box::new(function)));
                }
                refuse_unknown(name, version, place)?;
            }
            map.iter()
                .map(|(key, item)| Ok((key.clone(), expression(item, version, place)?)))
                .collect::<Result<Vec<_>>>()
                .map(Expression::Map)
        }
        scalar => Ok(Expression::Literal(scalar.clone())),
    }
}

/// A map with one key that can only be meant as a call is refused, instead of being passed on as data.
fn refuse_unknown(name: &str, version: Version, place: &str) -> Result<()> {
    let known_elsewhere = FUNCTIONS.iter().any(|(known, _, _)| *known == name && *known != "filter" && *known != "contains");
    let shaped_like_one = ["get_", "str_replace", "str_split", "list_join", "list_concat", "map_merge", "map_replace", "Fn::"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
        || name == "Ref";
    if known_elsewhere || shaped_like_one {
        return Err(HeatError::validation(format!(
            "{place}: \"{name}\" is not a function of heat_template_version {}",
            version.date()
        )));
    }
    Ok(())
}

fn argument_error(place: &str, message: String) -> HeatError {
    HeatError::validation(format!("{place}: {message}"))
}

fn call(name: &str, argument: &Value, version: Version, place: &str) -> Result<Function> {
    let parse = |value: &Value| expression(value, version, place);
    let fail = |message: String| argument_error(place, message);
    let list = |message: &str| argument.as_array().ok_or_else(|| fail(message.to_owned()));
    let map = |message: &str| argument.as_object().ok_or_else(|| fail(message.to_owned()));
    let parse_all = |values: &[Value]| values.iter().map(parse).collect::<Result<Vec<_>>>();
    Ok(match name {
        "get_param" => match argument {
            Value::String(_) => Function::GetParam { name: parse(argument)?, path: Vec::new() },
            Value::Array(items) => match items.split_first() {
                Some((first, rest)) => Function::GetParam { name: parse(first)?, path: parse_all(rest)? },
                None => return Err(fail(format!("Function \"{name}\" must have arguments"))),
            },
            _ => return Err(fail(format!("Argument to \"{name}\" must be string or list"))),
        },
        "get_resource" => match argument {
            Value::String(resource) => Function::GetResource { name: resource.clone() },
            _ => return Err(fail(format!("Argument to \"{name}\" must be a string"))),
        },
        "get_attr" => {
            let items = list("Argument to \"get_attr\" must be a list")?;
            match items.as_slice() {
                [Value::String(resource)] if version >= Version::Kilo => {
                    Function::GetAttr { resource: resource.clone(), attribute: None, path: Vec::new() }
                }
                [Value::String(resource), attribute, path @ ..] => {
                    Function::GetAttr { resource: resource.clone(), attribute: Some(parse(attribute)?), path: parse_all(path)? }
                }
                _ => {
                    return Err(fail(
                        "Arguments to \"get_attr\" must be of the form [resource_name, attribute, (path), ...]".to_owned(),
                    ));
                }
            }
        }
        "get_file" => Function::GetFile { name: parse(argument)? },
        "str_replace" | "str_replace_strict" | "str_replace_vstrict" => {
            let map = map(&format!("Arguments to \"{name}\" must be a map"))?;
            let (Some(template), Some(params)) = (map.get("template"), map.get("params")) else {
                return Err(fail(format!("\"{name}\" needs \"template\" and \"params\"")));
            };
            let (name, strictness) = match name {
                "str_replace" => ("str_replace", Strictness::Lenient),
                "str_replace_strict" => ("str_replace_strict", Strictness::Strict),
                _ => ("str_replace_vstrict", Strictness::VeryStrict),
            };
            Function::StrReplace { name, template: parse(template)?, params: parse(params)?, strictness }
        }
        "str_split" => match list("Incorrect arguments to \"str_split\" should be: [delimiter, string, index]")?.as_slice() {
            [delimiter, text] => Function::StrSplit { delimiter: parse(delimiter)?, text: parse(text)?, index: None },
            [delimiter, text, index] => {
                Function::StrSplit { delimiter: parse(delimiter)?, text: parse(text)?, index: Some(parse(index)?) }
            }
            _ => return Err(fail("Incorrect arguments to \"str_split\" should be: [delimiter, string, index]".to_owned())),
        },
        "list_join" => match list("Incorrect arguments to \"list_join\" should be: [delimiter, [list], ...]")?.split_first() {
            Some((delimiter, lists)) if !lists.is_empty() && (lists.len() == 1 || version >= Version::Liberty) => {
                Function::ListJoin { delimiter: parse(delimiter)?, lists: parse_all(lists)? }
            }
            _ => return Err(fail("Incorrect arguments to \"list_join\" should be: [delimiter, [list], ...]".to_owned())),
        },
        "list_concat" => Function::ListConcat { name: "list_concat", lists: parse(argument)?, unique: false },
        "list_concat_unique" => Function::ListConcat { name: "list_concat_unique", lists: parse(argument)?, unique: true },
        "map_merge" => Function::MapMerge { maps: parse(argument)? },
        "map_replace" => match list("Incorrect arguments: to \"map_replace\", arguments must be a list of maps")?.as_slice() {
            [map, replacements] => Function::MapReplace { map: parse(map)?, replacements: parse(replacements)? },
            _ => {
                return Err(fail("Incorrect arguments to \"map_replace\" should be: [map, {keys: ..., values: ...}]".to_owned()));
            }
        },
        "repeat" => repeat(argument, version, place)?,
        "digest" => match list("Argument to function \"digest\" must be a list of strings")?.as_slice() {
            [algorithm, text] => Function::Digest { algorithm: parse(algorithm)?, text: parse(text)? },
            _ => return Err(fail("Function \"digest\" usage: [\"<algorithm>\", \"<value>\"]".to_owned())),
        },
        "resource_facade" => Function::ResourceFacade(match argument.as_str() {
            Some("metadata") => Facade::Metadata,
            Some("deletion_policy") => Facade::DeletionPolicy,
            Some("update_policy") => Facade::UpdatePolicy,
            _ => {
                return Err(fail(
                    "Incorrect arguments to \"resource_facade\" should be one of: ['metadata', 'deletion_policy', 'update_policy']"
                        .to_owned(),
                ));
            }
        }),
        "contains" => match list("Incorrect arguments to \"contains\" should be: [value1, [value1, value2]]")?.as_slice() {
            [item, list] => Function::Contains { item: parse(item)?, list: parse(list)? },
            _ => return Err(fail("Arguments to \"contains\" must be of the form: [value1, [value1, value2]]".to_owned())),
        },
        "filter" => match list("Argument to \"filter\" must be a list")?.as_slice() {
            [values, list] => Function::Filter { values: parse(values)?, list: parse(list)? },
            other => {
                return Err(fail(format!(
                    "\"filter\" expected 2 arguments of the form [values, sequence] but got {} arguments instead",
                    other.len()
                )));
            }
        },
        "make_url" => {
            const PARTS: [&str; 8] = ["scheme", "username", "password", "host", "port", "path", "query", "fragment"];
            let map = map("The arguments to \"make_url\" must be a map")?;
            if let Some(key) = map.keys().find(|key| !PARTS.contains(&key.as_str())) {
                return Err(fail(format!("Invalid arguments to \"make_url\": {key}")));
            }
            Function::MakeUrl(map.iter().map(|(key, part)| Ok((key.clone(), parse(part)?))).collect::<Result<_>>()?)
        }
        "if" => {
            let form = "Arguments to \"if\" must be of the form: [condition_name, value_if_true, value_if_false]";
            match list(form)?.as_slice() {
                [test, then, otherwise] => Function::If {
                    condition: condition(test, version, place)?,
                    then: parse(then)?,
                    otherwise: Some(parse(otherwise)?),
                },
                [test, then] if version >= Version::Wallaby => {
                    Function::If { condition: condition(test, version, place)?, then: parse(then)?, otherwise: None }
                }
                _ => return Err(fail(form.to_owned())),
            }
        }
        _ => return Err(fail(format!("\"{name}\" is not evaluated by this simulated Heat"))),
    })
}

fn repeat(argument: &Value, version: Version, place: &str) -> Result<Function> {
    let map = argument.as_object().ok_or_else(|| argument_error(place, "Arguments to \"repeat\" must be a map".to_owned()))?;
    let (Some(template), Some(for_each)) = (map.get("template"), map.get("for_each")) else {
        return Err(argument_error(place, "\"repeat\" needs \"template\" and \"for_each\"".to_owned()));
    };
    let for_each = for_each
        .as_object()
        .ok_or_else(|| argument_error(place, "The \"for_each\" argument to \"repeat\" must contain a map".to_owned()))?;
    let for_each =
        for_each.iter().map(|(key, list)| Ok((key.clone(), expression(list, version, place)?))).collect::<Result<Vec<_>>>()?;
    let permutations = map.get("permutations").cloned().unwrap_or(Value::Bool(true));
    Ok(Function::Repeat {
        template: expression(template, version, place)?,
        for_each,
        permutations: expression(&permutations, version, place)?,
    })
}

/// Parses a condition: a literal, the name of another, or a function of truth.
pub fn condition(value: &Value, version: Version, place: &str) -> Result<Condition> {
    let fail = |message: String| argument_error(place, message);
    match value {
        Value::Bool(flag) => return Ok(Condition::Always(*flag)),
        Value::String(name) => return Ok(Condition::Named(name.clone())),
        _ => {}
    }
    let Some((name, argument)) = value.as_object().filter(|map| map.len() == 1).and_then(|map| map.iter().next()) else {
        return Err(fail(format!("Invalid condition \"{}\"", super::text::repr(value))));
    };
    if !CONDITION_FUNCTIONS.iter().any(|(known, _, since)| known == name && *since <= version) {
        return Err(fail(format!("Invalid condition \"{name}\"")));
    }
    let several = || match argument.as_array() {
        None => Err(fail(format!("Arguments to \"{name}\" must be a list of conditions"))),
        Some(items) if items.len() < 2 => Err(fail(format!("The minimum number of condition arguments to \"{name}\" is 2."))),
        Some(items) => items.iter().map(|item| condition(item, version, place)).collect::<Result<Vec<_>>>(),
    };
    Ok(match name.as_str() {
        "equals" => match argument.as_array().map(Vec::as_slice) {
            Some([left, right]) => Condition::Equals(expression(left, version, place)?, expression(right, version, place)?),
            _ => return Err(fail("Arguments to \"equals\" must be of the form: [value_1, value_2]".to_owned())),
        },
        "not" => Condition::Not(Box::new(condition(argument, version, place)?)),
        "and" => Condition::And(several()?),
        "or" => Condition::Or(several()?),
        _ => Condition::Value(Expression::Call(Box::new(call(name, argument, version, place)?))),
    })
}
