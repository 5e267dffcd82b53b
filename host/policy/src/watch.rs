//! Policy files while the service runs: what has changed, and stood still since, is read again.
//!
//! A few files are looked at once in a while, as oslo.policy does: that sees every way in which a file can change, also on file systems that give no notice.

use std::{
    collections::BTreeMap,
    fs::{self, Metadata},
    os::unix::fs::MetadataExt,
    path::PathBuf,
    time::Duration,
};

use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::{Policy, PolicyOptions, Refused};

/// How often files are looked at. What has changed is read when it looks the same twice.
pub const PACE: Duration = Duration::from_secs(1);

/// Whatever moves when a file is written, replaced or truncated: length, times, and which file it is.
pub(crate) type Stamp = (u64, i64, i64, i64, i64, u64, u64);

/// Keeps the rules those of the files, for ever.
pub async fn watch(policy: Policy, pace: Duration) {
    let mut ticks = interval_at(Instant::now() + pace, pace);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut watched = Watched::new(policy.seen().clone());
    loop {
        ticks.tick().await;
        let seen = look(&policy).await;
        if watched.has_settled(seen) {
            let again = policy.clone();
            let outcome = tokio::task::spawn_blocking(move || again.reload()).await;
            watched.complain(outcome.unwrap_or(Ok(())).err());
        }
    }
}

async fn look(policy: &Policy) -> Seen {
    let policy = policy.clone();
    tokio::task::spawn_blocking(move || see(policy.options())).await.unwrap_or_default()
}

/// Each path that may matter, and what is there.
pub(crate) type Seen = BTreeMap<PathBuf, Option<Stamp>>;

pub(crate) fn see(options: &PolicyOptions) -> Seen {
    let folders = options.dirs.iter().flat_map(|dir| options.candidates(dir));
    let paths = options.candidates(&options.file).into_iter().chain(folders).chain(options.files().unwrap_or_default());
    paths
        .map(|path| {
            let stamp = fs::metadata(&path).ok().as_ref().map(stamp);
            (path, stamp)
        })
        .collect()
}

fn stamp(metadata: &Metadata) -> Stamp {
    let (modified, changed) = ((metadata.mtime(), metadata.mtime_nsec()), (metadata.ctime(), metadata.ctime_nsec()));
    (metadata.len(), modified.0, modified.1, changed.0, changed.1, metadata.dev(), metadata.ino())
}

/// What has been seen.
struct Watched {
    /// When they were read.
    read: Seen,
    last: Seen,
    said: Option<Refused>,
}

impl Watched {
    fn new(seen: Seen) -> Self {
        Self { read: seen.clone(), last: seen, said: None }
    }

    /// Whether it differs from what was read, and no more from what was last seen.
    fn has_settled(&mut self, seen: Seen) -> bool {
        let is_due = seen != self.read && seen == self.last;
        if is_due {
            self.read.clone_from(&seen);
        }
        self.last = seen;
        is_due
    }

    /// Says what is wrong, once.
    fn complain(&mut self, refused: Option<Refused>) {
        if let Some(refused) = refused.as_ref().filter(|refused| self.said.as_ref() != Some(refused)) {
            for problem in &refused.0 {
                tracing::error!("policy: {problem}");
            }
            tracing::error!("policy: the rules of before stay in force");
        }
        self.said = refused;
    }
}

#[cfg(test)]
mod tests;
