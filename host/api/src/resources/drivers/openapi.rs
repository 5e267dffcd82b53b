//! `/v1/drivers/openapi.json`: the operator API described for programs, made from the table of operations and the types that they take and give.

use axum::response::{IntoResponse, Response};
use http::header;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::operations::{Body, OPERATIONS, Operation};
use crate::reply::{JSON, LINES};

/// What is answered to a request that failed: Magnum's shape.
#[derive(Serialize, JsonSchema)]
pub struct Errors {
    /// One.
    errors: Vec<Error>,
}

#[derive(Serialize, JsonSchema)]
struct Error {
    /// The request's id in the log.
    request_id: String,
    /// Who is at fault: `client` or `server`.
    code: String,
    status: u16,
    title: String,
    /// What is wrong, and what to change.
    detail: String,
    /// None.
    links: Vec<String>,
}

pub async fn serve() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document().to_string()).into_response()
}

/// The document of the drivers' part: OpenAPI 3.1.
pub fn document() -> Value {
    let about = "Versions of drivers: install, check, plan, activate, confirm, roll back. For administrators. A version in a path is a digest, \
        the beginning of one (six digits or more), or `name@version`.";
    document_of("Jeroboam's operator API", about, OPERATIONS)
}

/// The document of a table.
pub fn document_of(title: &str, about: &str, table: &[Operation]) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = "/components/schemas".into());
    let mut requests = settings.clone().for_deserialize().into_generator();
    let mut answers = settings.for_serialize().into_generator();
    let errors =
        json!({"description": "Refused.", "content": {"application/json": {"schema": answers.subschema_for::<Errors>()}}});
    let mut paths = Map::new();
    for operation in table {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(operation.method.as_str().to_ascii_lowercase(), describe(operation, &mut requests, &mut answers));
        }
    }
    let mut schemas = answers.take_definitions(true);
    for (name, schema) in requests.take_definitions(true) {
        schemas.entry(name).or_insert(schema);
    }
    schemas.sort_keys();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": env!("CARGO_PKG_VERSION"),
            "description": about,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {"errors": errors},
            "securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": "X-Auth-Token", "description": "A token from Keystone."}},
        },
    })
}

fn describe(operation: &Operation, requests: &mut SchemaGenerator, answers: &mut SchemaGenerator) -> Value {
    let body = match operation.body {
        Body::None => None,
        Body::Json(schema) => Some(json!({"application/json": {"schema": schema(requests)}})),
        Body::Component => Some(json!({"application/wasm": {}})),
    };
    let answer = &operation.answer;
    let content = answer.schema.map(|schema| {
        let schema = schema(answers);
        let mimetypes = [Some(JSON), answer.lines.then_some(LINES)].into_iter().flatten();
        mimetypes.map(|mimetype| (mimetype.to_owned(), json!({"schema": schema}))).collect::<Map<_, _>>()
    });
    let done = if answer.status == 202 { "Accepted: look at it until it is over." } else { "Done." };
    object([
        ("operationId", Some(json!(operation.id))),
        ("summary", Some(json!(operation.summary))),
        ("description", Some(json!(format!("Policy: `{}`.", operation.rule.name())))),
        ("parameters", Some(json!(parameters(operation)))),
        ("requestBody", body.map(|content| json!({"required": true, "content": content}))),
        (
            "responses",
            Some(json!({
                answer.status.to_string(): object([("description", Some(json!(done))), ("content", content.map(Value::Object))]),
                "default": {"$ref": "#/components/responses/errors"},
            })),
        ),
    ])
}

/// An object of the members that there are.
fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let in_path = operation.path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    let in_path = in_path.map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}));
    let in_query = operation.query.iter().map(|parameter| {
        json!({"name": parameter.name, "in": "query", "required": parameter.required, "description": parameter.meaning,
            "schema": {"type": "string"}})
    });
    in_path.chain(in_query).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every `$ref` of the document, wherever it stands.
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str));
                members.values().for_each(|member| references(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }

    #[test]
    fn everything_that_the_document_refers_to_is_in_it() {
        let document = document();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > OPERATIONS.len());
        for reference in found {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }

    #[test]
    fn operations_have_names_of_their_own() {
        let ids: std::collections::BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.id).collect();
        assert_eq!(ids.len(), OPERATIONS.len());
    }
}
