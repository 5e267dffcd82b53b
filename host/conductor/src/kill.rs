//! Kill points: where tests end the process, to see that nothing is lost by it.

use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use jeroboam_model::{NodeGroupId, OperationKind, Step, TemplateId};
use tokio::sync::watch;
use uuid::Uuid;

/// The environment variable that names a [`KillPoint`].
const VARIABLE: &str = "JEROBOAM_ABORT_AT";

/// A moment in a step of an operation, written `<kind>/<step>/<moment>`: `create/stack/during`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KillPoint {
    kind: &'static str,
    step: Step,
    moment: Moment,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The step is recorded, and has done nothing.
    Before,
    /// It has had its effect outside, which the store does not know of.
    During,
    /// Its result is recorded.
    After,
}

/// The text is no kill point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a kill point is <operation>/<step>/<before|during|after>, with a step of that operation")]
pub struct UnknownKillPoint;

/// What happens at a kill point: nothing, unless a test asked for it.
#[derive(Clone, Debug, Default)]
pub struct KillSwitch(Option<(KillPoint, How)>);

#[derive(Clone, Debug)]
enum How {
    Abort,
    Halt(Arc<watch::Sender<bool>>),
}

/// The operations, to name their steps by.
static KINDS: LazyLock<[OperationKind; 8]> = LazyLock::new(|| {
    let (group, template) = (NodeGroupId(Uuid::nil()), TemplateId(Uuid::nil()));
    [
        OperationKind::Create,
        OperationKind::Resize { group, node_count: None, previous_count: 0, nodes_to_remove: Vec::new(), rollback: false },
        OperationKind::Delete,
        OperationKind::CreateGroup { group },
        OperationKind::DeleteGroup { group },
        OperationKind::Upgrade { template, group: None, batch: 1, rollback: false, resumes: false, changes: Vec::new(), done: 0 },
        OperationKind::RotateCa { generation: 1, changes: Vec::new(), done: 0 },
        OperationKind::RotateCredential { changes: Vec::new(), done: 0 },
    ]
});

const MOMENTS: [(&str, Moment); 3] = [("before", Moment::Before), ("during", Moment::During), ("after", Moment::After)];

impl KillPoint {
    /// Every moment of every step of every operation.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().flat_map(|kind| {
            let at = move |step| MOMENTS.iter().map(move |(_, moment)| Self { kind: kind.name(), step, moment: *moment });
            kind.steps().iter().copied().flat_map(at)
        })
    }
}

impl KillSwitch {
    /// As the environment says. A test with a slip in it must not pass for want of a crash, so what cannot be read is logged as an error.
    pub(crate) fn or_from_environment(self) -> Self {
        let (None, Some(text)) = (&self.0, std::env::var_os(VARIABLE)) else { return self };
        match text.to_string_lossy().parse() {
            Ok(point) => Self(Some((point, How::Abort))),
            Err(error) => {
                tracing::error!("{VARIABLE} is ignored: {error}");
                self
            }
        }
    }

    /// Stops the worker at the point as if the process had ended there. Drop the conductor afterwards.
    pub fn halting_at(point: KillPoint) -> Self {
        Self(Some((point, How::Halt(Arc::new(watch::Sender::new(false))))))
    }

    /// Returns once the point of [`KillSwitch::halting_at`] has been reached.
    pub async fn reached(&self) {
        let Some((_, How::Halt(reached))) = &self.0 else { return std::future::pending().await };
        // The sender is held by `self`, so waiting cannot fail.
        _ = reached.subscribe().wait_for(|reached| *reached).await;
    }

    pub(crate) async fn pass(&self, kind: &OperationKind, step: Step, moment: Moment) {
        let Some((point, how)) = &self.0 else { return };
        if *point != (KillPoint { kind: kind.name(), step, moment }) {
            return;
        }
        match how {
            How::Abort => {
                // What `kill -9` does: no destructor, no flush, no handler. Should the kernel refuse, the process ends all the same.
                let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
                std::process::abort()
            }
            How::Halt(reached) => {
                reached.send_replace(true);
                std::future::pending().await
            }
        }
    }
}

impl FromStr for KillPoint {
    type Err = UnknownKillPoint;

    fn from_str(text: &str) -> Result<Self, UnknownKillPoint> {
        Self::all().find(|point| point.to_string() == text).ok_or(UnknownKillPoint)
    }
}

impl std::fmt::Display for KillPoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let moment = MOMENTS.iter().find(|(_, moment)| *moment == self.moment).map_or("", |(name, _)| name);
        write!(f, "{}/{}/{moment}", self.kind, self.step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kill_point_is_read_back_from_its_text() {
        for point in KillPoint::all() {
            assert_eq!(point.to_string().parse(), Ok(point));
        }
    }

    #[test]
    fn a_step_of_another_operation_is_no_kill_point() {
        for text in ["", "create", "create/delete-stack/before", "resize/trust/during", "create/stack/later"] {
            assert_eq!(text.parse::<KillPoint>(), Err(UnknownKillPoint), "{text}");
        }
    }
}
