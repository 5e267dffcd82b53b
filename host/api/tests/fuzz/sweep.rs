//! Between times: everything can still be listed, each thing shown and deleted, at the oldest version and the newest.

use jeroboam_model::ClusterId;
use serde_json::Value;

use super::support::{Answer, User};
use super::table::{LATEST, Version, Who};
use super::world::World;

/// Collections, whether each has a detailed list; what refers to others first.
const COLLECTIONS: &[(&str, bool)] =
    &[("federations", true), ("bays", true), ("clusters", true), ("baymodels", true), ("clustertemplates", true)];

/// Looks at everything, removes it, and makes anew what requests refer to. How many records are in the store without all that.
pub async fn all(world: &mut World) -> u64 {
    for version in [Version(1), LATEST] {
        let admin = world.user(Who::Admin, version);
        for (collection, detailed) in COLLECTIONS {
            look(&admin, &world.user(Who::Demo, version), collection, *detailed).await;
        }
        admin.get("/v1/quotas?all_tenants=true").await.expect(200);
        admin.get("/v1/stats").await.expect(200);
        admin.get("/v1/mservices").await.expect(200);
        operations(&admin).await;
    }
    remove(world).await;
    let rest = jeroboam_store::export(&world.api.store, std::io::sink()).await.unwrap().records;
    world.furnish().await;
    rest
}

async fn look(admin: &User<'_>, demo: &User<'_>, collection: &str, detailed: bool) {
    for user in [admin, demo] {
        let listed = user.get(&format!("/v1/{collection}")).await.expect(200);
        if detailed {
            user.get(&format!("/v1/{collection}/detail")).await.expect(200);
        }
        for item in items(&listed, collection) {
            let uuid = item["uuid"].as_str().unwrap();
            let shown = user.get(&format!("/v1/{collection}/{uuid}")).await.expect(200);
            assert_eq!(shown["uuid"], item["uuid"]);
            if collection == "clusters" {
                groups(user, uuid).await;
            }
        }
    }
}

async fn groups(user: &User<'_>, cluster: &str) {
    let user = user.clone().speaking("latest");
    let path = format!("/v1/clusters/{cluster}/nodegroups");
    let listed = user.get(&path).await.expect(200);
    for group in items(&listed, "nodegroups") {
        user.get(&format!("{path}/{}", group["uuid"].as_str().unwrap())).await.expect(200);
    }
}

async fn operations(user: &User<'_>) {
    let listed = user.get("/v1/operations").await.expect(200);
    for operation in listed["operations"].as_array().unwrap() {
        user.get(&format!("/v1/operations/{}", operation["id"].as_str().unwrap())).await.expect(200);
    }
}

/// By the API, and then what the conductor would have removed.
async fn remove(world: &World) {
    let admin = world.user(Who::Admin, LATEST);
    for who in [Who::Demo, Who::Admin] {
        let owner = world.user(who, LATEST);
        for item in items(&owner.get("/v1/nodes").await.expect(200), "nodes") {
            deleted(&owner.delete(&format!("/v1/nodes/{}", item["uuid"].as_str().unwrap())).await);
        }
        for item in items(&owner.get("/v1/federations").await.expect(200), "federations") {
            deleted(&owner.delete(&format!("/v1/federations/{}", item["uuid"].as_str().unwrap())).await);
        }
    }
    for item in items(&admin.get("/v1/clusters").await.expect(200), "clusters") {
        let uuid = item["uuid"].as_str().unwrap();
        deleted(&admin.delete(&format!("/v1/clusters/{uuid}")).await);
        forget(world, uuid.parse().unwrap()).await;
    }
    for item in items(&admin.get("/v1/clustertemplates").await.expect(200), "clustertemplates") {
        deleted(&admin.delete(&format!("/v1/clustertemplates/{}", item["uuid"].as_str().unwrap())).await);
    }
    for item in items(&admin.get("/v1/quotas?all_tenants=true").await.expect(200), "quotas") {
        deleted(&admin.delete(&format!("/v1/quotas/{}/Cluster", item["project_id"].as_str().unwrap())).await);
    }
    assert_eq!(world.stored().await, (0, 0, [0; 5]), "something is left that no list shows");
}

/// What the conductor does once a cluster's stack is gone.
async fn forget(world: &World, id: ClusterId) {
    let store = &world.api.store;
    let mut tx = store.begin();
    store.node_groups().of_cluster(id).await.unwrap().iter().for_each(|group| tx.remove(group));
    store.operations().of_cluster(id).await.unwrap().iter().for_each(|operation| tx.remove(operation));
    store.ledger().of_cluster(id).await.unwrap().iter().for_each(|entry| tx.remove(entry));
    store.certificates().of_cluster(id).await.unwrap().iter().for_each(|certificate| tx.remove(certificate));
    store.discoveries().of_cluster(id).await.unwrap().iter().for_each(|discovery| tx.remove(discovery));
    store.containers().of_cluster(id).await.unwrap().iter().for_each(|container| tx.remove(container));
    store.x509keypairs().of_cluster(id).await.unwrap().iter().for_each(|pair| tx.remove(pair));
    tx.remove(&store.clusters().get(id).await.unwrap().unwrap());
    tx.commit().await.unwrap();
}

fn deleted(answer: &Answer) {
    assert_eq!(answer.status, 204, "{answer:?}");
}

fn items(listed: &Value, collection: &str) -> Vec<Value> {
    assert!(listed["next"].is_null(), "there is more than a page");
    listed[collection].as_array().unwrap().clone()
}
