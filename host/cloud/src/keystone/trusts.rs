//! `/v3/OS-TRUST/trusts`: a user's rights, lent to a cluster's trustee.

use serde::Deserialize;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::Keystone;
use crate::error::CloudError;
use crate::http::Call;
use crate::parse;
use crate::service::Service;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Trust {
    pub id: String,
    pub trustor_user_id: String,
    pub trustee_user_id: String,
    #[serde(default, deserialize_with = "parse::non_empty")]
    pub project_id: Option<String>,
    #[serde(default)]
    pub impersonation: bool,
    /// Nothing for a trust without an end.
    #[serde(default, deserialize_with = "parse::optional_instant")]
    pub expires_at: Option<OffsetDateTime>,
}

/// A trust to create: impersonating, without an end, and not to be handed on.
#[derive(Clone, Debug)]
pub struct NewTrust {
    /// The user whose rights are lent: Keystone insists that it is the session's own.
    pub trustor_user_id: String,
    pub trustee_user_id: String,
    pub project_id: String,
    /// Names of the roles that are lent.
    pub roles: Vec<String>,
}

impl Keystone {
    /// Creates a trust. Sent once: after no answer, list the trustee's.
    pub async fn create_trust(&self, trust: &NewTrust) -> Result<Trust, CloudError> {
        let roles: Vec<Value> = trust.roles.iter().map(|name| json!({"name": name})).collect();
        let call = Call::post(Service::Keystone, "create trust", "/OS-TRUST/trusts").json(&json!({
            "trust": {
                "trustor_user_id": trust.trustor_user_id,
                "trustee_user_id": trust.trustee_user_id,
                "project_id": trust.project_id,
                "impersonation": true,
                "allow_redelegation": false,
                "roles": roles,
            }
        }));
        self.session.call(call).await?.member("trust")
    }

    /// The trusts of which a user is the trustee. Keystone shows them to the trustee itself and to
    /// administrators.
    pub async fn list_trusts_of_trustee(&self, user_id: &str) -> Result<Vec<Trust>, CloudError> {
        let call = Call::get(Service::Keystone, "list trusts", "/OS-TRUST/trusts").query("trustee_user_id", user_id);
        self.trusts(call).await
    }

    /// The trusts that a user has given. Keystone shows them to the trustor itself and to
    /// administrators.
    pub async fn list_trusts_of_trustor(&self, user_id: &str) -> Result<Vec<Trust>, CloudError> {
        let call = Call::get(Service::Keystone, "list trusts", "/OS-TRUST/trusts").query("trustor_user_id", user_id);
        self.trusts(call).await
    }

    pub async fn trust(&self, id: &str) -> Result<Option<Trust>, CloudError> {
        let call = Call::get(Service::Keystone, "show trust", "/OS-TRUST/trusts/{}").arg(id);
        self.session.call_show(call, "trust").await
    }

    /// Deletes a trust; one that is not there is deleted.
    pub async fn delete_trust(&self, id: &str) -> Result<(), CloudError> {
        let call = Call::delete(Service::Keystone, "delete trust", "/OS-TRUST/trusts/{}").arg(id);
        self.session.call_delete(call).await
    }

    async fn trusts(&self, call: Call) -> Result<Vec<Trust>, CloudError> {
        self.session.call(call).await?.member("trusts")
    }
}
