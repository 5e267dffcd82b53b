//! What an author of drivers does, with nothing but the binary and the language's own tools: from `jeroboam driver new` to a cluster in the simulated cloud.
//!
//! The examples in `drivers/examples` are what `new` writes, so what is shown of a new project is shown of them.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod examples;
mod faults;
mod new;
mod records;
mod site;
mod support;
