//! One command, one question to the daemon.

use anyhow::Result;

use crate::{
    cli::Connection,
    client::{self, Client},
    commands::{self, Ended},
};

/// Finds the daemon, and does what the command is for.
pub fn ask<F>(connection: &Connection, work: F) -> Result<Ended>
where
    F: AsyncFnOnce(Client) -> Result<Ended>,
{
    commands::runtime()?.block_on(async {
        let client = client::connect(connection).await?;
        work(client).await
    })
}
