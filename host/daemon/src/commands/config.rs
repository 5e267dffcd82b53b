//! `jeroboam config`: what can be set, and whether what is set makes sense.

use anyhow::Result;

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
            Settings::read(&ini)?;
            println!("The configuration can be used.");
        }
    }
    Ok(())
}
