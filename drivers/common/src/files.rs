//! Templates and scripts that drivers share, as entries of `StackDefinition::files`: name and content.

/// The network of nodes: an existing one, or one that it makes. Outputs `fixed_network` and `fixed_subnet`.
pub const NETWORK: (&str, &str) = ("network.yaml", include_str!("../templates/network.yaml"));

/// A load balancer with one listener, pool and monitor. Outputs `pool_id`, `address` and `floating_address`.
pub const LOAD_BALANCER: (&str, &str) = ("load-balancer.yaml", include_str!("../templates/load-balancer.yaml"));

/// The script of the software deployment `node_config_deployment`, whose one input is `parameters`, of type Json.
pub const CONFIGURE_NODE: (&str, &str) = ("configure-node.sh", include_str!("../node/configure-node.sh"));

/// Entries with owned texts.
pub fn owned(files: &[(&str, &str)]) -> Vec<(String, String)> {
    files.iter().map(|(name, content)| ((*name).to_owned(), (*content).to_owned())).collect()
}
