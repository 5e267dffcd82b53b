//! The example drivers, as their authors would: built with their languages' own tools, checked, and tested in the simulated cloud.

use std::process::Command;

use anyhow::Result;

use crate::{
    dev,
    run::{check, root},
};

#[derive(clap::Args)]
pub struct Arguments {
    /// Only the examples whose folder contains this.
    filter: Option<String>,
}

/// Folder, and the component that is built there.
const EXAMPLES: &[(&str, &str)] =
    &[("rust", "rust-example"), ("python", "python-example"), ("javascript", "javascript-example"), ("site", "site-kubernetes")];

pub fn run(arguments: &Arguments) -> Result<()> {
    let daemon = dev::build(false)?;
    for (folder, name) in
        EXAMPLES.iter().filter(|(folder, _)| arguments.filter.as_deref().is_none_or(|filter| folder.contains(filter)))
    {
        let folder = root().join("drivers/examples").join(folder);
        let driver = |words: &str| {
            let mut command = Command::new(&daemon);
            command.args(["driver", words]);
            command
        };
        check(driver("build").arg(&folder))?;
        check(driver("check").arg(folder.join("build").join(format!("{name}.wasm"))))?;
        check(driver("test").arg(&folder))?;
    }
    Ok(())
}
