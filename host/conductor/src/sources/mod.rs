//! What drivers ask, answered over the cloud: one file for each interface of the contract.
//!
//! A source is made for one call. It acts as the user whose request it is, or by the cluster's trust, and shows nothing of other clusters. No answer and no
//! error holds a token, a key or a password.

mod audit;
mod certificates;
mod coe_address;
mod coe_api;
mod floating_ips;
mod issued;
mod load_balancers;
mod lookup;
mod refusal;
mod settings;
mod stacks;
mod volumes;

use std::sync::Arc;

use jeroboam_cloud::Session;
use jeroboam_model::{Cluster, ClusterView, RequestId, Requester, Secret};
use jeroboam_plugins::{AuditTrail, CallContext, Lookup, Recalled, RecordedRead, Sources};

use crate::cause;
use crate::recorder::Known;
use crate::shared::Shared;
use crate::work::Work;

pub(crate) use issued::Issued;
pub use settings::OperatorSettings;

/// For checking a request before it is accepted: settings, and look-ups as the user who makes it.
pub fn for_user(session: &Session, settings: &OperatorSettings, lookup: impl Lookup + 'static) -> Sources {
    Sources::none().with_secrets(session.secrets()).with_settings(settings.clone()).with_lookup(lookup)
}

/// Reads of OpenStack, as whoever the session is.
pub fn lookup(session: Session) -> impl Lookup {
    lookup::Source(session)
}

/// For everything about one cluster; `global` is the id of the request behind the one that it is done for.
pub(crate) async fn for_cluster(shared: &Shared, session: Session, view: &ClusterView, global: Option<RequestId>) -> Sources {
    let issued = Issued::default();
    let known = Known::of_cluster(shared, &session, &view.cluster, &issued);
    let owner = Owner::of(&view.cluster);
    let trail = AuditTrail {
        sink: Arc::new(audit::Sink(shared.store.clone())),
        cluster: view.cluster.uuid,
        project_id: view.cluster.project_id.clone(),
        global_request_id: global,
    };
    let api = coe_api::Source::new(view, shared.certificates.clone(), issued.clone());
    Sources::none()
        .with_secrets(secrets(shared, &session, &view.cluster).await)
        .with_settings(shared.settings.clone())
        .with_stacks(stacks::Source::new(session.clone(), view))
        .with_load_balancers(load_balancers::Source { session: session.clone(), owner: owner.clone() })
        .with_volumes(volumes::Source { session: session.clone(), owner: owner.clone() })
        .with_floating_ips(floating_ips::Source { session: session.clone(), owner })
        .with_certificates(certificates::Source::new(view.cluster.uuid, shared.certificates.clone(), issued))
        .with_coe_api(api)
        .with_lookup(lookup::Source(session))
        .with_recorder(shared.recorder.listener(known))
        .with_audit(trail)
}

/// What the driver must not say, should it ever come to know it. None of it is told to a driver, but the nodes have the keys, and a driver may ask the
/// cluster's API and read what the stack puts out.
async fn secrets(shared: &Shared, session: &Session, cluster: &Cluster) -> Vec<Secret> {
    let mut secrets = session.secrets();
    if let Some(trustee) = &cluster.trustee {
        secrets.extend(shared.trustee_password(cluster.uuid, trustee).ok());
        secrets.extend(trustee.trust_id.as_deref().map(Secret::new));
    }
    match shared.certificates.private_keys_at_hand(&cluster.uuid).await {
        Ok(keys) => secrets.extend(keys),
        // What goes wrong with keys must not keep a cluster from being deleted.
        Err(error) => {
            let why = cause::chain(&error);
            tracing::warn!(cluster = %cluster.uuid, "its private keys are not kept out of its driver's words: {why}");
        }
    }
    secrets
}

/// For a step of an operation.
pub(crate) async fn for_work(work: &Work, view: &ClusterView, session: Session) -> CallContext {
    let Requester { request_id, global_request_id, .. } = work.operation.requester.clone();
    CallContext { request_id, sources: for_cluster(&work.shared, session, view, global_request_id).await }
}

/// For a step that defines a stack which is there: what was read when it was made is read again from the record, but for what is to be asked anew.
pub(crate) async fn recalling(
    work: &Work,
    view: &ClusterView,
    session: Session,
    reads: Vec<RecordedRead>,
    anew: Vec<String>,
) -> CallContext {
    let CallContext { request_id, sources } = for_work(work, view, session.clone()).await;
    let settings = Recalled { reads: reads.clone(), anew: anew.clone(), source: work.shared.settings.clone() };
    let lookup = Recalled { reads, anew, source: lookup::Source(session) };
    CallContext { request_id, sources: sources.with_settings(settings).with_lookup(lookup) }
}

/// Whose an object has to be for a driver to see it. Any tenant can write any description, so the project counts too.
#[derive(Clone, Debug)]
struct Owner {
    cluster: String,
    project: String,
}

impl Owner {
    fn of(cluster: &Cluster) -> Self {
        Self { cluster: cluster.uuid.to_string(), project: cluster.project_id.0.clone() }
    }

    /// Whether a description names the cluster, as a word of its own.
    fn described_by(&self, description: &str) -> bool {
        description
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
            .any(|word| word == self.cluster || self.prefixed(word))
    }

    fn tagged_by<'a>(&self, mut tags: impl Iterator<Item = &'a String>) -> bool {
        tags.any(|tag| self.described_by(tag))
    }

    /// `kube_service_<uuid>_<namespace>_<name>`, as cloud-provider-openstack names and tags.
    fn prefixed(&self, word: &str) -> bool {
        word.split('_').any(|part| part == self.cluster)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: &str = "5d2f3b1c-8a0e-4c55-9d7e-3f1b2a4c6d8e";

    #[test]
    fn an_object_is_the_clusters_if_its_description_names_it_as_a_word() {
        let owner = Owner { cluster: UUID.into(), project: "p".into() };
        assert!(owner.described_by(&format!("Kubernetes external service default/web from cluster {UUID}")));
        assert!(owner.described_by(&format!("kube_service_{UUID}_default_web")));
        assert!(owner.tagged_by([format!("cluster:{UUID}")].iter()));
        for other in [String::new(), format!("x{UUID}"), format!("{UUID}-2"), "from cluster 1".into()] {
            assert!(!owner.described_by(&other), "{other}");
        }
    }
}
