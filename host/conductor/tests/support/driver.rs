//! A driver without a sandbox, whose workers are networks: the cheapest thing that a cloud can make and count.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jeroboam_conductor::{Driver, Drivers};
use jeroboam_model::driver::{
    Description, Digest, Features, GroupObservation, Health, Observation, Progress, SecretName, StackDefinition, StackScope,
    Value, Warning,
};
use jeroboam_model::{Cluster, ClusterId, ClusterTemplate, ClusterView, HealthStatus, NodeGroup, NodeGroupId, Role};
use jeroboam_plugins::{CallContext, CallError, Defined, DriverError, Redactor, UpgradePlan, UpgradeStep};
use jeroboam_rollout::ResolveError;
use tokio::sync::Semaphore;

const STACK: &str = r#"
heat_template_version: 2018-08-31
parameters:
  workers: { type: number }
  removals: { type: comma_delimited_list, default: "" }
  trustee_user_id: { type: string }
  trustee_password: { type: string, hidden: true }
  service_account_key: { type: string, hidden: true }
  ca_generation: { type: string, default: "0" }
  master_tag: { type: string, default: "" }
  worker_tag: { type: string, default: "" }
resources:
  kube_minions:
    type: OS::Heat::ResourceGroup
    properties:
      count: { get_param: workers }
      removal_policies: [{ resource_list: { get_param: removals } }]
      resource_def: { type: node.yaml, properties: { user: { get_param: trustee_user_id } } }
outputs:
  api_address: { value: "https://203.0.113.7:6443" }
  nodes: { value: { get_attr: [kube_minions, address] } }
  ca_generation: { value: { get_param: ca_generation } }
  tags: { value: [{ get_param: master_tag }, { get_param: worker_tag }] }
"#;

const SLOW: &str = "resources:\n  slow: { type: OS::Heat::TestResource, properties: { wait_secs: 600 } }\n  kube";

const NODE: &str = r#"
heat_template_version: 2018-08-31
parameters:
  user: { type: string }
resources:
  kube-minion: { type: OS::Neutron::Net }
outputs:
  address: { value: { get_resource: kube-minion } }
"#;

/// What a test wants of the driver, and what it has seen.
pub struct TestDriver {
    description: Description,
    /// Definitions wait for one of these each.
    pub gate: Semaphore,
    /// The answer to the next calls of `define_stack`.
    pub refusal: Mutex<Option<DriverError>>,
    /// What `before_delete` answers so many more times before it is done.
    pub leftovers: AtomicU32,
    /// The most calls for one cluster at the same time.
    pub most_at_once: AtomicU32,
    pub definitions: AtomicU32,
    /// Whether stacks take longer than anybody waits.
    pub slow: AtomicBool,
    /// Whether Heat refuses the last change of an upgrade.
    pub spoils_plans: AtomicBool,
    /// What is kept out of its words in the latest call of `read_stack`.
    pub kept_out: Mutex<Redactor>,
    inside: Mutex<HashMap<ClusterId, u32>>,
}

pub struct OnlyDriver(pub Arc<TestDriver>);

#[async_trait]
impl Drivers for OnlyDriver {
    async fn for_cluster(&self, cluster: &Cluster) -> Result<Arc<dyn Driver>, ResolveError> {
        match cluster.driver.as_str() {
            "test" => Ok(Arc::new(Handle(self.0.clone()))),
            other => Err(ResolveError::DriverNotSupported(other.to_owned())),
        }
    }

    async fn for_upgrade(&self, cluster: &Cluster) -> Result<Arc<dyn Driver>, ResolveError> {
        self.for_cluster(cluster).await
    }
}

struct Handle(Arc<TestDriver>);

impl Default for TestDriver {
    fn default() -> Self {
        Self {
            description: Description {
                name: "test".into(),
                version: "1.0.0".into(),
                summary: String::new(),
                cluster_types: Vec::new(),
                labels: Vec::new(),
                features: Features {
                    health: true,
                    upgrade: true,
                    node_groups: true,
                    rotate_ca: true,
                    etcd_discovery: true,
                    ..Features::default()
                },
                capabilities: Vec::new(),
            },
            gate: Semaphore::new(100_000),
            slow: AtomicBool::new(false),
            refusal: Mutex::new(None),
            leftovers: AtomicU32::new(0),
            most_at_once: AtomicU32::new(0),
            definitions: AtomicU32::new(0),
            spoils_plans: AtomicBool::new(false),
            kept_out: Mutex::default(),
            inside: Mutex::default(),
        }
    }
}

impl TestDriver {
    /// Holds back all definitions from now on.
    pub fn close(&self) {
        self.gate.forget_permits(usize::MAX);
    }

    pub fn open(&self) {
        self.gate.add_permits(100_000);
    }

    async fn within<T>(&self, cluster: ClusterId, work: impl Future<Output = T>) -> T {
        let count = {
            let mut inside = self.inside.lock().unwrap();
            let count = inside.entry(cluster).or_default();
            *count += 1;
            *count
        };
        let guard = Leave(self, cluster);
        self.most_at_once.fetch_max(count, Ordering::SeqCst);
        let done = work.await;
        drop(guard);
        done
    }
}

/// Also leaves when a call is given up.
struct Leave<'a>(&'a TestDriver, ClusterId);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        if let Some(count) = self.0.inside.lock().unwrap().get_mut(&self.1) {
            *count -= 1;
        }
    }
}

impl Handle {
    fn refuse(&self) -> Result<(), CallError> {
        match self.0.refusal.lock().unwrap().clone() {
            Some(error) => Err(CallError::Refused { driver: "test".into(), error }),
            None => Ok(()),
        }
    }
}

