//! Objects that users name: by id, or by a name that need not be unique.

use crate::error::CloudError;
use crate::service::Service;

/// An object that has an id.
pub(crate) trait Named {
    const SERVICE: Service;
    /// What it is called in a sentence.
    const WHAT: &'static str;
    fn id(&self) -> &str;
}

/// The only object of a search.
pub(crate) fn only<T: Named>(name: &str, mut found: Vec<T>) -> Result<T, CloudError> {
    match found.pop() {
        None => Err(none::<T>(name)),
        Some(only) if found.is_empty() => Ok(only),
        Some(last) => Err(CloudError::Ambiguous {
            service: T::SERVICE,
            what: T::WHAT,
            name: name.to_owned(),
            ids: found.iter().chain([&last]).map(|one| one.id().to_owned()).collect(),
        }),
    }
}

pub(crate) fn none<T: Named>(name: &str) -> CloudError {
    CloudError::NoMatch { service: T::SERVICE, what: T::WHAT, name: name.to_owned() }
}

/// Whether a text may be the id of an object whose ids are UUIDs.
pub(crate) fn is_uuid(text: &str) -> bool {
    uuid::Uuid::try_parse(text).is_ok()
}
