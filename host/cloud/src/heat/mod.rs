//! Heat: stacks, what is in them, and what a change would do to them.

mod events;
mod preview;
mod resources;
mod stack_request;
mod stacks;
mod status;
mod templates;

pub use events::{Event, EventQuery};
pub use preview::{ChangedResource, ResourceChanges};
pub use resources::Resource;
pub use stack_request::{ParameterValue, StackRequest, Update};
pub use stacks::{Creation, Output, Outputs, Stack, StackFilter, StackId};
pub use status::{Action, Phase, StackStatus};
pub use templates::ValidatedTemplate;

use crate::session::Session;

/// Heat, as the identity of a session.
#[derive(Clone)]
pub struct Heat {
    session: Session,
}

impl Heat {
    pub(crate) fn new(session: Session) -> Self {
        Self { session }
    }
}
