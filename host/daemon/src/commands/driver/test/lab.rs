//! A simulated cloud and a daemon with one more driver, in this process, and a user of both.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use jeroboam_devcloud::{Devcloud, Options, Who};
use jeroboam_model::{CallRecord, Recorded, driver::ClusterType};
use jeroboam_plugins::DriverState;
use jeroboam_store::CallRecordQuery;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use super::scenario::Scenario;
use crate::{
    commands::{dev, driver::cache},
    config::options as o,
    server::{self, Port},
    settings::Settings,
    wiring::Daemon,
};

const PATIENCE: Duration = Duration::from_secs(2);
/// Seconds between looks at a stack.
const POLL: &str = "0.05";
/// More calls than a scenario makes.
const RECORDS: &str = "100000";

pub struct Lab {
    pub cloud: Devcloud,
    /// What the driver provides first.
    pub cluster_type: ClusterType,
    driver: String,
    http: Client,
    token: String,
    api: String,
    daemon: Daemon,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
    _folder: TempDir,
}

impl Lab {
    /// Everything is granted that the driver asks for, and it is preferred over any other for its types.
    pub async fn start(component: &Path, scenario: &Scenario) -> Result<Self> {
        let folder = TempDir::new()?;
        let stem = component.file_stem().context("the component's file has a name")?.to_string_lossy().into_owned();
        let drivers = folder.path().join("drivers");
        fs::create_dir_all(&drivers)?;
        fs::copy(component, drivers.join(format!("{stem}.wasm"))).with_context(|| format!("reading {}", component.display()))?;

        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        let api = format!("http://{}/v1", listener.local_addr()?);
        let options = Options { container_infra: Some(url::Url::parse(&api)?), pace: Duration::ZERO, ..Options::default() };
        let cloud = Devcloud::start(options).await.context("starting the simulated cloud")?;

        let (name, cluster_type) = own(&drivers).await?;
        let mut ini = dev::configuration(0.1, folder.path(), &cloud);
        dev::load_drivers_from(&mut ini, &drivers);
        ini.set(o::POLL_MIN.about.section, o::POLL_MIN.about.name, POLL);
        ini.set(o::POLL_MAX.about.section, o::POLL_MAX.about.name, POLL);
        ini.set(o::PREFERRED_DRIVERS.about.section, o::PREFERRED_DRIVERS.about.name, &name);
        ini.set(o::RECORDS_KEPT.about.section, o::RECORDS_KEPT.about.name, RECORDS);
        for (option, value) in &scenario.settings {
            ini.set(&format!("driver:{name}"), option, value);
        }
        let daemon = Daemon::start(Settings::read(&ini)?).await?;
        let (stop, stopped) = oneshot::channel();
        let router = daemon.router();
        let server = tokio::spawn(server::run(Port(listener), None, router, async { _ = stopped.await }, PATIENCE));
        let http = Client::new();
        let token = token(&http, &cloud).await?;
        Ok(Self { cloud, cluster_type, driver: name, http, token, api, daemon, stop, server, _folder: folder })
    }

    pub async fn end(self) {
        let _ = self.stop.send(());
        let _ = self.server.await;
        self.daemon.end(PATIENCE).await;
        self.cloud.shutdown().await;
    }

    /// From now on the driver's calls are recorded.
    pub async fn record(&self) -> Result<()> {
        self.daemon.recorder().switch_on(Recorded::Driver(self.driver.clone()), "driver test").await?;
        Ok(())
    }

    /// The calls that were recorded, in their order.
    pub async fn records(&self) -> Result<Vec<CallRecord>> {
        let recorder = self.daemon.recorder();
        recorder.settled().await;
        let query = CallRecordQuery { driver: Some(&self.driver), limit: usize::MAX - 1, ..CallRecordQuery::default() };
        let page = recorder.query(&query).await?;
        Ok(page.items.into_iter().rev().map(|record| record.value.clone()).collect())
    }

    /// A request to the daemon: status and body.
    pub async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Result<(u16, Value)> {
        self.send(method, &format!("{}{path}", self.api), body).await
    }

    /// A request to a service of the simulated cloud; anything but success is an error.
    pub async fn cloud(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value> {
        let (status, answer) = self.send(method, &format!("http://{}{path}", self.cloud.address()), body).await?;
        ensure!((200..300).contains(&status), "{path}: {status}: {answer}");
        Ok(answer)
    }

    async fn send(&self, method: Method, url: &str, body: Option<&Value>) -> Result<(u16, Value)> {
        let mut request = self.http.request(method, url).header("x-auth-token", &self.token);
        request = request.header("openstack-api-version", "container-infra latest");
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        let (status, text) = (answer.status().as_u16(), answer.text().await?);
        Ok((status, serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }
}

/// Name and first cluster type of the one driver in the folder.
async fn own(folder: &Path) -> Result<(String, ClusterType)> {
    let grants = jeroboam_plugins::Grants { directory: jeroboam_plugins::Grants::default().bundled, ..Default::default() };
    let config = jeroboam_plugins::PluginsConfig {
        drivers_dir: Some(folder.to_owned()),
        cache_dir: cache::compiled(),
        grants,
        ..jeroboam_plugins::PluginsConfig::default()
    };
    let record =
        jeroboam_plugins::Plugins::start(config).await?.records().into_iter().next().context("the component was looked at")?;
    if let DriverState::Failed(reason) = record.state {
        bail!("the driver is not loaded: {reason}; `jeroboam driver check` says more");
    }
    let types = record.description.map(|description| description.cluster_types).unwrap_or_default();
    Ok((record.name, types.into_iter().next().context("a driver provides a cluster type")?))
}

/// Of an ordinary user.
async fn token(http: &Client, cloud: &Devcloud) -> Result<String> {
    let credentials = cloud.credentials(Who::Demo);
    let domain = json!({"name": credentials.user_domain_name});
    let body = json!({"auth": {
        "identity": {"methods": ["password"], "password": {"user": {
            "name": credentials.username, "password": credentials.password, "domain": domain}}},
        "scope": {"project": {"name": credentials.project_name, "domain": {"name": credentials.domain_name}}}}});
    let answer = http.post(format!("{}/auth/tokens", credentials.auth_url)).json(&body).send().await?;
    let token = answer.headers().get("x-subject-token").context("the simulated cloud gives a token")?;
    Ok(token.to_str()?.to_owned())
}
