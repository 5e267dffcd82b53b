//! What nodes are given, looked at by the tools that nodes' own systems are made with, and run as far as it can be run here.
//!
//! | module | looks at | with |
//! |---|---|---|
//! | [`scripts`] | every script of every driver | ShellCheck |
//! | [`user_data`] | what servers of every cluster type are given | Ignition's own validator, cloud-init's own schema, `systemd-analyze verify` |
//! | [`etcd`] | three Kubernetes masters: their certificates and their etcd | Ignition, our scripts, a real etcd 3.4 in network namespaces, curl and openssl |
//!
//! Not run anywhere: a kubelet, containers, the Kubernetes API server. Nodes are laid out over a copy-on-write view of this machine's file system; `systemctl` and the like
//! are doubles that write down what they were asked.
//!
//! `cargo xtask test` unpacks the tools. Without them, or without root where namespaces are needed, a test says so and looks at nothing, unless `CI` is set: then it fails.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test says what it expects")]

mod etcd;
mod network;
mod node;
mod scripts;
mod tools;
mod user_data;
