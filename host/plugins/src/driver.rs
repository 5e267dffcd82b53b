//! The handle that a driver is called through: one method for each export.

use std::{collections::BTreeSet, sync::Arc};

use jeroboam_model::{
    ClusterId, ClusterTemplate, ClusterView, NodeGroupId,
    driver::{Description, DriverOrigin, Health, Observation, Progress, StackDefinition, StackScope, Warning},
};

use crate::{
    CallContext, CallError, Grant, Phase, RecordedRead, StopReason,
    bindings::{exports::jeroboam::coe::driver as wit, jeroboam::coe::types},
    call::{Call, Ended, Export, Prepared},
    check::Checked,
    convert::{
        Bad, cluster::cluster, cluster::scope as wit_scope, definition::definition, error::warnings, observation,
        template::template, upgrade,
    },
    recorder::{About, Input, Tape},
};
use serde::Serialize;

/// A driver that can be called. Cheap to clone; lives as long as somebody holds it, whatever becomes of the registry.
#[derive(Clone)]
pub struct Driver(pub(crate) Arc<Loaded>);

pub(crate) struct Loaded {
    pub(crate) prepared: Prepared,
    pub(crate) description: Description,
    pub(crate) digest: String,
    pub(crate) origin: DriverOrigin,
    pub(crate) granted: BTreeSet<Grant>,
    pub(crate) checked: Checked,
}

/// A stack definition, and what it was made from.
#[derive(Clone, Debug, PartialEq)]
pub struct Defined {
    pub definition: StackDefinition,
    /// What `lookup` and `settings` answered: with the same answers the definition is the same.
    pub reads: Vec<RecordedRead>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct UpgradeStep {
    /// For the operation's events.
    pub summary: String,
    pub scope: StackScope,
    pub definition: StackDefinition,
}

#[derive(Clone, Debug, PartialEq)]
pub struct UpgradePlan {
    pub steps: Vec<UpgradeStep>,
    pub warnings: Vec<Warning>,
    /// What `lookup` and `settings` answered.
    pub reads: Vec<RecordedRead>,
}

/// What an export answers: the outer result is the engine's, the inner the driver's.
pub(crate) type Said<T> = Result<T, types::Error>;

impl Driver {
    /// What it said when it was loaded.
    pub fn description(&self) -> &Description {
        &self.0.description
    }

    pub fn name(&self) -> &str {
        &self.0.description.name
    }

    pub fn version(&self) -> &str {
        &self.0.description.version
    }

    /// SHA-256 of the component, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.0.digest
    }

    /// Whether the template could become a cluster.
    pub async fn validate_template(&self, of: &ClusterTemplate, context: CallContext) -> Result<Vec<Warning>, CallError> {
        let of = template(of);
        let call = self.begin(Phase::ValidateTemplate, context, Subject::default(), &[("template", &of)]);
        let said = self.ask(call, move |guest, store| Box::pin(async move { guest.call_validate_template(store, &of).await }));
        Ok(warnings(said.await?.answer))
    }

    /// Whether the cluster could be made as it is to be.
    pub async fn validate_cluster(&self, view: &ClusterView, context: CallContext) -> Result<Vec<Warning>, CallError> {
        let of = cluster(view);
        let call = self.begin(Phase::ValidateCluster, context, Subject::of(view), &[("cluster", &of)]);
        let said = self.ask(call, move |guest, store| Box::pin(async move { guest.call_validate_cluster(store, &of).await }));
        Ok(warnings(said.await?.answer))
    }

    /// The whole desired state of a stack, checked.
    pub async fn define_stack(&self, view: &ClusterView, scope: StackScope, context: CallContext) -> Result<Defined, CallError> {
        let (of, scope) = (cluster(view), self.scope(view, scope)?);
        let call = self.begin(Phase::DefineStack, context, Subject::of(view), &[("cluster", &of), ("scope", &scope)]);
        let said = self.ask(call, move |guest, store| Box::pin(async move { guest.call_define_stack(store, &of, &scope).await }));
        let Ended { answer, reads } = said.await?;
        let definition = self.definition(Phase::DefineStack, answer)?;
        Ok(Defined { definition, reads })
    }

