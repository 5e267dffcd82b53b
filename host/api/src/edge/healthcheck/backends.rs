//! Who says whether the service is well: files that an operator puts there, or takes away, so that load balancers send nothing more here.

use std::path::{Path, PathBuf};

/// By oslo.middleware's names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backend {
    /// `disable_by_file`: ill while the file is there. `None`: no file is named, and it is always well.
    DisableByFile(Option<PathBuf>),
    /// `disable_by_files_ports`: the same with the file for the port that is listened on.
    DisableByFilesPorts(Option<PathBuf>),
    /// `enable_by_files`: ill unless all of the files are there.
    EnableByFiles(Vec<PathBuf>),
}

/// What a backend says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    pub is_well: bool,
    pub reason: &'static str,
    /// For operators.
    pub details: String,
}

impl Backend {
    /// Looks at the files. One that cannot be looked at counts as absent.
    pub async fn ask(&self) -> Health {
        match self {
            Self::DisableByFile(None) => Health::well("No 'disable_by_file_path' configuration value specified".to_owned()),
            Self::DisableByFilesPorts(None) => Health::well("No file is configured for this port".to_owned()),
            Self::DisableByFile(Some(file)) | Self::DisableByFilesPorts(Some(file)) => {
                let path = file.display();
                match is_there(file).await {
                    false => Health::well(format!("Path '{path}' was not found")),
                    true => Health::ill("DISABLED BY FILE", format!("Path '{path}' was found")),
                }
            }
            Self::EnableByFiles(files) => {
                for file in files {
                    if !is_there(file).await {
                        return Health::ill("FILE PATH MISSING", format!("File path {} is missing", file.display()));
                    }
                }
                Health::well("Specified file paths are available".to_owned())
            }
        }
    }
}

impl Health {
    fn well(details: String) -> Self {
        Self { is_well: true, reason: "OK", details }
    }

    fn ill(reason: &'static str, details: String) -> Self {
        Self { is_well: false, reason, details }
    }
}

async fn is_there(file: &Path) -> bool {
    tokio::fs::try_exists(file).await.unwrap_or(false)
}
