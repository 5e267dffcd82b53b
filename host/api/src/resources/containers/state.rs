//! What a bay says of a container.

use jeroboam_model::Container;
use jeroboam_model::driver::CoeResource;

/// As clients of Mitaka know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Running,
    Stopped,
    Paused,
    /// It is on record, and not on its bay.
    Error,
    /// The bay does not say.
    Unknown,
}

impl State {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "Running",
            Self::Stopped => "Stopped",
            Self::Paused => "Paused",
            Self::Error => "Error",
            Self::Unknown => "Unknown",
        }
    }

    /// From Docker's word.
    pub fn of(found: &CoeResource) -> Self {
        match found.status.as_deref() {
            Some("running" | "restarting") => Self::Running,
            Some("created" | "exited" | "dead" | "removing") => Self::Stopped,
            Some("paused") => Self::Paused,
            _ => Self::Unknown,
        }
    }

    /// Among all that the bay has.
    pub fn among(found: &[CoeResource], container: &Container) -> Self {
        find(found, container).map_or(Self::Error, Self::of)
    }
}

/// By its id; or by its label, if nobody has come to know the id.
pub fn find<'a>(found: &'a [CoeResource], container: &Container) -> Option<&'a CoeResource> {
    let uuid = container.uuid.to_string();
    found.iter().find(|found| match &container.container_id {
        Some(id) => found.id == *id,
        None => found.labels.iter().any(|(name, value)| name == Container::LABEL && *value == uuid),
    })
}
