//! A world for Heat: the engine over services that live in memory and remember what was asked of them.
#![allow(dead_code, reason = "each test file uses its part")]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use jeroboam_devcloud::{
    faults::{Action as FaultAction, Fault, Faults, ResourceFault},
    heat::{
        Engine, HeatError,
        engine::{NewStack, UpdateStack, blueprint::Request, state::Stack, state_name},
    },
    services::{Kind, Scope, ServiceError, Services},
};
use serde_json::{Map, Value, json};

#[derive(Default)]
pub struct Memory {
    objects: Mutex<BTreeMap<(Kind, String), Value>>,
    log: Mutex<Vec<String>>,
    /// The state new servers have.
    pub server_status: Mutex<Option<String>>,
    /// Deletions refused, by the name of the object.
    pub held: Mutex<Vec<String>>,
}

impl Memory {
    pub fn seeded() -> Arc<Self> {
        let memory = Self::default();
        for (kind, name) in [
            (Kind::Flavor, "m1.small"),
            (Kind::Flavor, "m1.large"),
            (Kind::Image, "fedora"),
            (Kind::Image, "debian"),
            (Kind::Network, "public"),
            (Kind::Keypair, "mine"),
        ] {
            let id = format!("{name}-id");
            memory.objects.lock().unwrap().insert((kind, id.clone()), json!({"id": id, "name": name}));
        }
        Arc::new(memory)
    }

    pub fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    pub fn named(&self, kind: Kind, name: &str) -> Option<Value> {
        self.objects
            .lock()
            .unwrap()
            .iter()
            .find(|((k, _), value)| *k == kind && value["name"] == name)
            .map(|(_, value)| value.clone())
    }

    pub fn count(&self, kind: Kind) -> usize {
        self.objects.lock().unwrap().keys().filter(|(k, _)| *k == kind).count()
    }

    pub fn forget(&self, kind: Kind, id: &str) {
        self.objects.lock().unwrap().remove(&(kind, id.to_owned()));
    }

    pub fn all(&self, kind: Kind) -> Vec<Value> {
        self.objects.lock().unwrap().iter().filter(|((k, _), _)| *k == kind).map(|(_, value)| value.clone()).collect()
    }

    fn note(&self, what: &str, kind: Kind, name: &str) {
        self.log.lock().unwrap().push(format!("{what} {kind:?} {name}"));
    }

    fn missing(kind: Kind, id: &str) -> ServiceError {
        ServiceError::NotFound { kind, id: id.to_owned() }
    }
}

#[async_trait]
impl Services for Memory {
    async fn create(&self, _: &Scope, kind: Kind, mut body: Value) -> Result<Value, ServiceError> {
        let mut objects = self.objects.lock().unwrap();
        let id = format!("{kind:?}-{}", objects.len());
        body["id"] = json!(id);
        match kind {
            Kind::Server => {
                let status = self.server_status.lock().unwrap().clone().unwrap_or_else(|| "ACTIVE".to_owned());
                body["status"] = json!(status);
                body["addresses"] = json!({"private": [{"addr": format!("10.0.0.{}", objects.len())}]});
            }
            Kind::Volume => body["status"] = json!("available"),
            Kind::Port => body["fixed_ips"] = json!([{"ip_address": format!("10.0.0.{}", objects.len())}]),
            _ => {}
        }
        self.note("create", kind, body["name"].as_str().unwrap_or_default());
        objects.insert((kind, id), body.clone());
        Ok(body)
    }

    async fn show(&self, _: &Scope, kind: Kind, id: &str) -> Result<Value, ServiceError> {
        self.objects.lock().unwrap().get(&(kind, id.to_owned())).cloned().ok_or_else(|| Self::missing(kind, id))
    }

    async fn list(&self, _: &Scope, kind: Kind) -> Result<Vec<Value>, ServiceError> {
        Ok(self.all(kind))
    }

    async fn update(&self, _: &Scope, kind: Kind, id: &str, body: Value) -> Result<Value, ServiceError> {
        let mut objects = self.objects.lock().unwrap();
        let object = objects.get_mut(&(kind, id.to_owned())).ok_or_else(|| Self::missing(kind, id))?;
        for (key, value) in body.as_object().into_iter().flatten() {
            object[key] = value.clone();
        }
        self.note("update", kind, object["name"].as_str().unwrap_or_default());
        Ok(object.clone())
    }

    async fn delete(&self, _: &Scope, kind: Kind, id: &str) -> Result<(), ServiceError> {
        let mut objects = self.objects.lock().unwrap();
        let key = (kind, id.to_owned());
        let object = objects.get(&key).ok_or_else(|| Self::missing(kind, id))?;
        let name = object["name"].as_str().unwrap_or_default().to_owned();
        if self.held.lock().unwrap().contains(&name) {
            return Err(ServiceError::Conflict(format!("{name} is in use.")));
        }
        self.note("delete", kind, &name);
        objects.remove(&key);
        Ok(())
    }

