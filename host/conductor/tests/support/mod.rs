//! A cloud, a store and a conductor on one machine, with a driver whose clusters are small.
#![allow(dead_code, reason = "each suite uses a part")]

mod driver;
mod samples;

use std::sync::Arc;
use std::time::Duration;

use jeroboam_certificates::{Backend, Certificates, CertificatesConfig};
use jeroboam_cloud::{Cloud, CloudConfig, DomainRef, Identity, ProjectRef, Retries, Scope, UserRef};
use jeroboam_conductor::{
    Conductor, ConductorConfig, ConductorParts, Delete, DeleteGroup, Intake, IntakeError, KillSwitch, NewGroup, NewRequester,
    Resize, ResizeVia, RotateCa, RotateCredential, TrustConfig, Upgrade,
};
use jeroboam_devcloud::faults::{Fault, RequestFault, ResourceFault};
use jeroboam_devcloud::{Credentials, Devcloud, Options, Who};
use jeroboam_model::driver::{StackScope, Value};
use jeroboam_model::{
    Cluster, ClusterId, ClusterTemplate, NodeGroup, NodeGroupId, Operation, OperationId, RequestId, Role, Secret, Status,
    TemplateId,
};
use jeroboam_rollout::Rollouts;
use jeroboam_store::{Store, Stored, Vault};

pub use driver::TestDriver;
pub use samples::{new_cluster, new_group, template};

/// Longer than anything here takes: what has not happened by then will not.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct World {
    pub devcloud: Devcloud,
    pub cloud: Cloud,
    pub store: Store,
    pub vault: Vault,
    pub driver: Arc<TestDriver>,
    /// Drivers in a sandbox, in place of that one.
    pub plugins: Option<Rollouts>,
    pub config: ConductorConfig,
    /// Where private keys go.
    pub keys: Backend,
    pub requester: NewRequester,
    pub template: ClusterTemplate,
    /// What the cloud had before anybody asked for a cluster.
    before: Vec<String>,
    conductor: Option<Conductor>,
    intake: Intake,
}

impl World {
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// A world whose conductor is configured otherwise.
    pub async fn with(configure: impl FnOnce(&mut ConductorConfig)) -> Self {
        let devcloud = Devcloud::start(Options::default()).await.unwrap();
        let mut cloud_config = CloudConfig::new(devcloud.identity_url().parse().unwrap());
        cloud_config.retries = Retries { max: 0, ..cloud_config.retries };
        let cloud = Cloud::new(cloud_config).unwrap();
        let (store, vault) = (Store::in_memory(), Vault::ephemeral().unwrap());
        let requester = requester(&cloud, &devcloud.credentials(Who::Demo)).await;
        let template = template(&requester);
        let mut tx = store.begin();
        tx.insert(&template);
        tx.commit().await.unwrap();

        let admin = identity(&devcloud.credentials(Who::TrusteeDomainAdmin));
        let mut config = ConductorConfig {
            poll_min: Duration::from_millis(5),
            poll_max: Duration::from_millis(20),
            retry_min: Duration::from_millis(10),
            retry_max: Duration::from_millis(50),
            health_polling_interval: None,
            trust: TrustConfig { domain_admin: Some(admin), roles: Vec::new() },
            ..ConductorConfig::default()
        };
        configure(&mut config);
        let driver = Arc::new(TestDriver::default());
        let before = inventory(&devcloud);
        let (keys, plugins) = (Backend::default(), None);
        let service = identity(&devcloud.credentials(Who::Service));
        let certificates = certificates(&store, &vault, &cloud, service, keys);
        let conductor = start(&store, &vault, &cloud, certificates, &driver, None, config.clone());
        let intake = conductor.intake();
        let conductor = Some(conductor);
        Self { devcloud, cloud, store, vault, driver, plugins, config, keys, requester, template, before, conductor, intake }
    }

