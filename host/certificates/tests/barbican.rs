//! Private keys in Barbican, before a simulated one.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use std::{collections::BTreeSet, time::Duration};

use jeroboam_certificates::{Backend, CertificateError, Certificates, CertificatesConfig};
use jeroboam_cloud::{Cloud, CloudConfig, DomainRef, Identity, ProjectRef, Retries, Scope, Secret, Session, UserRef};
use jeroboam_devcloud::{
    Devcloud, Options, Who,
    faults::{Fault, RequestFault},
};
use jeroboam_model::{Authority, Cluster, External, PrivateKey};
use jeroboam_store::{Store, Vault};
use serde_json::json;
use support::{admin, cluster, read, request};
use tokio::task::JoinHandle;

struct World {
    devcloud: Devcloud,
    service: Session,
    store: Store,
    vault: Vault,
}

impl World {
    async fn new() -> Self {
        let devcloud = Devcloud::start(Options::default()).await.unwrap();
        let mut config = CloudConfig::new(devcloud.identity_url().parse().unwrap());
        config.retries = Retries { max: 0, base: Duration::ZERO, cap: Duration::ZERO };
        let who = devcloud.credentials(Who::Service);
        let domain = DomainRef::Name(who.user_domain_name.clone());
        let service = Cloud::new(config).unwrap().session(Identity::Password {
            user: UserRef::Name { name: who.username.clone(), domain: domain.clone() },
            password: Secret::new(who.password.clone()),
            scope: Scope::Project(ProjectRef::Name { name: who.project_name.clone().unwrap(), domain }),
        });
        Self { devcloud, service, store: Store::in_memory(), vault: Vault::ephemeral().unwrap() }
    }

    /// As after a start of the process.
    fn certificates(&self, backend: Backend) -> Certificates {
        let config = CertificatesConfig { backend, ..CertificatesConfig::default() };
        Certificates::new(self.store.clone(), self.vault.clone(), config).with_barbican(&self.service)
    }

    /// A cluster whose keys are in Barbican.
    async fn with_cluster(&self) -> (Certificates, Cluster) {
        let (certificates, cluster) = (self.certificates(Backend::Barbican), cluster("prod"));
        certificates.ensure(&cluster).await.unwrap();
        (certificates, cluster)
    }

    async fn secrets(&self, cluster: &Cluster) -> BTreeSet<String> {
        let name = format!("jeroboam-{}", cluster.uuid);
        self.service.barbican().secrets_named(&name).await.unwrap().into_iter().map(|secret| secret.id).collect()
    }

    async fn references(&self, cluster: &Cluster) -> BTreeSet<String> {
        let records = self.store.certificates().of_cluster(cluster.uuid).await.unwrap();
        let reference = |key: &PrivateKey| match key {
            PrivateKey::Barbican { barbican } => barbican.clone(),
            PrivateKey::Sealed(_) => panic!("a key is in the store"),
        };
        records.iter().map(|record| reference(&record.private_key)).collect()
    }

    async fn nothing_is_left(&self, cluster: &Cluster) {
        assert_eq!(self.secrets(cluster).await, BTreeSet::new());
        assert_eq!(self.store.certificates().of_cluster(cluster.uuid).await.unwrap(), []);
        assert_eq!(self.store.ledger().of_cluster(cluster.uuid).await.unwrap(), []);
    }

    fn fault(&self, fault: serde_json::Value) {
        self.devcloud.faults().add(Fault::Request(serde_json::from_value::<RequestFault>(fault).unwrap()));
    }

    /// Lets so many requests through, and keeps the next one waiting for ever.
    fn stall(&self, method: &str, after: u32) {
        if after > 0 {
            self.fault(json!({"service": "barbican", "method": method, "times": after}));
        }
        self.fault(json!({"service": "barbican", "method": method, "delay_ms": 3_600_000}));
    }

