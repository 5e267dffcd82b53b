//! `/metrics`: what all crates count, on a listener of its own.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result};
use axum::{Router, http::header, routing::get};
use jeroboam_api::ApiMetrics;
use jeroboam_cloud::CloudMetrics;
use jeroboam_conductor::ConductorMetrics;
use jeroboam_plugins::DriverMetrics;
use jeroboam_policy::PolicyMetrics;
use jeroboam_store::StoreMetrics;
use jeroboam_telemetry::{About, Registry};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::server::{self, Port};

/// How long a scrape under way has to end in.
const PATIENCE: Duration = Duration::from_secs(1);

macro_rules! tables {
    ($($(#[$doc:meta])* $field:ident: $table:ty, $title:literal;)+) => {
        /// Every table of metrics. Clones count into the same series.
        #[derive(Clone, Debug, Default)]
        pub struct Metrics {
            $(pub $field: $table,)+
        }

        impl Metrics {
            /// For the document: the tables, each with its title.
            pub const ABOUT: &'static [(&'static str, &'static [About])] = &[$(($title, <$table>::ABOUT),)+];

            /// All of them, to be scraped.
            pub fn registry(&self) -> Registry {
                let registry = Registry::default();
                $(self.$field.register(&registry);)+
                registry
            }
        }
    };
}

tables! {
    api: ApiMetrics, "The API";
    policy: PolicyMetrics, "Policy";
    conductor: ConductorMetrics, "Operations";
    drivers: DriverMetrics, "Drivers";
    cloud: CloudMetrics, "OpenStack's services";
    store: StoreMetrics, "The store";
}

/// The listener for scrapers.
pub struct MetricsServer {
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl MetricsServer {
    pub async fn start(listen: SocketAddr, metrics: &Metrics) -> Result<Self> {
        let listener = TcpListener::bind(listen)
            .await
            .with_context(|| format!("cannot listen on {listen}; see [jeroboam] metrics_listen"))?;
        let address = listener.local_addr()?;
        let registry = metrics.registry();
        let scrape = move || {
            let text = registry.text();
            async move { ([(header::CONTENT_TYPE, Registry::CONTENT_TYPE)], text) }
        };
        let router = Router::new().route("/metrics", get(scrape));
        let (stop, stopped) = oneshot::channel();
        let stopped = async { _ = stopped.await };
        let task = tokio::spawn(server::run(Port(listener), None, router, stopped, PATIENCE));
        Ok(Self { address, stop, task })
    }

    pub async fn end(self) {
        _ = self.stop.send(());
        _ = self.task.await;
    }
}
