//! A daemon before a simulated cloud, and clusters made there for the sake of what they are made of.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context, Result, ensure};
use jeroboam_devcloud::Who;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    cloud::{Cloud, User},
    cluster,
    daemon::{Daemon, Place},
};

/// COE and image of every cluster type that there is a bundled driver for; the image's distribution chooses how servers are configured.
pub const TYPES: &[(&str, &str)] = &[
    ("kubernetes", "fedora-coreos-latest"),
    ("kubernetes", "ubuntu"),
    ("kubernetes", "fedora-atomic"),
    ("kubernetes", "coreos"),
    ("kubernetes", BARE_METAL),
    ("swarm-mode", "fedora-coreos-latest"),
    ("swarm-mode", "fedora-atomic"),
    ("swarm-mode", "ubuntu"),
    ("swarm", "fedora-atomic"),
    ("mesos", "ubuntu"),
];

/// The image whose servers are machines. Those are in a network that is there.
const BARE_METAL: &str = "fedora-ironic";

/// The fields of a template for one of these.
pub fn template_of(coe: &str, image: &str) -> Value {
    let mut template = json!({"coe": coe, "image_id": image});
    if image == BARE_METAL {
        template["server_type"] = json!("bm");
        template["fixed_network"] = json!("private");
        template["fixed_subnet"] = json!("private-subnet");
        template["floating_ip_enabled"] = json!(false);
    }
    template
}

/// A cloud and a daemon. Ends with its value.
pub struct Site {
    pub cloud: Cloud,
    pub user: User,
    pub place: Place,
    _daemon: Daemon,
}

/// What a server finds when it starts.
pub struct Server {
    pub name: String,
    pub user_data: Vec<u8>,
    /// The input of the software deployment: what the node's scripts read.
    pub parameters: Value,
}

impl Site {
    pub async fn open() -> Result<Self> {
        Self::with("").await
    }

    /// The same with these lines at the end of the configuration.
    pub async fn with(configuration: &str) -> Result<Self> {
        let place = Place::new()?;
        let cloud = Cloud::start(&place.url()?, Duration::ZERO).await?;
        place.configure(&cloud, configuration)?;
        let daemon = place.start(&[]).await?;
        let user = cloud.user(Who::Demo, &place.url()?).await?;
        let networking = format!("http://{}/network/v2.0", cloud.devcloud.address());
        let network = user.post_json(&format!("{networking}/networks"), &json!({"network": {"name": "private"}})).await?;
        let subnet = json!({"subnet": {"name": "private-subnet", "network_id": network["network"]["id"], "ip_version": 4, "cidr": "10.0.8.0/24"}});
        user.post_json(&format!("{networking}/subnets"), &subnet).await?;
        Ok(Self { cloud, user, place, _daemon: daemon })
    }

    /// Makes a cluster with one worker, and answers it with its servers, sorted by name. No other cluster's name may start with this one's.
    pub async fn cluster(&self, name: &str, template: &Value, masters: u32) -> Result<(Value, Vec<Server>)> {
        let template = cluster::template(&self.user, template).await?;
        let body = json!({"name": name, "cluster_template_id": template, "node_count": 1, "master_count": masters});
        let made = self.user.expect(Method::POST, "/clusters", Some(&body), 202).await?;
        let id = made["uuid"].as_str().context("a uuid")?;
        let shown = cluster::becomes(&self.user, id, "CREATE_COMPLETE").await?;
        let mut servers = BTreeMap::new();
        for server in self.get("compute", "/servers/detail").await?["servers"].as_array().context("servers")? {
            let (id, server) = (text(server, "id")?, text(server, "name")?);
            // Servers are named for the stack, and the stack for the cluster.
            if server.starts_with(name) {
                servers.insert(server.to_owned(), self.server(id, server).await?);
            }
        }
        ensure!(servers.len() == masters as usize + 1, "{:?}", servers.keys());
        Ok((shown, servers.into_values().collect()))
    }

    async fn server(&self, id: &str, name: &str) -> Result<Server> {
        let url = format!("http://{}/devcloud/user-data/{id}", self.cloud.devcloud.address());
        let user_data = reqwest::get(url).await?.error_for_status()?.bytes().await?.to_vec();
        let found = self.get("orchestration", &format!("/software_deployments/metadata/{id}")).await?;
        let deployments = found["metadata"].as_array().into_iter().flatten();
        let inputs = deployments.flat_map(|deployment| deployment["inputs"].as_array().into_iter().flatten());
        let mut given = inputs.filter(|input| input["name"] == "parameters").map(|input| match &input["value"] {
            Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
            value => value.clone(),
        });
        // A server can have further deployments, such as one that drains it.
        let parameters = given
            .find(|parameters: &Value| parameters.get("NODE_ROLE").is_some())
            .with_context(|| format!("the deployment that configures {name}: {found}"))?;
        Ok(Server { name: name.to_owned(), user_data, parameters })
    }

    /// A GET of a service, by the user.
    async fn get(&self, service: &str, path: &str) -> Result<Value> {
        let root = format!("http://{}", self.cloud.devcloud.address());
        let base = match service {
            "compute" => format!("{root}/compute/v2.1"),
            other => format!("{root}/{other}/v1/{}", self.user.project_id),
        };
        self.user.get_json(&format!("{base}{path}")).await
    }
}

fn text<'a>(object: &'a Value, name: &str) -> Result<&'a str> {
    object[name].as_str().with_context(|| format!("{name} in {object}"))
}
