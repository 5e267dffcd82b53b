//! Which slaves to give up when the group shrinks and nobody named them: those that run fewest tasks.

use std::cmp::Reverse;

use jeroboam_driver_common::{Outputs, request};
use jeroboam_driver_sdk::{Cluster, Error, Output, StackScope, log, stacks};
use serde_json::Value;

use crate::marathon;

/// Ids of servers. A Marathon that does not answer leaves the choice to Heat, which takes the highest indexes.
pub fn pick(cluster: &Cluster, group: &str, count: u32) -> Result<Vec<String>, Error> {
    let group = request::group(cluster, group)?;
    let tasks = match marathon::tasks() {
        Ok(tasks) => tasks,
        Err(error) => {
            log::info(&format!("no look at the tasks of {}, so Heat chooses: {error:?}", cluster.uuid));
            return Ok(Vec::new());
        }
    };
    let tasks_on = |address: &str| tasks.iter().filter(|task| task.host.as_deref() == Some(address)).count();
    let mut candidates: Vec<(usize, Reverse<usize>, String)> = slaves()?
        .into_iter()
        .enumerate()
        .filter(|(_, slave)| !group.nodes_to_remove.contains(&slave.server))
        .map(|(position, slave)| (tasks_on(&slave.address), Reverse(position), slave.server))
        .collect();
    candidates.sort();
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    Ok(candidates.into_iter().take(count).map(|(_, _, server)| server).collect())
}

struct Slave {
    /// As Mesos knows it.
    address: String,
    server: String,
}

/// In the order of the group, as the stack lists them.
fn slaves() -> Result<Vec<Slave>, Error> {
    let listed = stacks::list_outputs(&StackScope::Cluster)?;
    let outputs: Vec<Output> = listed.into_iter().map(|(name, value)| Output { name, value }).collect();
    let outputs = Outputs::parse(&outputs)?;
    let items = |name| outputs.value(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let pairs = items("mesos_slaves_private").iter().zip(items("mesos_slave_servers"));
    let slave = |(address, server): (&Value, &Value)| {
        Some(Slave { address: address.as_str()?.to_owned(), server: server.as_str()?.to_owned() })
    };
    Ok(pairs.filter_map(slave).collect())
}
