//! The volume driver `rexray`: a plugin of Docker through which containers get Cinder volumes. The script is `node/rexray.sh`.

use jeroboam_driver_sdk::{Error, invalid, labels, settings::Platform};

use crate::{Findings, Request, given, machine, node_settings::NodeSettings};

labels! {
    REXRAY_PREEMPT = "rexray_preempt": boolean, default "false", since "0.1.0", "Whether a node may take a volume away from another that it is attached to.";
    REXRAY_TAG = "rexray_tag": text, default "0.11.4", since "0.1.0", "The tag of the volume plugin rexray/cinder.";
}

/// Whether nodes get the plugin: the template asks for it, and it can act for the cluster's owner.
pub fn is_enabled(request: &Request<'_>, platform: &Platform) -> Result<bool, Error> {
    Ok(is_wanted(request)? && platform.cluster_user_trust)
}

fn is_wanted(request: &Request<'_>) -> Result<bool, Error> {
    match given(request.template.volume_driver.as_deref()) {
        None => Ok(false),
        Some("rexray") => Ok(true),
        Some(other) => Err(invalid("volume_driver", format!("volume driver {other} is not rexray, the only one for Docker"))),
    }
}

/// What can be known to be wrong with it.
pub fn check(request: &Request<'_>, platform: &Platform, findings: &mut Findings) -> Result<(), Error> {
    findings.note(REXRAY_PREEMPT.get(request.labels))?;
    if findings.note(is_wanted(request))? == Some(true) && !platform.cluster_user_trust {
        findings.warn(
            "volume_driver",
            "containers will have no Cinder volumes: the operator does not let clusters act for their owners (cluster_user_trust)",
        );
    }
    Ok(())
}

/// What the script reads, besides the trustee's login.
pub fn add_to(settings: &mut NodeSettings, request: &Request<'_>, platform: &Platform) -> Result<(), Error> {
    settings.set("REXRAY_ENABLED", is_enabled(request, platform)?.to_string());
    settings.set("REXRAY_TAG", REXRAY_TAG.get(request.labels)?);
    settings.set("REXRAY_PREEMPT", REXRAY_PREEMPT.get(request.labels)?.to_string());
    settings.set("REXRAY_AVAILABILITY_ZONE", machine::AVAILABILITY_ZONE.get(request.labels)?);
    Ok(())
}
