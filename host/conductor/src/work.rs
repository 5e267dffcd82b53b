//! One operation with everything that a step reads and writes.

use jeroboam_cloud::{CloudError, Identity, Kind, Scope, Session, UserRef};
use jeroboam_model::driver::StackScope;
use jeroboam_model::{
    Cluster, ClusterTemplate, ClusterView, Fault, LedgerEntry, NodeGroup, NodeGroupId, Operation, OperationId, Secret, Trustee,
};
use jeroboam_store::{CommitError, PlannedStep, StoreError, Stored, Transaction, Usage};

use crate::cause::Actor;
use crate::draft::Draft;
use crate::error::{By, StepError};
use crate::now::now;
use crate::pace::Pace;
use crate::policy::Failure;
use crate::sessions::{Acting, Means, Need};
use crate::shared::{Shared, token_place};

/// How often a commit is tried against others who write the same cluster.
const COMMIT_TRIES: usize = 100;

/// An operation as it was read, and what belongs to its cluster.
pub(crate) struct Work {
    pub shared: Shared,
    pub operation: Stored<Operation>,
    pub cluster: Stored<Cluster>,
    pub groups: Vec<Stored<NodeGroup>>,
    pub template: Option<ClusterTemplate>,
    pub ledger: Vec<Stored<LedgerEntry>>,
    /// Whether other operations wait for this one to end.
    pub others_wait: bool,
    /// Whether others have ended since this one was accepted.
    pub has_waited: bool,
    /// Operations that are over, beyond those that are kept.
    pub surplus: Vec<Stored<Operation>>,
    pub pace: Pace,
    /// How long the present step has been going on, in this process.
    pub in_step_for: std::time::Duration,
}

impl Work {
    /// Nothing if the operation is over, or its cluster gone.
    pub async fn load(shared: &Shared, id: OperationId) -> Result<Option<Self>, StoreError> {
        let store = &shared.store;
        let Some(operation) = store.operations().get(id).await? else { return Ok(None) };
        if operation.state.is_over() {
            return Ok(None);
        }
        let Some(cluster) = store.clusters().get(operation.cluster).await? else { return Ok(None) };
        let others = store.operations().of_cluster(cluster.uuid).await?;
        Ok(Some(Self {
            groups: store.node_groups().of_cluster(cluster.uuid).await?,
            template: store.templates().get(cluster.cluster_template_id).await?.map(|template| template.value),
            ledger: store.ledger().of_cluster(cluster.uuid).await?,
            others_wait: others.iter().any(|other| other.id != id && !other.state.is_over()),
            has_waited: others.iter().any(|other| other.state.is_over() && other.updated_at > operation.created_at),
            surplus: surplus(others, id, shared.config.operations_kept),
            shared: shared.clone(),
            operation,
            cluster,
            pace: Pace::default(),
            in_step_for: std::time::Duration::ZERO,
        }))
    }

    /// The cluster as drivers are told of it.
    pub fn view(&self) -> Result<ClusterView, Failure> {
        let template =
            self.template.clone().ok_or_else(|| Failure::lasting(Fault::Host, "The cluster's template is not in the store"))?;
        Ok(ClusterView {
            cluster: self.cluster.value.clone(),
            template,
            groups: self.groups.iter().map(|group| group.value.clone()).collect(),
        })
    }

    /// The group that a resize is about.
    pub fn group(&self, id: NodeGroupId) -> Result<&NodeGroup, Failure> {
        let group = self.groups.iter().find(|group| group.uuid == id);
        group.map(|group| &group.value).ok_or_else(|| Failure::lasting(Fault::User, "The node group is no more"))
    }

    /// The trustee and its password.
    pub fn trustee(&self) -> Result<Option<(&Trustee, Secret)>, StepError> {
        let Some(trustee) = &self.cluster.trustee else { return Ok(None) };
        Ok(Some((trustee, self.shared.trustee_password(self.cluster.uuid, trustee)?)))
    }

