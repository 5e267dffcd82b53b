//! Waiting for something to become true, with a limit that only a hang can reach.

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

/// Far longer than anything here takes, so that a busy machine does not make a test fail.
const PATIENCE: Duration = Duration::from_secs(120);
const BETWEEN: Duration = Duration::from_millis(50);

/// Asks until there is an answer.
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask()? {
            return Ok(answer);
        }
        if started.elapsed() > PATIENCE {
            bail!("waited {} s in vain: {what}", PATIENCE.as_secs());
        }
        thread::sleep(BETWEEN);
    }
}
