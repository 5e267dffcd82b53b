//! One module for each WIT interface that a driver may import: the source's trait, which phase may use it, and the host's side
//! of each function.

pub mod certificates;
pub mod coe_api;
pub mod floating_ips;
pub mod load_balancers;
pub mod log;
pub mod lookup;
mod owned;
pub mod settings;
pub mod stacks;
mod types;
pub mod volumes;

use std::fmt;

use serde::{Deserialize, Serialize};
use wasmtime::component::{HasSelf, Linker};

use crate::{bindings::jeroboam::coe, state::CallState};

/// An interface that drivers may import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Interface {
    Log,
    Settings,
    Lookup,
    Stacks,
    LoadBalancers,
    Volumes,
    FloatingIps,
    Certificates,
    CoeApi,
}

impl Interface {
    pub const ALL: &[Self] = &[
        Self::Log,
        Self::Settings,
        Self::Lookup,
        Self::Stacks,
        Self::LoadBalancers,
        Self::Volumes,
        Self::FloatingIps,
        Self::Certificates,
        Self::CoeApi,
    ];

    /// Its name in the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Settings => "settings",
            Self::Lookup => "lookup",
            Self::Stacks => "stacks",
            Self::LoadBalancers => "load-balancers",
            Self::Volumes => "volumes",
            Self::FloatingIps => "floating-ips",
            Self::Certificates => "certificates",
            Self::CoeApi => "coe-api",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|interface| interface.as_str() == name)
    }

    /// Makes the interface there to be imported.
    pub(crate) fn link(self, linker: &mut Linker<CallState>) -> wasmtime::Result<()> {
        type State = HasSelf<CallState>;
        fn own(state: &mut CallState) -> &mut CallState {
            state
        }
        match self {
            Self::Log => coe::log::add_to_linker::<_, State>(linker, own),
            Self::Settings => coe::settings::add_to_linker::<_, State>(linker, own),
            Self::Lookup => coe::lookup::add_to_linker::<_, State>(linker, own),
            Self::Stacks => coe::stacks::add_to_linker::<_, State>(linker, own),
            Self::LoadBalancers => coe::load_balancers::add_to_linker::<_, State>(linker, own),
            Self::Volumes => coe::volumes::add_to_linker::<_, State>(linker, own),
            Self::FloatingIps => coe::floating_ips::add_to_linker::<_, State>(linker, own),
            Self::Certificates => coe::certificates::add_to_linker::<_, State>(linker, own),
            Self::CoeApi => coe::coe_api::add_to_linker::<_, State>(linker, own),
        }
    }
}

impl fmt::Display for Interface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
