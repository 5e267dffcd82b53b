//! `/secrets`.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

use crate::{
    fields::{self, Fallback, Field, Type},
    moment::Moment,
    quota,
    record::{Attributes as _, Body, Record},
    refusal::{Problem, Refusal},
    resource::{Resource, Shape},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

pub struct Secrets;

const TYPES: [&str; 6] = ["symmetric", "public", "private", "passphrase", "certificate", "opaque"];

const FIELDS: [Field; 9] = [
    Field::new("name", Type::Short(255), Fallback::Null).fixed(),
    Field::new("payload", Type::Short(20_000), Fallback::Absent).fixed(),
    Field::new("payload_content_type", Type::Short(255), Fallback::Absent).fixed(),
    Field::new("payload_content_encoding", Type::OneOf(&["base64"]), Fallback::Absent).fixed(),
    Field::new("secret_type", Type::OneOf(&TYPES), Fallback::Text("opaque")).fixed(),
    Field::new("algorithm", Type::Short(255), Fallback::Null).fixed(),
    Field::new("bit_length", Type::Number(1, 32_767), Fallback::Null).fixed(),
    Field::new("mode", Type::Short(255), Fallback::Null).fixed(),
    Field::new("expiration", Type::Short(64), Fallback::Null).fixed(),
];

impl Resource for Secrets {
    fn shape(&self) -> Shape {
        Shape::new(Service::KeyManager, Kind::Secret, "secret", "secrets")
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        Refusal::missing(Kind::Secret, id, "Secret not found. Secret does not exist or is not accessible.")
    }

    /// Administrators of the cloud do not see other projects' secrets.
    fn visible(&self, state: &State, scope: &Scope, record: &Record) -> bool {
        let expired = Moment::parse(record.text("expiration")).is_some_and(|at| at <= state.now());
        record.project_id == scope.project_id && !expired
    }

    fn create(&self, state: &mut State, scope: &Scope, given: Body) -> Result<String, Refusal> {
        let mut body = fields::for_create(Service::KeyManager, &FIELDS, given)?;
        if body.text("expiration").is_some_and(|text| Moment::parse(text).is_none_or(|at| at <= state.now())) {
            return Err(Refusal::bad("Provided object does not match schema 'Secret': 'expiration' must be a time to come."));
        }
        let payload = body.remove("payload");
        let (kind, encoding) = (body.remove("payload_content_type"), body.remove("payload_content_encoding"));
        admit(state, &scope.project_id, "secrets")?;
        let mut record = Record::new(scope, body);
        if let Some(payload) = payload.as_ref().and_then(Value::as_str) {
            let kind = kind.as_ref().and_then(Value::as_str).unwrap_or("text/plain");
            store(&mut record, kind, encoding.is_some(), payload)?;
        }
        Ok(state.insert(Kind::Secret, record))
    }

    /// Everything but the payload.
    fn view(&self, _: &State, record: &Record) -> Value {
        let mut shown = record.body.clone();
        let kind = record.private.get("content_type").cloned();
        let mut put = |key: &str, value: Value| shown.insert(key.to_owned(), value);
        put("id", json!(record.id));
        put("status", json!("ACTIVE"));
        put("created", json!(record.created.plain()));
        put("updated", json!(record.updated.unwrap_or(record.created).plain()));
        put("creator_id", json!(record.user_id));
        if let Some(kind) = kind {
            put("content_types", json!({ "default": kind }));
        }
        Value::Object(shown)
    }

    fn delete(&self, state: &mut State, _: &Scope, id: &str) -> Result<(), Refusal> {
        state.remove(Kind::Secret, id);
        Ok(())
    }

    /// `payload`: for Heat's `decrypted_payload`.
    fn act(&self, state: &mut State, _: &Scope, id: &str, action: &str, _: Body) -> Result<Value, Refusal> {
        let record = state.get(Kind::Secret, id).ok_or_else(|| self.missing(id))?;
        match action {
            "payload" => Ok(json!({"payload": payload(record).and_then(|(_, bytes)| String::from_utf8(bytes).ok())})),
            _ => Err(Refusal::bad(format!("There is no such action: {action}"))),
        }
    }
}

pub fn admit(state: &State, project: &str, resource: &str) -> Result<(), Refusal> {
    let limit = quota::find(Service::KeyManager, resource);
    limit.map_or(Ok(()), |limit| limit.admit(state, project, 1)).map_err(|exceeded| {
        Refusal::new(
            Problem::OverQuota,
            "QuotaReached",
            format!("Quota reached for project {project}. Only {} {resource} are allowed", exceeded.limit),
        )
    })
}

/// Keeps a payload; binary ones come in base64.
pub fn store(record: &mut Record, content_type: &str, encoded: bool, payload: &str) -> Result<(), Refusal> {
    if record.private.contains_key("payload") {
        return Err(Refusal::conflict("SecretAlreadyHasData", "Secret already has data, cannot modify it."));
    }
    let bytes = match encoded {
        true => BASE64_STANDARD.decode(payload).map_err(|_| {
            Refusal::bad("Provided object does not match schema 'Secret': Invalid payload for payload_content_encoding")
        })?,
        false => payload.as_bytes().to_vec(),
    };
    keep(record, content_type, &bytes);
    Ok(())
}

pub fn keep(record: &mut Record, content_type: &str, bytes: &[u8]) {
    record.private.insert("content_type".to_owned(), json!(content_type));
    record.private.insert("payload".to_owned(), json!(BASE64_STANDARD.encode(bytes)));
}

/// The payload with its type.
pub fn payload(record: &Record) -> Option<(String, Vec<u8>)> {
    let kind = record.private.text("content_type")?.to_owned();
    Some((kind, BASE64_STANDARD.decode(record.private.get("payload")?.as_str()?).ok()?))
}
