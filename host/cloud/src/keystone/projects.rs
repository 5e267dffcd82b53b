//! `/v3/projects`

use serde::Deserialize;

use super::Keystone;
use crate::error::CloudError;
use crate::http::Call;
use crate::parse::is_segment;
use crate::service::Service;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Project {
    pub id: String,
    pub name: String,
}

impl Keystone {
    /// The project of that id; nothing if there is none.
    pub async fn project(&self, id: &str) -> Result<Option<Project>, CloudError> {
        if !is_segment(id) {
            return Ok(None);
        }
        let call = Call::get(Service::Keystone, "show project", "/projects/{}").arg(id);
        self.session.call_show(call, "project").await
    }
}
