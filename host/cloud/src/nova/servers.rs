//! `/servers`: listing and deleting, for what a stack has left behind.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Nova;
use crate::error::CloudError;
use crate::http::Call;
use crate::parse;
use crate::service::Service;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Server {
    pub id: String,
    pub name: String,
    /// `ACTIVE`, `ERROR` and so on.
    pub status: String,
    #[serde(default, deserialize_with = "parse::or_default")]
    pub metadata: BTreeMap<String, String>,
}

impl Nova {
    /// The servers of the project.
    pub async fn list_servers(&self) -> Result<Vec<Server>, CloudError> {
        let call = Call::get(Service::Nova, "list servers", "/servers/detail");
        self.session.call_list(call, "servers").await
    }

    /// Asks for deletion; a server that is not there is deleted.
    pub async fn delete_server(&self, id: &str) -> Result<(), CloudError> {
        let call = Call::delete(Service::Nova, "delete server", "/servers/{}").arg(id);
        self.session.call_delete(call).await
    }
}
