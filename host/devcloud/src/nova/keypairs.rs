//! `/os-keypairs`: each user's own, known by name.

use serde_json::{Value, json};
use ssh_key::{Algorithm, LineEnding, PrivateKey, PublicKey, rand_core::OsRng};

use super::admit;
use crate::{
    fields::{self, Fallback, Field, Type},
    record::{Attributes as _, Body, Record},
    refusal::Refusal,
    resource::{ONCE, Resource, Shape},
    service::Service,
    services::{Kind, Scope},
    state::State,
};

pub struct Keypairs;

const FIELDS: [Field; 4] = [
    Field::new("name", Type::Short(255), Fallback::Required).fixed(),
    Field::new("public_key", Type::Short(16_384), Fallback::Absent).fixed(),
    Field::new("type", Type::OneOf(&["ssh", "x509"]), Fallback::Text("ssh")).fixed(),
    Field::new("user_id", Type::Short(255), Fallback::Absent).fixed(),
];

impl Resource for Keypairs {
    fn shape(&self) -> Shape {
        Shape::new(Service::Compute, Kind::Keypair, "keypair", "keypairs").answers(201, 204)
    }

    fn fields(&self) -> &'static [Field] {
        &FIELDS
    }

    fn missing(&self, id: &str) -> Refusal {
        let name = id.split_once('/').map_or(id, |(_, name)| name);
        Refusal::missing(Kind::Keypair, name, format!("Keypair {name} not found for user."))
    }

    fn key(&self, scope: &Scope, id: &str) -> String {
        key(&scope.user_id, id)
    }

    fn visible(&self, _: &State, scope: &Scope, record: &Record) -> bool {
        record.user_id == scope.user_id
    }

    fn create(&self, state: &mut State, scope: &Scope, given: Body) -> Result<String, Refusal> {
        let mut body = fields::for_create(Service::Compute, &FIELDS, given)?;
        let name = body.text("name").unwrap_or_default().to_owned();
        let fits = |c: char| c.is_ascii_alphanumeric() || " _-@.".contains(c);
        if name.is_empty() || !name.chars().all(fits) {
            return Err(Refusal::bad("Keypair data is invalid: Keypair name contains unsafe characters"));
        }
        if state.get(Kind::Keypair, &key(&scope.user_id, &name)).is_some() {
            return Err(Refusal::conflict("KeyPairExists", format!("Key pair '{name}' already exists.")));
        }
        admit(state, &scope.project_id, &[("key_pairs", 1)])?;
        let (public, private) = match body.text("public_key") {
            Some(given) => (given.trim().to_owned(), None),
            None => drawn(&name)?,
        };
        let data = match body.text("type") {
            Some("x509") => public.as_bytes().to_vec(),
            _ => PublicKey::from_openssh(&public)
                .and_then(|key| key.to_bytes())
                .map_err(|_| Refusal::bad("Keypair data is invalid: failed to generate fingerprint"))?,
        };
        body.insert("public_key".to_owned(), json!(public));
        body.insert("fingerprint".to_owned(), json!(fingerprint(&data)));
        body.insert("user_id".to_owned(), json!(scope.user_id));
        let mut record = Record::new(scope, body);
        record.id = key(&scope.user_id, &name);
        if let Some(private) = private {
            record.private.insert(ONCE.to_owned(), json!(private));
        }
        Ok(state.insert(Kind::Keypair, record))
    }

    fn view(&self, _: &State, record: &Record) -> Value {
        let mut shown = record.body.clone();
        shown.insert("id".to_owned(), json!(record.name()));
        shown.insert("created_at".to_owned(), json!(record.created.micros()));
        shown.insert("deleted".to_owned(), json!(false));
        Value::Object(shown)
    }

    fn view_created(&self, state: &State, record: &Record) -> Value {
        let mut shown = self.view(state, record);
        if let (Some(shown), Some(private)) = (shown.as_object_mut(), record.private.get(ONCE)) {
            shown.insert("private_key".to_owned(), private.clone());
        }
        shown
    }

    fn delete(&self, state: &mut State, _: &Scope, id: &str) -> Result<(), Refusal> {
        state.remove(Kind::Keypair, id);
        Ok(())
    }
}

fn key(user_id: &str, name: &str) -> String {
    format!("{user_id}/{name}")
}

/// A new pair: its public half, and the private one.
fn drawn(name: &str) -> Result<(String, Option<String>), Refusal> {
    let failed = |error: ssh_key::Error| Refusal::bad(format!("Keypair data is invalid: {error}"));
    let mut private = PrivateKey::random(&mut OsRng, Algorithm::Ed25519).map_err(failed)?;
    private.set_comment(name);
    let public = private.public_key().to_openssh().map_err(failed)?;
    let private = private.to_openssh(LineEnding::LF).map_err(failed)?;
    Ok((public, Some(private.to_string())))
}

/// Sixteen bytes with colons between them, from the digest of the key.
fn fingerprint(data: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    let digest = Sha256::digest(data);
    let bytes: Vec<String> = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    bytes.join(":")
}
