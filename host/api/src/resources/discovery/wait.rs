//! Waiting for something to happen: a request that is held until there is an answer, or for a while.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jeroboam_model::discovery::DiscoveryToken;
use tokio::sync::watch;
use tokio::time::Instant;

use super::answer::{Answer, KeyError, Refused};
use super::keys::read;
use crate::app::App;

/// How long a request is held: proxies cut off what takes a minute.
const HELD: Duration = Duration::from_secs(30);
/// How soon is noticed what other hosts of the fleet have written.
const OTHERS: Duration = Duration::from_secs(2);
/// The most that are held at once, in all and for one discovery.
const MOST: usize = 1024;
const MOST_OF_ONE: usize = 64;

/// The requests that are held, and how they are told.
#[derive(Debug, Default)]
pub struct Waiting {
    changed: watch::Sender<u64>,
    held: Mutex<HashMap<DiscoveryToken, usize>>,
}

/// A request's place among those that are held.
struct Place<'a> {
    waiting: &'a Waiting,
    token: DiscoveryToken,
}

impl Waiting {
    /// Something has happened to some discovery.
    pub fn announce(&self) {
        self.changed.send_modify(|count| *count = count.wrapping_add(1));
    }

    fn enter(&self, token: DiscoveryToken) -> Option<Place<'_>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = held.values().sum();
        let count = held.entry(token).or_default();
        if all >= MOST || *count >= MOST_OF_ONE {
            return None;
        }
        *count += 1;
        Some(Place { waiting: self, token })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut held = self.waiting.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.token) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.token);
            }
        }
    }
}

/// The first change of one key, or of any, at or after an index; from now on if there is none.
pub async fn wait(app: &App, token: DiscoveryToken, id: Option<&str>, mut from: Option<u64>) -> Result<Answer, Refused> {
    let end = Instant::now() + HELD;
    let mut changed = app.waiting.changed.subscribe();
    // Before there is a place for it: what is unknown takes none.
    read(app, token).await?;
    let _place = app.waiting.enter(token).ok_or_else(|| KeyError::Busy.of("too many wait already", 0))?;
    loop {
        changed.mark_unchanged();
        let discovery = read(app, token).await?;
        let from = *from.get_or_insert(discovery.index() + 1);
        if let Some(event) = discovery.next(id, from) {
            return Ok(Answer::event(&discovery, event).told());
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(Answer::nothing(&discovery));
        }
        // In time or not, there may be something to see.
        let _ = tokio::time::timeout(left.min(OTHERS), changed.changed()).await;
    }
}
