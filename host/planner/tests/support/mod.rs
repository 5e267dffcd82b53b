//! Fleets: stores with clusters whose stacks have been defined, and versions of a driver that are plain functions.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use jeroboam_model::{
    Cluster, ClusterId, ClusterTemplate, ClusterView, NodeGroup, NodeGroupId, Role,
    driver::{Digest, StackDefinition, StackScope, Value},
    samples,
};
use jeroboam_planner::Definer;
use jeroboam_plugins::RecordedRead;
use jeroboam_store::{Recording, Store};
use time::OffsetDateTime;

pub const OLD: Digest = Digest::new([1; 32]);
pub const NEW: Digest = Digest::new([2; 32]);

pub type Define = dyn Fn(&ClusterView, StackScope) -> Result<StackDefinition, String> + Send + Sync;

/// A version that is a function, and counts how often it is asked.
#[derive(Clone)]
pub struct Version {
    pub digest: Digest,
    pub asked: Arc<AtomicUsize>,
    define: Arc<Define>,
}

impl Version {
    pub fn new(
        digest: Digest,
        define: impl Fn(&ClusterView, StackScope) -> Result<StackDefinition, String> + Send + Sync + 'static,
    ) -> Self {
        Self { digest, asked: Arc::default(), define: Arc::new(define) }
    }

    /// Makes a server in each stack, with this flavor unless the cluster's label says otherwise.
    pub fn with_flavor(digest: Digest, flavor: &str) -> Self {
        let template = TEMPLATE.replace("FLAVOR", flavor);
        Self::new(digest, move |view, scope| Ok(definition(&template, view, scope)))
    }

    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    pub fn define_now(&self, view: &ClusterView, scope: StackScope) -> StackDefinition {
        (self.define)(view, scope).unwrap()
    }
}

const TEMPLATE: &str = "
heat_template_version: wallaby
parameters:
  name: {type: string}
  flavor: {type: string, default: FLAVOR}
  hints: {type: string, default: none}
resources:
  node:
    type: OS::Nova::Server
    properties: {name: {get_param: name}, flavor: {get_param: flavor}, scheduler_hints: {kind: {get_param: hints}}}
";

fn definition(template: &str, view: &ClusterView, scope: StackScope) -> StackDefinition {
    let name = match scope {
        StackScope::Cluster => view.cluster.name.clone(),
        StackScope::NodeGroup(group) => group.to_string(),
    };
    let mut parameters = vec![("name".to_owned(), Value::Text(name))];
    for label in ["flavor", "hints"] {
        if let Some(value) = view.cluster.labels.get(label) {
            parameters.push((label.to_owned(), Value::Text(value.to_owned())));
        }
    }
    StackDefinition { template: template.into(), files: Vec::new(), environment: "".into(), parameters }
}

#[async_trait]
impl Definer for Version {
    fn name(&self) -> &str {
        "kubernetes"
    }

    fn digest(&self) -> Digest {
        self.digest
    }

    async fn define(&self, view: &ClusterView, scope: StackScope, _: Vec<RecordedRead>) -> Result<StackDefinition, String> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        (self.define)(view, scope)
    }
}

/// A cluster that is to be in the store.
pub struct Made {
    pub cluster: Cluster,
    pub template: ClusterTemplate,
    pub groups: Vec<NodeGroup>,
}

impl Made {
    pub fn new(name: &str, labels: &[(&str, &str)]) -> Self {
        let template = samples::template("template");
        let mut cluster = samples::cluster(name, &template);
        cluster.labels = labels.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        cluster.driver_digest = Some(OLD);
        let groups = vec![samples::group(&cluster, Role::Master, 1), samples::group(&cluster, Role::Worker, 2)];
        Self { cluster, template, groups }
    }

    /// With a group that has a stack of its own.
    pub fn with_group(mut self, name: &str) -> Self {
        let group = samples::group(&self.cluster, Role::Worker, 1);
        self.groups.push(NodeGroup { name: name.into(), is_default: false, uuid: NodeGroupId::random(), ..group });
        self
    }

