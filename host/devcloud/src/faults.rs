//! Failures on demand: of requests to a service, and of Heat resources.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::service::Service;

/// A failure that was asked for. It lasts `times` uses, or until the faults are cleared.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Fault {
    Resource(ResourceFault),
    Request(RequestFault),
}

/// A request that goes wrong: late, refused, or without an answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestFault {
    /// By type (`orchestration`) or by project (`heat`).
    pub service: Service,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_contains: Option<String>,
    /// Answer with this instead of asking the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Wait before going on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// Close the connection without an answer.
    #[serde(default)]
    pub drop_connection: bool,
    /// Seconds for `Retry-After`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

/// A Heat resource whose action fails.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceFault {
    pub resource_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_name: Option<String>,
    pub action: Action,
    /// What the status reason says.
    pub reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

/// What Heat does to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Action {
    Create,
    Update,
    Delete,
}

/// What a request meets instead of, or before, its service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    pub delay: Duration,
    pub drop_connection: bool,
    pub status: Option<u16>,
    pub retry_after: Option<u64>,
}

/// The faults in force.
#[derive(Debug, Default)]
pub struct Faults {
    faults: Mutex<Vec<Fault>>,
}

impl Faults {
    pub fn add(&self, fault: Fault) {
        self.lock().push(fault);
    }

    pub fn list(&self) -> Vec<Fault> {
        self.lock().clone()
    }

    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The reason for which a Heat resource is to fail now, if it is; counts as one use of the fault.
    pub fn resource(&self, resource_type: &str, resource_name: &str, action: Action) -> Option<String> {
        self.take(|fault| match fault {
            Fault::Resource(fault) => {
                let named = fault.resource_name.as_deref().is_none_or(|name| name == resource_name);
                (fault.resource_type == resource_type && fault.action == action && named).then(|| fault.reason.clone())
            }
            Fault::Request(_) => None,
        })
    }

    /// What happens to a request, if it is to go wrong; counts as one use of the fault.
    pub(crate) fn request(&self, method: &str, path: &str) -> Option<Effect> {
        let service = Service::of_path(path)?;
        self.take(|fault| match fault {
            Fault::Request(fault) if fault.meets(service, method, path) => Some(Effect {
                delay: Duration::from_millis(fault.delay_ms.unwrap_or(0)),
                drop_connection: fault.drop_connection,
                status: fault.status,
                retry_after: fault.retry_after,
            }),
            _ => None,
        })
    }

    fn take<T>(&self, found: impl Fn(&Fault) -> Option<T>) -> Option<T> {
        let mut faults = self.lock();
        let (at, effect) = faults.iter().enumerate().find_map(|(at, fault)| Some((at, found(fault)?)))?;
        let times = match faults.get_mut(at)? {
            Fault::Resource(fault) => &mut fault.times,
            Fault::Request(fault) => &mut fault.times,
        };
        if let Some(left) = times {
            *left = left.saturating_sub(1);
            if *left == 0 {
                faults.remove(at);
            }
        }
        Some(effect)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RequestFault {
    fn meets(&self, service: Service, method: &str, path: &str) -> bool {
        self.service == service
            && self.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.path_contains.as_deref().is_none_or(|part| path.contains(part))
    }
}
