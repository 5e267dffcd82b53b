//! What `load-balancers`, `volumes` and `floating-ips` have in common: a driver can delete only what a listing of what the
//! cluster owns has shown.

use std::future::Future;

use serde::Serialize;

use crate::{
    Interface,
    notices::notice,
    source::{HostError, SourceError},
    state::CallState,
};

/// Something that is deleted by its id.
pub(super) trait Owned: Serialize + Send {
    fn id(&self) -> &str;
}

impl CallState {
    /// Lists what the cluster owns, and remembers the ids.
    pub(super) async fn list_owned<T: Owned>(
        &mut self,
        interface: Interface,
        list: impl Future<Output = Result<Vec<T>, SourceError>> + Send,
    ) -> Result<Vec<T>, HostError> {
        self.enter(interface, true, 0)?;
        let owned = list.await?;
        self.received(&owned)?;
        self.shown.extend(owned.iter().map(|item| (interface, item.id().to_owned())));
        Ok(owned)
    }

    /// Deletes what a listing has shown; makes one if there was none with this id.
    pub(super) async fn delete_owned<T: Owned>(
        &mut self,
        interface: Interface,
        id: String,
        list: impl Future<Output = Result<Vec<T>, SourceError>> + Send,
        delete: impl Future<Output = Result<(), SourceError>> + Send,
    ) -> Result<(), HostError> {
        self.enter(interface, false, id.len())?;
        let known = (interface, id);
        if !self.shown.contains(&known) {
            self.shown.extend(list.await?.iter().map(|item| (interface, item.id().to_owned())));
        }
        if !self.shown.contains(&known) {
            return Err(SourceError::NotFound("there is no such object of this cluster's".to_owned()).into());
        }
        delete.await?;
        notice!(info, &self.about, %interface, id = %known.1, "deleted for a cluster");
        Ok(())
    }
}
