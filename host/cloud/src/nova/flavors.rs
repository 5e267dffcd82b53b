//! `/flavors`

use serde::Deserialize;

use super::Nova;
use crate::error::CloudError;
use crate::find::{self, Named};
use crate::http::Call;
use crate::parse::is_segment;
use crate::service::Service;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Flavor {
    pub id: String,
    pub name: String,
    pub vcpus: u64,
    /// MiB.
    pub ram: u64,
    /// GiB of the root disk; zero lets the image decide.
    pub disk: u64,
}

impl Named for Flavor {
    const SERVICE: Service = Service::Nova;
    const WHAT: &'static str = "flavor";

    fn id(&self) -> &str {
        &self.id
    }
}

impl Nova {
    pub async fn flavor(&self, id: &str) -> Result<Option<Flavor>, CloudError> {
        let call = Call::get(Service::Nova, "show flavor", "/flavors/{}").arg(id);
        self.session.call_show(call, "flavor").await
    }

    pub async fn list_flavors(&self) -> Result<Vec<Flavor>, CloudError> {
        let call = Call::get(Service::Nova, "list flavors", "/flavors/detail");
        self.session.call_list(call, "flavors").await
    }

    /// A flavor by id, which may be any text, or else by name.
    pub async fn find_flavor(&self, name_or_id: &str) -> Result<Flavor, CloudError> {
        if is_segment(name_or_id)
            && let Some(flavor) = self.flavor(name_or_id).await?
        {
            return Ok(flavor);
        }
        let mut found = self.list_flavors().await?;
        found.retain(|flavor| flavor.name == name_or_id);
        find::only(name_or_id, found)
    }
}
