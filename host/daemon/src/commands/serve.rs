//! `jeroboam serve`: the daemon, until SIGTERM.

use anyhow::{Context, Result};
use jeroboam_telemetry::traces::Exporter;
use tokio::net::TcpListener;

use crate::{
    cli::Configuration,
    config::{Ini, notices},
    logging,
    server::{self, Port, Socket},
    settings::{Log, Settings},
    wiring::Daemon,
};

pub fn run(configuration: &Configuration) -> Result<()> {
    let ini = super::read(configuration)?;
    super::runtime()?.block_on(async {
        let traces = start_log(&ini)?;
        for notice in notices::of(&ini) {
            tracing::warn!("{notice}");
        }
        serve(Settings::read(&ini)?).await?;
        end_traces(traces).await;
        Ok(())
    })
}

/// Log lines, and traces if they are wanted.
pub fn start_log(ini: &Ini) -> Result<Option<Exporter>> {
    let log = Log::read(ini)?;
    logging::start(log.format, log.debug, log.file.as_deref(), log.traces.as_ref())
}

/// Sends what is left of them.
pub async fn end_traces(traces: Option<Exporter>) {
    if let Some(traces) = traces {
        _ = tokio::task::spawn_blocking(move || traces.end()).await;
    }
}

async fn serve(settings: Settings) -> Result<()> {
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("cannot listen on {}; see [api] host and port", settings.listen))?;
    let address = listener.local_addr()?;
    let patience = settings.shutdown_patience;
    let socket = settings.operator_socket.clone();
    let daemon = Daemon::start(settings).await?;
    tracing::info!(%address, "ready");
    let stop = async {
        if let Err(error) = super::told_to_end().await {
            tracing::error!(%error, "cannot wait for signals: ending");
        }
    };
    server::run(Port(listener), socket.and_then(|path| Socket::open(&path)), daemon.router(), stop, patience).await;
    daemon.end(patience).await;
    Ok(())
}
