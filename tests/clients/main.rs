//! Real clients from PyPI against `jeroboam dev`.
//!
//! | module | holds |
//! |---|---|
//! | [`session`] | a cluster's life with the `openstack` command, as the README tells it |
//! | [`certificates`] | what a user is given for a cluster's API, looked at with openssl |
//! | [`coe`] | every `openstack coe` command with every option, of two releases |
//! | [`handshake`] | TLS with those certificates, both sides checked |
//! | [`sdk`] | openstacksdk |
//! | [`bays`] | a bay's life with the `magnum` command of its time |

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod bays;
mod certificates;
mod coe;
mod handshake;
mod sdk;
mod session;
