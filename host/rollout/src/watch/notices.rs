//! Notices of the file system: something in the directory has moved. What it was is not asked; the directory is read again.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher, event::AccessKind, event::AccessMode};
use tokio::{sync::Notify, time::timeout};

pub(super) struct Notices {
    dir: PathBuf,
    /// Many notices are one until somebody has waited for it.
    moved: Arc<Notify>,
    armed: Option<Armed>,
    said: bool,
}

struct Armed {
    /// A directory of the same name that was made later is another one.
    directory: (u64, u64),
    _watcher: RecommendedWatcher,
}

impl Notices {
    pub(super) fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), moved: Arc::new(Notify::new()), armed: None, said: false }
    }

    /// Sees to it that the directory of now is watched, if it can be.
    pub(super) fn arm(&mut self) {
        let Ok(metadata) = fs::metadata(&self.dir) else {
            self.armed = None;
            return;
        };
        let directory = (metadata.dev(), metadata.ino());
        if self.armed.as_ref().is_some_and(|armed| armed.directory == directory) {
            return;
        }
        match self.watcher() {
            Ok(watcher) => self.armed = Some(Armed { directory, _watcher: watcher }),
            Err(error) => {
                self.armed = None;
                if !std::mem::replace(&mut self.said, true) {
                    tracing::warn!(dir = %self.dir.display(), "no notices of the drivers directory, it is looked at now and then: {error}");
                }
            }
        }
    }

    fn watcher(&self) -> notify::Result<RecommendedWatcher> {
        let moved = Arc::clone(&self.moved);
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.map_or(true, |event| is_movement(event.kind)) {
                moved.notify_one();
            }
        })?;
        watcher.watch(&self.dir, RecursiveMode::NonRecursive)?;
        Ok(watcher)
    }

    /// Waits for the next notice, so long at most.
    pub(super) async fn within(&self, time: Duration) {
        let _ = timeout(time, self.moved.notified()).await;
    }
}

/// Being read is none: that is what the watch itself does.
fn is_movement(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Access(access) if access != AccessKind::Close(AccessMode::Write))
}
