//! The state file: the whole cloud as one JSON document, replaced at once.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::{sync::watch, task::JoinHandle};

use crate::{cloud::Cloud, options::StartError, state::State};

/// What the file holds.
#[derive(Deserialize)]
pub struct Snapshot {
    pub services: State,
    pub orchestration: Value,
}

#[derive(Serialize)]
struct SnapshotRef<'a> {
    services: &'a State,
    orchestration: Value,
}

/// Writes the file when the cloud has changed, and once more when it stops.
pub struct Keeper {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// Stacks move on without telling, so they are looked at this often.
const LOOK: Duration = Duration::from_secs(1);

impl Keeper {
    pub fn start(cloud: Arc<Cloud>, path: PathBuf) -> Self {
        let (stop, mut stopped) = watch::channel(false);
        let task = tokio::spawn(async move {
            let mut written = None;
            loop {
                let last = *stopped.borrow();
                keep(&cloud, &path, &mut written).await;
                if last {
                    return;
                }
                tokio::select! {
                    () = cloud.changed.notified() => {}
                    () = tokio::time::sleep(LOOK) => {}
                    _ = stopped.changed() => {}
                }
            }
        });
        Self { stop, task }
    }

    pub async fn stop(self) {
        let _ = self.stop.send(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the state file may be out of date");
        }
    }
}

pub fn load(path: &Path) -> Result<Option<Snapshot>, StartError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(StartError::Read { path: path.to_owned(), source }),
    };
    serde_json::from_slice(&bytes).map(Some).map_err(|source| StartError::Snapshot { path: path.to_owned(), source })
}

async fn keep(cloud: &Cloud, path: &Path, written: &mut Option<[u8; 32]>) {
    let orchestration = cloud.heat().map_or(Value::Null, |engine| engine.snapshot());
    let bytes = cloud.read(|services| serde_json::to_vec(&SnapshotRef { services, orchestration }));
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) => return tracing::error!(%error, "the cloud cannot be written down"),
    };
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    if *written == Some(digest) {
        return;
    }
    let target = path.to_owned();
    match tokio::task::spawn_blocking(move || replace(&target, &bytes)).await {
        Ok(Ok(())) => *written = Some(digest),
        Ok(Err(error)) => tracing::error!(%error, path = %path.display(), "cannot write the state file"),
        Err(error) => tracing::error!(%error, "cannot write the state file"),
    }
}

/// The temporary file is private to its owner, and so is the file it becomes.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_data()?;
    file.persist(path)?;
    Ok(())
}
