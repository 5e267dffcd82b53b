//! The service without a socket, before a small OpenStack, with the real Kubernetes driver. Operations are accepted, stored, and never begun: what tests see is what
//! the API did.
#![allow(dead_code, reason = "each test file uses a part of it")]

mod answer;
pub mod cluster_api;
mod user;

use std::{borrow::Cow, path::PathBuf, time::Duration};

use axum::Router;
use jeroboam_api::{ApiConfig, ApiParts};
use jeroboam_certificates::{Certificates, CertificatesConfig};
use jeroboam_cloud::{Cloud, CloudConfig, DomainRef, Identity, ProjectRef, Retries, Scope, Secret, UserRef};
use jeroboam_conductor::{Conductor, ConductorConfig, ConductorParts, sources::OperatorSettings};
use jeroboam_devcloud::{
    Devcloud, Options,
    faults::{Fault, RequestFault},
};
use jeroboam_model::driver::Platform;
use jeroboam_model::{Cluster, ClusterId, ClusterView, OperationKind, OperationState, Status};
use jeroboam_planner::Planner;
use jeroboam_plugins::{Bundled, Host, Limits};
use jeroboam_rollout::{RolloutConfig, RolloutParts, Rollouts};
use jeroboam_store::{Store, Vault};
use serde_json::{Value, json};

pub use answer::Answer;
pub use user::User;

pub struct Api {
    pub router: Router,
    pub store: Store,
    pub certificates: Certificates,
    pub devcloud: Devcloud,
    pub cloud: Cloud,
}

impl Api {
    pub async fn start() -> Self {
        Self::with(ApiConfig::default(), Options::default()).await
    }

    pub async fn with(config: ApiConfig, options: Options) -> Self {
        Self::with_drivers(config, options, drivers()).await
    }

    /// With the drivers of clusters that have Docker's API, too.
    pub async fn with_docker() -> Self {
        let bundled = drivers().into_iter().chain([driver("swarm.wasm"), driver("swarm-mode.wasm")]).collect();
        Self::with_drivers(ApiConfig::default(), Options::default(), bundled).await
    }

    async fn with_drivers(config: ApiConfig, options: Options, bundled: Vec<Bundled>) -> Self {
        let platform = Platform { region: "RegionOne".to_owned(), load_balancers: true, ..Platform::default() };
        let config = ApiConfig { driver_settings: OperatorSettings::new(platform, Default::default()), ..config };
        let devcloud = Devcloud::start(options).await.unwrap();
        let mut cloud = CloudConfig::new(devcloud.identity_url().parse().unwrap());
        cloud.retries = Retries { max: 0, base: Duration::ZERO, cap: Duration::ZERO };
        let cloud = Cloud::new(cloud).unwrap();
        let store = Store::in_memory();
        let vault = Vault::ephemeral().unwrap();
        let cache_dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("compiled");
        let rollouts = Rollouts::start(RolloutParts {
            store: store.clone(),
            plugins: Host::new(Some(&cache_dir), Limits::default()).unwrap(),
            bundled,
            planner: None,
            config: RolloutConfig::default(),
        });
        let rollouts = rollouts.await.unwrap();
        let certificates = Certificates::new(store.clone(), vault.clone(), CertificatesConfig::default());
        let conductor = Conductor::start(ConductorParts {
            store: store.clone(),
            vault,
            cloud: cloud.clone(),
            plugins: rollouts.clone(),
            certificates: certificates.clone(),
            config: ConductorConfig::default(),
        });
        let intake = conductor.intake();
        drop(conductor);
        let service = password("magnum", "service");
        let (s, c, p) = (store.clone(), certificates.clone(), cloud.clone());
        let router = jeroboam_api::router(ApiParts {
            store: s,
            cloud: p,
            service,
            rollouts,
            planner: Planner::new(store.clone()),
            intake,
            certificates: c,
            config,
        });
        Self { router, store, certificates, devcloud, cloud }
    }