    /// Whom the cluster's nodes log in as, without any rights in a project.
    pub fn as_trustee(&self, user_id: &str, password: Secret) -> Session {
        self.session_of(Identity::Password { user: UserRef::Id(user_id.to_owned()), password, scope: Scope::Unscoped })
    }

    /// A session that works now: Keystone has been asked.
    pub async fn session(&self, need: Need) -> Result<(Session, Actor), StepError> {
        let mut refused: Option<(CloudError, Actor)> = None;
        for way in Means::of(&self.operation.requester, &self.cluster, now()).ways(need)? {
            let (identity, actor) = self.identity(way)?;
            let session = self.session_of(identity);
            match session.token_info().await {
                Ok(_) => return Ok((session, actor)),
                Err(error) if error.kind() == Kind::Unauthenticated => refused = refused.or(Some((error, actor))),
                Err(error) => return Err(error).by(actor),
            }
        }
        match refused {
            Some((error, actor)) => Err(error).by(actor),
            None => Err(Failure::lasting(Fault::Host, "There is no way to act for the cluster").into()),
        }
    }

    fn identity(&self, way: Acting) -> Result<(Identity, Actor), StepError> {
        let missing = || Failure::lasting(Fault::Host, "A credential of the cluster has vanished");
        match way {
            Acting::InPerson => {
                let token = self.operation.requester.token.as_ref().ok_or_else(missing)?;
                let token = self.shared.vault.open(&token_place(self.operation.id), token)?;
                Ok((Identity::Token(token), Actor::Requester))
            }
            Acting::ByTrust => {
                let (trustee, password) = self.trustee()?.ok_or_else(missing)?;
                let (user_id, trust_id) = trustee.user_id.clone().zip(trustee.trust_id.clone()).ok_or_else(missing)?;
                Ok((Identity::Trust { trustee_user_id: user_id.0, password, trust_id }, Actor::Trustee))
            }
        }
    }

    fn session_of(&self, identity: Identity) -> Session {
        self.shared.cloud.session(identity).with_request_id(self.operation.requester.onward_id().as_str())
    }

    /// Writes a change, all of it or nothing. Who wrote the cluster or its groups meanwhile is not overwritten: the change is made to what they
    /// wrote. Who wrote the operation has taken it away, unless all they want is that it stops.
    pub async fn commit(mut self, change: &(dyn Fn(&mut Draft) + Send + Sync)) -> Result<(), StepError> {
        for _ in 0..COMMIT_TRIES {
            let mut draft = self.draft();
            change(&mut draft);
            if let Some(recording) = &draft.recording {
                draft.cluster.driver_digest = Some(recording.driver_digest);
            }
            draft.operation.updated_at = now();
            match self.write(draft).await? {
                Written::Yes => return Ok(()),
                Written::Overtaken => {
                    let fresh = Self::load(&self.shared, self.operation.id).await?.ok_or(StepError::Superseded)?;
                    if !is_same_work(&fresh.operation, &self.operation) {
                        return Err(StepError::Superseded);
                    }
                    self = fresh;
                }
            }
        }
        Err(Failure::passing(Fault::Host, "Others keep writing the same cluster").into())
    }

    fn draft(&self) -> Draft {
        Draft {
            cluster: self.cluster.value.clone(),
            groups: self.groups.iter().map(|group| group.value.clone()).collect(),
            operation: self.operation.value.clone(),
            ledger: self.ledger.iter().map(|entry| entry.value.clone()).collect(),
            others_wait: self.others_wait,
            gone: false,
            recording: None,
            plan: None,
        }
    }