    /// As after `kill -9` and a new start.
    pub fn restart(&mut self, kill: KillSwitch) {
        self.conductor = None;
        let config = ConductorConfig { kill, ..self.config.clone() };
        let service = identity(&self.devcloud.credentials(Who::Service));
        let certificates = certificates(&self.store, &self.vault, &self.cloud, service, self.keys);
        let conductor = start(&self.store, &self.vault, &self.cloud, certificates, &self.driver, self.plugins.clone(), config);
        self.intake = conductor.intake();
        self.conductor = Some(conductor);
    }

    pub fn stop(&mut self) {
        self.conductor = None;
    }

    pub fn conductor(&mut self) -> Conductor {
        self.conductor.take().unwrap()
    }

    pub fn intake(&self) -> &Intake {
        &self.intake
    }

    /// Asks for a cluster.
    pub async fn create(&self, name: &str) -> ClusterId {
        let new = new_cluster(name, &self.template, self.requester.clone());
        let id = new.cluster.uuid;
        self.intake.create(new, 1000).await.unwrap();
        id
    }

    /// Has one.
    pub async fn created(&self, name: &str) -> ClusterId {
        let id = self.create(name).await;
        assert_eq!(self.settled(id).await.unwrap().status, Status::CreateComplete, "{:?}", self.operations(id).await);
        id
    }

    pub async fn resize(&self, cluster: ClusterId, node_count: u32) -> Result<OperationId, IntakeError> {
        let group = self.workers(cluster).await.uuid;
        let requester = self.requester.clone();
        let resize = Resize {
            cluster,
            group,
            node_count,
            nodes_to_remove: Vec::new(),
            rollback: false,
            via: ResizeVia::Resize,
            requester,
        };
        self.intake.resize(resize).await
    }

    pub async fn delete(&self, cluster: ClusterId) -> OperationId {
        self.intake.delete(Delete { cluster, requester: self.requester.clone() }).await.unwrap()
    }

    /// Asks for a further group of two nodes.
    pub async fn create_group(&self, cluster: ClusterId, name: &str) -> NodeGroupId {
        let group = new_group(&self.cluster(cluster).await.unwrap(), name);
        let id = group.uuid;
        self.intake.create_group(NewGroup { group, requester: self.requester.clone() }).await.unwrap();
        id
    }

    /// Has one.
    pub async fn created_group(&self, cluster: ClusterId, name: &str) -> NodeGroupId {
        let id = self.create_group(cluster, name).await;
        self.settled(cluster).await;
        let group = self.group_by_id(cluster, id).await.unwrap();
        assert_eq!(group.status, Status::CreateComplete, "{:?}", group.status_reason);
        id
    }

    pub async fn delete_group(&self, cluster: ClusterId, group: NodeGroupId) -> Result<OperationId, IntakeError> {
        self.intake.delete_group(DeleteGroup { cluster, group, requester: self.requester.clone() }).await
    }

    /// A template of another version, stored.
    pub async fn template_of(&self, kube_tag: &str) -> ClusterTemplate {
        let template = ClusterTemplate {
            uuid: TemplateId::random(),
            labels: [("kube_tag", kube_tag)].into_iter().collect(),
            image_id: format!("image-{kube_tag}"),
            ..self.template.clone()
        };
        let mut tx = self.store.begin();
        tx.insert(&template);
        tx.commit().await.unwrap();
        template
    }

    pub async fn upgrade(
        &self,
        cluster: ClusterId,
        template: TemplateId,
        group: Option<NodeGroupId>,
    ) -> Result<OperationId, IntakeError> {
        let requester = self.requester.clone();
        self.intake.upgrade(Upgrade { cluster, template, group, batch: 1, rollback: false, requester }).await
    }

    pub async fn rotate_ca(&self, cluster: ClusterId) -> Result<OperationId, IntakeError> {
        self.intake.rotate_ca(RotateCa { cluster, requester: self.requester.clone() }).await
    }

    pub async fn rotate_credential(&self, cluster: ClusterId) -> Result<OperationId, IntakeError> {
        self.intake.rotate_credential(RotateCredential { cluster, requester: self.requester.clone() }).await
    }

