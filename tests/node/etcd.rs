//! Three masters that make their certificates and their etcd, one that is replaced, and a user who knocks at the API's door.

use std::{
    process::{Child, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use jeroboam_tests::site::{Server, Site};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    network::Network,
    node::Node,
    tools::{Tools, said},
};

const PKI: &str = "/etc/kubernetes/pki";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn masters_form_an_etcd_over_our_certificates_and_let_the_cluster_s_user_in() -> Result<()> {
    let Some(tools) = Tools::find_as_root()? else { return Ok(()) };
    let site = Site::open().await?;
    let (cluster, servers) = site.cluster("etcd", &json!({"master_lb_enabled": true}), 3).await?;
    let servers: Vec<Server> = servers.into_iter().filter(|server| server.parameters["NODE_ROLE"] == "master").collect();
    let addresses: Vec<String> = servers.iter().map(address).collect::<Result<_>>()?;
    let network = Network::of(&addresses)?;
    let boot = |index: usize| Master::boot(&tools, &servers[index], network.node(index));
    let mut masters = vec![boot(0)?, boot(1)?, boot(2)?];
    std::thread::scope(|scope| {
        let threads: Vec<_> = masters.iter().map(|master| scope.spawn(|| master.node_step("etcd"))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap())
    })?;
    for master in &mut masters {
        ensure!(master.started_as()? == "new", "{}", master.node.name);
        master.start_etcd(&tools)?;
    }
    all_healthy(&masters, &addresses)?;
    masters[0].etcdctl(&addresses[..1], &["put", "kept", "yes"])?;

    strangers_are_refused(&masters[1], &addresses[0])?;

    // The hardest one to lose: nothing is decided before the others have elected a new leader.
    lead(&masters[2], &addresses)?;
    masters.pop();
    let mut replaced = boot(2)?;
    replaced.node_step("etcd")?;
    ensure!(replaced.started_as()? == "existing", "a replaced master has to join its cluster");
    replaced.start_etcd(&tools)?;
    masters.push(replaced);
    all_healthy(&masters, &addresses)?;
    let members = masters[2].etcdctl(&addresses[2..], &["member", "list"])?;
    ensure!(members.lines().count() == 3, "{members}");
    let kept = masters[2].etcdctl(&addresses[2..], &["get", "kept", "--consistency=s", "--print-value-only"])?;
    ensure!(kept.trim() == "yes", "{kept}");

    the_user_gets_in(&site, &cluster, &masters, &addresses[0]).await
}

struct Master {
    node: Node,
    etcd: Option<Child>,
}

impl Master {
    /// Up to the point where its certificates are signed. That is done from this machine's network, where the simulated cloud is.
    fn boot(tools: &Tools, server: &Server, namespace: String) -> Result<Self> {
        let mut node = Node::ignite(tools, server)?;
        // The container runtime's client: what it would run in etcd's image runs here.
        node.write(
            "opt/jeroboam/bin/ctr",
            "#!/bin/bash\n[[ \" $* \" == *' run '* ]] || exit 0\nuntil [[ $1 == etcdctl ]]; do shift; done\nshift\n\
             exec etcdctl \"${@//\\/pki\\///etc/kubernetes/pki/etcd/}\"\n",
            0o755,
        )?;
        node.configure()?;
        said(node.command("/bin/bash").arg("/opt/jeroboam/libexec/certificates.sh"))?;
        node.namespace = Some(namespace);
        Ok(Self { node, etcd: None })
    }

    fn node_step(&self, step: &str) -> Result<()> {
        said(self.node.command("/bin/bash").arg(format!("/opt/jeroboam/libexec/{step}.sh"))).map(drop)
    }

    /// The state of the cluster at this member's first start; the file goes on with its members.
    fn started_as(&self) -> Result<String> {
        let state = self.node.read("var/lib/jeroboam/etcd.state")?;
        Ok(state.split_whitespace().next().unwrap_or_default().to_owned())
    }

    /// As the kubelet would start it: what the static pod says, with another binary.
    fn start_etcd(&mut self, tools: &Tools) -> Result<()> {
        let pod: Value = serde_yaml_ng::from_str(&self.node.read("etc/kubernetes/manifests/etcd.yaml")?)?;
        let words = pod["spec"]["containers"][0]["command"].as_array().context("a command")?;
        let mut words = words.iter().filter_map(Value::as_str);
        ensure!(words.next() == Some("etcd"), "{pod}");
        let mut etcd = self.node.command(tools.path("usr/bin/etcd").to_str().context("a path")?);
        let log = std::fs::File::create(self.node.root().join("var/log/etcd.log"))?;
        self.etcd = Some(etcd.args(words).stdout(Stdio::null()).stderr(log).spawn()?);
        Ok(())
    }

    /// With the certificate of this master's API server.
    fn etcdctl(&self, endpoints: &[String], words: &[&str]) -> Result<String> {
        let endpoints: Vec<_> = endpoints.iter().map(|address| format!("https://{address}:2379")).collect();
        let mut etcdctl = self.node.command("/usr/bin/env");
        etcdctl.args(["etcdctl", "--endpoints", &endpoints.join(","), "--command-timeout", "5s"]);
        etcdctl.args(["--cacert", &format!("{PKI}/etcd/ca.crt"), "--cert", &format!("{PKI}/etcd/client.crt")]);
        said(etcdctl.args(["--key", &format!("{PKI}/etcd/client.key")]).args(words))
    }

    fn curl(&self, words: &[&str]) -> Result<String> {
        said(self.node.command("/usr/bin/curl").args(["--silent", "--show-error", "--fail", "--max-time", "10"]).args(words))
    }
}

impl Drop for Master {
    fn drop(&mut self) {
        if let Some(etcd) = &mut self.etcd {
            let _ = etcd.kill();
            let _ = etcd.wait();
            if std::thread::panicking() {
                eprintln!("--- etcd of {}\n{}", self.node.name, self.node.read("var/log/etcd.log").unwrap_or_default());
            }
        }
    }
}

fn address(server: &Server) -> Result<String> {
    Ok(server.parameters["KUBE_NODE_IP"].as_str().with_context(|| format!("an address in {}", server.parameters))?.to_owned())
}

/// A member answers for itself only once it has a leader and has applied what came before.
fn all_healthy(masters: &[Master], addresses: &[String]) -> Result<()> {
    let mut last = String::new();
    for _ in 0..120 {
        match masters[0].etcdctl(addresses, &["endpoint", "health"]) {
            Ok(_) => return Ok(()),
            Err(error) => last = format!("{error:#}"),
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    let logs: Vec<_> = masters.iter().map(|master| master.node.read("var/log/etcd.log").unwrap_or_default()).collect();
    bail!("etcd does not become healthy: {last}\n{}", logs.join("\n---\n"))
}

/// Makes the last member the leader, unless it is.
fn lead(member: &Master, addresses: &[String]) -> Result<()> {
    let status: Value = serde_json::from_str(&member.etcdctl(&addresses[2..], &["endpoint", "status", "--write-out", "json"])?)?;
    let status = &status[0]["Status"];
    let id = status["header"]["member_id"].as_u64().with_context(|| format!("a member in {status}"))?;
    if status["leader"].as_u64() != Some(id) {
        member.etcdctl(addresses, &["move-leader", &format!("{id:x}")])?;
    }
    Ok(())
}

/// Whoever has no certificate, or one of another authority of the same cluster.
fn strangers_are_refused(from: &Master, address: &str) -> Result<()> {
    let url = format!("https://{address}:2379/health");
    let authority = format!("{PKI}/etcd/ca.crt");
    let with = |name: &str| {
        let pair = [format!("{PKI}/{name}.crt"), format!("{PKI}/{name}.key")];
        from.curl(&["--cacert", &authority, "--cert", &pair[0], "--key", &pair[1], &url])
    };
    ensure!(with("etcd/client")?.contains("true"));
    ensure!(from.curl(&["--cacert", &authority, &url]).is_err(), "etcd let a client in that has no certificate");
    ensure!(with("admin").is_err(), "etcd let a client of Kubernetes' authority in");
    let other = format!("{PKI}/ca.crt");
    ensure!(from.curl(&["--cacert", &other, &url]).is_err(), "etcd's certificate is of Kubernetes' authority");
    Ok(())
}

/// As `openstack coe cluster config` does it: a key, a request, the cluster's API to sign it. The server is openssl with the API server's own certificate.
async fn the_user_gets_in(site: &Site, cluster: &Value, masters: &[Master], address: &str) -> Result<()> {
    let (server, client) = (&masters[0].node, &masters[1].node);
    let id = cluster["uuid"].as_str().context("a uuid")?;
    let request = "req -new -newkey rsa:2048 -nodes -keyout /root/user.key -subj /O=system:masters/CN=admin";
    let csr = said(client.command("/usr/bin/openssl").args(request.split(' ')))?;
    let body = json!({"cluster_uuid": id, "csr": csr});
    let signed = site.user.expect(Method::POST, "/certificates", Some(&body), 201).await?;
    let authority = site.user.expect(Method::GET, &format!("/certificates/{id}"), None, 200).await?;
    for (path, pem) in [("root/user.crt", &signed["pem"]), ("root/ca.crt", &authority["pem"])] {
        client.write(path, pem.as_str().context("a PEM")?, 0o600)?;
    }

    let pair = format!("-cert {PKI}/apiserver.crt -key {PKI}/apiserver.key -CAfile {PKI}/ca.crt");
    let words = format!("s_server -accept 6443 -www -quiet -Verify 1 -verify_return_error {pair}");
    let mut api = Ended(server.command("/usr/bin/openssl").args(words.split(' ')).stdin(Stdio::null()).spawn()?);
    let url = format!("https://{address}:6443/");
    let knock =
        |more: &[&str]| masters[1].curl(&[&["--retry", "20", "--retry-connrefused", "--retry-delay", "1", &url], more].concat());
    let page = knock(&["--cacert", "/root/ca.crt", "--cert", "/root/user.crt", "--key", "/root/user.key"])?;
    ensure!(page.contains("CN = admin") || page.contains("O = system:masters") || page.contains("s_server"), "{page}");
    ensure!(knock(&["--cacert", "/root/ca.crt"]).is_err(), "a client without a certificate got in");
    ensure!(api.0.try_wait()?.is_none(), "the server has ended");

    let public = url::Url::parse(cluster["api_address"].as_str().context("an API address")?)?;
    let public = public.host_str().context("a host")?.to_owned();
    let known = ["x509", "-noout", "-in", &format!("{PKI}/apiserver.crt"), "-checkip", &public];
    let checked = said(server.command("/usr/bin/openssl").args(known))?;
    ensure!(checked.contains("does match"), "{checked}");
    Ok(())
}

struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
