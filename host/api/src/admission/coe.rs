//! What an engine can be combined with.

use jeroboam_model::Coe;

use super::Refusal;
use crate::config::ApiConfig;

/// The smallest volume that the devicemapper storage driver works with, in GB.
const DEVICEMAPPER_MINIMUM: u32 = 3;

const fn supported_network_drivers(coe: Coe) -> &'static [&'static str] {
    match coe {
        Coe::Kubernetes => &["flannel", "calico", "cilium"],
        Coe::SwarmMode | Coe::Swarm => &["docker", "flannel"],
        Coe::Mesos => &["docker"],
    }
}

const fn supported_volume_driver(coe: Coe) -> &'static str {
    match coe {
        Coe::Kubernetes => "cinder",
        Coe::SwarmMode | Coe::Swarm | Coe::Mesos => "rexray",
    }
}

/// For a template that names none.
pub fn default_network_driver(coe: Coe, config: &ApiConfig) -> Option<String> {
    config.network_drivers.get(&coe).map(|drivers| drivers.default.clone())
}

/// Supported by the engine, then allowed by the operator.
pub fn check_network_driver(coe: Coe, driver: &str, config: &ApiConfig) -> Result<(), Refusal> {
    let refuse = |verb, expected: Vec<String>| Err(Refusal::NetworkDriver { driver: crate::error::echo(driver), verb, expected });
    let supported = supported_network_drivers(coe);
    if !supported.contains(&driver) {
        return refuse("supported", supported.iter().map(|name| (*name).to_owned()).collect());
    }
    match config.network_drivers.get(&coe).and_then(|drivers| drivers.allowed.as_ref()) {
        Some(allowed) if !allowed.iter().any(|name| name == driver) => refuse("allowed", allowed.clone()),
        _ => Ok(()),
    }
}

pub fn check_volume_driver(coe: Coe, driver: Option<&str>) -> Result<(), Refusal> {
    let expected = supported_volume_driver(coe);
    match driver {
        Some(driver) if driver != expected => Err(Refusal::VolumeDriver { driver: crate::error::echo(driver), expected }),
        _ => Ok(()),
    }
}

pub fn check_docker_volume(storage_driver: Option<&str>, size: Option<u32>) -> Result<(), Refusal> {
    let enough = size.is_some_and(|size| size >= DEVICEMAPPER_MINIMUM);
    if storage_driver == Some("devicemapper") && !enough {
        return Err(Refusal::DockerVolumeSize { size, minimum: DEVICEMAPPER_MINIMUM });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::NetworkDrivers;

    #[test]
    fn a_network_driver_is_supported_and_then_allowed() {
        let mut config = ApiConfig::default();
        assert!(check_network_driver(Coe::Kubernetes, "cilium", &config).is_ok());
        let allowed = Some(vec!["flannel".to_owned(), "calico".to_owned()]);
        config.network_drivers.insert(Coe::Kubernetes, NetworkDrivers { allowed, default: "flannel".to_owned() });
        let refusal = |coe, driver| check_network_driver(coe, driver, &config).err().map(|error| error.to_string());
        assert_eq!(refusal(Coe::Kubernetes, "calico"), None);
        assert_eq!(
            refusal(Coe::Kubernetes, "foo").unwrap(),
            "Network driver type foo is not supported, expecting a flannel/calico/cilium/unspecified network driver."
        );
        assert_eq!(
            refusal(Coe::Kubernetes, "cilium").unwrap(),
            "Network driver type cilium is not allowed, expecting a flannel/calico/unspecified network driver."
        );
        assert_eq!(refusal(Coe::SwarmMode, "flannel"), None);
    }

    #[test]
    fn devicemapper_needs_a_volume() {
        let refusal = |driver, size| check_docker_volume(Some(driver), size).err().map(|error| error.to_string());
        assert!(refusal("devicemapper", None).unwrap().starts_with("docker volume size None GB is not valid"));
        assert!(refusal("devicemapper", Some(2)).unwrap().starts_with("docker volume size 2 GB is not valid"));
        assert_eq!(refusal("devicemapper", Some(3)), None);
        assert_eq!(refusal("overlay2", None), None);
    }
}
