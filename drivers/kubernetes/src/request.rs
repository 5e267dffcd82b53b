//! Which of a request's fields this driver understands.

use jeroboam_driver_common::{Request, given};
use jeroboam_driver_sdk::{Error, invalid};

/// How pods reach each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkDriver {
    Flannel,
    Calico,
    Cilium,
}

/// What Kubernetes makes of a request.
pub trait KubernetesRequest {
    /// The network driver; flannel if nobody chose one.
    fn network_driver(&self) -> Result<NetworkDriver, Error>;
    /// Whether pods are to have Cinder volumes.
    fn wants_cinder(&self) -> Result<bool, Error>;
    /// The port at which users reach the API.
    fn api_port(&self) -> u16;
    /// The port at which nodes reach it, always with TLS.
    fn secure_port(&self) -> u16;
}

impl KubernetesRequest for Request<'_> {
    fn network_driver(&self) -> Result<NetworkDriver, Error> {
        match given(self.template.network_driver.as_deref()) {
            None | Some("flannel") => Ok(NetworkDriver::Flannel),
            Some("calico") => Ok(NetworkDriver::Calico),
            Some("cilium") => Ok(NetworkDriver::Cilium),
            Some(other) => {
                Err(invalid("network_driver", format!("network driver {other} is not one of: flannel, calico, cilium")))
            }
        }
    }

    fn wants_cinder(&self) -> Result<bool, Error> {
        match given(self.template.volume_driver.as_deref()) {
            None => Ok(false),
            Some("cinder") => Ok(true),
            Some(other) => {
                Err(invalid("volume_driver", format!("volume driver {other} is not cinder, the only one for Kubernetes")))
            }
        }
    }

    fn api_port(&self) -> u16 {
        let usual = if self.template.tls_disabled { 8080 } else { 6443 };
        self.template.apiserver_port.unwrap_or(usual)
    }

    fn secure_port(&self) -> u16 {
        match (self.template.tls_disabled, self.api_port()) {
            (false, port) => port,
            (true, 6443) => 16_443,
            (true, _) => 6443,
        }
    }
}
