//! The exports of a driver as phases, and what each may import.

use std::fmt;

use crate::Interface;

/// The export that is being called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    Describe,
    ValidateTemplate,
    ValidateCluster,
    DefineStack,
    PlanUpgrade,
    PickRemovals,
    ReadStack,
    BeforeDelete,
    CheckHealth,
    /// Of `coe-resources`, as the next five.
    ListResources,
    ShowResource,
    CreateResource,
    ReplaceResource,
    DeleteResource,
    ActOnContainer,
    /// Of `node-advice`.
    #[cfg(feature = "coe-0-3")]
    RepairNodes,
}

/// What a phase may do with an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    Allow,
    /// Only what has no effect.
    Reads,
    /// End the call.
    Trap,
}

impl Phase {
    pub const ALL: &[Self] = &[
        Self::Describe,
        Self::ValidateTemplate,
        Self::ValidateCluster,
        Self::DefineStack,
        Self::PlanUpgrade,
        Self::PickRemovals,
        Self::ReadStack,
        Self::BeforeDelete,
        Self::CheckHealth,
        Self::ListResources,
        Self::ShowResource,
        Self::CreateResource,
        Self::ReplaceResource,
        Self::DeleteResource,
        Self::ActOnContainer,
        #[cfg(feature = "coe-0-3")]
        Self::RepairNodes,
    ];

    /// By the export's name in the contract.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|phase| phase.as_str() == name)
    }

    /// The export's name in the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Describe => "describe",
            Self::ValidateTemplate => "validate-template",
            Self::ValidateCluster => "validate-cluster",
            Self::DefineStack => "define-stack",
            Self::PlanUpgrade => "plan-upgrade",
            Self::PickRemovals => "pick-removals",
            Self::ReadStack => "read-stack",
            Self::BeforeDelete => "before-delete",
            Self::CheckHealth => "check-health",
            Self::ListResources => "list-resources",
            Self::ShowResource => "show-resource",
            Self::CreateResource => "create-resource",
            Self::ReplaceResource => "replace-resource",
            Self::DeleteResource => "delete-resource",
            Self::ActOnContainer => "act-on-container",
            #[cfg(feature = "coe-0-3")]
            Self::RepairNodes => "repair-nodes",
        }
    }

    /// Whether it is one of `coe-resources`, which has the cluster's API and nothing else.
    pub const fn is_of_resources(self) -> bool {
        matches!(
            self,
            Self::ListResources
                | Self::ShowResource
                | Self::CreateResource
                | Self::ReplaceResource
                | Self::DeleteResource
                | Self::ActOnContainer
        )
    }
}

impl Interface {
    /// The contract's table. Each interface says its own column.
    pub const fn rule(self, phase: Phase) -> Rule {
        use crate::interfaces::{certificates, coe_api, floating_ips, load_balancers, log, lookup, settings, stacks, volumes};
        match self {
            Self::Log => log::rule(phase),
            Self::Settings => settings::rule(phase),
            Self::Lookup => lookup::rule(phase),
            Self::Stacks => stacks::rule(phase),
            Self::LoadBalancers => load_balancers::rule(phase),
            Self::Volumes => volumes::rule(phase),
            Self::FloatingIps => floating_ips::rule(phase),
            Self::Certificates => certificates::rule(phase),
            Self::CoeApi => coe_api::rule(phase),
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tables in the documentation of the worlds, which driver authors read.
    const WORLDS: &[&str] = &[
        include_str!("../../../wit/coe-0.1.0/world.wit"),
        include_str!("../../../wit/coe-0.2.0/world.wit"),
        #[cfg(feature = "coe-0-3")]
        include_str!("../../../wit/coe-0.3.0/world.wit"),
    ];

    #[test]
    fn the_rules_are_those_of_the_published_table() {
        let rows: Vec<Vec<&str>> = WORLDS
            .iter()
            .flat_map(|world| world.lines())
            .filter_map(|line| line.strip_prefix("/// |"))
            .map(|line| line.split('|').map(|cell| cell.trim().trim_matches('`')).collect())
            .collect();
        let header = &rows[0];
        for phase in Phase::ALL {
            let row = rows.iter().find(|row| row[0] == phase.as_str()).unwrap_or_else(|| panic!("no row for {phase}"));
            for interface in Interface::ALL {
                let column = header.iter().position(|cell| cell.split(", ").any(|name| name == interface.as_str())).unwrap();
                let published = match row[column] {
                    "yes" => Rule::Allow,
                    "reads" => Rule::Reads,
                    "trap" => Rule::Trap,
                    other => panic!("{other}"),
                };
                assert_eq!(interface.rule(*phase), published, "{interface} in {phase}");
            }
        }
    }
}
