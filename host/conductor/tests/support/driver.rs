//! A driver without a sandbox, whose workers are networks: the cheapest thing that a cloud can make and count.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jeroboam_conductor::{Driver, Drivers};
use jeroboam_model::driver::{
    Description, Features, GroupObservation, Health, Observation, Progress, SecretName, StackDefinition, StackScope, Value,
};
use jeroboam_model::{ClusterId, ClusterView, HealthStatus, NodeGroupId, Role};
use jeroboam_plugins::{CallContext, CallError, Defined, DriverError};
use tokio::sync::Semaphore;

const STACK: &str = r#"
heat_template_version: 2018-08-31
parameters:
  workers: { type: number }
  removals: { type: comma_delimited_list, default: "" }
  trustee_user_id: { type: string }
  trustee_password: { type: string, hidden: true }
  service_account_key: { type: string, hidden: true }
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
"#;

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
    inside: Mutex<HashMap<ClusterId, u32>>,
}

pub struct OnlyDriver(pub Arc<TestDriver>);

impl Drivers for OnlyDriver {
    fn by_name(&self, name: &str) -> Option<Arc<dyn Driver>> {
        (name == "test").then(|| Arc::new(Handle(self.0.clone())) as Arc<dyn Driver>)
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
                features: Features { health: true, etcd_discovery: true, ..Features::default() },
                capabilities: Vec::new(),
            },
            gate: Semaphore::new(100_000),
            refusal: Mutex::new(None),
            leftovers: AtomicU32::new(0),
            most_at_once: AtomicU32::new(0),
            definitions: AtomicU32::new(0),
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

#[async_trait]
impl Driver for Handle {
    fn description(&self) -> &Description {
        &self.0.description
    }

    fn digest(&self) -> &str {
        "00"
    }

    async fn define_stack(&self, view: &ClusterView, _: StackScope, _: CallContext) -> Result<Defined, CallError> {
        let driver = &self.0;
        driver.definitions.fetch_add(1, Ordering::SeqCst);
        let gate = async { driver.gate.acquire().await.unwrap().forget() };
        driver.within(view.cluster.uuid, gate).await;
        if let Some(error) = driver.refusal.lock().unwrap().clone() {
            return Err(CallError::Refused { driver: "test".into(), error });
        }
        let workers = view.default_group(Role::Worker).unwrap();
        let secret = |name: &str, secret| (name.to_owned(), Value::Secret(secret));
        let definition = StackDefinition {
            template: STACK.into(),
            files: vec![("node.yaml".into(), NODE.into())],
            environment: String::new(),
            parameters: vec![
                ("workers".into(), Value::Number(workers.node_count.into())),
                ("removals".into(), Value::Json(workers.nodes_to_remove.clone().into())),
                secret("trustee_user_id", SecretName::TrusteeUserId),
                secret("trustee_password", SecretName::TrusteePassword),
                secret("service_account_key", SecretName::ServiceAccountPrivateKey),
            ],
        };
        Ok(Defined { definition, reads: Vec::new() })
    }

    async fn pick_removals(&self, _: &ClusterView, _: NodeGroupId, count: u32, _: CallContext) -> Result<Vec<String>, CallError> {
        Ok((0..count).map(|index| index.to_string()).collect())
    }

    async fn read_stack(
        &self,
        view: &ClusterView,
        _: StackScope,
        outputs: Vec<(String, serde_json::Value)>,
        _: CallContext,
    ) -> Result<Observation, CallError> {
        let output = |name: &str| outputs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default();
        let nodes = output("nodes").as_array().cloned().unwrap_or_default();
        let node_addresses = nodes.iter().filter_map(|node| node.as_str()).map(str::to_owned).collect();
        Ok(Observation {
            api_address: output("api_address").as_str().map(str::to_owned),
            coe_version: Some("v1".into()),
            container_version: None,
            groups: vec![GroupObservation { group: view.default_group(Role::Worker).unwrap().uuid, node_addresses }],
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
