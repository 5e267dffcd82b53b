//! Walking a dependency graph, as much at once as it allows.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
};

use futures::{StreamExt, stream::FuturesUnordered};

use super::control::{Control, Stop};
use crate::heat::error::{ErrorKind, Failure, HeatError};

/// Each node, and the nodes that must be done before it.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    requires: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    /// Requirements that are not nodes themselves are ignored.
    #[must_use]
    pub fn new(mut requires: BTreeMap<String, BTreeSet<String>>) -> Self {
        let names: BTreeSet<String> = requires.keys().cloned().collect();
        for needed in requires.values_mut() {
            needed.retain(|name| names.contains(name));
        }
        Self { requires }
    }

    /// The same with every edge turned around.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let mut requires: BTreeMap<String, BTreeSet<String>> =
            self.requires.keys().map(|name| (name.clone(), BTreeSet::new())).collect();
        for (name, needed) in &self.requires {
            for other in needed {
                requires.entry(other.clone()).or_default().insert(name.clone());
            }
        }
        Self { requires }
    }

    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.requires.contains_key(name)
    }

    #[must_use]
    pub fn requirements(&self, name: &str) -> BTreeSet<String> {
        self.requires.get(name).cloned().unwrap_or_default()
    }

    /// Nodes that require `name`, in one step.
    pub fn required_by<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.requires.iter().filter(move |(_, needed)| needed.contains(name)).map(|(other, _)| other.as_str())
    }

    /// An order in which every node comes after what it requires.
    pub fn order(&self) -> Result<Vec<String>, HeatError> {
        let mut left = self.requires.clone();
        let mut order = Vec::with_capacity(left.len());
        while !left.is_empty() {
            let free: Vec<String> = left.iter().filter(|(_, needed)| needed.is_empty()).map(|(name, _)| name.clone()).collect();
            if free.is_empty() {
                let cycle = left.keys().cloned().collect::<Vec<_>>().join(", ");
                return Err(HeatError::new(ErrorKind::CircularDependency, format!("Circular Dependency Found: {cycle}")));
            }
            for name in &free {
                left.remove(name);
            }
            for needed in left.values_mut() {
                needed.retain(|name| !free.contains(name));
            }
            order.extend(free);
        }
        Ok(order)
    }

    /// Runs `work` for every node. After a failure nothing new is started, what is under way may go on for a while, and the first
    /// failure is returned.
    pub async fn run<W, F>(&self, control: &Control, work: W) -> Result<(), Failure>
    where
        W: Fn(String, Control) -> F,
        F: Future<Output = Result<(), Failure>>,
    {
        let part = control.part();
        let mut left = self.requires.clone();
        let mut running = FuturesUnordered::new();
        let mut failure: Option<Failure> = None;
        let mut until = None;
        loop {
            if failure.is_none() {
                let free: Vec<String> =
                    left.iter().filter(|(_, needed)| needed.is_empty()).map(|(name, _)| name.clone()).collect();
                for name in free {
                    left.remove(&name);
                    let work = work(name.clone(), part.clone());
                    running.push(async move { (name, work.await) });
                }
            }
            let next = match until {
                None => running.next().await,
                Some(until) => match tokio::time::timeout_at(until, running.next()).await {
                    Ok(next) => next,
                    Err(_) => {
                        part.stop(Stop::Sibling);
                        running.next().await
                    }
                },
            };
            let Some((name, outcome)) = next else { break };
            match outcome {
                Ok(()) => {
                    for needed in left.values_mut() {
                        needed.remove(&name);
                    }
                }
                Err(error) => {
                    until.get_or_insert_with(|| tokio::time::Instant::now() + control.grace());
                    // What was stopped is not the cause.
                    if failure.as_ref().is_none_or(|first| first.stop && !error.stop) {
                        failure = Some(error);
                    }
                }
            }
        }
        match failure {
            Some(failure) => Err(failure),
            None => control.check(),
        }
    }
}
