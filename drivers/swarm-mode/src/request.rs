//! What this driver reads of a template or a cluster besides what all drivers do.

use jeroboam_driver_common::{Request, given};
use jeroboam_driver_sdk::{Error, invalid};

/// Docker's ports by convention.
const TLS: u16 = 2376;
const PLAIN: u16 = 2375;
/// Those that swarm mode itself listens on: the managers' and the gossip's.
const SWARMS_OWN: &[u16] = &[2377, 7946];

pub trait SwarmRequest {
    /// The port of Docker's API on masters and on their load balancer.
    fn api_port(&self) -> u16;

    /// Whether that port can be had.
    fn check_api_port(&self) -> Result<(), Error>;

    /// Whether clients show certificates to the API.
    fn has_tls(&self) -> bool;

    /// Containers are on swarm's own overlay networks; true if something else was asked for that upstream took and ignored.
    fn ignores_network_driver(&self) -> Result<bool, Error>;
}

impl SwarmRequest for Request<'_> {
    fn api_port(&self) -> u16 {
        self.template.apiserver_port.unwrap_or(if self.has_tls() { TLS } else { PLAIN })
    }

    fn check_api_port(&self) -> Result<(), Error> {
        let port = self.api_port();
        if SWARMS_OWN.contains(&port) {
            return Err(invalid("apiserver_port", format!("port {port} is one of swarm mode's own: use another")));
        }
        Ok(())
    }

    fn has_tls(&self) -> bool {
        !self.template.tls_disabled
    }

    fn ignores_network_driver(&self) -> Result<bool, Error> {
        match given(self.template.network_driver.as_deref()) {
            None | Some("docker") => Ok(false),
            Some("flannel") => Ok(true),
            Some(other) => {
                Err(invalid("network_driver", format!("network driver {other} is not docker, the only one for swarm mode")))
            }
        }
    }
}
