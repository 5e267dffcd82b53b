//! `coe cluster config`, for Kubernetes and for swarm mode: what it writes and prints lets a client in at the cluster's API, over TLS where each side checks the
//! other. The server is a node's: its certificate is signed by the API for the cluster's trustee, as the node's scripts do it.
//!
//! | module | holds |
//! |---|---|
//! | [`node`] | a node, and its certificate |
//! | [`tls`] | a handshake, and what either side says of the other |

mod node;
mod tls;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use jeroboam_devcloud::Who;
use jeroboam_tests::{
    openstack::OpenStack,
    site::{Site, template_of},
};
use serde_json::Value;
use tokio::task::block_in_place;
use url::Url;

use tls::Side;

/// Where the API is, and what to say and to believe there.
struct Access {
    api: Url,
    side: Side,
}

struct Cluster {
    user: Access,
    node: Side,
    /// As the API has it.
    address: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_that_config_writes_open_the_cluster_and_no_other() -> Result<()> {
    let site = Site::open().await?;
    let folder = tempfile::tempdir()?;
    let kubernetes = cluster(&site, "kubernetes", folder.path(), kubeconfig).await?;
    let swarm = cluster(&site, "swarm-mode", folder.path(), docker).await?;
    assert_eq!((kubernetes.user.api.scheme(), kubernetes.user.api.port()), ("https", Some(6443)));
    assert_eq!((swarm.user.api.scheme(), swarm.user.api.port()), ("tcp", Some(2376)));

    for (own, other) in [(&kubernetes, &swarm), (&swarm, &kubernetes)] {
        let host = own.user.api.host_str().context("a host")?;
        ensure!(own.address.contains(host), "{} is not at {host}", own.address);
        let seen = tls::meet(&own.node, host, &own.user.side).await??;
        ensure!(seen == own.user.side.own_certificate()?, "the server saw another certificate");

        let stranger = tls::meet(&own.node, host, &other.user.side.trusting(&own.user.side)).await?;
        assert_refused(stranger, "server", "UnknownIssuer");
        let nobody = tls::meet(&own.node, host, &own.user.side.without_certificate()).await?;
        assert_refused(nobody, "server", "NoCertificatesPresented");
        let impostor = tls::meet(&other.node.trusting(&own.node), host, &own.user.side).await?;
        assert_refused(impostor, "client", "UnknownIssuer");
        let elsewhere = tls::meet(&own.node, "192.0.2.1", &own.user.side).await?;
        assert_refused(elsewhere, "client", "NotValidForName");
    }
    Ok(())
}

fn assert_refused(outcome: Result<Vec<u8>, tls::Refusal>, by: &str, reason: &str) {
    let refusal = outcome.expect_err("the handshake succeeded");
    assert_eq!(refusal.by, by, "{}", refusal.reason);
    assert!(refusal.reason.contains(reason), "{}", refusal.reason);
}

/// A cluster with its node's certificate, and with what its user gets from `coe cluster config` in a folder of its own.
async fn cluster(site: &Site, coe: &str, folder: &Path, read: fn(&Path, &str) -> Result<Access>) -> Result<Cluster> {
    let (shown, servers) = site.cluster(coe, &template_of(coe, "fedora-coreos-latest"), 1).await?;
    let address = shown["api_address"].as_str().context("an address")?.to_owned();
    let master = servers.iter().find(|server| server.parameters["NODE_ROLE"] == "master").context("a master")?;
    let folder = folder.join(coe);
    fs::create_dir(&folder)?;
    let uuid = shown["uuid"].as_str().context("a uuid")?;
    let node = node::certified(site, master, uuid, &address, &folder).await?;

    let openstack = OpenStack::new(&site.cloud.variables(Who::Demo));
    let command = format!("coe cluster config {coe} --dir {} --output-certs", folder.display());
    let printed = block_in_place(|| openstack.text(&command))?;
    Ok(Cluster { user: read(&folder, &printed)?, node, address })
}

/// `export KUBECONFIG=…`, and the file that it names, as kubectl reads it.
fn kubeconfig(folder: &Path, printed: &str) -> Result<Access> {
    let exports = exports(printed);
    let path = PathBuf::from(exports.get("KUBECONFIG").context("KUBECONFIG")?);
    let config: Value = serde_yaml_ng::from_str(&fs::read_to_string(&path)?)?;
    let named = |list: &str, name: &Value| {
        let mut entries = config[list].as_array().into_iter().flatten();
        entries.find(|entry| entry["name"] == *name).cloned().with_context(|| format!("{name} in {list}"))
    };
    let context = named("contexts", &config["current-context"])?["context"].clone();
    let (cluster, user) = (named("clusters", &context["cluster"])?, named("users", &context["user"])?);
    let decoded = |value: &Value| {
        let bytes = STANDARD.decode(value.as_str().context("base64")?)?;
        Ok::<_, anyhow::Error>(bytes)
    };
    let side = Side {
        authority: decoded(&cluster["cluster"]["certificate-authority-data"])?,
        certificate: decoded(&user["user"]["client-certificate-data"])?,
        key: decoded(&user["user"]["client-key-data"])?,
    };
    // `--output-certs` writes the same beside it.
    ensure!(side == of_files(folder)?, "the files are not what the configuration has");
    Ok(Access { api: Url::parse(cluster["cluster"]["server"].as_str().context("a server")?)?, side })
}

/// `DOCKER_HOST`, and the folder of `DOCKER_CERT_PATH`, as docker reads them.
fn docker(_: &Path, printed: &str) -> Result<Access> {
    let exports = exports(printed);
    let variable = |name: &str| exports.get(name).with_context(|| format!("{name} in {printed}"));
    ensure!(variable("DOCKER_TLS_VERIFY")? == "True");
    Ok(Access { api: Url::parse(variable("DOCKER_HOST")?)?, side: of_files(Path::new(variable("DOCKER_CERT_PATH")?))? })
}

fn of_files(folder: &Path) -> Result<Side> {
    let read = |name: &str| fs::read(folder.join(name)).with_context(|| name.to_owned());
    Ok(Side { authority: read("ca.pem")?, certificate: read("cert.pem")?, key: read("key.pem")? })
}

fn exports(printed: &str) -> BTreeMap<String, String> {
    let lines = printed.lines().filter_map(|line| line.strip_prefix("export ")?.split_once('='));
    lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
