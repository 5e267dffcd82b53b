//! Compute: servers that are never booted, and what goes with them.

mod actions;
mod block_devices;
pub mod flavors;
pub mod keypairs;
mod limits;
mod networking;
mod rest;
pub mod server_groups;
pub mod servers;
pub mod volume_attachments;

pub use rest::router;

use crate::{
    quota::{self, Exceeded},
    refusal::{Problem, Refusal},
    service::Service,
    state::State,
};

/// Refuses what would pass the project's quotas: `(resource, how much more)`.
pub fn admit(state: &State, project: &str, wanted: &[(&str, i64)]) -> Result<(), Refusal> {
    for (resource, more) in wanted {
        let Some(limit) = quota::find(Service::Compute, resource) else { continue };
        limit.admit(state, project, *more).map_err(|Exceeded { used, requested, limit }| {
            let message = match *resource {
                "key_pairs" => "Quota exceeded, too many key pairs.".to_owned(),
                "server_groups" => "Quota exceeded, too many server groups.".to_owned(),
                _ => {
                    format!("Quota exceeded for {resource}: Requested {requested}, but already used {used} of {limit} {resource}")
                }
            };
            Refusal::new(Problem::OverQuota, "TooManyInstances", message)
        })?;
    }
    Ok(())
}
