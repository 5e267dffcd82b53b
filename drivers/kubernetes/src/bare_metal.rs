//! What servers of Ironic cannot have: they boot from their own disk and attach no Cinder volumes, and their network is the one that they are wired to.

use jeroboam_driver_common::{Findings, Request, given, volumes};
use jeroboam_driver_sdk::{
    ClusterTemplate, Pair,
    settings::{self, Platform},
};

use crate::labels;

pub fn is(template: &ClusterTemplate) -> bool {
    template.cluster_type.server_type == "bm"
}

/// The cloud as these servers see it: the operator's choice of boot volumes is for virtual ones.
pub fn platform(template: &ClusterTemplate) -> Platform {
    let mut platform = settings::get_platform();
    if is(template) {
        platform.boot_volume_size = 0;
    }
    platform
}

/// Refuses what they cannot have. `volume_size`: the volumes for containers, where somebody asks for them.
pub fn check(request: &Request<'_>, volume_size: Option<u32>, findings: &mut Findings) {
    if !is(request.template) {
        return;
    }
    if request.makes_network() {
        findings.refuse("fixed_network", "name the network that bare metal servers are wired to: none can be made for them");
    }
    if volume_size.is_some_and(|size| size > 0) {
        findings
            .refuse("docker_volume_size", "bare metal servers attach no volumes: leave it out, containers are kept on the disk");
    }
    if given(request.template.volume_driver.as_deref()) == Some("cinder") {
        findings.refuse("volume_driver", "bare metal servers attach no Cinder volumes: leave it out");
    }
    for (label, size) in sizes(request.labels) {
        if size > 0 {
            let message =
                format!("label {label}: bare metal servers attach no volumes and boot from their own disk: leave it out");
            findings.refuse(&format!("labels/{label}"), message);
        }
    }
}

/// Those that are no numbers are refused elsewhere.
fn sizes(labels: &[Pair]) -> [(&'static str, i64); 2] {
    [
        (volumes::BOOT_VOLUME_SIZE.name, volumes::BOOT_VOLUME_SIZE.find(labels).ok().flatten().unwrap_or(0)),
        (labels::ETCD_VOLUME_SIZE.0.name, labels::ETCD_VOLUME_SIZE.get(labels).unwrap_or(0)),
    ]
}
