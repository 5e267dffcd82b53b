//! `/discovery`, as etcd speaks to it; and real etcd processes that find each other there.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use futures::join;
use http::Method;
use jeroboam_api::ApiConfig;
use jeroboam_devcloud::Options;
use jeroboam_model::discovery::{Discovery, DiscoveryOwner, DiscoveryToken};
use serde_json::{Value, json};
use support::{Answer, Api, User};

/// The path of a new discovery, made by somebody who may.
async fn new(api: &Api, size: u32) -> String {
    let answer = api.demo().await.get(&format!("/discovery/new?size={size}")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.text.strip_prefix("http://magnum.example:9511").unwrap().to_owned()
}

async fn put(etcd: &User<'_>, path: &str, form: &str) -> Answer {
    etcd.clone().header("content-type", "application/x-www-form-urlencoded").send(Method::PUT, path, form).await
}

fn ids(directory: &Value) -> Vec<&str> {
    let nodes = directory["node"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["key"].as_str().unwrap().rsplit('/').next().unwrap()).collect()
}

#[tokio::test]
async fn members_find_each_other_without_a_token_of_keystones() {
    let api = Api::start().await;
    let (path, etcd) = (new(&api, 2).await, api.nobody());

    let size = etcd.get(&format!("{path}/_config/size?quorum=false")).await.expect(200);
    assert_eq!(size["node"], json!({"key": format!("{path}/_config/size"), "value": "2", "modifiedIndex": 1, "createdIndex": 1}));
    let empty = etcd.get(&path).await;
    assert_eq!(empty.header("x-etcd-index"), Some("1"));
    assert_eq!(empty.expect(200)["node"].get("nodes"), None);

    let made = put(&etcd, &format!("{path}/b1?prevExist=false"), "value=one%3Dhttp%3A%2F%2F10.0.0.1%3A2380").await.expect(201);
    let node = json!({"key": format!("{path}/b1"), "value": "one=http://10.0.0.1:2380", "modifiedIndex": 2, "createdIndex": 2});
    assert_eq!(made, json!({"action": "create", "node": node}));
    put(&etcd, &format!("{path}/a2?prevExist=false"), "value=two%3Dhttp%3A%2F%2F10.0.0.2%3A2380").await.expect(201);

    let directory = etcd.get(&format!("{path}?recursive=false&sorted=true")).await;
    assert_eq!(directory.header("x-etcd-index"), Some("3"));
    assert_eq!(ids(&directory.expect(200)), ["b1", "a2"]);
    assert_eq!(etcd.get(&format!("{path}/b1")).await.expect(200)["node"], node);
}

#[tokio::test]
async fn errors_are_etcds() {
    let api = Api::start().await;
    let (path, etcd) = (new(&api, 1).await, api.nobody());
    put(&etcd, &format!("{path}/a?prevExist=false"), "value=1").await.expect(201);
    let error = put(&etcd, &format!("{path}/a?prevExist=false"), "value=2").await.expect(412);
    assert_eq!(error, json!({"errorCode": 105, "message": "Key already exists", "cause": format!("{path}/a"), "index": 2}));
    assert_eq!(etcd.get(&format!("{path}/b")).await.expect(404)["errorCode"], 100);
    let unknown = "/discovery/00000000000040008000000000000000";
    for missing in ["/discovery/nonsense", unknown] {
        assert_eq!(etcd.get(missing).await.expect(404)["errorCode"], 100);
        assert_eq!(put(&etcd, &format!("{missing}/a"), "value=1").await.expect(404)["errorCode"], 100);
        assert_eq!(etcd.get(&format!("{missing}?wait=true")).await.expect(404)["errorCode"], 100);
    }
    assert_eq!(put(&etcd, &format!("{path}/_config/size"), "value=9").await.expect(403)["errorCode"], 107);
    assert_eq!(put(&etcd, &format!("{path}/b"), "").await.expect(400)["errorCode"], 200);
    assert_eq!(put(&etcd, &format!("{path}/b?prevExist=perhaps"), "value=1").await.expect(400)["errorCode"], 209);
    assert_eq!(put(&etcd, &format!("{path}/b"), &format!("value={}", "v".repeat(9000))).await.expect(400)["errorCode"], 209);
    assert_eq!(etcd.get(&format!("{path}?waitIndex=soon")).await.expect(400)["errorCode"], 209);
}

#[tokio::test]
async fn a_member_that_leaves_is_gone_and_may_come_back() {
    let api = Api::start().await;
    let (path, etcd) = (new(&api, 1).await, api.nobody());
    put(&etcd, &format!("{path}/a"), "value=1").await.expect(201);
    let gone = etcd.send(Method::DELETE, &format!("{path}/a"), "").await.expect(200);
    assert_eq!((&gone["action"], &gone["prevNode"]["value"]), (&json!("delete"), &json!("1")));
    etcd.send(Method::DELETE, &format!("{path}/a"), "").await.expect(404);
    put(&etcd, &format!("{path}/a?prevExist=false"), "value=2").await.expect(201);
}

#[tokio::test]
async fn whoever_waits_is_told_what_comes_and_what_was_missed() {
    let api = Api::start().await;
    let (path, etcd) = (new(&api, 2).await, api.nobody());
    let waiting = format!("{path}?recursive=true&wait=true&waitIndex=2");
    let come = async {
        tokio::task::yield_now().await;
        put(&etcd, &format!("{path}/a?prevExist=false"), "value=1").await.expect(201)
    };
    let (told, made) = join!(etcd.get(&waiting), come);
    assert_eq!(told.header("x-etcd-index"), Some("2"));
    assert_eq!(told.expect(200), made);
    assert_eq!(etcd.get(&waiting).await.expect(200), made);
    assert_eq!(etcd.get(&format!("{path}/a?wait=true&waitIndex=2")).await.expect(200), made);
}

#[tokio::test]
async fn whoever_waits_in_vain_gets_an_empty_answer_and_asks_again() {
    let api = Api::start().await;
    let (path, etcd) = (new(&api, 1).await, api.nobody());
    tokio::time::pause();
    let answer = etcd.get(&format!("{path}?recursive=true&wait=true")).await;
    assert_eq!((answer.status, answer.text.as_str(), answer.header("x-etcd-index")), (200, "", Some("1")));
}

#[tokio::test]
async fn members_that_come_all_at_once_all_get_in() {
    let api = Api::start().await;
    let (path, etcd) = (new(&api, 16).await, api.nobody());
    let members = (0..16).map(|n| {
        let (path, etcd) = (format!("{path}/m{n}?prevExist=false"), etcd.clone());
        async move { put(&etcd, &path, "value=x").await.expect(201) }
    });
    futures::future::join_all(members).await;
    assert_eq!(ids(&etcd.get(&path).await.expect(200)).len(), 16);
}

#[tokio::test]
async fn only_those_who_may_make_clusters_get_new_ones_and_not_without_end() {
    let api = Api::start().await;
    api.nobody().get("/discovery/new").await.expect(401);
    api.reader().await.get("/discovery/new").await.detail_without_id(403);
    let demo = api.demo().await;
    for size in ["0", "33", "-1", "many", ""] {
        assert_eq!(demo.get(&format!("/discovery/new?size={size}")).await.status, 400, "{size}");
    }
    for _ in 0..20 {
        new(&api, 3).await;
    }
    let detail = demo.get("/discovery/new").await.detail_without_id(403);
    assert!(detail.contains("20 discoveries"), "{detail}");
    assert_eq!(api.stranger().await.get("/discovery/new").await.status, 200);
    assert_eq!(api.admin().await.get("/discovery/new").await.status, 200);
}

#[tokio::test]
async fn one_that_is_over_is_not_there_and_makes_room() {
    let api = Api::start().await;
    let path = new(&api, 1).await;
    let token: DiscoveryToken = path.rsplit('/').next().unwrap().parse().unwrap();
    let mut stored = api.store.discoveries().get(token).await.unwrap().unwrap();
    let DiscoveryOwner::Project { id, expires_at } = &mut stored.owner else { panic!() };
    *expires_at -= Duration::from_secs(86_401);
    let project = id.clone();
    let mut tx = api.store.begin();
    tx.update(&stored);
    tx.commit().await.unwrap();

    api.nobody().get(&path).await.expect(404);
    new(&api, 1).await;
    assert_eq!(api.store.discoveries().of_project(&project).await.unwrap().len(), 1);
}

/// A process that ends with the test.
struct Etcd(Child);

impl Drop for Etcd {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Where `cargo xtask test` has unpacked it, or where it is installed. A machine without one is told what was not looked at.
fn etcd_program() -> Option<PathBuf> {
    let unpacked = std::env::var_os("JEROBOAM_NODE_TOOLS").map(|tools| PathBuf::from(tools).join("usr/bin/etcd"));
    let works = |program: &PathBuf| Command::new(program).arg("--version").output().is_ok();
    let found = unpacked.into_iter().chain([PathBuf::from("etcd")]).find(works);
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "there is no etcd: set JEROBOAM_NODE_TOOLS as `cargo xtask test` does");
        eprintln!("NOT LOOKED AT: whether real etcd processes form a cluster; there is no etcd (Debian: etcd-server)");
    }
    found
}

