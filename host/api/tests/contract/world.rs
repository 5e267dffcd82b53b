//! The service with what the tables name: a template, a complete cluster, one that failed, a network.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::Method;
use jeroboam_api::ApiConfig;
use jeroboam_devcloud::Options;
use jeroboam_model::{ClusterId, Status};
use serde_json::{Map, Value, json};

use super::case::Case;
use super::support::{Answer, Api, User, cluster, template, with};
use super::table::{LATEST, Table, Version, Who};

pub struct World {
    pub api: Api,
    /// What stands after a `$` in the tables.
    pub names: BTreeMap<&'static str, String>,
    tokens: [String; 2],
    number: AtomicUsize,
}

impl World {
    pub async fn start() -> Self {
        let config = ApiConfig { max_clusters_per_project: u32::MAX, ..ApiConfig::default() };
        let api = Api::with(config, Options::default()).await;
        let tokens = [api.demo().await.token(), api.admin().await.token()];
        let names = cloud(&api, &tokens[0]).await.into_iter().collect();
        let mut world = Self { api, names, tokens, number: AtomicUsize::new(0) };
        world.furnish().await;
        world
    }

    /// Makes what the tables name.
    pub async fn furnish(&mut self) {
        let demo = self.user(Who::Demo, LATEST);
        let labels = json!({"kube_tag": "v1.30.4", "etcd_volume_size": 5});
        let old = demo.post("/v1/clustertemplates", with(template("old"), json!({"labels": labels}))).await.expect(201);
        let labels = json!({"kube_tag": "v1.31.1", "etcd_volume_size": 5});
        let next = demo.post("/v1/clustertemplates", with(template("next"), json!({"labels": labels}))).await.expect(201);
        let mut names = self.names.clone();
        for (name, found) in [("template", &old), ("next", &next)] {
            names.insert(name, text(&found["uuid"]));
        }
        names.insert("project", text(&old["project_id"]));
        names.insert("user", text(&old["user_id"]));
        for name in ["cluster", "other", "failed"] {
            let made = demo.post("/v1/clusters", cluster(name, "old")).await.expect(202);
            names.insert(name, text(&made["uuid"]));
        }
        self.names = names;
        self.complete(&self.names["cluster"]).await;
        self.complete(&self.names["other"]).await;
        self.names.insert("csr", include_str!("../support/request.pem").replace('\n', "\\n"));
        let stored = self.api.store.clusters().get(self.id("cluster")).await.unwrap().unwrap();
        self.api.certificates.ensure(&stored).await.unwrap();
        self.api.store.services().beat("here", "magnum-conductor", time::OffsetDateTime::now_utc()).await.unwrap();
        let failed = self.id("failed");
        self.api.complete(failed, |cluster| cluster.status = Status::CreateFailed).await;
    }

    pub fn user(&self, who: Who, version: Version) -> User<'_> {
        let token = match who {
            Who::Demo => &self.tokens[0],
            Who::Admin => &self.tokens[1],
        };
        self.api.with_token(token).speaking(&version.to_string())
    }

    pub async fn send(&self, case: &Case, path: &str) -> Answer {
        let body = if case.body.is_null() { String::new() } else { case.body.to_string() };
        let method: Method = case.method.parse().unwrap();
        self.user(case.caller, case.version).send(method, path, &body).await
    }

    /// A new one of the resource, with what is necessary and what is given. Its uuid.
    pub async fn make(&self, table: &Table, given: &Map<String, Value>) -> String {
        let create = table.create.as_ref().unwrap();
        let mut body = create.body.clone();
        body.extend(given.clone());
        if let Some(attribute) = &create.distinct {
            body.insert(attribute.clone(), json!(self.fresh()));
        }
        let answer = self.user(table.caller, LATEST).post(&create.path, body.into()).await;
        let uuid = text(&answer.expect(LATEST.of(&create.status))["uuid"]);
        match table.name.as_str() {
            "clusters" | "bays" => self.complete(&uuid).await,
            "nodegroups" => self.complete(&self.names["cluster"]).await,
            _ => {}
        }
        uuid
    }

    /// After a request was taken: what it made goes, and the cluster that it was about is ready for the next.
    pub async fn settle(&self, table: &Table, made: &str) {
        match table.name.as_str() {
            "clustertemplates" | "baymodels" => _ = self.remove(table, &format!("/v1/{}/{made}", table.name)).await,
            "quotas" => _ = self.remove(table, &format!("/v1/quotas/{}/Cluster", self.names["project"])).await,
            "nodegroups" => {
                self.remove_group(made).await;
                self.complete(&self.names["cluster"]).await;
            }
            "resize" | "upgrade" => self.complete(&self.names["cluster"]).await,
            _ => {}
        }
    }

    async fn remove(&self, table: &Table, path: &str) -> Answer {
        self.user(table.caller, LATEST).delete(path).await
    }

    async fn remove_group(&self, uuid: &str) {
        let store = &self.api.store;
        let cluster = self.id("cluster");
        let mut tx = store.begin();
        for group in store.node_groups().of_cluster(cluster).await.unwrap() {
            if group.uuid.to_string() == uuid {
                tx.remove(&group);
            }
        }
        tx.commit().await.unwrap();
    }

    fn id(&self, name: &str) -> ClusterId {
        self.names[name].parse().unwrap()
    }

    /// What there has to be before requests for the table make sense.
    pub async fn prepare(&self, table: &Table) {
        if table.name == "quotapatches" {
            let quota = json!({"project_id": self.names["project"], "hard_limit": 7});
            self.user(table.caller, LATEST).post("/v1/quotas", quota).await.expect(201);
        }
    }

    /// As if all had been done.
    pub async fn complete(&self, uuid: &str) {
        let id: ClusterId = uuid.parse().unwrap();
        self.api
            .complete(id, |cluster| {
                cluster.api_address = Some("https://203.0.113.7:6443".to_owned());
                cluster.upgrading_to = None;
            })
            .await;
    }

    /// How much is in the store.
    pub async fn stored(&self) -> (usize, usize, [usize; 5]) {
        let store = &self.api.store;
        let (quotas, federations) = (store.quotas().all().await.unwrap(), store.federations().all().await.unwrap());
        (quotas.len(), federations.len(), self.api.rows().await)
    }

    /// A name that nothing has yet.
    pub fn fresh(&self) -> String {
        format!("n-{}", self.number.fetch_add(1, Ordering::Relaxed))
    }
}

/// A network of the project's own, and ids of what there is.
async fn cloud(api: &Api, token: &str) -> [(&'static str, String); 2] {
    let client = reqwest::Client::new();
    let base = format!("http://{}", api.devcloud.address());
    let send = async |request: reqwest::RequestBuilder| -> Value {
        request.header("x-auth-token", token).send().await.unwrap().json().await.unwrap()
    };
    let network = send(client.post(format!("{base}/network/v2.0/networks")).json(&json!({"network": {"name": "private"}}))).await;
    let subnet = json!({"subnet": {"name": "private-subnet", "network_id": network["network"]["id"], "cidr": "10.9.0.0/24", "ip_version": 4}});
    send(client.post(format!("{base}/network/v2.0/subnets")).json(&subnet)).await;
    let images = send(client.get(format!("{base}/image/v2/images"))).await;
    let image = images["images"].as_array().unwrap().iter().find(|image| image["name"] == "fedora-coreos-latest").unwrap();
    [("image", text(&image["id"])), ("network", text(&network["network"]["id"]))]
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
