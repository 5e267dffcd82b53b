//! The drivers directory while the service runs: a file that is new or was replaced is installed, once it is whole.
//!
//! The way to put a file there is to write it under another name, or elsewhere on the same file system, and to rename it: `NAME.wasm`, `NAME-….wasm` or `NAME@….wasm`.
//! Whatever is written in place is taken when its size and times have not moved for a while and its bytes are a whole component; until then it is not looked at. Files
//! whose names begin with a dot are nobody's. A file that goes away changes nothing: its bytes are in the store.
//!
//! Notices of the file system make it quick; a slow look at everything makes it certain, also where there are none (network file systems, watches used up), and after
//! the directory itself was removed and made again.

mod files;
mod listing;
mod notices;

use std::{
    collections::BTreeMap,
    future::Future,
    path::{Path, PathBuf},
    sync::Weak,
    time::Duration,
};

use jeroboam_model::{Fault, driver::Origin};
use tokio::time::{Instant, sleep};

use self::{files::Files, listing::Listing, notices::Notices};
use crate::{RolloutError, Rollouts, rollouts::Inner};

/// What to watch, and how patiently.
#[derive(Clone, Debug)]
pub struct WatchConfig {
    pub dir: PathBuf,
    /// Of a component, in bytes. Nothing beyond it is read.
    pub limit: u64,
    pub pace: Pace,
}

/// How long what takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// A file that has not moved for so long is looked at.
    pub settle: Duration,
    /// Notices within this time are one.
    pub fold: Duration,
    /// Everything is looked at as often as this, noticed or not.
    pub rescan: Duration,
}

/// A file, whole.
#[derive(Clone, PartialEq, Eq)]
pub struct Arrival {
    /// `kubernetes-2.wasm`.
    pub file_name: String,
    pub bytes: Vec<u8>,
}

/// What became of an arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// There is nothing more to do about this file as it is.
    Settled,
    /// To be handed over again.
    Later,
}

impl Default for Pace {
    fn default() -> Self {
        Self { settle: Duration::from_secs(1), fold: Duration::from_millis(100), rescan: Duration::from_secs(10) }
    }
}

impl Arrival {
    /// The name that the component is expected to call itself, perhaps with more after a `-` or an `@`.
    pub fn stem(&self) -> &str {
        self.file_name.strip_suffix(listing::SUFFIX).unwrap_or(&self.file_name)
    }
}

/// Installs what arrives, until nobody needs it any more.
pub(crate) async fn watch_directory(rollouts: Weak<Inner>, config: WatchConfig) {
    let needed = rollouts.clone();
    watch(
        config,
        move || needed.strong_count() > 0,
        async |arrival| match rollouts.upgrade().map(Rollouts) {
            Some(rollouts) => install(&rollouts, arrival).await,
            None => Taken::Settled,
        },
    )
    .await;
}

/// What is there at this moment, by name: the bytes of what is whole, or what is wrong with it.
pub(crate) async fn present(dir: &Path, limit: u64) -> Vec<(String, Result<Vec<u8>, String>)> {
    let Listing { stamps, complaints } = listing::list(dir).await;
    let mut present: Vec<_> = complaints.into_iter().map(|(name, complaint)| (name, Err(complaint))).collect();
    for (name, stamp) in stamps {
        // What moves while it is read is taken when it has come to rest.
        if let Some(read) = listing::read(dir, &name, stamp, limit).await.transpose() {
            present.push((name, read));
        }
    }
    present
}

async fn install(rollouts: &Rollouts, arrival: Arrival) -> Taken {
    let (stem, file) = (arrival.stem().to_owned(), arrival.file_name);
    match rollouts.install(arrival.bytes, &stem, Origin::Directory(file.clone())).await {
        // What is new is logged by whoever installs it.
        Ok(_) => Taken::Settled,
        Err(error) if error.fault() == Fault::Host || matches!(error, RolloutError::Conflict { .. }) => {
            tracing::warn!(%file, "a file of the drivers directory is installed later: {error}");
            Taken::Later
        }
        Err(error) => {
            tracing::error!(%file, "a file of the drivers directory is not installed: {error}");
            Taken::Settled
        }
    }
}

/// Hands over what arrives, one file after the other, as long as it is needed.
pub async fn watch<F: Future<Output = Taken>>(
    config: WatchConfig,
    needed: impl Fn() -> bool,
    mut take: impl FnMut(Arrival) -> F,
) {
    let Pace { settle, fold, rescan } = config.pace;
    let mut notices = Notices::new(&config.dir);
    let mut files = Files::new(settle);
    let mut complaints = Complaints::default();
    while needed() {
        // Before the directory is read, so that what changes meanwhile is noticed.
        notices.arm();
        let Listing { stamps, complaints: found } = listing::list(&config.dir).await;
        complaints.0.retain(|name, _| stamps.contains_key(name) || found.contains_key(name));
        found.into_iter().for_each(|(name, complaint)| complaints.one(&name, complaint));
        for (name, stamp) in files.observe(stamps, Instant::now()) {
            match listing::read(&config.dir, &name, stamp, config.limit).await {
                Ok(Some(bytes)) => {
                    if take(Arrival { file_name: name.clone(), bytes }).await == Taken::Later {
                        files.again(&name, Instant::now());
                    }
                }
                Ok(None) => files.again(&name, Instant::now()),
                Err(complaint) => complaints.one(&name, complaint),
            }
        }
        let next = files.due().map_or(rescan, |due| due.saturating_duration_since(Instant::now()).min(rescan));
        notices.within(next).await;
        sleep(fold).await;
    }
}

/// What is wrong with files, said once each.
#[derive(Default)]
struct Complaints(BTreeMap<String, String>);

impl Complaints {
    fn one(&mut self, name: &str, complaint: String) {
        if self.0.get(name) != Some(&complaint) {
            tracing::warn!(file = name, "the drivers directory: {complaint}");
            self.0.insert(name.to_owned(), complaint);
        }
    }
}

impl std::fmt::Debug for Arrival {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Arrival({}, {} bytes)", self.file_name, self.bytes.len())
    }
}
