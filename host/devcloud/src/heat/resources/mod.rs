//! The resource types: a table of properties, and what to do with them, one file for each.

pub mod common;
pub mod plugin;
pub mod schema;

mod floating_ip;
mod floating_ip_association;
mod health_monitor;
mod keypair;
mod listener;
mod load_balancer;
mod net;
mod pool;
mod pool_member;
mod port;
mod random_string;
mod resource_chain;
mod resource_group;
mod router;
mod router_interface;
mod secret;
mod security_group;
mod security_group_rule;
mod server;
mod server_group;
mod software_config;
mod software_deployment;
mod software_deployment_group;
mod stack;
mod subnet;
mod test_resource;
mod value;
mod volume;
mod volume_attachment;
mod wait_condition;
mod wait_condition_handle;

use plugin::Plugin;

static PLUGINS: &[&dyn Plugin] = &[
    &server::Server,
    &server_group::ServerGroup,
    &keypair::KeyPair,
    &net::Net,
    &subnet::Subnet,
    &port::Port,
    &router::Router,
    &router_interface::RouterInterface,
    &floating_ip::FloatingIp,
    &floating_ip_association::FloatingIpAssociation,
    &security_group::SecurityGroup,
    &security_group_rule::SecurityGroupRule,
    &volume::Volume,
    &volume_attachment::VolumeAttachment,
    &load_balancer::LoadBalancer,
    &listener::Listener,
    &pool::Pool,
    &pool_member::PoolMember,
    &health_monitor::HealthMonitor,
    &secret::Secret,
    &software_config::SoftwareConfig::Script,
    &software_config::SoftwareConfig::Structured,
    &software_config::SoftwareConfig::CloudInit,
    &software_config::SoftwareConfig::Multipart,
    &software_deployment::SoftwareDeployment::Software,
    &software_deployment::SoftwareDeployment::Structured,
    &software_deployment_group::SoftwareDeploymentGroup,
    &wait_condition::WaitCondition,
    &wait_condition_handle::WaitConditionHandle,
    &resource_group::ResourceGroup,
    &resource_chain::ResourceChain,
    &stack::Stack,
    &random_string::RandomString,
    &value::Value,
    &test_resource::TestResource,
    &test_resource::Nothing,
];

/// The plugin of a resource type.
#[must_use]
pub fn plugin(name: &str) -> Option<&'static dyn Plugin> {
    PLUGINS.iter().copied().find(|plugin| plugin.name() == name)
}

/// Every resource type.
pub fn names() -> impl Iterator<Item = &'static str> {
    PLUGINS.iter().map(|plugin| plugin.name())
}
