//! The figures of the README: builds in release form, and runs the benchmarks side by side in one go.

use anyhow::Result;

use crate::{
    dev, drivers,
    run::{cargo, check},
};

#[derive(clap::Args)]
pub struct Arguments {
    /// Only benchmarks whose name contains this.
    filter: Option<String>,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    let daemon = dev::build(true)?;
    check(
        cargo()
            .args(["bench", "--workspace", "--"])
            .args(&arguments.filter)
            .env("JEROBOAM_BIN", daemon)
            .env("JEROBOAM_DRIVERS", drivers::directory()),
    )
}