/// The group whose nodes are in the stack.
fn group_of(view: &ClusterView, scope: StackScope) -> &NodeGroup {
    match scope {
        StackScope::Cluster => view.default_group(Role::Worker).unwrap(),
        StackScope::NodeGroup(own) => view.groups.iter().find(|group| group.uuid == own).unwrap(),
    }
}

fn definition(view: &ClusterView, scope: StackScope, master_tag: &str, worker_tag: &str) -> StackDefinition {
    let group = group_of(view, scope);
    let secret = |name: &str, secret| (name.to_owned(), Value::Secret(secret));
    StackDefinition {
        template: STACK.into(),
        files: vec![("node.yaml".into(), NODE.into())],
        environment: "".into(),
        parameters: vec![
            ("workers".into(), Value::Number(group.node_count.into())),
            ("removals".into(), Value::Json(group.nodes_to_remove.clone().into())),
            ("ca_generation".into(), Value::Text(view.cluster.ca_generation.to_string())),
            ("master_tag".into(), Value::Text(master_tag.into())),
            ("worker_tag".into(), Value::Text(worker_tag.into())),
            secret("trustee_user_id", SecretName::TrusteeUserId),
            secret("trustee_password", SecretName::TrusteePassword),
            secret("service_account_key", SecretName::ServiceAccountPrivateKey),
        ],
    }
}

#[async_trait]
impl Driver for Handle {
    fn description(&self) -> &Description {
        &self.0.description
    }

    fn digest(&self) -> &Digest {
        const DIGEST: Digest = Digest::new([0; 32]);
        &DIGEST
    }

    async fn define_stack(&self, view: &ClusterView, scope: StackScope, _: CallContext) -> Result<Defined, CallError> {
        let driver = &self.0;
        driver.definitions.fetch_add(1, Ordering::SeqCst);
        let gate = async { driver.gate.acquire().await.unwrap().forget() };
        driver.within(view.cluster.uuid, gate).await;
        self.refuse()?;
        let tag = |role| view.default_group(role).and_then(|group| group.labels.get("kube_tag")).unwrap_or_default();
        let mut definition = definition(view, scope, tag(Role::Master), tag(Role::Worker));
        if driver.slow.load(Ordering::SeqCst) {
            definition.template = STACK.replace("resources:\n  kube", SLOW).into();
        }
        Ok(Defined { definition, reads: Vec::new() })
    }

    /// The masters, then the workers; of a further group its own.
    async fn plan_upgrade(
        &self,
        view: &ClusterView,
        target: &ClusterTemplate,
        group: Option<NodeGroupId>,
        batch: u32,
        _: CallContext,
    ) -> Result<UpgradePlan, CallError> {
        self.refuse()?;
        let (now, then) = (view.cluster.labels.get("kube_tag").unwrap_or_default(), target.labels.get("kube_tag").unwrap());
        let step = |summary: String, scope, master, worker| UpgradeStep {
            summary,
            scope,
            definition: definition(view, scope, master, worker),
        };
        let mut steps = match group {
            None => vec![
                step("Replacing masters".into(), StackScope::Cluster, then, now),
                step(format!("Replacing workers, {batch} at a time"), StackScope::Cluster, then, then),
            ],
            Some(group) => vec![step("Replacing the group".into(), StackScope::NodeGroup(group), then, then)],
        };
        if let Some(last) = steps.last_mut().filter(|_| self.0.spoils_plans.load(Ordering::SeqCst)) {
            last.definition.template = "heat_template_version: never".into();
        }
        let warnings = vec![Warning { field: None, message: "The API is away for a while".into() }];
        Ok(UpgradePlan { steps, warnings, reads: Vec::new() })
    }

    async fn pick_removals(&self, _: &ClusterView, _: NodeGroupId, count: u32, _: CallContext) -> Result<Vec<String>, CallError> {
        Ok((0..count).map(|index| index.to_string()).collect())
    }

    async fn read_stack(
        &self,
        view: &ClusterView,
        scope: StackScope,
        outputs: Vec<(String, serde_json::Value)>,
        context: CallContext,
    ) -> Result<Observation, CallError> {
        *self.0.kept_out.lock().unwrap() = context.sources.redactor().clone();
        let output = |name: &str| outputs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default();
        let nodes = output("nodes").as_array().cloned().unwrap_or_default();
        let node_addresses = nodes.iter().filter_map(|node| node.as_str()).map(str::to_owned).collect();
        let seen = group_of(view, scope).uuid;
        let memory = match scope {
            StackScope::Cluster => BTreeMap::from([("network".to_owned(), format!("net-{}", outputs.len()))]),
            StackScope::NodeGroup(_) => BTreeMap::new(),
        };
        Ok(Observation {
            api_address: output("api_address").as_str().map(str::to_owned),
            coe_version: output("tags").get(0).and_then(|tag| tag.as_str()).filter(|tag| !tag.is_empty()).map(str::to_owned),
            container_version: None,
            groups: vec![GroupObservation { group: seen, node_addresses }],
            memory,
        })
    }

    async fn before_delete(&self, _: &ClusterView, _: CallContext) -> Result<Progress, CallError> {
        let left = self.0.leftovers.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        Ok(match left {
            Err(_) => Progress::Done,
            Ok(left) => Progress::Waiting { message: format!("{left} load balancers"), after: std::time::Duration::ZERO },
        })
    }

    async fn check_health(&self, _: &ClusterView, _: CallContext) -> Result<Health, CallError> {
        Ok(Health { status: HealthStatus::Healthy, reasons: vec![("api".into(), "ok".into())] })
    }
}
