//! A network of namespaces: one for each node, and one in the middle that joins them. Nothing of it reaches beyond.

use std::process::{Command, id};

use anyhow::Result;

use crate::tools::said;

pub struct Network {
    hub: String,
    nodes: Vec<String>,
}

impl Network {
    /// One node at each address of a /24.
    pub fn of(addresses: &[String]) -> Result<Self> {
        let hub = format!("jeroboam-{}", id());
        let mut network = Self { hub: hub.clone(), nodes: Vec::new() };
        ip(&["netns", "add", &hub])?;
        inside(&hub, &["link", "set", "lo", "up"])?;
        inside(&hub, &["link", "add", "hub", "type", "bridge"])?;
        inside(&hub, &["link", "set", "hub", "up"])?;
        for (index, address) in addresses.iter().enumerate() {
            let node = format!("{hub}-{index}");
            ip(&["netns", "add", &node])?;
            network.nodes.push(node.clone());
            let port = format!("port{index}");
            inside(&hub, &["link", "add", &port, "type", "veth", "peer", "name", "eth0", "netns", &node])?;
            inside(&hub, &["link", "set", &port, "master", "hub", "up"])?;
            inside(&node, &["link", "set", "lo", "up"])?;
            inside(&node, &["address", "add", &format!("{address}/24"), "dev", "eth0"])?;
            inside(&node, &["link", "set", "eth0", "up"])?;
        }
        Ok(network)
    }

    /// The namespace of the node with that index.
    pub fn node(&self, index: usize) -> String {
        self.nodes[index].clone()
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        for name in self.nodes.iter().chain([&self.hub]) {
            let _ = Command::new("ip").args(["netns", "delete", name]).status();
        }
    }
}

fn inside(namespace: &str, words: &[&str]) -> Result<()> {
    said(Command::new("ip").args(["-n", namespace]).args(words)).map(drop)
}

fn ip(words: &[&str]) -> Result<()> {
    said(Command::new("ip").args(words)).map(drop)
}
