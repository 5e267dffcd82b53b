//! One call, as its imports see it.

use std::{
    collections::HashSet,
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use jeroboam_model::{NodeGroupId, driver::StackScope};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Interface, Sources, StopReason,
    account::Account,
    bindings::jeroboam::coe::types,
    engine::Engine,
    limits::Limit,
    notices::About,
    phase::Rule,
    record::{Answer, RecordedRead},
    source::{HostError, SourceError},
    turns::Turn,
};

/// Who is being called.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) name: Arc<str>,
    pub(crate) version: Arc<str>,
}

/// The data of a call's store.
pub(crate) struct CallState {
    pub(crate) about: About,
    pub(crate) sources: Sources,
    pub(crate) account: Account,
    pub(crate) reads: Vec<RecordedRead>,
    /// What listings have shown, and may therefore be deleted.
    pub(crate) shown: HashSet<(Interface, String)>,
    /// Groups of the cluster that the call is about.
    pub(crate) groups: Vec<NodeGroupId>,
    /// The interface of the host call under way.
    current: Interface,
    /// The last line that the guest logged as an error: what a panic said.
    pub(crate) last_words: Option<String>,
    pub(crate) turn: Turn,
    deadline: Instant,
}

impl CallState {
    pub(crate) fn new(
        about: About,
        account: Account,
        sources: Sources,
        engine: &Engine,
        wall: Duration,
        groups: Vec<NodeGroupId>,
    ) -> Self {
        Self {
            about,
            sources,
            account,
            reads: Vec::new(),
            shown: HashSet::new(),
            groups,
            current: Interface::Log,
            last_words: None,
            turn: engine.turns.turn(),
            deadline: Instant::now() + wall.saturating_mul(engine.limits.slack(Limit::WallTime)),
        }
    }

    /// What every host function begins with: the phase's rule, then the budgets. `reads`: it has no effect.
    pub(crate) fn enter(&mut self, interface: Interface, reads: bool, bytes: usize) -> Result<(), StopReason> {
        self.current = interface;
        // Others compute while this one waits.
        self.turn.give_back();
        match interface.rule(self.about.phase) {
            Rule::Allow => {}
            Rule::Reads if reads => {}
            Rule::Reads | Rule::Trap => return Err(StopReason::OutOfPhase { interface }),
        }
        self.account.of(interface).calls += 1;
        self.account.meter.host_call()?;
        self.bytes(bytes)
    }

    /// Counts an answer of known size.
    pub(crate) fn exchanged(&mut self, bytes: usize) -> Result<(), StopReason> {
        self.bytes(bytes)
    }

    /// Counts an answer by what it is as JSON, which is not much off what it is in the guest.
    pub(crate) fn received(&mut self, answer: &impl Serialize) -> Result<(), HostError> {
        let size = serde_json::to_vec(answer).map_err(|error| SourceError::Internal(error.to_string()))?.len();
        Ok(self.bytes(size)?)
    }

    /// A recorded read: answered from the record if it was asked before, else by `source`.
    pub(crate) async fn read<T: Serialize + DeserializeOwned>(
        &mut self,
        interface: Interface,
        function: &'static str,
        argument: &str,
        source: impl Future<Output = Result<T, SourceError>> + Send,
    ) -> Result<T, HostError> {
        self.enter(interface, true, argument.len())?;
        if let Some(read) = self.reads.iter().find(|read| read.is(interface, function, argument)).cloned() {
            self.received(&read.answer)?;
            return Ok(read.answer()?);
        }
        let result = source.await;
        let answer = match &result {
            Ok(found) => Answer::Found(serde_json::to_value(found).map_err(|error| SourceError::Internal(error.to_string()))?),
            Err(error) => Answer::Failed(error.clone()),
        };
        self.received(&answer)?;
        self.reads.push(RecordedRead { interface, function: function.to_owned(), argument: argument.to_owned(), answer });
        Ok(result?)
    }

    /// A scope that the guest named: a group has to be one of the cluster's.
    pub(crate) fn scope(&self, scope: &types::StackScope) -> Result<StackScope, SourceError> {
        match scope {
            types::StackScope::Cluster => Ok(StackScope::Cluster),
            types::StackScope::NodeGroup(id) => {
                let group = id.parse::<NodeGroupId>().ok().filter(|group| self.groups.contains(group));
                group
                    .map(StackScope::NodeGroup)
                    .ok_or_else(|| SourceError::NotFound("this cluster has no such node group".to_owned()))
            }
        }
    }

    fn bytes(&mut self, bytes: usize) -> Result<(), StopReason> {
        self.account.of(self.current).bytes += bytes as u64;
        self.account.meter.bytes(bytes)
    }

    pub(crate) fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}
