//! `jeroboam dev`: the daemon beside a simulated OpenStack, for trying things and for writing drivers.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result};
use jeroboam_devcloud::{Devcloud, Options, Who};
use tokio::net::TcpListener;

use crate::{
    cli::Dev,
    config::{Ini, options as o},
    server::{self, Port, Socket},
    settings::Settings,
    wiring::Daemon,
};

/// How long requests and steps have to end in. Nobody waits long at a prompt.
const PATIENCE: Duration = Duration::from_secs(5);

pub fn run(arguments: &Dev) -> Result<()> {
    super::runtime()?.block_on(dev(arguments))
}

async fn dev(arguments: &Dev) -> Result<()> {
    let state = State::open(arguments.state.as_deref())?;
    let listener = listen(arguments.port).await?;
    let api = listener.local_addr()?;
    let cloud = start_cloud(arguments, &state, api).await?;
    let mut ini = configuration(arguments.pace, &state.folder, &cloud);
    if let Some(drivers) = &arguments.drivers {
        load_drivers_from(&mut ini, drivers);
    }
    for file in &arguments.config_file {
        let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
        ini.read(&file.display().to_string(), &text)?;
        ini.search.extend(file.parent().map(Path::to_path_buf));
    }
    let traces = super::serve::start_log(&ini)?;
    let settings = Settings::read(&ini)?;
    let socket = settings.operator_socket.clone().and_then(|path| Socket::open(&path));
    let openrc = openrc(&cloud, settings.operator_socket.as_deref());
    let daemon = Daemon::start(settings).await?;
    let openrc = write_openrc(arguments, &state.folder, &openrc)?;
    greet(&openrc, &cloud, api, daemon.driver_names());
    if let Some(metrics) = daemon.metrics() {
        println!("Metrics are on http://{metrics}/metrics.");
    }
    for component in arguments.drivers.iter().flat_map(|folder| components(folder)) {
        if let Some(line) = super::driver::grants::needed(&component) {
            println!("{}: {line}", component.display());
        }
    }
    let stop = async {
        let _ = super::told_to_end().await;
    };
    server::run(Port(listener), socket, daemon.router(), stop, PATIENCE).await;
    daemon.end(PATIENCE).await;
    cloud.shutdown().await;
    super::serve::end_traces(traces).await;
    Ok(())
}

/// Where things are kept, and for how long.
struct State {
    folder: PathBuf,
    keep: bool,
}

impl State {
    fn open(folder: Option<&Path>) -> Result<Self> {
        let keep = folder.is_some();
        let folder =
            folder.map_or_else(|| std::env::temp_dir().join(format!("jeroboam-dev-{}", std::process::id())), Path::to_path_buf);
        fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        Ok(Self { folder: folder.canonicalize()?, keep })
    }
}

