//! Waiting for an operation to end.

use std::time::Duration;

use anyhow::Result;
use jeroboam_api::operations::Operation;

use super::show;
use crate::{client::Client, commands::driver::print};

/// How often it is looked at.
const PACE: Duration = Duration::from_secs(1);

/// The operation once it has ended; at once if nobody waits.
pub async fn until_over(client: &Client, mut operation: Operation, wait: bool) -> Result<Operation> {
    let spinner = wait.then(|| print::spinner("waiting for the operation to end"));
    while wait && !show::is_over(&operation) {
        tokio::time::sleep(PACE).await;
        operation = client.get(&["operations", &operation.id], &[]).await?;
        if let Some(spinner) = &spinner {
            spinner.set_message(format!("{}: {}", operation.step, show::progress(&operation)));
        }
    }
    if let Some(spinner) = spinner {
        spinner.finish_and_clear();
    }
    Ok(operation)
}
