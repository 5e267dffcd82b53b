//! The figures of the README: builds in release form, and runs the benchmarks side by side in one go.

use anyhow::Result;

use crate::{
    dev, drivers,
    run::{cargo, check},
};

#[derive(clap::Args)]
pub struct Arguments {
    /// Only benchmarks whose name contains this: driver_calls, limits, fleet, decide, http, rollout.
    filter: Option<String>,
}

/// Package and name of each.
const BENCHMARKS: &[(&str, &str)] = &[
    ("jeroboam-plugins", "driver_calls"),
    ("jeroboam-plugins", "limits"),
    ("jeroboam-planner", "fleet"),
    ("jeroboam-policy", "decide"),
    ("jeroboam-tests", "http"),
    ("jeroboam-tests", "rollout"),
];

pub fn run(arguments: &Arguments) -> Result<()> {
    let daemon = dev::build(true)?;
    for (package, name) in BENCHMARKS {
        if arguments.filter.as_deref().is_none_or(|filter| name.contains(filter)) {
            check(
                cargo()
                    .args(["bench", "--quiet", "--package", package, "--bench", name])
                    .env("JEROBOAM_BIN", &daemon)
                    .env("JEROBOAM_DRIVERS", drivers::directory()),
            )?;
        }
    }
    Ok(())
}
