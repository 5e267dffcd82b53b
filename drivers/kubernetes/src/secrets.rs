//! The parameters that the host fills in after this driver has returned.

use jeroboam_driver_common::Parameters;
use jeroboam_driver_sdk::{Cluster, SecretName};

/// The login of nodes. A registry wants to know it by name.
pub fn of_nodes(list: &mut Parameters, cluster: &Cluster) {
    list.add_trustee();
    if cluster.template.registry_enabled {
        list.add("trustee_username", SecretName::TrusteeUsername);
        list.add("trustee_domain_id", SecretName::TrusteeDomainId);
    }
}

pub fn of_masters(list: &mut Parameters) {
    list.add("kube_service_account_key", SecretName::ServiceAccountPublicKey);
    list.add("kube_service_account_private_key", SecretName::ServiceAccountPrivateKey);
}
