//! The `magnum` command of python-magnumclient 2.0, of the days of Mitaka, with what later ones no longer have: pods, services, replication controllers, containers.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may say what they expect")]

mod support;

use std::{fs, path::PathBuf, process::Command};

use jeroboam_devcloud::Who;
use serde_json::json;
use support::{
    Api,
    cluster_api::{docker::Docker, kubernetes::Kubernetes},
};
use tempfile::TempDir;

/// The command, as a user of the simulated cloud; and a folder for manifests.
struct Magnum {
    program: PathBuf,
    variables: Vec<(String, String)>,
    folder: TempDir,
}

impl Magnum {
    /// Nothing where the client was not installed.
    async fn of(api: &Api) -> Option<Self> {
        let Some(folder) = std::env::var_os("JEROBOAM_MITAKA_CLIENT") else {
            eprintln!("skipped: JEROBOAM_MITAKA_CLIENT is not set; run cargo xtask test");
            return None;
        };
        let url = format!("http://127.0.0.1:{}/v1", api.listen().await);
        api.devcloud.set_container_infra(&url.parse().unwrap());
        let credentials = api.devcloud.credentials(Who::Demo);
        let openrc = credentials.openrc();
        let exports = openrc.lines().filter_map(|line| line.strip_prefix("export ")?.split_once('='));
        let mut variables: Vec<_> = exports.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        variables.push(("OS_TENANT_NAME".to_owned(), credentials.project_name.clone().unwrap()));
        Some(Self { program: PathBuf::from(folder).join("magnum"), variables, folder: TempDir::new().unwrap() })
    }

    fn file(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    /// What it prints.
    async fn says(&self, words: &[&str]) -> String {
        let (success, told) = self.run(words).await;
        assert!(success, "magnum {words:?}: {told}");
        told
    }

    /// What it prints when the service refuses.
    async fn complains(&self, words: &[&str]) -> String {
        let (success, told) = self.run(words).await;
        assert!(!success, "magnum {words:?}: {told}");
        told
    }

    async fn run(&self, words: &[&str]) -> (bool, String) {
        let mut command = Command::new(&self.program);
        command.args(["--service-type", "container-infra"]).args(words).current_dir(self.folder.path());
        command.env_clear().envs(std::env::vars().filter(|(name, _)| !name.starts_with("OS_"))).envs(self.variables.clone());
        let said = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
        (said.status.success(), format!("{}{}", String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr)))
    }
}

const POD: &str = "metadata: {name: web}\nspec: {containers: [{name: nginx, image: 'nginx:1'}]}\n";
const SERVICE: &str = "metadata: {name: front}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n";
const RC: &str = "metadata: {name: many}\nspec:\n  replicas: 2\n  selector: {app: rc}\n  template:\n    metadata: {labels: {app: rc}}\n    spec: {containers: [{name: a, image: 'a:2'}]}\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_user_of_mitaka_runs_pods_services_and_replication_controllers() {
    let api = Api::start().await;
    let kubernetes = Kubernetes::default();
    api.cluster_with(&api.demo().await, "k8s", json!({}), kubernetes.router()).await;
    let Some(magnum) = Magnum::of(&api).await else { return };
    for (file, text) in [("pod", POD), ("service", SERVICE), ("rc", RC)] {
        magnum.file(file, text);
    }
    for (command, file, name, collection) in [
        ("pod", "pod", "web", "pods"),
        ("coe-service", "service", "front", "services"),
        ("rc", "rc", "many", "replicationcontrollers"),
    ] {
        let of = |verb: &str| format!("{command}-{verb}");
        let made = magnum.says(&[&of("create"), "--manifest", file, "--bay", "k8s"]).await;
        assert!(made.contains(name) && made.contains("uuid"), "{made}");
        assert!(kubernetes.object(collection, name).is_some());
        assert!(magnum.says(&[&of("list"), "--bay", "k8s"]).await.contains(name));
        assert!(magnum.says(&[&of("show"), name, "--bay", "k8s"]).await.contains("bay_uuid"));
        magnum.says(&[&of("delete"), name, "--bay", "k8s"]).await;
        assert_eq!(kubernetes.object(collection, name), None);
    }
    magnum.says(&["pod-create", "--manifest", "pod", "--bay", "k8s"]).await;
    magnum.file("pod", &POD.replace("nginx:1", "nginx:2"));
    let changed = magnum.says(&["pod-update", "web", "--bay", "k8s", "replace", "manifest=pod"]).await;
    assert!(changed.contains("nginx:2"), "{changed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_of_mitaka_reads_what_went_wrong() {
    let api = Api::start().await;
    let Some(magnum) = Magnum::of(&api).await else { return };
    for words in [&["bay-show", "nobody"] as &[_], &["baymodel-show", "nobody"], &["pod-show", "web", "--bay", "nobody"]] {
        let told = magnum.complains(words).await;
        assert!(told.contains("nobody could not be found"), "{words:?}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_of_mitaka_runs_containers() {
    let api = Api::with_docker().await;
    let docker = Docker::default();
    let fields = json!({"coe": "swarm", "image_id": "fedora-atomic", "network_driver": "docker", "volume_driver": "absent"});
    api.cluster_with(&api.demo().await, "swarm", fields, docker.router()).await;
    let Some(magnum) = Magnum::of(&api).await else { return };
    let made =
        magnum.says(&["container-create", "--name", "c", "--image", "busybox", "--bay", "swarm", "--command", "sleep 60"]).await;
    assert!(made.contains("Stopped"), "{made}");
    for (action, state) in [("start", "Running"), ("pause", "Paused"), ("unpause", "Running"), ("reboot", "Running")] {
        magnum.says(&[&format!("container-{action}"), "c"]).await;
        let shown = magnum.says(&["container-show", "c"]).await;
        assert!(shown.contains(state), "{action}: {shown}");
    }
    assert!(magnum.says(&["container-exec", "c", "--command", "ls /"]).await.contains("ran"));
    assert!(magnum.says(&["container-logs", "c"]).await.contains("two"));
    assert!(magnum.says(&["container-list"]).await.contains(" c "));
    magnum.says(&["container-stop", "c"]).await;
    magnum.says(&["container-delete", "c"]).await;
    assert_eq!(docker.containers().len(), 0);
}
