//! `/v1/quotas` and `/v1/stats`

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use std::time::Instant;

use jeroboam_model::{Role, samples};
use serde_json::{Value, json};
use support::{Api, User, cluster, template, with};
use uuid::Uuid;

/// The id of the project that a user's token is for.
async fn project_of(user: &User<'_>) -> String {
    let name = format!("t-{}", Uuid::new_v4());
    user.post("/v1/clustertemplates", template(&name)).await.expect(201)["project_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_project_without_a_quota_has_the_operators_default() {
    let api = Api::start().await;
    let demo = api.demo().await;
    let project = project_of(&demo).await;
    let expected = json!({"hard_limit": 20, "project_id": project, "resource": "Cluster"});
    for resource in ["Cluster", "cluster", "whatever"] {
        assert_eq!(demo.get(&format!("/v1/quotas/{project}/{resource}")).await.expect(200), expected);
    }
    assert_eq!(api.admin().await.get(&format!("/v1/quotas/{project}/Cluster")).await.expect(200), expected);
    assert_eq!(api.stranger().await.get(&format!("/v1/quotas/{project}/Cluster")).await.detail(403), "Not authorized.");
}

#[tokio::test]
async fn administrators_set_change_and_remove_quotas() {
    let api = Api::start().await;
    let (demo, admin) = (api.demo().await, api.admin().await);
    let project = project_of(&demo).await;
    let path = format!("/v1/quotas/{project}/Cluster");

    let made = admin.post("/v1/quotas", json!({"project_id": project, "resource": "Cluster", "hard_limit": 3})).await;
    assert_eq!(made.header("location"), None);
    let made = made.expect(201);
    let keys = ["id", "hard_limit", "project_id", "resource", "created_at", "updated_at"];
    assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), keys);
    assert_eq!((&made["id"], &made["hard_limit"], &made["updated_at"]), (&json!(1), &json!(3), &Value::Null));
    assert_eq!(demo.get(&path).await.expect(200), made);

    let again = admin.post("/v1/quotas", json!({"project_id": project})).await.detail(409);
    assert_eq!(again, format!("Quota for project {project} already exists for resource Cluster."));

    let body = json!({"project_id": project, "resource": "Cluster", "hard_limit": 0});
    assert_eq!(admin.patch(&path, body).await.expect(202)["hard_limit"], 0);
    let unsaid = admin.patch(&path, json!({})).await.expect(202);
    assert_eq!(unsaid["hard_limit"], 0, "what is not said stays");
    assert!(unsaid["updated_at"].is_string());
    admin.patch(&path, json!({"project_id": "another"})).await.error(400);

    assert_eq!(admin.delete(&path).await.status, 204);
    let gone = admin.delete(&path).await.detail(404);
    assert_eq!(gone, format!("Quota could not be found: project_id {project} resource Cluster."));
    admin.patch(&path, json!({"hard_limit": 1})).await.error(404);
    assert_eq!(demo.get(&path).await.expect(200)["hard_limit"], 20);
}

#[tokio::test]
async fn what_is_wrong_with_a_quota_is_said() {
    let api = Api::start().await;
    let (demo, admin) = (api.demo().await, api.admin().await);
    let project = project_of(&demo).await;
    for body in [json!({}), json!({"project_id": null})] {
        assert_eq!(admin.post("/v1/quotas", body).await.detail(400), "Must provide a valid project ID.");
    }
    let unknown = admin.post("/v1/quotas", json!({"project_id": "no-such"})).await.detail(404);
    assert_eq!(unknown, "The project_id no-such could not be found.");
    for wrong in
        [json!({"hard_limit": -1}), json!({"hard_limit": null}), json!({"resource": "Node"}), json!({"created_at": "now"})]
    {
        admin.post("/v1/quotas", with(wrong, json!({"project_id": project}))).await.error(400);
    }
    for body in [json!([]), json!(null), json!(3)] {
        admin.post("/v1/quotas", body.clone()).await.error(400);
        admin.patch(&format!("/v1/quotas/{project}/Cluster"), body).await.error(400);
    }
    let unset = admin.post("/v1/quotas", json!({"project_id": project})).await.expect(201);
    assert_eq!((&unset["hard_limit"], &unset["resource"]), (&json!(1), &json!("Cluster")));

    let body = json!({"project_id": project, "hard_limit": 1000});
    assert_eq!(demo.post("/v1/quotas", body.clone()).await.detail(403), "Policy doesn't allow quota:create to be performed.");
    demo.patch(&format!("/v1/quotas/{project}/Cluster"), body).await.error(403);
    demo.delete(&format!("/v1/quotas/{project}/Cluster")).await.error(403);
    demo.get("/v1/quotas").await.error(403);
}

