//! `node-advice`: what a driver may offer since 0.3.0 of the contract, which is a draft. Nothing of the host's asks for it yet.

use jeroboam_model::{ClusterView, NodeGroupId};
use wasmtime::{Store, component::InstancePre};

use crate::{
    CallContext, CallError, Driver, Phase, Redactor,
    bindings::v0_3::exports::jeroboam::coe0_3_0::node_advice::{self as wit, Guest, GuestIndices},
    call::{Call, Ended, Prepared},
    convert::{Bad, cluster::cluster},
    driver::groups,
    state::CallState,
    text::is_word,
};

/// One node that the driver would have made anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    pub group: NodeGroupId,
    /// A server id, an index in the group, or a private address.
    pub node: String,
    /// For the operator.
    pub reason: String,
}

/// Where a component exports the interface.
#[derive(Clone)]
pub(crate) struct Export(GuestIndices);

impl Export {
    /// Nothing if the component does not export it.
    pub(crate) fn of(pre: &InstancePre<CallState>) -> wasmtime::Result<Option<Self>> {
        let exported = pre.component().get_export_index(None, "jeroboam:coe/node-advice@0.3.0");
        exported.map(|_| GuestIndices::new(pre).map(Self)).transpose()
    }
}

impl Prepared {
    /// Makes one instance, to see that what is exported under the name is what the contract says.
    pub(crate) async fn probe_advice(&self) -> Result<(), String> {
        if self.advice.is_none() {
            return Ok(());
        }
        let call = Call::describe(&self.engine.limits);
        let probed = self.work(call, |this, store| Box::pin(async move { this.advisor(store).await.map(drop) })).await;
        probed.map(drop).map_err(|reason| format!("node-advice: {reason}"))
    }

    async fn advisor(&self, store: &mut Store<CallState>) -> wasmtime::Result<Guest> {
        let instance = self.pre.instance_pre().instantiate_async(&mut *store).await?;
        let export = self.advice.as_ref().ok_or_else(|| wasmtime::Error::msg("the driver does not export it"))?;
        export.0.load(store, &instance)
    }
}

impl Driver {
    /// Whether the driver offers `node-advice`.
    pub fn gives_node_advice(&self) -> bool {
        self.0.prepared.advice.is_some()
    }

    /// Which nodes ought to be made anew, worst first. Nothing from a driver that gives no such advice.
    pub async fn repair_nodes(&self, view: &ClusterView, context: CallContext) -> Result<Vec<Repair>, CallError> {
        if !self.gives_node_advice() {
            return Ok(Vec::new());
        }
        let phase = Phase::RepairNodes;
        let (prepared, of) = (&self.0.prepared, cluster(view));
        let call = Call::new(phase, context, groups(view), &prepared.engine.limits);
        let said = prepared.work(call, move |this, store| {
            Box::pin(async move { this.advisor(store).await?.call_repair_nodes(store, &of).await })
        });
        let Ended { answer, about, .. } = self.heard(phase, said.await)?;
        repairs(answer, &groups(view), &about.redactor).map_err(|bad| self.bad(&about, bad))
    }
}

fn repairs(said: Vec<wit::Repair>, groups: &[NodeGroupId], redactor: &Redactor) -> Result<Vec<Repair>, Bad> {
    let mut repairs: Vec<Repair> = Vec::with_capacity(said.len());
    for wit::Repair { group, node, reason } in said {
        let Some(group) = group.parse().ok().filter(|group| groups.contains(group)) else {
            return Err(Bad(format!("repair-nodes: {group:?} is no group of this cluster")));
        };
        if !is_word(&node) || repairs.iter().any(|other| (other.group, &other.node) == (group, &node)) {
            return Err(Bad(format!("repair-nodes: {node:?} is no server, index or address, or is named twice")));
        }
        repairs.push(Repair { group, node, reason: redactor.message(&reason) });
    }
    Ok(repairs)
}
