//! The registry that `registry_enabled` asks for: one on each node, over the object store of the cluster's owner. The script is `node/registry.sh`.

use jeroboam_driver_common::{Findings, NodeSettings, Parameters, Request};
use jeroboam_driver_sdk::{Error, SecretName, settings, settings::Platform};

use crate::labels;

/// The container in the object store, unless the operator's option `registry_container` of the driver's section names another.
const CONTAINER: &str = "docker_registry";

/// Whether nodes get one: the template asks for it, and it can act for the cluster's owner.
pub fn is_enabled(request: &Request<'_>, platform: &Platform) -> bool {
    request.template.registry_enabled && platform.cluster_user_trust
}

pub fn check(request: &Request<'_>, platform: &Platform, findings: &mut Findings) {
    if request.template.registry_enabled && !platform.cluster_user_trust {
        findings.warn(
            "registry_enabled",
            "there will be no registry: the operator does not let clusters act for their owners (cluster_user_trust)",
        );
    }
}

/// What the script reads, besides the trustee's login.
pub fn add_to(settings: &mut NodeSettings, request: &Request<'_>, platform: &Platform) -> Result<(), Error> {
    settings.set("REGISTRY_ENABLED", is_enabled(request, platform).to_string());
    settings.set("REGISTRY_TAG", labels::REGISTRY_TAG.get(request.labels)?);
    settings.set("REGISTRY_CONTAINER", settings::get("registry_container").unwrap_or_else(|| CONTAINER.to_owned()));
    Ok(())
}

/// Swift's client logs in by name.
pub fn add_login(parameters: &mut Parameters) {
    parameters.add("trustee_username", SecretName::TrusteeUsername);
    parameters.add("trustee_domain_id", SecretName::TrusteeDomainId);
}
