//! Each source, watched.

use std::sync::Arc;

use async_trait::async_trait;
use jeroboam_model::{
    Authority, Effect,
    driver::{Platform, StackScope},
};

use super::{Watch, Watched};
use crate::{
    Certificates, CoeApi, Flavor, FloatingIp, FloatingIps, Image, Interface, Keypair, LoadBalancer, LoadBalancers, Lookup,
    Network, Settings, SourceError, Sources, StackResource, Stacks, Subnet, Volume, VolumeType, Volumes,
    interfaces::coe_api::{Method, Request, Response},
};

impl Sources {
    /// The same sources, each question and effect of which is seen.
    pub(crate) fn watched(self, watch: &Arc<Watch>) -> Self {
        macro_rules! watched {
            ($($field:ident),+) => {
                Self { $($field: Arc::new(Watched { source: self.$field, watch: Arc::clone(watch) }),)+ ..self }
            };
        }
        watched!(settings, lookup, stacks, load_balancers, volumes, floating_ips, certificates, coe_api)
    }
}

type Answer<T> = Result<T, SourceError>;

/// A source that is only asked: `name("function")(argument: type) -> answer`.
macro_rules! asked {
    ($trait:ident: $($name:ident($function:literal)($($argument:ident: $type:ty),*) -> $answer:ty;)+) => {
        #[async_trait]
        impl $trait for Watched<dyn $trait> {
            $(async fn $name(&self, $($argument: $type),*) -> $answer {
                self.watch.time(Interface::$trait, $function, self.source.$name($($argument),*)).await
            })+
        }
    };
}

asked! { Settings:
    get_platform("get-platform")() -> Platform;
    get("get")(driver: &str, name: &str) -> Option<String>;
}

asked! { Lookup:
    get_image("get-image")(name_or_id: &str) -> Answer<Image>;
    get_flavor("get-flavor")(name_or_id: &str) -> Answer<Flavor>;
    get_network("get-network")(name_or_id: &str) -> Answer<Network>;
    get_external_network("get-external-network")(name_or_id: &str) -> Answer<Network>;
    get_subnet("get-subnet")(name_or_id: &str) -> Answer<Subnet>;
    list_volume_types("list-volume-types")() -> Answer<Vec<VolumeType>>;
    get_keypair("get-keypair")(name: &str) -> Answer<Keypair>;
    list_regions("list-regions")() -> Answer<Vec<String>>;
}

asked! { Stacks:
    list_outputs("list-outputs")(scope: StackScope) -> Answer<Vec<(String, serde_json::Value)>>;
    list_resources("list-resources")(scope: StackScope, depth: u32) -> Answer<Vec<StackResource>>;
}

/// What is listed, and deleted by its id.
macro_rules! owned {
    ($($trait:ident, $item:ident, $effect:ident;)+) => {$(
        #[async_trait]
        impl $trait for Watched<dyn $trait> {
            async fn list_owned(&self) -> Answer<Vec<$item>> {
                self.watch.time(Interface::$trait, "list-owned", self.source.list_owned()).await
            }

            async fn delete(&self, id: &str) -> Answer<()> {
                self.watch.effect(Interface::$trait, Effect::$effect, id, self.source.delete(id)).await
            }
        }
    )+};
}

owned! {
    LoadBalancers, LoadBalancer, DeleteLoadBalancer;
    Volumes, Volume, DeleteVolume;
    FloatingIps, FloatingIp, DeleteFloatingIp;
}

#[async_trait]
impl Certificates for Watched<dyn Certificates> {
    async fn get_ca(&self, authority: Authority) -> Answer<String> {
        self.watch.time(Interface::Certificates, "get-ca", self.source.get_ca(authority)).await
    }

    async fn sign(&self, authority: Authority, request: &str) -> Answer<String> {
        let target = authority.as_str();
        self.watch.effect(Interface::Certificates, Effect::SignCertificate, target, self.source.sign(authority, request)).await
    }

    async fn issue(&self, authority: Authority, common_name: &str, organizations: &[String]) -> Answer<String> {
        let target = format!("{} {common_name}", authority.as_str());
        let issued = self.source.issue(authority, common_name, organizations);
        self.watch.effect(Interface::Certificates, Effect::IssueCertificate, &target, issued).await
    }
}

#[async_trait]
impl CoeApi for Watched<dyn CoeApi> {
    async fn send(&self, request: Request) -> Answer<Response> {
        if matches!(request.method, Method::Get | Method::Head) {
            return self.watch.time(Interface::CoeApi, "send", self.source.send(request)).await;
        }
        // A query may hold what a body would.
        let path = request.path.split('?').next().unwrap_or_default();
        let target = format!("{} {path}", request.method.as_str());
        self.watch.effect(Interface::CoeApi, Effect::ChangeByCoeApi, &target, self.source.send(request)).await
    }
}
