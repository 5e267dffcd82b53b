//! The side door: how Heat reaches the other services without HTTP.

use async_trait::async_trait;
use serde_json::Value;

use crate::{
    cloud::Cloud,
    ops,
    record::Body,
    refusal::Refusal,
    services::{Kind, Scope, ServiceError, Services},
};

#[async_trait]
impl Services for Cloud {
    async fn create(&self, scope: &Scope, kind: Kind, body: Value) -> Result<Value, ServiceError> {
        let body = object(body)?;
        self.write(|state| ops::create(state, scope, kind, body)).map_err(|refusal| refusal.for_heat(None))
    }

    async fn show(&self, scope: &Scope, kind: Kind, id: &str) -> Result<Value, ServiceError> {
        self.read(|state| ops::show(state, scope, kind, id)).map_err(asked(kind, id))
    }

    async fn list(&self, scope: &Scope, kind: Kind) -> Result<Vec<Value>, ServiceError> {
        self.read(|state| ops::list(state, scope, kind)).map_err(|refusal| refusal.for_heat(None))
    }

    async fn update(&self, scope: &Scope, kind: Kind, id: &str, body: Value) -> Result<Value, ServiceError> {
        let body = object(body)?;
        self.write(|state| ops::update(state, scope, kind, id, body)).map_err(asked(kind, id))
    }

    async fn delete(&self, scope: &Scope, kind: Kind, id: &str) -> Result<(), ServiceError> {
        self.write(|state| ops::delete(state, scope, kind, id)).map_err(asked(kind, id))
    }

    async fn act(&self, scope: &Scope, kind: Kind, id: &str, action: &str, body: Value) -> Result<Value, ServiceError> {
        let body = object(body)?;
        self.write(|state| ops::act(state, scope, kind, id, action, body)).map_err(asked(kind, id))
    }

    async fn find(&self, scope: &Scope, kind: Kind, name_or_id: &str) -> Result<Value, ServiceError> {
        self.read(|state| ops::find(state, scope, kind, name_or_id)).map_err(|refusal| {
            if refusal.name == ops::AMBIGUOUS {
                return ServiceError::Ambiguous { kind, name: name_or_id.to_owned() };
            }
            refusal.for_heat(Some((kind, name_or_id)))
        })
    }
}

fn asked(kind: Kind, id: &str) -> impl FnOnce(Refusal) -> ServiceError {
    move |refusal| refusal.for_heat(Some((kind, id)))
}

fn object(body: Value) -> Result<Body, ServiceError> {
    match body {
        Value::Object(body) => Ok(body),
        Value::Null => Ok(Body::new()),
        _ => Err(ServiceError::BadRequest("the body must be an object".to_owned())),
    }
}