fn etcd(program: &Path, name: &str, folder: &Path, client: u16, discovery: &str) -> Etcd {
    let (peer, client) = (format!("http://127.0.0.1:{}", free_port()), format!("http://127.0.0.1:{client}"));
    let log = std::fs::File::create(folder.join(format!("{name}.log"))).unwrap();
    let mut command = Command::new(program);
    command.args(["--name", name, "--discovery", discovery, "--data-dir"]).arg(folder.join(name));
    command.args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &peer]);
    command.args(["--listen-client-urls", &client, "--advertise-client-urls", &client]);
    Etcd(command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap())
}

/// Three etcd processes know nothing of each other but the address of a discovery here, and become one cluster.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn real_etcd_processes_form_a_cluster() {
    let Some(program) = etcd_program() else { return };
    let api = Api::with(ApiConfig::default(), Options::default()).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let router = api.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let discovery = Discovery::new(DiscoveryOwner::Cluster(jeroboam_model::ClusterId::random()), 3);
    let mut tx = api.store.begin();
    tx.insert(&discovery);
    tx.commit().await.unwrap();
    let url = discovery.url(&format!("{base}/v1"));

    let folder = tempfile::tempdir().unwrap();
    let ports: Vec<u16> = (0..3).map(|_| free_port()).collect();
    let _members: Vec<Etcd> =
        ports.iter().enumerate().map(|(n, port)| etcd(&program, &format!("m{n}"), folder.path(), *port, &url)).collect();

    let client = reqwest::Client::new();
    let list = || async {
        let answer = client.post(format!("http://127.0.0.1:{}/v3/cluster/member/list", ports[0])).json(&json!({})).send().await;
        let members: Value = answer.ok()?.json().await.ok()?;
        let health = client.get(format!("http://127.0.0.1:{}/health", ports[2])).send().await.ok()?;
        let health: Value = health.json().await.ok()?;
        (members["members"].as_array()?.len() == 3 && health["health"] == "true").then_some(members)
    };
    let formed = tokio::time::timeout(Duration::from_secs(60), async {
        loop {
            if let Some(members) = list().await {
                return members;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    let Ok(members) = formed.await else {
        let log = std::fs::read_to_string(folder.path().join("m0.log")).unwrap_or_default();
        panic!("no cluster came of it; the first member's log: {log}");
    };
    let mut names: Vec<&str> = members["members"].as_array().unwrap().iter().map(|m| m["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["m0", "m1", "m2"]);
    let stored = api.store.discoveries().get(discovery.token).await.unwrap().unwrap();
    assert_eq!(stored.members().len(), 3);
}