    pub fn view(&self) -> ClusterView {
        ClusterView { cluster: self.cluster.clone(), template: self.template.clone(), groups: self.groups.clone() }
    }

    pub fn scopes(&self) -> Vec<StackScope> {
        let own = self.groups.iter().filter(|group| !group.is_default).map(|group| StackScope::NodeGroup(group.uuid));
        std::iter::once(StackScope::Cluster).chain(own).collect()
    }

    /// Into the store, with what the version defines for it.
    pub async fn store(&self, store: &Store, by: Option<&Version>) -> ClusterId {
        let mut tx = store.begin();
        tx.insert(&self.template);
        tx.insert(&self.cluster);
        self.groups.iter().for_each(|group| tx.insert(group));
        for scope in by.iter().flat_map(|_| self.scopes()) {
            let definition = by.unwrap().define_now(&self.view(), scope);
            tx.put_whole(&recording(self.cluster.uuid, scope, by.unwrap().digest, definition));
        }
        tx.commit().await.unwrap();
        self.cluster.uuid
    }
}

pub fn recording(cluster: ClusterId, scope: StackScope, digest: Digest, definition: StackDefinition) -> Recording {
    Recording {
        cluster,
        scope,
        driver: "kubernetes".into(),
        driver_version: "0.1.0".into(),
        driver_digest: digest,
        definition,
        reads: serde_json::json!([]),
        recorded_at: OffsetDateTime::now_utc(),
    }
}

pub mod kinds {
    /// What a cluster has to do with the parameter whose default changes.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Kind {
        SetsIt,
        WithBalancer,
        WithoutBalancer,
    }

    impl Kind {
        pub fn of(number: usize) -> Self {
            match number % 4 {
                0 => Self::WithBalancer,
                1 => Self::WithoutBalancer,
                _ => Self::SetsIt,
            }
        }
    }
}

/// The bundled Kubernetes driver, and clusters that it has defined.
pub mod real {
    use std::{borrow::Cow, collections::BTreeMap, env, fs, path::PathBuf, sync::Arc};

    use jeroboam_model::{
        ClusterId, ClusterTemplate, RequestId, Role,
        driver::{Digest, Platform, StackScope},
        samples,
    };
    use jeroboam_planner::Definer;
    use jeroboam_plugins::{
        Bundled, CallContext, Driver, Interface, Plugins, PluginsConfig, RecordedRead, Replay, Sources, record::Answer,
    };
    use jeroboam_store::{Recording, Store};
    use serde_json::json;
    use time::OffsetDateTime;

    use super::kinds::Kind;

    pub fn component() -> Option<Vec<u8>> {
        let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/drivers");
        let dir = env::var_os("JEROBOAM_DRIVERS").map_or_else(|| PathBuf::from(built), PathBuf::from);
        fs::read(dir.join("kubernetes.wasm")).ok()
    }

    /// The same driver with another default for `octavia_provider`, in the label's schema and in the templates: of the same length, so that the component
    /// stays one.
    pub fn with_another_default(mut component: Vec<u8>) -> Vec<u8> {
        let (from, to) = (b"amphora", b"amphor2");
        let places: Vec<usize> =
            component.windows(from.len()).enumerate().filter(|(_, bytes)| bytes == from).map(|(place, _)| place).collect();
        assert!(!places.is_empty(), "the driver has no such default any more");
        for place in places {
            component[place..place + to.len()].copy_from_slice(to);
        }
        component
    }

    pub async fn load(component: Vec<u8>) -> Driver {
        let bundled = vec![Bundled { file_name: "kubernetes.wasm".into(), bytes: Cow::Owned(component) }];
        let plugins = Plugins::start(PluginsConfig { bundled, ..PluginsConfig::default() }).await.unwrap();
        plugins.by_name("kubernetes").unwrap_or_else(|| panic!("{:?}", plugins.records()))
    }

