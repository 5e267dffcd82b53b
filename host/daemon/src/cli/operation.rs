//! `jeroboam operation`: what is done to clusters.

use clap::{Subcommand, ValueEnum};

use super::Remote;

/// What holds for all of them.
pub const AFTER_HELP: &str = "\
Over the socket, and for administrators, these are the operations of all projects; for others, those of their project.

Exit codes: 0 done; 1 failed, or the operation that was waited for has; 2 wrong arguments; 3 refused.";

#[derive(Subcommand)]
pub enum Operation {
    /// List operations, the latest first.
    List {
        /// Only those of this cluster: its name or uuid. It may be gone.
        #[arg(long, value_name = "CLUSTER")]
        cluster: Option<String>,
        /// Only those with one of these statuses, separated by commas.
        #[arg(long, value_name = "STATUSES", value_delimiter = ',')]
        status: Vec<Status>,
        /// Only those of one of these kinds, separated by commas: create, resize, delete, create-group, delete-group, upgrade, rotate-ca, rotate-credential.
        #[arg(long, value_name = "KINDS", value_delimiter = ',')]
        kind: Vec<String>,
        /// The most to list.
        #[arg(long, value_name = "NUMBER", default_value_t = 20)]
        limit: usize,
        #[command(flatten)]
        remote: Remote,
    },
    /// Tell of an operation: how far it is, what happened, why it failed, and what to do.
    Show {
        /// Its id.
        operation: String,
        #[command(flatten)]
        remote: Remote,
    },
    /// Try an operation again that failed or was aborted, if nothing has come after it on its cluster.
    Retry {
        /// Its id.
        operation: String,
        /// Return only once it has ended.
        #[arg(long)]
        wait: bool,
        #[command(flatten)]
        remote: Remote,
    },
    /// Stop an operation. Its cluster has failed then: it can be deleted, or the operation retried.
    Abort {
        /// Its id.
        operation: String,
        /// Return only once it has ended.
        #[arg(long)]
        wait: bool,
        #[command(flatten)]
        remote: Remote,
    },
}

/// How it stands with an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Status {
    Queued,
    Running,
    Done,
    Failed,
    Aborted,
}