    async fn act(&self, _: &Scope, kind: Kind, id: &str, action: &str, body: Value) -> Result<Value, ServiceError> {
        let mut objects = self.objects.lock().unwrap();
        let object = objects.get_mut(&(kind, id.to_owned())).ok_or_else(|| Self::missing(kind, id))?;
        let name = object["name"].as_str().unwrap_or_default().to_owned();
        if let Some(flavor) = body.get("flavorRef") {
            object["flavorRef"] = flavor.clone();
        }
        if let Some(volume) = body.get("volumeId").and_then(Value::as_str) {
            let status = if action == "attach-volume" { "in-use" } else { "available" };
            let volume =
                objects.get_mut(&(Kind::Volume, volume.to_owned())).ok_or_else(|| Self::missing(Kind::Volume, volume))?;
            volume["status"] = json!(status);
        }
        self.note(action, kind, &name);
        Ok(json!({}))
    }

    async fn find(&self, _: &Scope, kind: Kind, name_or_id: &str) -> Result<Value, ServiceError> {
        let objects = self.objects.lock().unwrap();
        let mut found = objects.iter().filter(|((k, id), value)| *k == kind && (id == name_or_id || value["name"] == name_or_id));
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Ok(value.clone()),
            (None, _) => Err(Self::missing(kind, name_or_id)),
            _ => Err(ServiceError::Ambiguous { kind, name: name_or_id.to_owned() }),
        }
    }
}

pub struct World {
    pub engine: Arc<Engine>,
    pub memory: Arc<Memory>,
    pub faults: Arc<Faults>,
    pub scope: Scope,
}

pub fn world() -> World {
    world_with(Duration::ZERO)
}

pub fn world_with(pace: Duration) -> World {
    let memory = Memory::seeded();
    let faults = Arc::new(Faults::default());
    let engine = Engine::new(memory.clone(), pace, faults.clone());
    engine.set_endpoint("http://heat/orchestration/v1");
    World { engine, memory, faults, scope: scope("demo") }
}

pub fn scope(project: &str) -> Scope {
    Scope {
        project_id: project.to_owned(),
        user_id: "user".to_owned(),
        roles: vec!["member".to_owned()],
        token: "token".into(),
        trust_id: None,
    }
}

/// What a stack is made from, in YAML.
pub fn request(template: &str, files: &[(&str, &str)], parameters: Value) -> Request {
    Request {
        template: Some(json!(template)),
        files: files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
        parameters: parameters.as_object().cloned().unwrap_or_default(),
        ..Request::default()
    }
}

pub fn resources(body: &str) -> String {
    format!("heat_template_version: wallaby\nresources:\n{body}")
}

impl World {
    pub async fn begin(&self, request: Request) -> Result<String, HeatError> {
        self.begin_with(NewStack { name: "s".to_owned(), request, disable_rollback: true, ..NewStack::default() }).await
    }

    pub async fn begin_with(&self, new: NewStack) -> Result<String, HeatError> {
        self.engine.create(&self.scope, new).await.map(|identity| identity.id)
    }

    /// Makes a stack and waits until it is made, or has failed.
    pub async fn create(&self, request: Request) -> String {
        let id = self.begin(request).await.expect("an accepted stack");
        self.engine.idle(&id).await;
        id
    }

    pub async fn create_template(&self, template: &str) -> String {
        self.create(request(template, &[], json!({}))).await
    }

    pub async fn update(&self, id: &str, update: UpdateStack) -> Result<(), HeatError> {
        self.engine.update(&self.scope, id, update).await?;
        self.engine.idle(id).await;
        Ok(())
    }

    pub async fn update_template(&self, id: &str, template: &str) {
        let update = UpdateStack { request: request(template, &[], json!({})), ..UpdateStack::default() };
        self.update(id, update).await.expect("an accepted update");
    }

    pub async fn delete(&self, id: &str) {
        self.engine.delete(&self.scope, id).expect("an accepted delete");
        self.engine.idle(id).await;
    }

    pub fn stack(&self, id: &str) -> Stack {
        self.engine.stack(&self.scope, id, Stack::clone).expect("the stack")
    }

    pub fn state(&self, id: &str) -> (String, String) {
        let stack = self.stack(id);
        (state_name(&stack), stack.reason)
    }

    pub fn nested(&self, id: &str, resource: &str) -> Stack {
        let child = self.stack(id).resources[resource].physical_id.clone().expect("a nested stack");
        self.stack(&child)
    }

    pub fn physical(&self, id: &str, resource: &str) -> String {
        self.stack(id).resources[resource].physical_id.clone().expect("a physical id")
    }

    pub async fn outputs(&self, id: &str) -> Map<String, Value> {
        let outputs = self.engine.outputs(id, true).await;
        outputs.into_iter().map(|o| (o["output_key"].as_str().unwrap().to_owned(), o["output_value"].clone())).collect()
    }

    pub fn fail(&self, kind: &str, name: Option<&str>, action: FaultAction, reason: &str) {
        self.faults.add(Fault::Resource(ResourceFault {
            resource_type: kind.to_owned(),
            resource_name: name.map(str::to_owned),
            action,
            reason: reason.to_owned(),
            times: Some(1),
        }));
    }
}