    pub fn versions(old: &Driver) -> impl Fn(&Digest) -> Option<Arc<dyn Definer>> + Send + Sync + 'static + use<> {
        let old = old.clone();
        move |digest| (digest == old.digest()).then(|| Arc::new(old.clone()) as Arc<dyn Definer>)
    }

    fn sources() -> Sources {
        let platform = Platform {
            identity_url: "https://cloud.example/identity/v3".into(),
            container_infra_url: "https://cloud.example/container-infra/v1".into(),
            region: "RegionOne".into(),
            verify_ca: true,
            load_balancers: true,
            affinity_policy: "soft-anti-affinity".into(),
            ..Platform::default()
        };
        let read = |interface, function: &str, argument: &str, answer| RecordedRead {
            interface,
            function: function.into(),
            argument: argument.into(),
            answer: Answer::Found(answer),
        };
        let network = json!({"id": "5b1b4d6c", "name": "public", "external": true, "subnets": []});
        let replay = Replay(vec![
            read(Interface::Settings, "get-platform", "", json!(platform)),
            read(Interface::Lookup, "get-keypair", "key", json!({"name": "key", "public_key": "ssh-ed25519 AAAA"})),
            read(Interface::Lookup, "get-external-network", "public", network),
            read(Interface::Lookup, "list-volume-types", "", json!([{"id": "1", "name": "ssd", "is_default": true}])),
        ]);
        Sources::none().with_settings(replay.clone()).with_lookup(replay)
    }

    fn template() -> ClusterTemplate {
        ClusterTemplate {
            flavor_id: Some("m1.small".into()),
            master_flavor_id: Some("m1.small".into()),
            keypair_id: Some("key".into()),
            external_network_id: Some("public".into()),
            dns_nameserver: vec![[8, 8, 8, 8].into()],
            network_driver: Some("flannel".into()),
            volume_driver: Some("cinder".into()),
            ..samples::template("template")
        }
    }

    /// So many clusters with what the version defines for them, a few at a time.
    pub async fn fill(store: &Store, old: &Driver, clusters: usize) -> BTreeMap<ClusterId, Kind> {
        const AT_ONCE: usize = 100;
        let (template, sources) = (template(), sources());
        let mut tx = store.begin();
        tx.insert(&template);
        let mut made = BTreeMap::new();
        for number in 0..clusters {
            let kind = Kind::of(number);
            let mut cluster = samples::cluster(&format!("cluster-{number}"), &template);
            cluster.driver_digest = Some(*old.digest());
            cluster.master_lb_enabled = kind != Kind::WithoutBalancer;
            if kind == Kind::SetsIt {
                cluster.labels = [("octavia_provider", "amphorae".to_owned())].into_iter().collect();
            }
            let groups = vec![samples::group(&cluster, Role::Master, 3), samples::group(&cluster, Role::Worker, 2)];
            let view = jeroboam_model::ClusterView { cluster, template: template.clone(), groups };
            let context = CallContext { request_id: RequestId::random(), sources: sources.clone() };
            let defined = old.define_stack(&view, StackScope::Cluster, context).await.unwrap();
            tx.insert(&view.cluster);
            view.groups.iter().for_each(|group| tx.insert(group));
            tx.put_whole(&Recording {
                cluster: view.cluster.uuid,
                scope: StackScope::Cluster,
                driver: "kubernetes".into(),
                driver_version: old.version().into(),
                driver_digest: *old.digest(),
                definition: defined.definition,
                reads: serde_json::to_value(defined.reads).unwrap(),
                recorded_at: OffsetDateTime::now_utc(),
            });
            made.insert(view.cluster.uuid, kind);
            if number % AT_ONCE == AT_ONCE - 1 {
                std::mem::replace(&mut tx, store.begin()).commit().await.unwrap();
            }
        }
        tx.commit().await.unwrap();
        made
    }
}