    /// Which `count` nodes of the group to give up, best first; none: Heat chooses.
    pub async fn pick_removals(
        &self,
        view: &ClusterView,
        group: NodeGroupId,
        count: u32,
        context: CallContext,
    ) -> Result<Vec<String>, CallError> {
        self.scope(view, StackScope::NodeGroup(group))?;
        let (of, group) = (cluster(view), group.to_string());
        let input: Input<'_> = &[("cluster", &of), ("group", &group), ("count", &count)];
        let call = self.begin(Phase::PickRemovals, context, Subject::of(view), input);
        let said = self
            .ask(call, move |guest, store| Box::pin(async move { guest.call_pick_removals(store, &of, &group, count).await }));
        observation::removals(said.await?.answer, count).map_err(|bad| self.bad(Phase::PickRemovals, bad))
    }

    /// What a stack's outputs say.
    pub async fn read_stack(
        &self,
        view: &ClusterView,
        scope: StackScope,
        outputs: Vec<(String, serde_json::Value)>,
        context: CallContext,
    ) -> Result<Observation, CallError> {
        let (of, scope) = (cluster(view), self.scope(view, scope)?);
        let outputs: Vec<wit::Output> =
            outputs.into_iter().map(|(name, value)| wit::Output { name, value: value.to_string() }).collect();
        let input: Input<'_> = &[("cluster", &of), ("scope", &scope), ("outputs", &outputs)];
        let call = self.begin(Phase::ReadStack, context, Subject::of(view), input);
        let said = self
            .ask(call, move |guest, store| Box::pin(async move { guest.call_read_stack(store, &of, &scope, &outputs).await }));
        observation::observation(said.await?.answer, &groups(view)).map_err(|bad| self.bad(Phase::ReadStack, bad))
    }

    /// Removes what the cluster's own controllers made; to be called again until it is done.
    pub async fn before_delete(&self, view: &ClusterView, context: CallContext) -> Result<Progress, CallError> {
        let of = cluster(view);
        let call = self.begin(Phase::BeforeDelete, context, Subject::of(view), &[("cluster", &of)]);
        let said = self.ask(call, move |guest, store| Box::pin(async move { guest.call_before_delete(store, &of).await }));
        Ok(observation::progress(said.await?.answer))
    }

    /// How the cluster is.
    pub async fn check_health(&self, view: &ClusterView, context: CallContext) -> Result<Health, CallError> {
        let of = cluster(view);
        let call = self.begin(Phase::CheckHealth, context, Subject::of(view), &[("cluster", &of)]);
        let said = self.ask(call, move |guest, store| Box::pin(async move { guest.call_check_health(store, &of).await }));
        observation::health(said.await?.answer).map_err(|bad| self.bad(Phase::CheckHealth, bad))
    }

    /// How to bring the cluster, or one group of it, to another template, at most `batch` nodes at a time.
    pub async fn plan_upgrade(
        &self,
        view: &ClusterView,
        target: &ClusterTemplate,
        group: Option<NodeGroupId>,
        batch: u32,
        context: CallContext,
    ) -> Result<UpgradePlan, CallError> {
        if let Some(group) = group {
            self.scope(view, StackScope::NodeGroup(group))?;
        }
        let (of, target, group) = (cluster(view), template(target), group.map(|group| group.to_string()));
        let input: Input<'_> = &[("cluster", &of), ("target", &target), ("group", &group), ("batch", &batch)];
        let call = self.begin(Phase::PlanUpgrade, context, Subject::of(view), input);
        let said = self.ask(call, move |guest, store| {
            Box::pin(async move { guest.call_plan_upgrade(store, &of, &target, group.as_deref(), batch).await })
        });
        let Ended { answer, reads } = said.await?;
        let plan =
            upgrade::plan(answer, reads, &groups(view), self.has_ca_key()).map_err(|bad| self.bad(Phase::PlanUpgrade, bad))?;
        for step in &plan.steps {
            self.check(Phase::PlanUpgrade, &step.definition)?;
        }
        Ok(plan)
    }
}

