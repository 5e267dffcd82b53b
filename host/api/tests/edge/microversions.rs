//! The table of microversions: what each request comes to in each of them.

use http::Method;
use jeroboam_api::ApiConfig;
use serde_json::{Value, json};

use super::support::{Answer, Api, User, cluster, template, with};

/// 1.1 to 1.14.
const VERSIONS: std::ops::RangeInclusive<u8> = 1..=14;

/// One request, and its status by version. `{}` in it is another name each time.
struct Row {
    /// The version that changes it, as upstream's history names it; 0 where nothing does.
    since: u8,
    method: Method,
    path: &'static str,
    body: Value,
    /// Up to that version, and from it on.
    before: u16,
    from: u16,
}

fn row(since: u8, method: Method, path: &'static str, body: Value, before: u16, from: u16) -> Row {
    Row { since, method, path, body, before, from }
}

fn table() -> Vec<Row> {
    let bay = json!({"name": "{}", "baymodel_id": "t", "node_count": 1});
    let count = |count: u32| json!([{"op": "replace", "path": "/node_count", "value": count}]);
    let group = |count: u32| json!({"name": "{}", "node_count": count, "min_node_count": 0, "role": "worker"});
    let (get, post, patch) = (|| Method::GET, || Method::POST, || Method::PATCH);
    vec![
        // 1.2: bays are not waited for; clusters never are.
        row(2, post(), "/v1/bays", bay, 201, 202),
        row(2, patch(), "/v1/bays/c", count(2), 200, 202),
        row(0, post(), "/v1/clusters", cluster("{}", "t"), 202, 202),
        // 1.3: rollback.
        row(3, patch(), "/v1/clusters/c?rollback=true", count(2), 400, 202),
        row(3, patch(), "/v1/bays/c?rollback=true", count(2), 400, 202),
        // 1.4 to 1.6: stats, rotation and quotas are there in all versions, as upstream.
        row(0, get(), "/v1/stats", json!(null), 200, 200),
        row(0, patch(), "/v1/certificates/c", json!(null), 202, 202),
        // (A member may not list quotas, in any of them.)
        row(0, get(), "/v1/quotas", json!(null), 403, 403),
        // 1.7 and 1.8: actions.
        row(7, post(), "/v1/clusters/c/actions/resize", json!({"node_count": 2}), 406, 202),
        row(8, post(), "/v1/clusters/c/actions/upgrade", json!({"cluster_template": "t"}), 406, 202),
        // 1.9: node groups.
        row(9, get(), "/v1/clusters/c/nodegroups", json!(null), 406, 200),
        row(9, get(), "/v1/clusters/c/nodegroups/default-worker", json!(null), 406, 200),
        row(9, post(), "/v1/clusters/c/nodegroups", group(1), 406, 202),
        row(9, post(), "/v1/clusters/c/nodegroups", group(0), 406, 202),
        row(9, patch(), "/v1/clusters/c/nodegroups/default-worker", json!([]), 406, 202),
        row(9, Method::DELETE, "/v1/clusters/c/nodegroups/none", json!(null), 406, 404),
        // 1.10: no nodes; and a template that there is not is 404.
        row(10, post(), "/v1/clusters", with(cluster("{}", "t"), json!({"node_count": 0})), 400, 202),
        row(10, patch(), "/v1/clusters/c", count(0), 400, 202),
        row(10, post(), "/v1/clusters", cluster("{}", "none"), 400, 404),
        // 1.11: bays and baymodels are still there.
        row(0, get(), "/v1/bays", json!(null), 200, 200),
        row(0, get(), "/v1/baymodels", json!(null), 200, 200),
        // 1.12: rotation of credentials.
        row(12, patch(), "/v1/credentials/c", json!(null), 406, 202),
    ]
}

impl Row {
    fn expected(&self, minor: u8) -> u16 {
        let is_upgrade = self.path.ends_with("/upgrade");
        match minor {
            // The action is known from 1.7 on, and works from 1.8 on.
            7 if is_upgrade => 400,
            _ if minor < self.since => self.before,
            _ => self.from,
        }
    }