    /// As `kill -9` once there are so many secrets.
    async fn kill_at<T>(&self, task: JoinHandle<T>, cluster: &Cluster, secrets: usize) {
        let mut polls = 0;
        while self.secrets(cluster).await.len() != secrets
            || self.store.ledger().of_cluster(cluster.uuid).await.unwrap().is_empty()
        {
            polls += 1;
            assert!(polls < 5000, "it never came to {secrets} secrets");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        assert!(!task.is_finished());
        task.abort();
        self.devcloud.faults().clear();
    }
}

#[tokio::test]
async fn keys_are_in_barbican_and_everything_works_with_them() {
    let world = World::new().await;
    let (_, cluster) = world.with_cluster().await;
    assert_eq!(world.references(&cluster).await, world.secrets(&cluster).await);
    assert_eq!(world.secrets(&cluster).await.len(), 5);

    // With nothing in memory.
    let certificates = world.certificates(Backend::Barbican);
    let ca = certificates.ca(&cluster.uuid, Authority::Etcd).await.unwrap();
    let leaf = certificates.sign(&cluster.uuid, Authority::Etcd, &request(&admin())).await.unwrap();
    read(&ca, |ca| read(&leaf, |leaf| leaf.verify_signature(Some(ca.public_key())).unwrap()));
    let client = certificates.client(&cluster.uuid).await.unwrap();
    assert!(client.private_key.expose().starts_with("-----BEGIN PRIVATE KEY-----"));
    assert!(certificates.service_account(&cluster.uuid).await.unwrap().1.expose().contains("PRIVATE KEY"));
    assert!(certificates.ca_private_key(&cluster.uuid, Authority::Kubernetes).await.is_ok());

    certificates.remove(&cluster.uuid).await.unwrap();
    world.nothing_is_left(&cluster).await;
    certificates.remove(&cluster.uuid).await.unwrap();
}

#[tokio::test]
async fn no_private_key_is_in_the_store() {
    let world = World::new().await;
    let (certificates, cluster) = world.with_cluster().await;
    let mut dump = Vec::new();
    jeroboam_store::export(&world.store, &mut dump).await.unwrap();
    let dump = String::from_utf8(dump).unwrap();
    let key = certificates.client(&cluster.uuid).await.unwrap().private_key;
    assert!(!dump.contains(key.expose().lines().nth(1).unwrap()));
    assert!(!format!("{certificates:?}").contains(&cluster.uuid.to_string()));
    for id in world.references(&cluster).await {
        assert!(dump.contains(&id));
    }
}

#[tokio::test]
async fn a_payload_is_asked_for_once_and_not_for_each_signature() {
    let world = World::new().await;
    let (certificates, cluster) = world.with_cluster().await;
    certificates.sign(&cluster.uuid, Authority::Kubernetes, &request(&admin())).await.unwrap();
    world.fault(json!({"service": "barbican", "status": 503}));
    certificates.sign(&cluster.uuid, Authority::Kubernetes, &request(&admin())).await.unwrap();
}

#[tokio::test]
async fn making_pairs_that_is_cut_off_anywhere_ends_with_one_of_each() {
    for made in 0..5 {
        let world = World::new().await;
        let cluster = cluster("prod");
        world.stall("POST", made);
        let (certificates, described) = (world.certificates(Backend::Barbican), cluster.clone());
        let task = tokio::spawn(async move { certificates.ensure(&described).await });
        world.kill_at(task, &cluster, made as usize).await;

        let certificates = world.certificates(Backend::Barbican);
        certificates.ensure(&cluster).await.unwrap();

        assert_eq!(world.secrets(&cluster).await, world.references(&cluster).await, "cut off after {made}");
        assert_eq!(world.secrets(&cluster).await.len(), 5);
    }
}

#[tokio::test]
async fn making_pairs_that_is_cut_off_anywhere_can_be_removed_instead() {
    for made in 0..5 {
        let world = World::new().await;
        let cluster = cluster("prod");
        world.stall("POST", made);
        let (certificates, described) = (world.certificates(Backend::Barbican), cluster.clone());
        let task = tokio::spawn(async move { certificates.ensure(&described).await });
        world.kill_at(task, &cluster, made as usize).await;

        world.certificates(Backend::Barbican).remove(&cluster.uuid).await.unwrap();

        world.nothing_is_left(&cluster).await;
    }
}

#[tokio::test]
async fn a_removal_that_is_cut_off_anywhere_is_finished() {
    for removed in 0..5 {
        let world = World::new().await;
        let (certificates, cluster) = world.with_cluster().await;
        world.stall("DELETE", removed);
        let id = cluster.uuid;
        let task = tokio::spawn(async move { certificates.remove(&id).await });
        world.kill_at(task, &cluster, 5 - removed as usize).await;

        world.certificates(Backend::Barbican).remove(&cluster.uuid).await.unwrap();

        world.nothing_is_left(&cluster).await;
    }
}

#[tokio::test]
async fn secrets_that_no_record_refers_to_go_with_the_next_look() {
    let world = World::new().await;
    let (certificates, cluster) = world.with_cluster().await;
    let name = format!("jeroboam-{}", cluster.uuid);
    world.service.barbican().create_secret(&name, &Secret::new("left by a crash before the commit")).await.unwrap();
    let other = world.service.barbican().create_secret("somebody-else", &Secret::new("x")).await.unwrap();

    certificates.ensure(&cluster).await.unwrap();

    assert_eq!(world.secrets(&cluster).await, world.references(&cluster).await);
    assert!(world.service.barbican().payload(&other).await.unwrap().is_some());
}

#[tokio::test]
async fn several_at_once_end_with_the_same_pairs_and_no_secret_too_many() {
    let world = World::new().await;
    let (certificates, cluster) = (world.certificates(Backend::Barbican), cluster("prod"));
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let (certificates, cluster) = (certificates.clone(), cluster.clone());
            tokio::spawn(async move { certificates.ensure(&cluster).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(world.secrets(&cluster).await, world.references(&cluster).await);
}

#[tokio::test]
async fn while_barbican_is_down_trying_again_helps_and_nothing_is_left_behind() {
    let world = World::new().await;
    let (certificates, cluster) = (world.certificates(Backend::Barbican), cluster("prod"));
    world.fault(json!({"service": "barbican", "method": "POST", "times": 2}));
    world.fault(json!({"service": "barbican", "method": "POST", "status": 503, "times": 1}));
    let Err(CertificateError::Barbican(error)) = certificates.ensure(&cluster).await else { panic!() };
    assert!(error.retry().is_some(), "{error}");
    assert_eq!(world.secrets(&cluster).await, BTreeSet::new());
    certificates.ensure(&cluster).await.unwrap();
    assert_eq!(world.secrets(&cluster).await.len(), 5);
}

#[tokio::test]
async fn a_secret_that_somebody_deleted_is_named() {
    let world = World::new().await;
    let (certificates, cluster) = world.with_cluster().await;
    for id in world.secrets(&cluster).await {
        world.service.barbican().delete_secret(&id).await.unwrap();
    }
    let error = certificates.client(&cluster.uuid).await.unwrap_err();
    assert!(matches!(error, CertificateError::Lost { slot: "client", .. }), "{error:?}");
    certificates.remove(&cluster.uuid).await.unwrap();
    world.nothing_is_left(&cluster).await;
}

#[tokio::test]
async fn clusters_keep_working_when_the_operator_changes_the_backend() {
    let world = World::new().await;
    let (_, in_barbican) = world.with_cluster().await;
    let sealed = cluster("sealed");
    world.certificates(Backend::Store).ensure(&sealed).await.unwrap();
    for backend in [Backend::Store, Backend::Barbican] {
        for cluster in [&in_barbican, &sealed] {
            let certificates = world.certificates(backend);
            certificates.ensure(cluster).await.unwrap();
            certificates.client(&cluster.uuid).await.unwrap();
        }
    }
    assert_eq!(world.secrets(&in_barbican).await.len(), 5);
    let line = External::private_keys(sealed.uuid);
    assert!(world.store.ledger().get((sealed.uuid, line.key())).await.unwrap().is_none());
}

#[tokio::test]
async fn without_a_way_to_barbican_the_error_says_so() {
    let world = World::new().await;
    let (_, cluster) = world.with_cluster().await;
    let without = Certificates::new(world.store.clone(), world.vault.clone(), CertificatesConfig::default());
    assert!(matches!(without.client(&cluster.uuid).await, Err(CertificateError::NoBarbican { .. })));
    assert!(matches!(without.remove(&cluster.uuid).await, Err(CertificateError::NoBarbican { .. })));
}