    async fn write(&self, draft: Draft) -> Result<Written, StepError> {
        let mut tx = self.shared.store.begin();
        tx.update(&self.operation.with(draft.operation.clone()));
        for entry in &self.ledger {
            match draft.ledger.iter().find(|kept| kept.object == entry.object) {
                None => tx.remove(entry),
                Some(kept) if *kept != entry.value => tx.update(&entry.with(kept.clone())),
                Some(_) => {}
            }
        }
        if let Some(recording) = &draft.recording {
            tx.put_whole(recording);
        }
        if let Some(plan) = draft.plan.as_ref().or(draft.gone.then_some(&Vec::new())) {
            self.write_plan(&mut tx, plan).await?;
        }
        if draft.operation.state.is_over() {
            self.surplus.iter().for_each(|operation| tx.remove(operation));
        }
        if draft.gone {
            tx.remove(&self.cluster);
            for group in &self.groups {
                tx.remove(group);
            }
            for recording in self.shared.store.recordings().of_cluster(self.cluster.uuid).await? {
                tx.remove_whole(&recording);
            }
            for discovery in self.shared.store.discoveries().of_cluster(self.cluster.uuid).await? {
                tx.remove(&discovery);
            }
            for container in self.shared.store.containers().of_cluster(self.cluster.uuid).await? {
                tx.remove(&container);
            }
            for pair in self.shared.store.x509keypairs().of_cluster(self.cluster.uuid).await? {
                tx.remove(&pair);
            }
            if let Some(usage) = self.shared.store.usage().get(&self.cluster.project_id).await? {
                let clusters = usage.clusters.saturating_sub(1);
                tx.update(&usage.with(Usage { clusters, ..usage.value.clone() }));
            }
        } else {
            if draft.cluster != self.cluster.value {
                tx.update(&self.cluster.with(draft.cluster));
            }
            for group in &self.groups {
                match draft.groups.iter().find(|drafted| drafted.uuid == group.uuid) {
                    None => self.remove_group(&mut tx, group).await?,
                    Some(drafted) if *drafted != group.value => tx.update(&group.with(drafted.clone())),
                    Some(_) => {}
                }
            }
        }
        match tx.commit().await {
            Ok(_) => Ok(Written::Yes),
            Err(CommitError::Conflict { .. }) => Ok(Written::Overtaken),
            Err(error) => Err(error.into()),
        }
    }
}

impl Work {
    /// A group's row goes, and what was recorded of its stack.
    async fn remove_group(&self, tx: &mut Transaction, group: &Stored<NodeGroup>) -> Result<(), StepError> {
        tx.remove(group);
        let scope = StackScope::NodeGroup(group.uuid);
        if let Some(recording) = self.shared.store.recordings().of_scope(self.cluster.uuid, scope).await? {
            tx.remove_whole(&recording);
        }
        Ok(())
    }

    async fn write_plan(&self, tx: &mut Transaction, plan: &[PlannedStep]) -> Result<(), StepError> {
        plan.iter().for_each(|step| tx.put_whole(step));
        let old = self.shared.store.plans().of_cluster(self.cluster.uuid).await?;
        old.iter().filter(|old| plan.iter().all(|step| step.number != old.number)).for_each(|old| tx.remove_whole(old));
        Ok(())
    }
}

/// The oldest of a cluster's operations that are over, beyond `kept`; a bounded number, since they go in one commit. `ending` is about to be over.
fn surplus(operations: Vec<Stored<Operation>>, ending: OperationId, kept: usize) -> Vec<Stored<Operation>> {
    const AT_ONCE: usize = 100;
    let over: Vec<_> = operations.into_iter().filter(|other| other.id != ending && other.state.is_over()).collect();
    let surplus = (over.len() + 1).saturating_sub(kept.max(1)).min(AT_ONCE);
    over.into_iter().take(surplus).collect()
}

/// Whether nothing has been written to an operation since but that somebody wants it to stop: what was done for it is still to be recorded.
fn is_same_work(now: &Operation, before: &Operation) -> bool {
    let place = |operation: &Operation| (operation.state, operation.step, operation.attempts, operation.retries);
    place(now) == place(before) && now.kind == before.kind
}

enum Written {
    Yes,
    Overtaken,
}
