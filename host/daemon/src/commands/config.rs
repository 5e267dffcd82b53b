//! `jeroboam config`: what can be set, and whether what is set makes sense.

use anyhow::{Context, Result};

use crate::{
    cli::Config,
    config::{notices, sample},
    settings::Settings,
};

pub fn run(command: &Config) -> Result<()> {
    match command {
        Config::Sample => print!("{}", sample::text()),
        Config::Check(files) => {
            let ini = super::read(files)?;
            for notice in notices::of(&ini) {
                println!("{notice}");
            }
            let settings = Settings::read(&ini)?;
            for notice in jeroboam_policy::load(&settings.policy).context("the policy; see `jeroboam policy check`")?.notices {
                println!("{notice}");
            }
            println!("The configuration can be used.");
        }
    }
    Ok(())
}
