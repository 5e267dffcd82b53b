//! Requests at random, many of them.

use anyhow::Result;

use crate::{
    drivers,
    run::{cargo, check},
};

#[derive(clap::Args)]
pub struct Arguments {
    /// How many requests.
    #[arg(long, default_value_t = 100_000)]
    requests: usize,
    /// Where they start from: the same seed, the same requests. Without it, that of the test suite.
    #[arg(long)]
    seed: Option<u64>,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    drivers::build()?;
    let guest = drivers::build_test_guest()?;
    check(
        cargo()
            .args(["test", "--package", "jeroboam-api", "--test", "fuzz"])
            .env("JEROBOAM_TEST_GUEST", guest)
            .env("JEROBOAM_FUZZ_REQUESTS", arguments.requests.to_string())
            .envs(arguments.seed.map(|seed| ("JEROBOAM_FUZZ_SEED", seed.to_string()))),
    )
}