    async fn ask(&self, user: &User<'_>, name: &str) -> Answer {
        let body = if self.body.is_null() { String::new() } else { self.body.to_string().replace("{}", name) };
        user.send(self.method.clone(), self.path, &body).await
    }
}

/// A complete cluster `c` of the template `t`.
async fn world() -> Api {
    let config = ApiConfig { max_clusters_per_project: 1000, ..ApiConfig::default() };
    let api = Api::with(config, Default::default()).await;
    let demo = api.demo().await;
    let labels = json!({"labels": {"kube_tag": "v1.30.4", "etcd_volume_size": 5}});
    demo.post("/v1/clustertemplates", with(template("t"), labels)).await.expect(201);
    demo.post("/v1/clusters", cluster("c", "t")).await.expect(202);
    api
}

#[tokio::test]
async fn each_version_changes_what_it_is_said_to() {
    let api = world().await;
    let demo = api.demo().await;
    let id = demo.get("/v1/clusters/c").await.expect(200)["uuid"].as_str().unwrap().parse().unwrap();
    let mut wrong = Vec::new();
    for (number, row) in table().iter().enumerate() {
        for minor in VERSIONS {
            api.complete(id, |cluster| cluster.api_address = Some("https://192.0.2.1:6443".to_owned())).await;
            let answer = row.ask(&demo.clone().speaking(&format!("1.{minor}")), &format!("n{number}-{minor}")).await;
            let expected = row.expected(minor);
            if answer.status != expected {
                wrong.push(format!(
                    "{} {} at 1.{minor}: {} in place of {expected}: {}",
                    row.method, row.path, answer.status, answer.text
                ));
            }
            if answer.status == 406 {
                let text = format!("Version 1.{minor} was requested but the requested API ");
                assert!(answer.detail(406).starts_with(&text), "{answer:?}");
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_resize_to_no_nodes_is_known_from_1_7_on_and_possible_from_1_10_on() {
    let api = world().await;
    let demo = api.demo().await;
    let id = demo.get("/v1/clusters/c").await.expect(200)["uuid"].as_str().unwrap().parse().unwrap();
    for minor in VERSIONS {
        api.complete(id, |_| ()).await;
        let user = demo.clone().speaking(&format!("1.{minor}"));
        let answer = user.post("/v1/clusters/c/actions/resize", json!({"node_count": 0})).await;
        match minor {
            ..7 => _ = answer.detail(406),
            7..10 => {
                assert_eq!(answer.detail(400), "Resizing a nodegroup to zero is not supported in the provided microversion.")
            }
            _ => _ = answer.expect(202),
        }
    }
}

#[tokio::test]
async fn a_clusters_stack_has_one_name_in_each_version_and_a_groups_keeps_its_own() {
    let api = world().await;
    let demo = api.demo().await;
    let has = |object: &Value, name: &str| object.as_object().unwrap().contains_key(name);
    for minor in VERSIONS {
        let user = demo.clone().speaking(&format!("1.{minor}"));
        let shown = user.get("/v1/clusters/c").await.expect(200);
        let listed = user.get("/v1/clusters").await.expect(200)["clusters"][0].clone();
        let detailed = user.get("/v1/clusters/detail").await.expect(200)["clusters"][0].clone();
        for cluster in [shown, listed, detailed] {
            assert_eq!(
                (has(&cluster, "stack_id"), has(&cluster, "cluster_id")),
                (minor < 13, minor >= 13),
                "1.{minor}: {cluster}"
            );
        }
        let bay = user.get("/v1/bays/c").await.expect(200);
        assert!(has(&bay, "stack_id") && !has(&bay, "cluster_id"), "1.{minor}");
        if minor >= 9 {
            let group = user.get("/v1/clusters/c/nodegroups/default-worker").await.expect(200);
            assert!(has(&group, "stack_id"), "1.{minor}: {group}");
            // Of 1.14, and in all versions with groups, as upstream.
            assert!(has(&group, "node_labels") && has(&group, "node_taints"), "1.{minor}: {group}");
        }
    }
}