    /// Whether the cluster's own user gets a token with the password.
    pub async fn logs_in(&self, user: &str, password: &Secret) -> bool {
        let user = UserRef::Id(user.to_owned());
        let identity = Identity::Password { user, password: password.clone(), scope: Scope::Unscoped };
        self.cloud.forget(&identity);
        self.cloud.session(identity).token_info().await.is_ok()
    }

    /// The cluster's own user, and the password that is stored.
    pub async fn login(&self, cluster: ClusterId) -> (String, Secret) {
        let trustee = self.cluster(cluster).await.unwrap().trustee.unwrap();
        assert_eq!(trustee.next_password, None);
        let place = format!("cluster/{cluster}/trustee-password");
        (trustee.user_id.unwrap().0, self.vault.open(&place, &trustee.password).unwrap())
    }

    pub async fn group_by_id(&self, cluster: ClusterId, group: NodeGroupId) -> Option<NodeGroup> {
        self.store.node_groups().get((cluster, group)).await.unwrap().map(|group| group.value)
    }

    /// A parameter of the last definition of a stack.
    pub async fn defined(&self, cluster: ClusterId, scope: StackScope, parameter: &str) -> Value {
        let recording = self.store.recordings().of_scope(cluster, scope).await.unwrap().unwrap();
        recording.definition.parameters.iter().find(|(name, _)| name == parameter).unwrap().1.clone()
    }

    /// Deletes a cluster and makes sure that nothing is left of it.
    pub async fn delete_all_of(&self, cluster: ClusterId) {
        self.delete(cluster).await;
        let left = self.settled(cluster).await;
        assert_eq!(left.map(|cluster| (cluster.status, cluster.status_reason)), None);
        self.nothing_is_left(cluster).await;
    }

    /// Deletes a cluster where there are others.
    pub async fn delete_all_of_one(&self, cluster: ClusterId) {
        self.delete(cluster).await;
        assert_eq!(self.settled(cluster).await.map(|cluster| cluster.status_reason), None);
    }

    pub async fn nothing_is_left(&self, cluster: ClusterId) {
        assert_eq!(inventory(&self.devcloud), self.before, "in the cloud");
        assert_eq!(self.store.ledger().of_cluster(cluster).await.unwrap(), [], "in the ledger");
        assert_eq!(self.store.node_groups().of_cluster(cluster).await.unwrap(), [], "groups");
        assert!(self.store.certificates().of_cluster(cluster).await.unwrap().is_empty(), "certificates");
        assert_eq!(self.store.plans().of_cluster(cluster).await.unwrap(), [], "plans");
        assert!(self.store.recordings().of_cluster(cluster).await.unwrap().is_empty(), "recordings");
        assert!(self.store.discoveries().of_cluster(cluster).await.unwrap().is_empty(), "discoveries");
        assert_eq!(self.store.containers().of_cluster(cluster).await.unwrap(), [], "containers");
        assert_eq!(self.store.x509keypairs().of_cluster(cluster).await.unwrap(), [], "key pairs");
        for operation in self.operations(cluster).await {
            assert_eq!(operation.requester.token, None, "a token in {operation:?}");
        }
    }

    /// The cluster once nothing is done to it any more; nothing if it is gone.
    pub async fn settled(&self, id: ClusterId) -> Option<Cluster> {
        self.until(async || {
            let over = self.operations(id).await.iter().all(|operation| operation.state.is_over());
            over.then_some(())
        })
        .await;
        self.cluster(id).await
    }

