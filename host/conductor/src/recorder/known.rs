//! The secrets that were near a call, to be looked for in its record.

use std::sync::Arc;

use jeroboam_cloud::{Identity, Session};
use jeroboam_model::{Authority, Cluster, ClusterId, Secret, Trustee};
use jeroboam_plugins::Redactor;

use crate::shared::Shared;
use crate::sources::Issued;

/// How to get at them. They are fetched when there is a record to look at, not before. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Known(Near);

#[derive(Clone)]
enum Near {
    /// The token of a request that is being checked.
    Request(Secret),
    Cluster(Arc<NearCluster>),
}

struct NearCluster {
    shared: Shared,
    session: Session,
    cluster: ClusterId,
    trustee: Option<Trustee>,
    issued: Issued,
}

impl Known {
    pub(super) fn of_request(token: Secret) -> Self {
        Self(Near::Request(token))
    }

    pub(crate) fn of_cluster(shared: &Shared, session: &Session, cluster: &Cluster, issued: &Issued) -> Self {
        Self(Near::Cluster(Arc::new(NearCluster {
            shared: shared.clone(),
            session: session.clone(),
            cluster: cluster.uuid,
            trustee: cluster.trustee.clone(),
            issued: issued.clone(),
        })))
    }

    /// Those that there are now. What cannot be fetched was not near either.
    pub(super) async fn secrets(&self) -> Redactor {
        let values = match &self.0 {
            Near::Request(token) => vec![token.clone()],
            Near::Cluster(near) => near.values().await,
        };
        let escaped: Vec<Secret> = values.iter().map(as_in_json).collect();
        Redactor::new(values.into_iter().chain(escaped))
    }
}

impl NearCluster {
    async fn values(&self) -> Vec<Secret> {
        let Self { shared, session, cluster, trustee, issued } = self;
        let mut values = issued.private_keys();
        values.extend(session.token().await.ok());
        if let Some(trustee) = trustee {
            values.extend(shared.trustee_password(*cluster, trustee).ok());
            values.extend(trustee.trust_id.clone().map(Secret::new));
        }
        let certificates = &shared.certificates;
        values.extend(certificates.client(cluster).await.ok().map(|pair| pair.private_key));
        values.extend(certificates.service_account(cluster).await.ok().map(|(_, private)| private));
        for authority in [Authority::Kubernetes, Authority::Etcd, Authority::FrontProxy] {
            values.extend(certificates.ca_private_key(cluster, authority).await.ok());
        }
        values.extend(shared.config.trust.domain_admin.as_ref().and_then(password));
        values
    }
}

/// As it stands within a JSON document.
fn as_in_json(secret: &Secret) -> Secret {
    let text = serde_json::Value::from(secret.expose()).to_string();
    Secret::new(text.trim_start_matches('"').trim_end_matches('"'))
}

fn password(identity: &Identity) -> Option<Secret> {
    match identity {
        Identity::Password { password, .. } => Some(password.clone()),
        _ => None,
    }
}