impl Drop for State {
    fn drop(&mut self) {
        if !self.keep {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

async fn listen(port: u16) -> Result<TcpListener> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}; choose another with --port, or 0 for a free one"))
}

async fn start_cloud(arguments: &Dev, state: &State, api: SocketAddr) -> Result<Devcloud> {
    let port = if arguments.port == 0 { 0 } else { arguments.port.wrapping_add(1) };
    let pace = Duration::try_from_secs_f64(arguments.pace).context("--pace takes seconds, such as 0.5")?;
    let options = Options {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        container_infra: Some(url::Url::parse(&format!("http://{api}/v1"))?),
        pace,
        state: state.keep.then(|| state.folder.join("devcloud.json")),
        ..Options::default()
    };
    Devcloud::start(options).await.context("starting the simulated cloud")
}

/// What an operator would write for this cloud.
pub fn configuration(pace: f64, folder: &Path, cloud: &Devcloud) -> Ini {
    let mut ini = Ini::default();
    let service = cloud.credentials(Who::Service);
    let trustee = cloud.credentials(Who::TrusteeDomainAdmin);
    let poll = (pace / 2.0).clamp(0.05, 2.0);
    let mut set = |about: o::About, value: &str| ini.set(about.section, about.name, value);
    set(o::STATE_PATH.about, &folder.display().to_string());
    set(o::WWW_AUTHENTICATE_URI.about, &service.auth_url);
    set(o::AUTH_URL.about, &service.auth_url);
    set(o::AUTH_USERNAME.about, &service.username);
    set(o::AUTH_PASSWORD.about, &service.password);
    set(o::AUTH_PROJECT_NAME.about, service.project_name.as_deref().unwrap_or_default());
    set(o::TOKEN_REGION.about, "RegionOne");
    set(o::NEW_VERSIONS.about, "activate");
    // The terminal is for what the daemon itself has to say.
    set(o::ACCESS_LOG.about, "false");
    // Whoever is writing a driver sees it serve while it is not done yet.
    set(o::SELF_TEST.about, "report");
    set(o::CLUSTER_USER_TRUST.about, "true");
    set(o::TRUSTEE_DOMAIN_NAME.about, &trustee.domain_name);
    set(o::TRUSTEE_ADMIN_NAME.about, &trustee.username);
    set(o::TRUSTEE_ADMIN_PASSWORD.about, &trustee.password);
    set(o::POLL_MIN.about, &poll.to_string());
    set(o::POLL_MAX.about, &(poll * 4.0).to_string());
    set(o::METRICS_LISTEN.about, "127.0.0.1:0");
    // Simulated nodes run no API that could be asked.
    set(o::HEALTH_INTERVAL.about, "-1");
    ini
}

/// The components of a folder, with everything that they ask for: here nobody but their author is at risk.
pub fn load_drivers_from(ini: &mut Ini, folder: &Path) {
    ini.set(o::DRIVERS_DIRECTORY.about.section, o::DRIVERS_DIRECTORY.about.name, &folder.display().to_string());
    let granted: Vec<String> =
        components(folder).into_iter().filter_map(|file| Some(format!("{}: all", file.file_stem()?.to_string_lossy()))).collect();
    ini.set(o::DRIVER_GRANTS.about.section, o::DRIVER_GRANTS.about.name, &granted.join(", "));
    // What `driver check` has compiled need not be compiled again.
    if let Some(cache) = super::driver::cache::compiled() {
        ini.set(o::DRIVERS_CACHE.about.section, o::DRIVERS_CACHE.about.name, &cache.display().to_string());
    }
}

fn components(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    files.filter(|file| file.extension().is_some_and(|extension| extension == "wasm")).collect()
}

/// A user of the cloud for the `openstack` command, and the operator's socket for `jeroboam driver`.
fn openrc(cloud: &Devcloud, socket: Option<&Path>) -> String {
    let mut openrc = cloud.credentials(Who::Demo).openrc();
    if let Some(socket) = socket {
        openrc.push_str(&format!("export JEROBOAM_SOCKET={}\n", socket.display()));
    }
    openrc
}

/// Written whole under another name first: whoever waits for the file finds it complete.
fn write_openrc(arguments: &Dev, folder: &Path, openrc: &str) -> Result<PathBuf> {
    let path = arguments.openrc.clone().unwrap_or_else(|| folder.join("openrc"));
    let new = path.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(&new).with_context(|| format!("writing {}", new.display()))?;
    std::io::Write::write_all(&mut file, openrc.as_bytes())?;
    fs::rename(&new, &path).with_context(|| format!("writing {}", path.display()))?;
    Ok(path)
}

fn greet(openrc: &Path, cloud: &Devcloud, api: SocketAddr, drivers: Vec<String>) {
    println!(
        "\
Ready. The API is on http://{api}/v1, the simulated OpenStack on {}.
Drivers: {}. Nothing here is real: no server boots, no packet is sent.

In another shell, with python-openstackclient and python-magnumclient:

  source {}
  openstack coe cluster template create k8s --coe kubernetes --image fedora-coreos-latest --keypair testkey \\
    --external-network public --dns-nameserver 8.8.8.8 --flavor m1.small --master-flavor m1.small \\
    --docker-volume-size 5 --network-driver flannel --volume-driver cinder --master-lb-enabled
  openstack coe cluster create first --cluster-template k8s --node-count 2 --master-count 3
  openstack coe cluster show first
  openstack coe cluster config first
  openstack coe cluster delete first

Ctrl-C ends it.",
        cloud.identity_url(),
        if drivers.is_empty() { "none".to_owned() } else { drivers.join(", ") },
        openrc.display(),
    );
}
