//! The handle that a driver is called through: one method for each export.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use jeroboam_model::{
    ClusterId, ClusterTemplate, ClusterView, NodeGroupId,
    driver::{Description, Digest, Health, Observation, Origin, Progress, StackDefinition, StackScope, Warning},
};

use crate::{
    CallContext, CallError, DriverError, Grant, Phase, Purpose, RecordedRead, StopReason,
    bindings::{exports::jeroboam::coe::driver as wit, jeroboam::coe::types},
    call::{Call, Ended, Export, Prepared},
    check::Checked,
    convert::{
        Bad,
        cluster::cluster,
        cluster::scope as wit_scope,
        definition::{definition, size},
        error,
        error::warnings,
        observation,
        template::template,
        upgrade,
    },
    flights::{Ending, Flights, Lease, Tally, UnderWay},
    load::{LoadError, Loading},
    notices::About,
    recorder::{Called, Input, Tape},
};
use serde::Serialize;

/// A driver that can be called. Cheap to clone; lives as long as somebody holds it, whatever becomes of the registry.
#[derive(Clone)]
pub struct Driver(pub(crate) Arc<Loaded>, Arc<Lease>);

pub(crate) struct Loaded {
    pub(crate) prepared: Prepared,
    pub(crate) description: Description,
    pub(crate) digest: Digest,
    pub(crate) origin: Origin,
    pub(crate) granted: BTreeSet<Grant>,
    pub(crate) loading: Loading,
    pub(crate) checked: Checked,
    pub(crate) flights: Flights,
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

/// What is looked at without leaving the thread, in bytes: drivers' usual templates are no longer.
const AT_ONCE: usize = 256 << 10;

impl Loaded {
    fn check(&self, definition: &mut StackDefinition) -> Result<(), Bad> {
        self.checked.share(definition);
        self.checked.check(definition).map_err(|error| Bad(error.to_string()))
    }

    fn has_ca_key(&self) -> bool {
        self.granted.contains(&Grant::CaKey)
    }
}

impl Driver {
    pub(crate) fn new(loaded: Loaded) -> Self {
        Self(Arc::new(loaded), Lease::new())
    }

    /// The same component with other grants, for something else. Its calls are counted apart.
    pub fn granting(&self, granted: BTreeSet<Grant>, purpose: Purpose) -> Result<Self, LoadError> {
        let Loaded { prepared, description, digest, origin, loading, .. } = &*self.0;
        Ok(Self::new(Loaded {
            prepared: prepared.granting(&granted, purpose)?,
            description: description.clone(),
            digest: *digest,
            origin: origin.clone(),
            granted,
            loading: *loading,
            checked: Checked::default(),
            flights: Flights::default(),
        }))
    }

    /// A new handle; this one, and every copy of it, begins no more calls after the deadline. For when another version takes over: who still holds this
    /// handle then has decided by what was before.
    #[must_use]
    pub fn renew(&self, deadline: Instant) -> Self {
        self.1.end_at(deadline);
        Self(Arc::clone(&self.0), Lease::new())
    }

    pub fn under_way(&self) -> UnderWay {
        self.0.flights.under_way()
    }

    /// How its calls of so long a time ended.
    pub fn tally(&self, window: Duration) -> Tally {
        self.0.flights.tally(Instant::now().checked_sub(window))
    }
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

    /// Of the component.
    pub fn digest(&self) -> &Digest {
        &self.0.digest
    }

    pub fn origin(&self) -> &Origin {
        &self.0.origin
    }

    pub fn granted(&self) -> &BTreeSet<Grant> {
        &self.0.granted
    }

    pub fn loading(&self) -> Loading {
        self.0.loading
    }

    /// Whether the template could become a cluster.
    pub async fn validate_template(&self, of: &ClusterTemplate, context: CallContext) -> Result<Vec<Warning>, CallError> {
        let of = template(of);
        let call = self.begin(Phase::ValidateTemplate, context, Subject::default(), &[("template", &of)]);
        let said = self.ask(call, move |guest, store| Box::pin(async move { guest.call_validate_template(store, &of).await }));
        let Ended { answer, about, .. } = said.await?;
        Ok(warnings(answer, &about.redactor))
    }

