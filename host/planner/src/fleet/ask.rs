//! One cluster: what the version would do to its stacks.

use std::sync::Arc;

use jeroboam_model::{
    ClusterView,
    driver::{Change, ClusterVerdict, Digest, StackScope, Verdict},
};
use jeroboam_plugins::RecordedRead;
use jeroboam_store::{Recording, SharedView, Store, StoreError, Stored, tables::recordings::fingerprint};
use serde::Deserialize;
use time::OffsetDateTime;

use super::{Definer, Preview, preview::judged};
use crate::Comparer;

/// Finds the version with a digest, if it can be asked.
pub(super) type Versions = Arc<dyn Fn(&Digest) -> Option<Arc<dyn Definer>> + Send + Sync>;

/// What all clusters of a plan are asked with.
pub(super) struct Asking {
    pub store: Store,
    pub to: Arc<dyn Definer>,
    pub versions: Versions,
    pub preview: Option<Arc<dyn Preview>>,
    pub comparer: Comparer,
}

/// What is known of a cluster.
pub(super) enum Asked {
    /// Its row holds.
    Known(Box<ClusterVerdict>),
    /// A row to be written.
    New(Box<ClusterVerdict>),
    /// It is on the version already.
    Current,
    /// Its stacks have not been defined yet.
    Unrecorded,
}

impl Asking {
    pub(super) async fn ask(&self, view: SharedView) -> Result<Asked, StoreError> {
        let (cluster, to) = (&view.cluster, self.to.digest());
        let recordings = self.store.recordings().of_cluster(cluster.uuid).await?;
        let whole = recordings.iter().find(|recording| recording.scope == StackScope::Cluster);
        let Some(from) = cluster.driver_digest.or_else(|| whole.map(|whole| whole.driver_digest)) else {
            return Ok(Asked::Unrecorded);
        };
        if from == to {
            return Ok(Asked::Current);
        }
        if whole.is_none() {
            return Ok(Asked::Unrecorded);
        }
        let recorded = fingerprint(&recordings);
        let key = (self.to.name().to_owned(), (to, cluster.uuid));
        let row = self.store.verdicts().get(key).await?.map(|row| row.value);
        if let Some(row) = &row
            && row.recorded == recorded
            && row.from == from
            && (self.preview.is_none() || row.previewed)
        {
            return Ok(Asked::Known(Box::new(row.clone())));
        }
        let view = view.to_view();
        let mut found = Found::default();
        if cluster.upgrading_to.is_some() {
            let error = "an upgrade of the cluster has not ended: nobody can tell what its stacks are; upgrade it again first";
            found.verdict = Some(Verdict::Fails { error: error.to_owned() });
        } else {
            let is_there = |scope: &StackScope| match scope {
                StackScope::Cluster => true,
                StackScope::NodeGroup(group) => view.groups.iter().any(|own| own.uuid == *group),
            };
            for recording in recordings.iter().filter(|recording| is_there(&recording.scope)) {
                self.stack(&view, recording, &mut found).await;
            }
        }
        Ok(Asked::New(Box::new(ClusterVerdict {
            cluster: cluster.uuid,
            driver: self.to.name().to_owned(),
            from,
            to,
            verdict: found.verdict.unwrap_or(Verdict::Same),
            moved: row.is_some_and(|row| row.moved),
            recorded,
            drifted: found.drifted,
            previewed: self.preview.is_some(),
            at: OffsetDateTime::now_utc(),
        })))
    }

    async fn stack(&self, view: &ClusterView, recording: &Stored<Recording>, found: &mut Found) {
        let reads: Vec<RecordedRead> = match Vec::deserialize(&recording.reads) {
            Ok(reads) => reads,
            Err(error) => {
                return found.add(view, recording.scope, Verdict::Fails { error: format!("the recording is damaged: {error}") });
            }
        };
        let new = match self.to.define(view, recording.scope, reads.clone()).await {
            Ok(new) => new,
            Err(error) => return found.add(view, recording.scope, Verdict::Fails { error: cut(error) }),
        };
        let mut verdict = self.comparer.compare(&recording.definition, &new);
        if verdict == Verdict::Same {
            return;
        }
        if let Some(old) = (self.versions)(&recording.driver_digest) {
            let by_now = old.define(view, recording.scope, reads).await;
            let is_the_same = by_now.is_ok_and(|by_now| self.comparer.compare(&recording.definition, &by_now) == Verdict::Same);
            found.drifted |= !is_the_same;
        }
        if let Some(preview) = &self.preview {
            verdict = judged(verdict, preview.preview(view, recording.scope, &new).await);
        }
        found.add(view, recording.scope, verdict);
    }
}

/// What was found on the stacks of one cluster.
#[derive(Default)]
struct Found {
    verdict: Option<Verdict>,
    drifted: bool,
}

impl Found {
    /// The worst of all stacks, with what each adds to it. What is in a group's own stack is under the group's name.
    fn add(&mut self, view: &ClusterView, scope: StackScope, mut verdict: Verdict) {
        if let StackScope::NodeGroup(id) = scope {
            let name =
                view.groups.iter().find(|group| group.uuid == id).map_or_else(|| id.to_string(), |group| group.name.clone());
            prefix(&mut verdict, &format!("{name}:"));
        }
        self.verdict = Some(match (self.verdict.take().unwrap_or(Verdict::Same), verdict) {
            (Verdict::Fails { error }, _) | (_, Verdict::Fails { error }) => Verdict::Fails { error },
            (Verdict::Same, other) | (other, Verdict::Same) => other,
            (Verdict::InPlace { changes: mut all }, Verdict::InPlace { changes }) => {
                all.extend(changes);
                Verdict::InPlace { changes: all }
            }
            (Verdict::InPlace { changes: mut all }, Verdict::Replaces { resources, changes })
            | (Verdict::Replaces { resources, changes: mut all }, Verdict::InPlace { changes }) => {
                all.extend(changes);
                Verdict::Replaces { resources, changes: all }
            }
            (Verdict::Replaces { resources: mut lost, changes: mut all }, Verdict::Replaces { resources, changes }) => {
                lost.extend(resources);
                all.extend(changes);
                Verdict::Replaces { resources: lost, changes: all }
            }
        });
    }
}

fn prefix(verdict: &mut Verdict, with: &str) {
    let put = |text: &mut String| text.insert_str(0, with);
    let changed = |changes: &mut Vec<Change>| changes.iter_mut().for_each(|change| put(&mut change.path));
    match verdict {
        Verdict::Same => {}
        Verdict::InPlace { changes } => changed(changes),
        Verdict::Replaces { resources, changes } => {
            resources.iter_mut().for_each(put);
            changed(changes);
        }
        Verdict::Fails { error } => put(error),
    }
}

/// A driver's words, as many as a row has room for.
fn cut(mut error: String) -> String {
    const ROOM: usize = 2000;
    if let Some((end, _)) = error.char_indices().nth(ROOM) {
        error.truncate(end);
        error.push('…');
    }
    error
}
