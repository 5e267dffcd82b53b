//! `jeroboam driver`: what operators do with drivers, and what authors do.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jeroboam_api::operator::Canary;

use super::{Configuration, Connection, Format};

/// What holds for all of them.
pub const AFTER_HELP: &str = "\
A version is named by its driver and number (kubernetes@0.2.0), by its digest, or by the beginning of that.

Exit codes: 0 done; 1 failed; 2 wrong arguments; 3 refused, or waiting for approval; 4 the plan has clusters that would be replaced or that fail.";

#[derive(Subcommand)]
pub enum Driver {
    /// List the drivers of the daemon, their versions and states; with --config-file, what a configuration would load.
    List(DriverList),
    /// Tell of a driver's versions: states, calls in flight, clusters, and what to do next.
    Show {
        /// The driver's name.
        driver: String,
        #[command(flatten)]
        remote: Remote,
    },
    /// Give a component to the daemon, and wait until it is checked. It serves nobody yet.
    Install {
        /// The component.
        file: PathBuf,
        /// The driver's name. [default: that of the file, up to an @ or a version]
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        remote: Remote,
    },
    /// Check a component. A file (it ends in .wasm) is tried here, for its author: its world, what it asks for, its labels, and its answers to many clusters and to
    /// a cloud that fails. A version that is installed is checked again by the daemon.
    Check {
        /// A file, or a version.
        what: String,
        #[command(flatten)]
        remote: Remote,
    },
    /// Grant a version what it asks for.
    Approve {
        /// The version.
        version: String,
        #[command(flatten)]
        remote: Remote,
    },
    /// Tell what a version would change about each cluster, before it is activated.
    Plan {
        /// The version to go to.
        version: String,
        /// Ask Heat, too, which resources it would replace.
        #[arg(long)]
        preview: bool,
        /// Only clusters with these verdicts, separated by commas.
        #[arg(long, value_name = "VERDICTS", value_delimiter = ',')]
        only: Vec<Filter>,
        #[command(flatten)]
        remote: Remote,
    },
    /// Give new clusters to a version, at once or to some at first. Clusters whose stack stays the same move to it; the others stay on theirs.
    Activate {
        /// The version.
        version: String,
        /// Only for some at first: share=10%, projects=ID,… or templates=UUID,…
        #[arg(long, value_parser = canary)]
        canary: Option<Canary>,
        #[command(flatten)]
        remote: Remote,
    },
    /// Move clusters that would change to the version that new ones get: they change at their next update.
    Move {
        /// The driver's name.
        driver: String,
        /// Uuids of clusters.
        #[arg(required_unless_present = "all")]
        clusters: Vec<String>,
        /// All of the driver's.
        #[arg(long, conflicts_with = "clusters")]
        all: bool,
        #[command(flatten)]
        remote: Remote,
    },
    /// Keep the active version for good: the one before is put out of use.
    Confirm {
        /// The driver's name.
        driver: String,
        #[command(flatten)]
        remote: Remote,
    },
    /// Go back to the version before, at once, for all clusters.
    Rollback {
        /// The driver's name.
        driver: String,
        #[command(flatten)]
        remote: Remote,
    },
    /// Refuse a version from now on, and list the clusters that it touched.
    Revoke {
        /// The version.
        version: String,
        /// Told to whoever asks why.
        #[arg(long, value_name = "TEXT")]
        why: String,
        #[command(flatten)]
        remote: Remote,
    },
    /// Forget a version that serves nobody.
    Remove {
        /// The version.
        version: String,
        #[command(flatten)]
        remote: Remote,
    },
    /// Record calls of a driver from now on, with what the host answered: to look at them, and to replay them. Without --on or --off: tell whether that is so.
    Record {
        /// The driver's name.
        driver: String,
        /// Begin.
        #[arg(long)]
        on: bool,
        /// End. What was recorded stays for its time.
        #[arg(long, conflicts_with = "on")]
        off: bool,
        /// Only calls about this cluster.
        #[arg(long, value_name = "UUID")]
        cluster: Option<String>,
        #[command(flatten)]
        remote: Remote,
    },
    /// List calls that were recorded, the newest first; or print one whole, for `driver replay`.
    Records {
        /// The driver's name.
        driver: String,
        /// The record to print.
        record: Option<String>,
        /// Only calls about this cluster.
        #[arg(long, value_name = "UUID")]
        cluster: Option<String>,
        /// Only calls of this function: define-stack, …
        #[arg(long, value_name = "NAME")]
        function: Option<String>,
        /// The most to list.
        #[arg(long, value_name = "NUMBER", default_value_t = 20)]
        limit: usize,
        #[command(flatten)]
        remote: Remote,
    },
    /// List what a driver did to the world outside, the latest first: each host call with an effect.
    Audit {
        /// The driver's name.
        driver: String,
        /// Only for this cluster.
        #[arg(long, value_name = "UUID")]
        cluster: Option<String>,
        /// The most to list.
        #[arg(long, value_name = "NUMBER", default_value_t = 50)]
        limit: usize,
        #[command(flatten)]
        remote: Remote,
    },
    /// Begin a driver: a small complete project in a new folder.
    New {
        /// The driver's name, and the folder's: [a-z][a-z0-9-]*.
        name: String,
        /// What to write it in.
        #[arg(long, value_enum, default_value_t = Language::Rust)]
        lang: Language,
    },
    /// Build the component of a project to build/NAME.wasm in its folder.
    Build {
        /// The project's folder.
        #[arg(default_value = ".")]
        folder: PathBuf,
    },
    /// Run a driver's scenarios (scenarios/*.yaml) in the simulated cloud, and make its recorded calls again (records/*.json): their answers are to be as they were.
    Test {
        /// The project's folder, its component, one scenario or one record.
        #[arg(default_value = ".")]
        path: PathBuf,
        /// Only scenarios and records whose name contains this.
        #[arg(long, value_name = "TEXT")]
        only: Option<String>,
        /// Record the calls that scenarios make into this folder, a file each. What is to stay as it is belongs into records/.
        #[arg(long, value_name = "FOLDER")]
        record: Option<PathBuf>,
    },
    /// Make recorded calls again with a component, offline, and show what it answers otherwise. Ends with 0: the same; 1: otherwise; 4: it asks what the record does
    /// not answer; 2: the record or the component cannot be used.
    Replay {
        /// A record of a call (JSON), a list of them, or a folder of *.json.
        record: PathBuf,
        /// The component that is to answer.
        #[arg(long, value_name = "FILE.wasm")]
        with: PathBuf,
        /// Write the record with what is answered now: a file, or a folder for several.
        #[arg(long, value_name = "FILE")]
        save: Option<PathBuf>,
        /// How to print what was found.
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
    },
    /// Build, check and test at each change of a project, and keep `jeroboam dev` running with the newest component.
    Watch {
        /// The project's folder.
        #[arg(default_value = ".")]
        folder: PathBuf,
        /// As for `dev`.
        #[arg(long, value_name = "PORT", default_value_t = 9511)]
        port: u16,
        /// Build, check and test once, and end: 1 if something failed.
        #[arg(long)]
        once: bool,
    },
}