    /// Whether the cluster could be made as it is to be.
    pub async fn validate_cluster(&self, view: &ClusterView, context: CallContext) -> Result<Vec<Warning>, CallError> {
        let of = cluster(view);
        let call = self.begin(Phase::ValidateCluster, context, Subject::of(view), &[("cluster", &of)]);
        let said = self.ask(call, move |guest, store| Box::pin(async move { guest.call_validate_cluster(store, &of).await }));
        let Ended { answer, about, .. } = said.await?;
        Ok(warnings(answer, &about.redactor))
    }

    /// The whole desired state of a stack, checked.
    pub async fn define_stack(&self, view: &ClusterView, scope: StackScope, context: CallContext) -> Result<Defined, CallError> {
        let (of, scope) = (cluster(view), self.scope(view, scope)?);
        let call = self.begin(Phase::DefineStack, context, Subject::of(view), &[("cluster", &of), ("scope", &scope)]);
        let said = self.ask(call, move |guest, store| Box::pin(async move { guest.call_define_stack(store, &of, &scope).await }));
        let Ended { answer, reads, about } = said.await?;
        let definition = self
            .apart(&about, size(&answer), move |loaded| {
                let mut definition = definition(answer, loaded.has_ca_key())?;
                loaded.check(&mut definition)?;
                Ok(definition)
            })
            .await?;
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
        let Ended { answer, about, .. } = said.await?;
        observation::removals(answer, count).map_err(|bad| self.bad(&about, bad))
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
        // A template may have let a secret slip into an output. It must not get into the sandbox.
        let redactor = context.sources.redactor();
        let outputs: Vec<wit::Output> =
            outputs.into_iter().map(|(name, value)| wit::Output { name, value: redactor.redact(&value.to_string()) }).collect();
        let input: Input<'_> = &[("cluster", &of), ("scope", &scope), ("outputs", &outputs)];
        let call = self.begin(Phase::ReadStack, context, Subject::of(view), input);
        let said = self
            .ask(call, move |guest, store| Box::pin(async move { guest.call_read_stack(store, &of, &scope, &outputs).await }));
        let Ended { answer, about, .. } = said.await?;
        observation::observation(answer, &groups(view)).map_err(|bad| self.bad(&about, bad))
    }

    /// Removes what the cluster's own controllers made; to be called again until it is done.
    pub async fn before_delete(&self, view: &ClusterView, context: CallContext) -> Result<Progress, CallError> {
        let of = cluster(view);
        let call = self.begin(Phase::BeforeDelete, context, Subject::of(view), &[("cluster", &of)]);
        let said = self.ask(call, move |guest, store| Box::pin(async move { guest.call_before_delete(store, &of).await }));
        let Ended { answer, about, .. } = said.await?;
        Ok(observation::progress(answer, &about.redactor))
    }

