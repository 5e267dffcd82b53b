//! Rows of the API of Liberty and Mitaka: found by name and by bay, whatever other projects call theirs.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use jeroboam_model::{Cluster, Container, ContainerId, X509KeyPair, X509KeyPairId};
use jeroboam_store::Store;
use support::{at, cluster, template};

fn container(of: &Cluster, name: &str) -> Container {
    Container {
        uuid: ContainerId::random(),
        name: name.to_owned(),
        project_id: of.project_id.clone(),
        user_id: of.user_id.clone(),
        cluster: of.uuid,
        image: "busybox".to_owned(),
        command: None,
        memory: None,
        environment: Default::default(),
        container_id: None,
        created_at: at(1),
        updated_at: None,
    }
}

fn pair(of: &Cluster, name: &str) -> X509KeyPair {
    X509KeyPair {
        uuid: X509KeyPairId::random(),
        name: name.to_owned(),
        project_id: of.project_id.clone(),
        user_id: of.user_id.clone(),
        cluster: of.uuid,
        ca_cert: None,
        certificate: None,
        private_key: None,
        created_at: at(1),
        updated_at: None,
    }
}

#[tokio::test]
async fn containers_and_key_pairs_are_found_by_name_and_by_bay() {
    let store = Store::in_memory();
    let small = template("small");
    let (one, other) = (cluster("one", small.uuid), cluster("other", small.uuid));
    let mut tx = store.begin();
    for bay in [&one, &other] {
        tx.insert(&container(bay, "web"));
        tx.insert(&pair(bay, "keys"));
    }
    tx.commit().await.unwrap();
    assert_eq!(store.containers().by_name("web").await.unwrap().len(), 2);
    assert_eq!(store.x509keypairs().by_name("keys").await.unwrap().len(), 2);
    assert!(store.containers().by_name("we").await.unwrap().is_empty());

    let mut tx = store.begin();
    for container in store.containers().of_cluster(one.uuid).await.unwrap() {
        assert_eq!(container.cluster, one.uuid);
        tx.remove(&container);
    }
    for pair in store.x509keypairs().of_cluster(one.uuid).await.unwrap() {
        tx.remove(&pair);
    }
    tx.commit().await.unwrap();
    assert_eq!(store.containers().by_name("web").await.unwrap()[0].cluster, other.uuid);
    assert_eq!(store.x509keypairs().by_name("keys").await.unwrap()[0].cluster, other.uuid);
    assert!(store.check_indexes().await.unwrap().is_sound());
}
