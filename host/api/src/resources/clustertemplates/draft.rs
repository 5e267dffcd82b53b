//! From what a request says to a template, and from a template to what a patch can change.

use jeroboam_model::{ClusterTemplate, Labels, ProjectId, ServerType, TemplateId, UserId};
use time::OffsetDateTime;

use super::fields::Draft;
use crate::admission::Refusal;
use crate::fields::Given;
use crate::names;

/// What is not the request's to say.
pub struct Frame {
    pub uuid: TemplateId,
    pub project_id: ProjectId,
    pub user_id: UserId,
    pub created_at: OffsetDateTime,
    pub updated_at: Option<OffsetDateTime>,
}

impl Draft {
    /// Puts defaults where nothing was said.
    pub fn build(self, frame: Frame) -> Result<ClusterTemplate, Refusal> {
        let coe = match self.coe {
            Given::Value(coe) => coe,
            Given::Absent => return Err(Refusal::Coe("Unset")),
            Given::Null => return Err(Refusal::Coe("None")),
        };
        Ok(ClusterTemplate {
            uuid: frame.uuid,
            name: self.name.value().unwrap_or_else(|| names::generate("template")),
            project_id: frame.project_id,
            user_id: frame.user_id,
            coe,
            server_type: self.server_type.value().unwrap_or(ServerType::Vm),
            cluster_distro: self.cluster_distro.value().unwrap_or_default(),
            driver: self.driver.value(),
            image_id: self.image_id.value().unwrap_or_default(),
            flavor_id: self.flavor_id.value(),
            master_flavor_id: self.master_flavor_id.value(),
            keypair_id: self.keypair_id.value(),
            external_network_id: self.external_network_id.value(),
            fixed_network: self.fixed_network.value(),
            fixed_subnet: self.fixed_subnet.value(),
            dns_nameserver: self.dns_nameserver.value().unwrap_or_default(),
            network_driver: self.network_driver.value(),
            volume_driver: self.volume_driver.value(),
            docker_storage_driver: self.docker_storage_driver.value(),
            docker_volume_size: self.docker_volume_size.value(),
            apiserver_port: self.apiserver_port.value().and_then(|port| port.try_into().ok()),
            http_proxy: self.http_proxy.value(),
            https_proxy: self.https_proxy.value(),
            no_proxy: self.no_proxy.value(),
            insecure_registry: self.insecure_registry.value(),
            registry_enabled: self.registry_enabled.value().unwrap_or(false),
            tls_disabled: self.tls_disabled.value().unwrap_or(false),
            master_lb_enabled: self.master_lb_enabled.value().unwrap_or(false),
            floating_ip_enabled: self.floating_ip_enabled.value().unwrap_or(true),
            public: self.public.value().unwrap_or(false),
            hidden: self.hidden.value().unwrap_or(false),
            labels: Labels(self.labels.value().unwrap_or_default()),
            tags: self.tags.value(),
            created_at: frame.created_at,
            updated_at: frame.updated_at,
        })
    }
}

impl From<&ClusterTemplate> for Draft {
    fn from(template: &ClusterTemplate) -> Self {
        let template = template.clone();
        let nameservers = Some(template.dns_nameserver).filter(|addresses| !addresses.is_empty());
        Self {
            uuid: Given::Value(template.uuid.to_string()),
            name: Given::Value(template.name),
            coe: Given::Value(template.coe),
            image_id: Given::Value(template.image_id),
            flavor_id: template.flavor_id.into(),
            master_flavor_id: template.master_flavor_id.into(),
            dns_nameserver: nameservers.into(),
            keypair_id: template.keypair_id.into(),
            external_network_id: template.external_network_id.into(),
            fixed_network: template.fixed_network.into(),
            fixed_subnet: template.fixed_subnet.into(),
            network_driver: template.network_driver.into(),
            apiserver_port: template.apiserver_port.map(u32::from).into(),
            docker_volume_size: template.docker_volume_size.into(),
            cluster_distro: Given::Value(template.cluster_distro),
            http_proxy: template.http_proxy.into(),
            https_proxy: template.https_proxy.into(),
            no_proxy: template.no_proxy.into(),
            volume_driver: template.volume_driver.into(),
            registry_enabled: Given::Value(template.registry_enabled),
            labels: Given::Value(template.labels.0),
            tls_disabled: Given::Value(template.tls_disabled),
            public: Given::Value(template.public),
            server_type: Given::Value(template.server_type),
            insecure_registry: template.insecure_registry.into(),
            docker_storage_driver: template.docker_storage_driver.into(),
            master_lb_enabled: Given::Value(template.master_lb_enabled),
            floating_ip_enabled: Given::Value(template.floating_ip_enabled),
            hidden: Given::Value(template.hidden),
            tags: template.tags.into(),
            driver: template.driver.into(),
        }
    }
}
