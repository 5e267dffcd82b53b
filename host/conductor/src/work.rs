//! One operation with everything that a step reads and writes.

use jeroboam_cloud::{CloudError, Identity, Kind, Scope, Session, UserRef};
use jeroboam_model::{
    Cluster, ClusterTemplate, ClusterView, External, Fault, LedgerEntry, NodeGroup, NodeGroupId, Operation, OperationId,
    OperationKind, Secret, Trustee,
};
use jeroboam_store::{CommitError, Recording, StoreError, Stored, Usage};

use crate::cause::Actor;
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
    pub pace: Pace,
    /// How long the present step has been going on, in this process.
    pub in_step_for: std::time::Duration,
}

/// What a commit writes, in the making.
pub(crate) struct Draft {
    pub cluster: Cluster,
    pub groups: Vec<NodeGroup>,
    pub operation: Operation,
    pub ledger: Vec<LedgerEntry>,
    pub others_wait: bool,
    /// The cluster is no more: its rows go, and it no longer counts against the quota.
    pub gone: bool,
    /// What the driver has just defined, and from what.
    pub recording: Option<Recording>,
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
        self.shared.cloud.session(identity).with_request_id(self.operation.requester.request_id.as_str())
    }

    /// Writes a change, all of it or nothing. Who wrote the cluster or its groups meanwhile is not overwritten: the change is made to what they
    /// wrote. Who wrote the operation has taken it away.
    pub async fn commit(mut self, change: &(dyn Fn(&mut Draft) + Send + Sync)) -> Result<(), StepError> {
        for _ in 0..COMMIT_TRIES {
            let mut draft = self.draft();
            change(&mut draft);
            draft.operation.updated_at = now();
            match self.write(draft).await? {
                Written::Yes => return Ok(()),
                Written::Overtaken => {
                    let fresh = Self::load(&self.shared, self.operation.id).await?.ok_or(StepError::Superseded)?;
                    if fresh.operation.revision != self.operation.revision {
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
        }
    }

    async fn write(&self, draft: Draft) -> Result<Written, StepError> {
        let mut tx = self.shared.store.begin();
        tx.update(&self.operation.with(draft.operation));
        for entry in &self.ledger {
            match draft.ledger.iter().find(|kept| kept.object == entry.object) {
                None => tx.remove(entry),
                Some(kept) if *kept != entry.value => tx.update(&entry.with(kept.clone())),
                Some(_) => {}
            }
        }
        if let Some(recording) = &draft.recording {
            tx.put(recording);
        }
        if draft.gone {
            tx.remove(&self.cluster);
            for group in &self.groups {
                tx.remove(group);
            }
            for recording in self.shared.store.recordings().of_cluster(self.cluster.uuid).await? {
                tx.remove(&recording);
            }
            for discovery in self.shared.store.discoveries().of_cluster(self.cluster.uuid).await? {
                tx.remove(&discovery);
            }
            if let Some(usage) = self.shared.store.usage().get(&self.cluster.project_id).await? {
                let clusters = usage.clusters.saturating_sub(1);
                tx.update(&usage.with(Usage { clusters, ..usage.value.clone() }));
            }
        } else {
            if draft.cluster != self.cluster.value {
                tx.update(&self.cluster.with(draft.cluster));
            }
            for (group, drafted) in self.groups.iter().zip(draft.groups) {
                if drafted != group.value {
                    tx.update(&group.with(drafted));
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

enum Written {
    Yes,
    Overtaken,
}

impl Draft {
    /// Notes an event of the operation.
    pub fn note(&mut self, message: impl Into<String>) {
        self.operation.note(now(), message);
    }

    /// An object outside has an id.
    pub fn found(&mut self, object: &External, id: &str) {
        for entry in self.ledger.iter_mut().filter(|entry| entry.object == *object) {
            entry.id = Some(id.to_owned());
        }
    }

    /// Objects outside are gone.
    pub fn strike(&mut self, gone: impl Fn(&External) -> bool) {
        self.ledger.retain(|entry| !gone(&entry.object));
    }

    /// The requester's token is of no more use.
    pub fn forget_token(&mut self) {
        self.operation.requester.token = None;
    }

    pub fn group_mut(&mut self, id: NodeGroupId) -> Option<&mut NodeGroup> {
        self.groups.iter_mut().find(|group| group.uuid == id)
    }

    /// The group that a resize is about, with what it says of it.
    pub fn resized(&mut self) -> Option<(&mut NodeGroup, u32, Vec<String>)> {
        let OperationKind::Resize { group, previous_count, nodes_to_remove, .. } = &self.operation.kind else { return None };
        let (group, previous_count, nodes) = (*group, *previous_count, nodes_to_remove.clone());
        Some((self.group_mut(group)?, previous_count, nodes))
    }
}
