//! What the scripts in `node/` read from `/etc/sysconfig/heat-params`, as far as it is known before the stack is made. Templates add what only Heat knows
//! (addresses, ids of volumes) and the secrets.

use jeroboam_driver_sdk::{
    Cluster, Error, Pair, Value as Parameter,
    labels::{DefaultedLabel, Text},
    settings,
};
use serde_json::{Map, Value};

use crate::{images, machine, operating_system::OperatingSystem, proxies::Proxies};

/// Shell variables by name.
#[derive(Clone, Debug, Default)]
pub struct NodeSettings(Map<String, Value>);

impl NodeSettings {
    /// What the shared scripts read: `OPERATING_SYSTEM`, `CLUSTER_UUID`, `AUTH_URL`, `MAGNUM_URL`, `REGION_NAME`, `VERIFY_CA`, `SELINUX_MODE`,
    /// `CONTAINER_INFRA_PREFIX`, `INSECURE_REGISTRY_URL`, `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, and `GUARDED_NETWORKS`: those of
    /// containers, separated by spaces, which cannot reach the server's metadata.
    pub fn of(cluster: &Cluster, system: OperatingSystem, proxies: &Proxies, guarded_networks: &[String]) -> Result<Self, Error> {
        let platform = settings::get_platform();
        let mut settings = Self::default();
        settings.set("OPERATING_SYSTEM", system.family());
        settings.set("CLUSTER_UUID", &*cluster.uuid);
        settings.set("AUTH_URL", platform.identity_url.trim_end_matches('/'));
        settings.set("MAGNUM_URL", platform.container_infra_url.trim_end_matches('/'));
        settings.set("REGION_NAME", platform.region);
        settings.set("VERIFY_CA", platform.verify_ca.to_string());
        settings.set("SELINUX_MODE", machine::SELINUX_MODE.get(&cluster.labels)?);
        settings.set("CONTAINER_INFRA_PREFIX", images::CONTAINER_INFRA_PREFIX.get(&cluster.labels)?);
        settings.set("INSECURE_REGISTRY_URL", cluster.template.insecure_registry.as_deref().unwrap_or_default());
        settings.set("HTTP_PROXY", &*proxies.http);
        settings.set("HTTPS_PROXY", &*proxies.https);
        settings.set("NO_PROXY", &*proxies.exceptions);
        settings.set("GUARDED_NETWORKS", guarded_networks.join(" "));
        Ok(settings)
    }

    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.to_owned(), Value::String(value.into()));
    }

    /// Labels that nodes read as they are: the variable's name is the label's in capitals.
    pub fn hand_on(&mut self, names: &[&DefaultedLabel<Text>], labels: &[Pair]) -> Result<(), Error> {
        for label in names {
            self.set(&label.0.name.to_ascii_uppercase(), label.get(labels)?);
        }
        Ok(())
    }
}

impl From<NodeSettings> for Parameter {
    fn from(settings: NodeSettings) -> Self {
        Value::Object(settings.0).into()
    }
}
