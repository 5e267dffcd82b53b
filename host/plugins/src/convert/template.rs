//! Templates and cluster types, to guests.

use jeroboam_model::ClusterTemplate;

use super::pairs;
use crate::bindings::jeroboam::coe::types;

pub(crate) fn template(template: &ClusterTemplate) -> types::ClusterTemplate {
    types::ClusterTemplate {
        uuid: template.uuid.to_string(),
        name: template.name.clone(),
        cluster_type: types::ClusterType {
            server_type: template.server_type.as_str().to_owned(),
            os_distro: template.cluster_distro.clone(),
            coe: template.coe.as_str().to_owned(),
        },
        image: template.image_id.clone(),
        flavor: template.flavor_id.clone(),
        master_flavor: template.master_flavor_id.clone(),
        keypair: template.keypair_id.clone(),
        external_network: template.external_network_id.clone(),
        fixed_network: template.fixed_network.clone(),
        fixed_subnet: template.fixed_subnet.clone(),
        dns_nameservers: template.dns_nameserver.iter().map(ToString::to_string).collect(),
        network_driver: template.network_driver.clone(),
        volume_driver: template.volume_driver.clone(),
        docker_storage_driver: template.docker_storage_driver.clone(),
        docker_volume_size: template.docker_volume_size,
        apiserver_port: template.apiserver_port,
        http_proxy: template.http_proxy.clone(),
        https_proxy: template.https_proxy.clone(),
        no_proxy: template.no_proxy.clone(),
        insecure_registry: template.insecure_registry.clone(),
        registry_enabled: template.registry_enabled,
        tls_disabled: template.tls_disabled,
        master_lb_enabled: template.master_lb_enabled,
        floating_ip_enabled: template.floating_ip_enabled,
        labels: pairs(&template.labels),
        extras: Vec::new(),
    }
}
