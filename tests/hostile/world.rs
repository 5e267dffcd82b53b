//! The cloud that hostile drivers see: it counts what is done to it.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use jeroboam_model::{
    RequestId, Secret,
    driver::{Platform, StackScope},
};
use jeroboam_plugins::{
    CallContext, CoeApi, Flavor, Image, Keypair, LoadBalancer, LoadBalancers, Lookup, Network, Settings, SourceError, Sources,
    Stacks, Subnet, VolumeType,
    interfaces::{
        coe_api::{Request, Response},
        stacks::StackResource,
    },
};

/// What the host knows and a driver must not. Guests have it written in them.
pub const SECRET: &str = "gAAAAABtrustee-password";

/// One load balancer of this cluster's (`lb-1`), one of another's (`lb-2`); a network of this project's; flavors, of which `slow` never comes and `late` takes a while.
#[derive(Clone, Default)]
pub struct World {
    effects: Arc<Mutex<Vec<String>>>,
}

impl World {
    /// What was done.
    pub fn effects(&self) -> Vec<String> {
        self.effects.lock().unwrap().clone()
    }

    pub fn context(&self, request_id: RequestId) -> CallContext {
        let sources = Sources::none()
            .with_secrets([Secret::new(SECRET)])
            .with_settings(self.clone())
            .with_lookup(self.clone())
            .with_load_balancers(self.clone())
            .with_stacks(self.clone())
            .with_coe_api(self.clone());
        CallContext { request_id, sources }
    }

    fn none<T>(&self) -> Result<T, SourceError> {
        Err(SourceError::NotFound("there is no such thing in this project".into()))
    }
}

#[async_trait]
impl Settings for World {
    async fn get_platform(&self) -> Platform {
        Platform::default()
    }

    async fn get(&self, _: &str, _: &str) -> Option<String> {
        None
    }
}

#[async_trait]
impl LoadBalancers for World {
    async fn list_owned(&self) -> Result<Vec<LoadBalancer>, SourceError> {
        let owned = |id: &str| LoadBalancer {
            id: id.into(),
            name: "kube_service".into(),
            description: String::new(),
            provisioning_status: "ACTIVE".into(),
            vip_port_id: None,
        };
        Ok(vec![owned("lb-1")])
    }

    async fn delete(&self, id: &str) -> Result<(), SourceError> {
        self.effects.lock().unwrap().push(format!("deleted {id}"));
        Ok(())
    }
}

#[async_trait]
impl Stacks for World {
    async fn list_outputs(&self, _: StackScope) -> Result<Vec<(String, serde_json::Value)>, SourceError> {
        Ok(vec![("leak".into(), SECRET.into())])
    }

    async fn list_resources(&self, _: StackScope, _: u32) -> Result<Vec<StackResource>, SourceError> {
        Ok(vec![])
    }
}

#[async_trait]
impl CoeApi for World {
    async fn send(&self, request: Request) -> Result<Response, SourceError> {
        self.effects.lock().unwrap().push(format!("{} {}", request.method.as_str(), request.path));
        Ok(Response { status: 200, headers: vec![], body: vec![] })
    }
}

#[async_trait]
impl Lookup for World {
    async fn get_image(&self, _: &str) -> Result<Image, SourceError> {
        self.none()
    }
    async fn get_flavor(&self, name_or_id: &str) -> Result<Flavor, SourceError> {
        if name_or_id == "slow" {
            std::future::pending::<()>().await;
        }
        if name_or_id == "late" {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Ok(Flavor { id: "1".into(), name: name_or_id.into(), vcpus: 1, ram: 2048, disk: 20 })
    }
    async fn get_network(&self, _: &str) -> Result<Network, SourceError> {
        self.none()
    }
    async fn get_external_network(&self, _: &str) -> Result<Network, SourceError> {
        self.none()
    }
    async fn get_subnet(&self, _: &str) -> Result<Subnet, SourceError> {
        self.none()
    }
    async fn list_volume_types(&self) -> Result<Vec<VolumeType>, SourceError> {
        self.none()
    }
    async fn get_keypair(&self, _: &str) -> Result<Keypair, SourceError> {
        self.none()
    }
    async fn list_regions(&self) -> Result<Vec<String>, SourceError> {
        self.none()
    }
}
