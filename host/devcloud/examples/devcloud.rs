//! A cloud of its own: `cargo run -p jeroboam-devcloud --example devcloud -- [PORT] [STATE-FILE] [PACE-SECONDS]`.
//!
//! Prints what to `source` for the `openstack` command, and runs until it is interrupted or terminated.

use std::{net::SocketAddr, time::Duration};

use jeroboam_devcloud::{Devcloud, Options, Who};
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let port: u16 = arguments.next().map_or(Ok(0), |port| port.parse())?;
    let state = arguments.next().filter(|path| !path.is_empty()).map(Into::into);
    let pace = arguments.next().map_or(Ok(0.0), |pace| pace.parse())?;
    let options = Options {
        listen: SocketAddr::from(([127, 0, 0, 1], port)),
        pace: Duration::try_from_secs_f64(pace)?,
        state,
        ..Options::default()
    };
    let cloud = Devcloud::start(options).await?;
    println!("# the simulated cloud is at {}", cloud.identity_url());
    println!("{}", cloud.credentials(Who::Demo).openrc());
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminated.recv() => {}
    }
    cloud.shutdown().await;
    Ok(())
}
