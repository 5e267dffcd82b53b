//! A world in which every import has an answer, and remembers what it was asked to do.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jeroboam_model::{Authority, driver::Platform, driver::StackScope};
use jeroboam_plugins::{
    CallContext, Certificates, CoeApi, Flavor, FloatingIp, FloatingIps, Image, Keypair, LoadBalancer, LoadBalancers, Lookup,
    Network, Settings, SourceError, Sources, StackResource, Stacks, Subnet, Volume, VolumeType, Volumes,
    interfaces::coe_api::{Request, Response},
};

use super::context;

#[derive(Clone, Default)]
pub struct Whole {
    done: Arc<Mutex<Vec<String>>>,
}

impl Whole {
    /// What was deleted and sent, in order.
    pub fn done(&self) -> Vec<String> {
        self.done.lock().unwrap().clone()
    }

    pub fn context(&self) -> CallContext {
        let sources = Sources::none()
            .with_settings(self.clone())
            .with_lookup(self.clone())
            .with_stacks(self.clone())
            .with_load_balancers(Octavia(self.clone()))
            .with_volumes(Cinder(self.clone()))
            .with_floating_ips(Neutron(self.clone()))
            .with_certificates(self.clone())
            .with_coe_api(self.clone());
        CallContext { sources, ..context() }
    }

    fn doing(&self, what: String) {
        self.done.lock().unwrap().push(what);
    }
}

type Answer<T> = Result<T, SourceError>;

fn network(id: &str, name: &str, external: bool) -> Network {
    Network { id: id.into(), name: name.into(), external, subnets: vec!["s-1".into(), "s-2".into()] }
}

#[async_trait]
impl Settings for Whole {
    async fn get_platform(&self) -> Platform {
        Platform { region: "RegionOne".into(), verify_ca: true, boot_volume_size: 20, ..Platform::default() }
    }
    async fn get(&self, driver: &str, name: &str) -> Option<String> {
        Some(format!("{driver}/{name}"))
    }
}

#[async_trait]
impl Lookup for Whole {
    async fn get_image(&self, name: &str) -> Answer<Image> {
        let properties = vec![("a".into(), "b".into())];
        Ok(Image { id: "i-1".into(), name: name.into(), min_disk: 10, os_distro: Some("contract".into()), properties })
    }
    async fn get_flavor(&self, name: &str) -> Answer<Flavor> {
        Ok(Flavor { id: "f-1".into(), name: name.into(), vcpus: 2, ram: 4096, disk: 40 })
    }
    async fn get_network(&self, name: &str) -> Answer<Network> {
        Ok(network("n-1", name, false))
    }
    async fn get_external_network(&self, name: &str) -> Answer<Network> {
        Ok(network("n-2", name, true))
    }
    async fn get_subnet(&self, name: &str) -> Answer<Subnet> {
        Ok(Subnet { id: "s-1".into(), name: name.into(), network_id: "n-1".into(), cidr: "10.0.0.0/24".into(), ip_version: 4 })
    }
    async fn list_volume_types(&self) -> Answer<Vec<VolumeType>> {
        let kind = |id: &str, is_default| VolumeType { id: id.into(), name: format!("type {id}"), is_default };
        Ok(vec![kind("1", true), kind("2", false)])
    }
    async fn get_keypair(&self, name: &str) -> Answer<Keypair> {
        Ok(Keypair { name: name.into(), public_key: "ssh-ed25519 AAAA".into() })
    }
    async fn list_regions(&self) -> Answer<Vec<String>> {
        Ok(vec!["RegionOne".into(), "RegionTwo".into()])
    }
}

#[async_trait]
impl Stacks for Whole {
    async fn list_outputs(&self, _: StackScope) -> Answer<Vec<(String, serde_json::Value)>> {
        Ok(vec![("network".into(), serde_json::json!(["n-1"]))])
    }
    async fn list_resources(&self, _: StackScope, depth: u32) -> Answer<Vec<StackResource>> {
        let server = |id: String| StackResource {
            name: "node".into(),
            resource_type: "OS::Nova::Server".into(),
            status: "CREATE_COMPLETE".into(),
            status_reason: String::new(),
            physical_id: id,
            parent: Some("group".into()),
        };
        Ok((0..depth).map(|number| server(format!("server-{number}"))).collect())
    }
}

#[async_trait]
impl Certificates for Whole {
    async fn get_ca(&self, authority: Authority) -> Answer<String> {
        Ok(format!("{authority:?}"))
    }
    async fn sign(&self, authority: Authority, request: &str) -> Answer<String> {
        Ok(format!("{authority:?} {request}"))
    }
    async fn issue(&self, authority: Authority, name: &str, organizations: &[String]) -> Answer<String> {
        Ok(format!("{authority:?} {name} {}", organizations.join(",")))
    }
}

#[async_trait]
impl CoeApi for Whole {
    async fn send(&self, request: Request) -> Answer<Response> {
        self.doing(format!("{:?} {} {:?} {:?}", request.method, request.path, request.headers, request.identity));
        Ok(Response { status: 200, headers: vec![], body: b"ok".to_vec() })
    }
}

struct Octavia(Whole);
struct Cinder(Whole);
struct Neutron(Whole);

#[async_trait]
impl LoadBalancers for Octavia {
    async fn list_owned(&self) -> Answer<Vec<LoadBalancer>> {
        let (id, name) = ("lb-1".to_owned(), "kube".to_owned());
        Ok(vec![LoadBalancer { id, name, description: String::new(), provisioning_status: "ACTIVE".into(), vip_port_id: None }])
    }
    async fn delete(&self, id: &str) -> Answer<()> {
        self.0.doing(format!("load balancer {id}"));
        Ok(())
    }
}

#[async_trait]
impl Volumes for Cinder {
    async fn list_owned(&self) -> Answer<Vec<Volume>> {
        Ok(vec![Volume { id: "v-1".into(), name: "pvc".into(), size: 1, status: "available".into() }])
    }
    async fn delete(&self, id: &str) -> Answer<()> {
        self.0.doing(format!("volume {id}"));
        Ok(())
    }
}

#[async_trait]
impl FloatingIps for Neutron {
    async fn list_owned(&self) -> Answer<Vec<FloatingIp>> {
        let (id, address) = ("fip-1".to_owned(), "203.0.113.9".to_owned());
        Ok(vec![FloatingIp { id, address, description: String::new(), port_id: None }])
    }
    async fn delete(&self, id: &str) -> Answer<()> {
        self.0.doing(format!("address {id}"));
        Ok(())
    }
}
