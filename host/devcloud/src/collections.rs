//! Which collection is which resource.

use crate::{barbican, cinder, glance, keystone, neutron, nova, octavia, resource::Resource, services::Kind};

/// Every kind, in an order in which objects could be deleted one by one.
pub const ALL: [Kind; 23] = [
    Kind::StackUser,
    Kind::HealthMonitor,
    Kind::PoolMember,
    Kind::Pool,
    Kind::Listener,
    Kind::LoadBalancer,
    Kind::VolumeAttachment,
    Kind::Server,
    Kind::ServerGroup,
    Kind::Volume,
    Kind::VolumeType,
    Kind::FloatingIp,
    Kind::Router,
    Kind::Port,
    Kind::Subnet,
    Kind::Network,
    Kind::SecurityGroupRule,
    Kind::SecurityGroup,
    Kind::SecretContainer,
    Kind::Secret,
    Kind::Keypair,
    Kind::Image,
    Kind::Flavor,
];

pub fn resource(kind: Kind) -> &'static dyn Resource {
    match kind {
        Kind::Image => &glance::Images,
        Kind::Flavor => &nova::flavors::Flavors,
        Kind::Keypair => &nova::keypairs::Keypairs,
        Kind::Server => &nova::servers::Servers,
        Kind::ServerGroup => &nova::server_groups::ServerGroups,
        Kind::VolumeAttachment => &nova::volume_attachments::VolumeAttachments,
        Kind::Network => &neutron::networks::Networks,
        Kind::Subnet => &neutron::subnets::Subnets,
        Kind::Port => &neutron::ports::Ports,
        Kind::Router => &neutron::routers::Routers,
        Kind::FloatingIp => &neutron::floating_ips::FloatingIps,
        Kind::SecurityGroup => &neutron::security_groups::SecurityGroups,
        Kind::SecurityGroupRule => &neutron::security_group_rules::SecurityGroupRules,
        Kind::Volume => &cinder::volumes::Volumes,
        Kind::VolumeType => &cinder::volume_types::VolumeTypes,
        Kind::LoadBalancer => &octavia::load_balancers::LoadBalancers,
        Kind::Listener => &octavia::listeners::Listeners,
        Kind::Pool => &octavia::pools::Pools,
        Kind::PoolMember => &octavia::members::Members,
        Kind::HealthMonitor => &octavia::health_monitors::HealthMonitors,
        Kind::Secret => &barbican::secrets::Secrets,
        Kind::SecretContainer => &barbican::containers::Containers,
        Kind::StackUser => &keystone::stack_users::StackUsers,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_listed_and_served_by_its_own_resource() {
        for kind in ALL {
            assert_eq!(resource(kind).shape().kind, kind);
        }
        let different: std::collections::BTreeSet<_> = ALL.into_iter().collect();
        assert_eq!(different.len(), ALL.len());
    }
}
