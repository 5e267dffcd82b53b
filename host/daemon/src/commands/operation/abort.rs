//! `jeroboam operation abort`.

use anyhow::Result;
use jeroboam_api::operations::Operation;

use super::{show, wait::until_over};
use crate::{
    cli::Remote,
    commands::{Ended, driver::ask::ask},
};

pub fn run(operation: &str, wait: bool, remote: &Remote) -> Result<Ended> {
    ask(&remote.connection, async |client| {
        let operation: Operation = client.post(&["operations", operation, "actions", "abort"], &()).await?;
        let operation = until_over(&client, operation, wait).await?;
        show::tell(&operation, remote.format)?;
        Ok(Ended::Done)
    })
}
