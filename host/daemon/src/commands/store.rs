//! `jeroboam store`: save and restore.

use std::io::{self, BufWriter, Write};

use anyhow::{Context, Result};

use crate::{cli::Store, settings::Settings, wiring};

pub fn run(command: &Store) -> Result<()> {
    let (Store::Export(files) | Store::Import(files)) = command;
    let settings = Settings::read(&super::read(files)?)?;
    let (store, _) = wiring::open_store(&settings.store)?;
    super::runtime()?.block_on(async {
        match command {
            Store::Export(_) => {
                let mut out = BufWriter::new(io::stdout().lock());
                jeroboam_store::export(&store, &mut out).await?;
                out.flush().context("writing to standard output")
            }
            Store::Import(_) => Ok(jeroboam_store::import(&store, io::stdin().lock()).await.map(drop)?),
        }
    })
}