    /// Member and reader of the project `demo`.
    pub async fn demo(&self) -> User<'_> {
        self.user("demo", "demo").await
    }

    /// Reader of the project `demo`.
    pub async fn reader(&self) -> User<'_> {
        self.user("demo_reader", "demo").await
    }

    /// Member and reader of another project.
    pub async fn stranger(&self) -> User<'_> {
        self.user("alt_demo", "alt_demo").await
    }

    pub async fn admin(&self) -> User<'_> {
        self.user("admin", "admin").await
    }

    /// Without a token.
    pub fn nobody(&self) -> User<'_> {
        User::new(self, None)
    }

    pub fn with_token(&self, token: &str) -> User<'_> {
        User::new(self, Some(token.to_owned()))
    }

    async fn user(&self, name: &str, project: &str) -> User<'_> {
        let token = self.cloud.session(password(name, project)).token().await.unwrap();
        self.with_token(token.expose())
    }

    /// A cluster of the user's that is complete, made by the driver that can do everything. Nothing if that was not built.
    pub async fn puppets_cluster(&self, of: &User<'_>, name: &str) -> Option<ClusterView> {
        if std::env::var_os("JEROBOAM_TEST_GUEST").is_none() {
            eprintln!("skipped: JEROBOAM_TEST_GUEST is not set; run cargo xtask test");
            return None;
        }
        of.post("/v1/clustertemplates", with(template(name), json!({"name": name}))).await.expect(201);
        let accepted = of.post("/v1/clusters", cluster(name, name)).await.expect(202);
        let id: ClusterId = accepted["uuid"].as_str().unwrap().parse().unwrap();
        self.complete(id, |cluster| {
            cluster.driver = "puppet".to_owned();
            cluster.api_address = Some("https://203.0.113.7:6443".to_owned());
        })
        .await;
        self.store.view(id).await.unwrap()
    }

    /// As if all that was accepted for the cluster had been done.
    pub async fn complete(&self, id: ClusterId, change: impl FnOnce(&mut Cluster)) {
        let mut tx = self.store.begin();
        let mut cluster = self.store.clusters().get(id).await.unwrap().unwrap();
        cluster.status = Status::CreateComplete;
        change(&mut cluster);
        tx.update(&cluster);
        for mut group in self.store.node_groups().of_cluster(id).await.unwrap() {
            group.status = Status::CreateComplete;
            tx.update(&group);
        }
        for mut operation in self.store.operations().of_cluster(id).await.unwrap() {
            operation.state = OperationState::Done;
            tx.update(&operation);
        }
        tx.commit().await.unwrap();
    }

    /// What is still to be done to the cluster.
    pub async fn unfinished(&self, id: ClusterId) -> Vec<OperationKind> {
        let operations = self.store.operations().of_cluster(id).await.unwrap();
        operations.into_iter().filter(|operation| !operation.state.is_over()).map(|operation| operation.value.kind).collect()
    }

    /// The user `demo` with an application credential of its own.
    pub async fn robot(&self, unrestricted: bool) -> User<'_> {
        let session = self.cloud.session(password("demo", "demo"));
        let (token, user) = (session.token().await.unwrap(), session.token_info().await.unwrap().user.id);
        let (client, identity) = (reqwest::Client::new(), self.devcloud.identity_url());
        let identity = identity.trim_end_matches("/v3");
        let made: Value = client
            .post(format!("{identity}/v3/users/{user}/application_credentials"))
            .header("x-auth-token", token.expose())
            .json(&json!({"application_credential": {"name": "robot", "unrestricted": unrestricted}}))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let credential = &made["application_credential"];
        let login = json!({"auth": {"identity": {"methods": ["application_credential"],
            "application_credential": {"id": credential["id"], "secret": credential["secret"]}}}});
        let answer = client.post(format!("{identity}/v3/auth/tokens")).json(&login).send().await.unwrap();
        self.with_token(answer.headers()["x-subject-token"].to_str().unwrap())
    }

    /// How many rows there are, by table.
    pub async fn rows(&self) -> [usize; 5] {
        [
            self.store.templates().all().await.unwrap().len(),
            self.store.clusters().all().await.unwrap().len(),
            self.store.node_groups().all().await.unwrap().len(),
            self.store.operations().all().await.unwrap().len(),
            self.store.ledger().all().await.unwrap().len(),
        ]
    }

    /// Lets time pass for the cloud, though not for the service.
    pub async fn advance_clock(&self, seconds: u64) {
        let url = format!("http://{}/devcloud/clock", self.devcloud.address());
        let answer = reqwest::Client::new().post(url).json(&json!({ "seconds": seconds })).send().await.unwrap();
        assert!(answer.status().is_success());
    }

    /// From now on Keystone breaks connections.
    pub fn lose_keystone(&self) {
        let fault: RequestFault = serde_json::from_value(json!({"service": "keystone", "drop_connection": true})).unwrap();
        self.devcloud.faults().add(Fault::Request(fault));
    }
}

/// What `openstack coe cluster template create` sends for the least that is useful.
pub fn template(name: &str) -> Value {
    json!({
        "name": name,
        "coe": "kubernetes",
        "image_id": "fedora-coreos-latest",
        "keypair_id": "testkey",
        "external_network_id": "public",
        "dns_nameserver": "8.8.8.8",
        "flavor_id": "m1.small",
        "master_flavor_id": "m1.small",
        "docker_volume_size": 5,
        "network_driver": "flannel",
        "volume_driver": "cinder",
        "master_lb_enabled": true,
        "labels": {},
    })
}

pub fn cluster(name: &str, template: &str) -> Value {
    json!({"name": name, "cluster_template_id": template, "node_count": 2, "master_count": 1, "create_timeout": 60})
}

/// The object with some members set, or taken away where the value is the text `absent`.
pub fn with(mut object: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        if value == "absent" {
            object.as_object_mut().unwrap().shift_remove(name);
        } else {
            object[name] = value.clone();
        }
    }
    object
}

fn password(name: &str, project: &str) -> Identity {
    let domain = DomainRef::Name("Default".to_owned());
    Identity::Password {
        user: UserRef::Name { name: name.to_owned(), domain: domain.clone() },
        password: Secret::new("devcloud"),
        scope: Scope::Project(ProjectRef::Name { name: project.to_owned(), domain }),
    }
}

/// The bundled driver; and one that can do everything and does nothing, where `cargo xtask test` has built it.
fn drivers() -> Vec<Bundled> {
    let puppet = std::env::var_os("JEROBOAM_TEST_GUEST").map(|path| {
        let module = std::fs::read(path).unwrap();
        let component = wit_component::ComponentEncoder::default().validate(true).module(&module).unwrap().encode().unwrap();
        Bundled { file_name: "puppet.wasm".to_owned(), bytes: Cow::Owned(component) }
    });
    std::iter::once(driver("kubernetes.wasm")).chain(puppet).collect()
}

/// A bundled driver, where `cargo xtask drivers` leaves it.
fn driver(file_name: &str) -> Bundled {
    let executable = std::env::current_exe().unwrap();
    let target = executable.ancestors().nth(3).unwrap();
    let file: PathBuf = target.join("drivers").join(file_name);
    let bytes =
        std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}; run `cargo xtask drivers` first", file.display()));
    Bundled { file_name: file_name.to_owned(), bytes: Cow::Owned(bytes) }
}