    /// Waits for something to be so.
    pub async fn until<T>(&self, what: impl AsyncFn() -> Option<T>) -> T {
        let waiting = async {
            loop {
                if let Some(seen) = what().await {
                    return seen;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        match tokio::time::timeout(PATIENCE, waiting).await {
            Ok(seen) => seen,
            Err(_) => panic!("it never came: {:#?}", self.store.operations().all().await),
        }
    }

    pub async fn cluster(&self, id: ClusterId) -> Option<Cluster> {
        self.store.clusters().get(id).await.unwrap().map(|cluster| cluster.value)
    }

    pub async fn group(&self, cluster: ClusterId, role: Role) -> NodeGroup {
        let groups = self.store.node_groups().of_cluster(cluster).await.unwrap();
        groups.into_iter().find(|group| group.role == role).unwrap().value
    }

    pub async fn workers(&self, cluster: ClusterId) -> NodeGroup {
        self.group(cluster, Role::Worker).await
    }

    pub async fn operations(&self, cluster: ClusterId) -> Vec<Stored<Operation>> {
        self.store.operations().of_cluster(cluster).await.unwrap()
    }

    pub async fn operation(&self, id: OperationId) -> Operation {
        self.store.operations().get(id).await.unwrap().unwrap().value
    }

    pub fn fail_request(&self, fault: serde_json::Value) {
        self.devcloud.faults().add(Fault::Request(serde_json::from_value::<RequestFault>(fault).unwrap()));
    }

    pub fn fail_resource(&self, fault: serde_json::Value) {
        self.devcloud.faults().add(Fault::Resource(serde_json::from_value::<ResourceFault>(fault).unwrap()));
    }

    /// Names of live objects of a type.
    pub fn objects(&self, kind: &str) -> Vec<String> {
        let objects = self.devcloud.inventory();
        let objects = objects["objects"].as_array().unwrap().iter().filter(|object| object["type"] == kind);
        objects.map(|object| object["name"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

fn certificates(store: &Store, vault: &Vault, cloud: &Cloud, service: Identity, backend: Backend) -> Certificates {
    let config = CertificatesConfig { backend, ..CertificatesConfig::default() };
    Certificates::new(store.clone(), vault.clone(), config).with_barbican(&cloud.session(service))
}

fn start(
    store: &Store,
    vault: &Vault,
    cloud: &Cloud,
    certificates: Certificates,
    driver: &Arc<TestDriver>,
    plugins: Option<Rollouts>,
    config: ConductorConfig,
) -> Conductor {
    let (store, vault, cloud) = (store.clone(), vault.clone(), cloud.clone());
    match plugins {
        Some(plugins) => Conductor::start(ConductorParts { certificates, store, vault, cloud, plugins, config }),
        None => {
            let plugins = driver::OnlyDriver(driver.clone());
            Conductor::start(ConductorParts { certificates, store, vault, cloud, plugins, config })
        }
    }
}

fn inventory(devcloud: &Devcloud) -> Vec<String> {
    let inventory = devcloud.inventory();
    let mut objects: Vec<String> = inventory["objects"].as_array().unwrap().iter().map(ToString::to_string).collect();
    objects.sort();
    objects
}

pub fn identity(credentials: &Credentials) -> Identity {
    let domain = |name: &str| DomainRef::Name(name.to_owned());
    let scope = match &credentials.project_name {
        Some(name) => Scope::Project(ProjectRef::Name { name: name.clone(), domain: domain(&credentials.domain_name) }),
        None => Scope::Domain(domain(&credentials.domain_name)),
    };
    Identity::Password {
        user: UserRef::Name { name: credentials.username.clone(), domain: domain(&credentials.user_domain_name) },
        password: Secret::new(credentials.password.clone()),
        scope,
    }
}

/// Somebody with a fresh token.
pub async fn requester(cloud: &Cloud, credentials: &Credentials) -> NewRequester {
    let session = cloud.session(identity(credentials));
    let info = session.token_info().await.unwrap();
    NewRequester {
        user_id: info.user.id.clone().into(),
        user_name: info.user.name.clone(),
        project_id: info.project().unwrap().id.clone().into(),
        roles: info.role_names().map(str::to_owned).collect(),
        request_id: RequestId::random(),
        global_request_id: None,
        token: session.token().await.unwrap(),
        token_expires_at: info.expires_at,
    }
}
