//! `jeroboam operation`: what is done to clusters, over the API of operations.

mod abort;
mod list;
mod retry;
mod show;
mod wait;

use anyhow::Result;

use super::Ended;
use crate::cli::Operation;

pub fn run(command: &Operation) -> Result<Ended> {
    match command {
        Operation::List { cluster, status, kind, limit, remote } => {
            list::run(&list::Which { cluster: cluster.as_deref(), status, kind, limit: *limit }, remote)
        }
        Operation::Show { operation, remote } => show::run(operation, remote),
        Operation::Retry { operation, wait, remote } => retry::run(operation, *wait, remote),
        Operation::Abort { operation, wait, remote } => abort::run(operation, *wait, remote),
    }
}