#[tokio::test]
async fn quotas_are_listed_by_their_numbers() {
    let api = Api::start().await;
    let admin = api.admin().await;
    let mut projects = Vec::new();
    for user in [api.demo().await, api.stranger().await, admin.clone()] {
        projects.push(project_of(&user).await);
        admin.post("/v1/quotas", json!({"project_id": projects.last(), "hard_limit": projects.len()})).await.expect(201);
    }
    let listed = async |query: &str| admin.get(&format!("/v1/quotas{query}")).await.expect(200);
    let ids =
        |list: &Value| list["quotas"].as_array().unwrap().iter().map(|quota| quota["id"].as_i64().unwrap()).collect::<Vec<_>>();

    assert_eq!(ids(&listed("").await), [3], "the administrator's own project");
    assert_eq!(ids(&listed("?all_tenants=True").await), [1, 2, 3]);
    assert_eq!(ids(&listed("?all_tenants=True&sort_key=hard_limit&sort_dir=desc").await), [3, 2, 1]);
    let first = listed("?all_tenants=True&limit=2").await;
    assert_eq!(ids(&first), [1, 2]);
    let next = "http://magnum.example:9511/v1/quotas?sort_key=id&sort_dir=asc&limit=2&marker=2";
    assert_eq!(first["next"], next);
    assert_eq!(ids(&listed("?all_tenants=1&limit=2&marker=2").await), [3]);
    for wrong in ["?all_tenants=perhaps", "?marker=one", "?limit=0", "?sort_key=uuid", "?project_id=x"] {
        admin.get(&format!("/v1/quotas{wrong}")).await.error(400);
    }
    admin.get("/v1/quotas?all_tenants=1&marker=77").await.error(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_race_leads_past_a_quota_whoever_sets_it_meanwhile() {
    const LIMIT: usize = 3;
    let api = Api::start().await;
    let (demo, admin) = (api.demo().await, api.admin().await);
    let project = project_of(&demo).await;
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    admin.post("/v1/quotas", json!({"project_id": project, "hard_limit": LIMIT})).await.expect(201);

    let creations = (0..12).map(|n| {
        let demo = &demo;
        async move { demo.post("/v1/clusters", cluster(&format!("c{n}"), "t")).await }
    });
    let answers = futures::future::join_all(creations).await;

    let (accepted, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 202);
    assert_eq!((accepted.len(), refused.len()), (LIMIT, 12 - LIMIT));
    let text = "Resource limit exceeded: You have reached the maximum clusters per project, 3. You may delete a cluster to make room \
                for a new one.";
    assert!(refused.iter().all(|answer| answer.detail(403) == text));
    assert_eq!(api.store.clusters().all().await.unwrap().len(), LIMIT);

    // Without the quota the operator's default holds again; a quota below what there is lets no more in.
    let path = format!("/v1/quotas/{project}/Cluster");
    admin.delete(&path).await.expect(204);
    demo.post("/v1/clusters", cluster("one-more", "t")).await.expect(202);
    admin.post("/v1/quotas", json!({"project_id": project, "hard_limit": 0})).await.expect(201);
    assert!(demo.post("/v1/clusters", cluster("too-many", "t")).await.detail(403).contains("project, 0."));
}

#[tokio::test]
async fn clusters_and_nodes_are_counted() {
    let api = Api::start().await;
    let (demo, stranger, admin) = (api.demo().await, api.stranger().await, api.admin().await);
    let project = project_of(&demo).await;
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    demo.post("/v1/clusters", cluster("a", "t")).await.expect(202);
    demo.post("/v1/clusters", with(cluster("b", "t"), json!({"node_count": 4, "master_count": 3}))).await.expect(202);

    let mine = json!({"clusters": 2, "nodes": 10});
    for path in ["/v1/stats".to_owned(), format!("/v1/stats?project_id={project}&type=Cluster")] {
        assert_eq!(demo.get(&path).await.expect(200), mine);
        assert_eq!(admin.get(&path).await.expect(200), mine);
    }
    assert_eq!(stranger.get("/v1/stats").await.expect(200), json!({"clusters": 0, "nodes": 0}));
    assert_eq!(stranger.get(&format!("/v1/stats?project_id={project}")).await.detail(403), "Not authorized.");
    let wrong = demo.get("/v1/stats?type=node").await.detail(400);
    assert!(wrong.contains("Invalid stats type. Allowed values are 'cluster'"), "{wrong}");
    demo.get("/v1/stats/x").await.error(404);
}

#[tokio::test]
async fn ten_thousand_clusters_are_counted_without_reading_them() {
    const CLUSTERS: usize = 10_000;
    let api = Api::start().await;
    let template = samples::template("t");
    for chunk in 0..CLUSTERS / 500 {
        let mut tx = api.store.begin();
        for number in chunk * 500..(chunk + 1) * 500 {
            let cluster = samples::cluster(&format!("c{number}"), &template);
            tx.insert(&cluster);
            tx.insert(&samples::group(&cluster, Role::Master, 1));
            tx.insert(&samples::group(&cluster, Role::Worker, 3));
        }
        tx.commit().await.unwrap();
    }
    let admin = api.admin().await;
    admin.get("/v1/stats").await.expect(200);
    let began = Instant::now();
    assert_eq!(admin.get("/v1/stats").await.expect(200), json!({"clusters": CLUSTERS, "nodes": CLUSTERS * 4}));
    let took = began.elapsed();
    eprintln!("{CLUSTERS} clusters were counted in {took:.1?}");
    assert!(took.as_millis() < 1000, "{took:?}");
}