#[derive(Args)]
pub struct DriverList {
    #[command(flatten)]
    pub local: Configuration,
    #[command(flatten)]
    pub remote: Remote,
}

/// What all commands have that ask a daemon.
#[derive(Args)]
pub struct Remote {
    /// How to print the answer.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    #[command(flatten)]
    pub connection: Connection,
}

/// Languages that drivers are begun in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    Rust,
    #[value(alias = "py")]
    Python,
    #[value(name = "js", alias = "javascript")]
    JavaScript,
}

/// What a plan finds of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Filter {
    Same,
    InPlace,
    Replaces,
    Fails,
}

/// `share=10%`, `projects=a,b`, `templates=x`.
fn canary(text: &str) -> Result<Canary, String> {
    let (kind, value) = text.split_once('=').ok_or("expected share=N%, projects=ID,… or templates=UUID,…")?;
    let list = || value.split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    match kind {
        "share" => match value.strip_suffix('%').unwrap_or(value).parse() {
            Ok(share @ 1..=99) => Ok(Canary::Share(share)),
            _ => Err("a share is 1% to 99%; leave --canary out for all".to_owned()),
        },
        "projects" | "templates" if list().is_empty() => Err(format!("{kind}= needs at least one id")),
        "projects" => Ok(Canary::Projects(list())),
        "templates" => Ok(Canary::Templates(list())),
        other => Err(format!("there is no canary by {other}; expected share, projects or templates")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canaries_are_shares_projects_or_templates() {
        assert_eq!(canary("share=10%"), Ok(Canary::Share(10)));
        assert_eq!(canary("share=5"), Ok(Canary::Share(5)));
        assert_eq!(canary("projects=a, b,"), Ok(Canary::Projects(vec!["a".into(), "b".into()])));
        assert_eq!(canary("templates=t"), Ok(Canary::Templates(vec!["t".into()])));
        for wrong in ["share=0%", "share=100", "share=x", "share", "projects=", "users=a"] {
            assert!(canary(wrong).is_err(), "{wrong}");
        }
    }
}