    /// How the cluster is.
    pub async fn check_health(&self, view: &ClusterView, context: CallContext) -> Result<Health, CallError> {
        let of = cluster(view);
        let call = self.begin(Phase::CheckHealth, context, Subject::of(view), &[("cluster", &of)]);
        let said = self.ask(call, move |guest, store| Box::pin(async move { guest.call_check_health(store, &of).await }));
        let Ended { answer, about, .. } = said.await?;
        observation::health(answer, &about.redactor).map_err(|bad| self.bad(&about, bad))
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
        let Ended { answer, reads, about } = said.await?;
        let (groups, redactor) = (groups(view), about.redactor.clone());
        let size = answer.steps.iter().map(|step| size(&step.definition)).sum();
        self.apart(&about, size, move |loaded| {
            let mut plan = upgrade::plan(answer, reads, &groups, loaded.has_ca_key(), &redactor)?;
            plan.steps.iter_mut().try_for_each(|step| loaded.check(&mut step.definition))?;
            Ok(plan)
        })
        .await
    }
}

impl Driver {
    /// A call to be made; written down from here on, if somebody wants that.
    pub(crate) fn begin(&self, phase: Phase, mut context: CallContext, of: Subject, input: Input<'_>) -> Call {
        let Subject { cluster, groups } = of;
        if let Some(sink) = context.sources.recorder.clone().filter(|sink| sink.wants(self.name(), cluster)) {
            let (driver, version, digest) = (self.name(), self.version(), self.digest());
            let about = Called { driver, version, digest, phase, cluster, request_id: &context.request_id };
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
        taped(tape, self.0.prepared.call(call, export)).await
    }

    async fn ask<T: Send + Serialize>(&self, call: Call, export: impl Export<Said<T>>) -> Result<Ended<T>, CallError> {
        self.counted(call.phase, self.make(call, export)).await
    }

    /// Makes a call that counts for its driver, unless the handle may begin none any more.
    pub(crate) async fn counted<T>(
        &self,
        phase: Phase,
        made: impl Future<Output = Result<Ended<Said<T>>, StopReason>>,
    ) -> Result<Ended<T>, CallError> {
        if self.1.is_over() {
            return Err(CallError::Superseded { driver: self.name().to_owned(), version: self.version().to_owned() });
        }
        let flight = self.0.flights.begin();
        let ended = self.heard(phase, made.await);
        flight.end(match &ended {
            Err(error) if error.counts_against_driver() => Ending::Failed,
            _ => Ending::Well,
        });
        ended
    }

    /// What a call came to, for whoever made it.
    pub(crate) fn heard<T>(&self, phase: Phase, said: Result<Ended<Said<T>>, StopReason>) -> Result<Ended<T>, CallError> {
        match said {
            Ok(Ended { answer: Ok(answer), reads, about }) => Ok(Ended { answer, reads, about }),
            Ok(Ended { answer: Err(said), about, .. }) => {
                let error = error::error(said, &about.redactor);
                about.refused(&error);
                if let DriverError::Internal(what) | DriverError::Other(what) = &error {
                    about.failed(what);
                }
                Err(CallError::Refused { driver: self.name().to_owned(), error })
            }
            Err(reason) => Err(CallError::Stopped { driver: self.name().to_owned(), function: phase.as_str(), reason }),
        }
    }

    /// Looks at what was answered: at much of it where no request waits for the thread, and in turns with calls that compute for long.
    async fn apart<T: Send + 'static>(
        &self,
        about: &About,
        bytes: usize,
        look: impl FnOnce(&Loaded) -> Result<T, Bad> + Send + 'static,
    ) -> Result<T, CallError> {
        let result = if bytes <= AT_ONCE {
            look(&self.0)
        } else {
            let (loaded, turn) = (Arc::clone(&self.0), self.0.prepared.engine.turns.turn());
            turn.next().await;
            let looked = tokio::task::spawn_blocking(move || (look(&loaded), turn)).await;
            looked.map_or_else(|_| Err(Bad("the host failed to look at it; its log says why".to_owned())), |(result, _)| result)
        };
        result.map_err(|bad| self.bad(about, bad))
    }

    pub(crate) fn bad(&self, about: &About, Bad(what): Bad) -> CallError {
        self.0.flights.spoil();
        let what = about.redactor.message(&what);
        about.answered_wrongly(&what);
        CallError::BadAnswer { driver: self.name().to_owned(), function: about.phase.as_str(), what }
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

/// Writes down what a call came to.
pub(crate) async fn taped<T: Serialize>(
    tape: Option<Arc<Tape>>,
    made: impl Future<Output = Result<Ended<Said<T>>, StopReason>>,
) -> Result<Ended<Said<T>>, StopReason> {
    let ended = made.await;
    if let Some(tape) = tape {
        tape.end(ended.as_ref().map(|ended| &ended.answer));
    }
    ended
}

/// What a call is about.
#[derive(Default)]
pub(crate) struct Subject {
    pub(crate) cluster: Option<ClusterId>,
    /// The cluster's.
    pub(crate) groups: Vec<NodeGroupId>,
}

impl Subject {
    pub(crate) fn of(view: &ClusterView) -> Self {
        Self { cluster: Some(view.cluster.uuid), groups: groups(view) }
    }
}

pub(crate) fn groups(view: &ClusterView) -> Vec<NodeGroupId> {
    view.groups.iter().map(|group| group.uuid).collect()
}

impl std::fmt::Debug for Driver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Driver({} {}, {})", self.name(), self.version(), self.digest())
    }
}
