//! Quotas: limits on what a project may have.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{record::Record, service::Service, services::Kind, state::State};

/// A limited thing: how much of it a project has by default, and how what it uses is counted.
pub struct Limit {
    pub service: Service,
    pub resource: &'static str,
    pub default: i64,
    kind: Kind,
    weigh: fn(&State, &Record) -> i64,
}

const fn count(service: Service, resource: &'static str, default: i64, kind: Kind) -> Limit {
    Limit { service, resource, default, kind, weigh: |_, _| 1 }
}

fn flavor(state: &State, server: &Record, key: &str) -> i64 {
    state.get(Kind::Flavor, server.text("flavor_id")).map_or(0, |flavor| flavor.number(key))
}

pub static LIMITS: [Limit; 23] = [
    count(Service::Compute, "instances", 100, Kind::Server),
    Limit {
        service: Service::Compute,
        resource: "cores",
        default: 400,
        kind: Kind::Server,
        weigh: |state, server| flavor(state, server, "vcpus"),
    },
    Limit {
        service: Service::Compute,
        resource: "ram",
        default: 1_024_000,
        kind: Kind::Server,
        weigh: |state, server| flavor(state, server, "ram"),
    },
    count(Service::Compute, "key_pairs", 100, Kind::Keypair),
    count(Service::Compute, "server_groups", 50, Kind::ServerGroup),
    count(Service::Network, "network", 100, Kind::Network),
    count(Service::Network, "subnet", 100, Kind::Subnet),
    count(Service::Network, "port", 500, Kind::Port),
    count(Service::Network, "router", 50, Kind::Router),
    count(Service::Network, "floatingip", 100, Kind::FloatingIp),
    count(Service::Network, "security_group", 100, Kind::SecurityGroup),
    count(Service::Network, "security_group_rule", 1000, Kind::SecurityGroupRule),
    count(Service::Volume, "volumes", 100, Kind::Volume),
    Limit {
        service: Service::Volume,
        resource: "gigabytes",
        default: 10_000,
        kind: Kind::Volume,
        weigh: |_, volume| volume.number("size"),
    },
    Limit { service: Service::Volume, resource: "snapshots", default: 10, kind: Kind::Volume, weigh: |_, _| 0 },
    Limit { service: Service::Volume, resource: "per_volume_gigabytes", default: -1, kind: Kind::Volume, weigh: |_, _| 0 },
    count(Service::LoadBalancer, "loadbalancer", 50, Kind::LoadBalancer),
    count(Service::LoadBalancer, "listener", 200, Kind::Listener),
    count(Service::LoadBalancer, "pool", 200, Kind::Pool),
    count(Service::LoadBalancer, "member", 1000, Kind::PoolMember),
    count(Service::LoadBalancer, "healthmonitor", 200, Kind::HealthMonitor),
    count(Service::KeyManager, "secrets", -1, Kind::Secret),
    count(Service::KeyManager, "containers", -1, Kind::SecretContainer),
];

/// The limits that were set: for one project, or (under the empty name) for all.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Quotas {
    set: BTreeMap<String, BTreeMap<String, i64>>,
}

/// A limit that would be passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exceeded {
    pub used: i64,
    pub requested: i64,
    pub limit: i64,
}

pub fn find(service: Service, resource: &str) -> Option<&'static Limit> {
    LIMITS.iter().find(|limit| limit.service == service && limit.resource == resource)
}

/// The limits of one service, in the order of its API.
pub fn of(service: Service) -> impl Iterator<Item = &'static Limit> {
    LIMITS.iter().filter(move |limit| limit.service == service)
}

impl Limit {
    /// What the project may have; -1 is no limit.
    pub fn allowed(&self, state: &State, project: &str) -> i64 {
        let set = |owner: &str| state.quotas.set.get(owner)?.get(&self.key()).copied();
        set(project).or_else(|| set("")).unwrap_or(self.default)
    }

    pub fn used(&self, state: &State, project: &str) -> i64 {
        let owned = state.all(self.kind).into_iter().filter(|record| record.project_id == project);
        owned.map(|record| (self.weigh)(state, record)).sum()
    }

    /// Whether the project may have this much more.
    pub fn admit(&self, state: &State, project: &str, requested: i64) -> Result<(), Exceeded> {
        let (limit, used) = (self.allowed(state, project), self.used(state, project));
        if limit < 0 || used.saturating_add(requested) <= limit {
            return Ok(());
        }
        Err(Exceeded { used, requested, limit })
    }

    /// Sets the limit for a project, or for all (`None`).
    pub fn set(&self, quotas: &mut Quotas, project: Option<&str>, limit: i64) {
        let owner = project.unwrap_or_default().to_owned();
        quotas.set.entry(owner).or_default().insert(self.key(), limit);
    }

    fn key(&self) -> String {
        format!("{}/{}", self.service.prefix(), self.resource)
    }
}

impl Quotas {
    /// Back to the defaults for a project.
    pub fn reset(&mut self, service: Service, project: &str) {
        if let Some(set) = self.set.get_mut(project) {
            let prefix = format!("{}/", service.prefix());
            set.retain(|key, _| !key.starts_with(&prefix));
        }
    }
}
