//! Removes what a cluster's own controllers made in the cloud and Heat does not know of. Load balancers hold ports in the cluster's network, which Heat
//! could not delete around them; floating IPs and volumes would stay behind.

use jeroboam_driver_sdk::{Error, Progress, Retry, floating_ips, load_balancers, log, volumes};

/// Milliseconds until the next look: Octavia takes seconds for a deletion.
const PAUSE: u32 = 5_000;

/// What is to go, of what belongs to the cluster.
pub struct Cleanup<'a> {
    /// Which load balancers and floating IPs the cluster's controllers made, by description. Those that a stack made belong to Heat.
    pub made: &'a dyn Fn(&str) -> bool,
    /// Whether volumes go with the cluster. They hold users' data.
    pub volumes: bool,
}

impl Cleanup<'_> {
    /// To be called until it is done.
    pub fn run(&self) -> Result<Progress, Error> {
        let mut left = self.load_balancers()?;
        if left.is_empty() {
            // Not before: a controller would give a service that has lost its address another one.
            self.floating_ips()?;
            if self.volumes {
                left = delete_volumes()?;
            }
        }
        if left.is_empty() {
            return Ok(Progress::Done);
        }
        Ok(Progress::Waiting(Retry { message: format!("waiting for {} to go", left.join(", ")), after_ms: PAUSE }))
    }

    fn load_balancers(&self) -> Result<Vec<String>, Error> {
        let mut left = Vec::new();
        for balancer in load_balancers::list_owned()? {
            if !(self.made)(&balancer.description) || balancer.provisioning_status == "DELETED" {
                continue;
            }
            let what = format!("load balancer {}", balancer.name);
            if balancer.provisioning_status != "PENDING_DELETE" {
                delete(&what, load_balancers::delete(&balancer.id))?;
            }
            left.push(what);
        }
        Ok(left)
    }

    fn floating_ips(&self) -> Result<(), Error> {
        for address in floating_ips::list_owned()? {
            if (self.made)(&address.description) {
                floating_ips::delete(&address.id)?;
            }
        }
        Ok(())
    }
}

/// Those in use stay until their servers are gone; they are told of in the log, since no later look comes.
fn delete_volumes() -> Result<Vec<String>, Error> {
    let mut left = Vec::new();
    for volume in volumes::list_owned()? {
        let what = format!("volume {}", volume.name);
        match volume.status.as_str() {
            "deleting" => left.push(what),
            "in-use" | "attaching" | "detaching" => {
                log::warning(&format!("{what} ({}) is {} and stays behind", volume.id, volume.status));
            }
            _ => {
                delete(&what, volumes::delete(&volume.id))?;
                left.push(what);
            }
        }
    }
    Ok(left)
}

/// What is being changed cannot be deleted yet; the next look tries again.
fn delete(what: &str, answer: Result<(), Error>) -> Result<(), Error> {
    match answer {
        Ok(()) | Err(Error::NotFound(_)) => Ok(()),
        Err(Error::Conflict(reason)) => {
            log::info(&format!("{what} cannot be deleted yet: {reason}"));
            Ok(())
        }
        Err(other) => Err(other),
    }
}
