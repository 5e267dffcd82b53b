//! `jeroboam operation retry`.

use anyhow::Result;
use jeroboam_api::operations::{Operation, State};

use super::{show, wait::until_over};
use crate::{
    cli::Remote,
    commands::{Ended, driver::ask::ask},
};

pub fn run(operation: &str, wait: bool, remote: &Remote) -> Result<Ended> {
    ask(&remote.connection, async |client| {
        let operation: Operation = client.post(&["operations", operation, "actions", "retry"], &()).await?;
        let operation = until_over(&client, operation, wait).await?;
        show::tell(&operation, remote.format)?;
        Ok(if wait && operation.status != State::Done { Ended::Failed } else { Ended::Done })
    })
}