impl Driver {
    /// A call to be made; written down from here on, if somebody wants that.
    pub(crate) fn begin(&self, phase: Phase, mut context: CallContext, of: Subject, input: Input<'_>) -> Call {
        let Subject { cluster, groups } = of;
        if let Some(sink) = context.sources.recorder.clone().filter(|sink| sink.wants(self.name(), cluster)) {
            let (driver, version, digest) = (self.name(), self.version(), self.digest());
            let about = About { driver, version, digest, phase, cluster, request_id: &context.request_id };
            let tape = Arc::new(Tape::begin(sink, &about, input));
            context.sources = context.sources.taped(&tape);
        }
        Call::new(phase, context, groups, &self.0.prepared.engine.limits)
    }

    /// Makes it: what the export said, or why the host ended it.
    pub(crate) async fn make<T: Send + Serialize>(
        &self,
        call: Call,
        export: impl Export<Said<T>>,
    ) -> Result<Ended<Said<T>>, StopReason> {
        let tape = call.sources.tape.clone();
        let ended = self.0.prepared.call(call, export).await;
        if let Some(tape) = tape {
            tape.end(ended.as_ref().map(|ended| &ended.answer));
        }
        ended
    }

    async fn ask<T: Send + Serialize>(&self, call: Call, export: impl Export<Said<T>>) -> Result<Ended<T>, CallError> {
        let function = call.phase.as_str();
        match self.make(call, export).await {
            Ok(Ended { answer: Ok(answer), reads }) => Ok(Ended { answer, reads }),
            Ok(Ended { answer: Err(error), .. }) => {
                Err(CallError::Refused { driver: self.name().to_owned(), error: error.into() })
            }
            Err(reason) => Err(CallError::Stopped { driver: self.name().to_owned(), function, reason }),
        }
    }

    fn definition(&self, phase: Phase, said: types::StackDefinition) -> Result<StackDefinition, CallError> {
        let definition = definition(said, self.has_ca_key()).map_err(|bad| self.bad(phase, bad))?;
        self.check(phase, &definition)?;
        Ok(definition)
    }

    fn check(&self, phase: Phase, definition: &StackDefinition) -> Result<(), CallError> {
        self.0.checked.check(definition).map_err(|error| self.bad(phase, Bad(error.to_string())))
    }

    fn has_ca_key(&self) -> bool {
        self.0.granted.contains(&Grant::CaKey)
    }

    fn bad(&self, phase: Phase, Bad(what): Bad) -> CallError {
        CallError::BadAnswer { driver: self.name().to_owned(), function: phase.as_str(), what }
    }

    /// A scope for the guest: a group has to be one of the cluster's.
    fn scope(&self, view: &ClusterView, scope: StackScope) -> Result<types::StackScope, CallError> {
        match scope {
            StackScope::NodeGroup(group) if view.groups.iter().all(|own| own.uuid != group) => {
                Err(CallError::NoSuchGroup { group, cluster: view.cluster.uuid })
            }
            scope => Ok(wit_scope(scope)),
        }
    }
}

/// What a call is about.
#[derive(Default)]
pub(crate) struct Subject {
    pub(crate) cluster: Option<ClusterId>,
    /// The cluster's.
    pub(crate) groups: Vec<NodeGroupId>,
}

impl Subject {
    fn of(view: &ClusterView) -> Self {
        Self { cluster: Some(view.cluster.uuid), groups: groups(view) }
    }
}

fn groups(view: &ClusterView) -> Vec<NodeGroupId> {
    view.groups.iter().map(|group| group.uuid).collect()
}

impl std::fmt::Debug for Driver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Driver({} {}, {})", self.name(), self.version(), self.digest())
    }
}
