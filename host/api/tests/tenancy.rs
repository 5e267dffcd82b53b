//! Who sees and touches what: every route, by every kind of caller, on what is one's own, another project's, and public.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use serde_json::{Value, json};
use support::{Api, User, cluster, template, with};

/// A request and the status each caller gets: owner, reader of the same project, member of another one, administrator.
type Row = (&'static str, &'static str, Value, [u16; 4]);

async fn send(user: &User<'_>, method: &str, path: &str, body: &Value) -> u16 {
    match method {
        "GET" => user.get(path).await,
        "POST" => user.post(path, body.clone()).await,
        "PATCH" => user.patch(path, body.clone()).await,
        _ => user.delete(path).await,
    }
    .status
}

#[tokio::test]
async fn projects_do_not_see_each_other_and_readers_do_not_write() {
    let api = Api::start().await;
    let (demo, admin) = (api.demo().await, api.admin().await);
    demo.post("/v1/clustertemplates", template("own")).await.expect(201);
    admin.post("/v1/clustertemplates", with(template("public"), json!({"public": true}))).await.expect(201);
    admin.post("/v1/clustertemplates", with(template("secret"), json!({"public": true, "hidden": true}))).await.expect(201);
    demo.post("/v1/clusters", cluster("c", "own")).await.expect(202);

    let rename = json!([{"op": "replace", "path": "/tags", "value": "x"}]);
    let rows: [Row; 22] = [
        ("GET", "/v1/clusters", json!(null), [200, 200, 200, 200]),
        ("GET", "/v1/clusters/c", json!(null), [200, 200, 404, 200]),
        ("PATCH", "/v1/clusters/c", json!([]), [202, 403, 404, 202]),
        ("POST", "/v1/clusters", cluster("new", "own"), [202, 403, 400, 400]),
        ("POST", "/v1/clusters", cluster("new", "public"), [202, 403, 404, 404]),
        ("POST", "/v1/clusters/c/actions/resize", json!({"node_count": 1}), [406, 406, 406, 406]),
        ("GET", "/v1/clustertemplates/own", json!(null), [200, 200, 404, 200]),
        ("GET", "/v1/clustertemplates/public", json!(null), [200, 200, 200, 200]),
        ("GET", "/v1/clustertemplates/secret", json!(null), [404, 404, 404, 200]),
        // The same again changes nothing, and of a template in use Magnum takes exactly one change.
        ("PATCH", "/v1/clustertemplates/own", rename.clone(), [200, 403, 404, 400]),
        ("PATCH", "/v1/clustertemplates/public", rename, [403, 403, 403, 200]),
        ("POST", "/v1/clustertemplates", template("new"), [201, 403, 201, 201]),
        ("GET", "/v1/mservices", json!(null), [403, 403, 403, 200]),
        ("GET", "/v1/quotas", json!(null), [403, 403, 403, 200]),
        ("GET", "/v1/stats", json!(null), [200, 200, 200, 200]),
        ("GET", "/v1/federations", json!(null), [200, 200, 200, 200]),
        // Administrators have no more than their project's here.
        ("GET", "/v1/bays/c", json!(null), [200, 200, 404, 404]),
        ("GET", "/v1/baymodels/own", json!(null), [200, 200, 404, 404]),
        ("GET", "/v1/baymodels/public", json!(null), [200, 200, 200, 200]),
        ("DELETE", "/v1/clusters/c", json!(null), [204, 403, 404, 204]),
        ("DELETE", "/v1/clustertemplates/public", json!(null), [403, 403, 403, 400]),
        ("DELETE", "/v1/clustertemplates/own", json!(null), [400, 403, 404, 400]),
    ];
    let callers = [demo, api.reader().await, api.stranger().await, admin];
    for (method, path, body, expected) in rows {
        let mut statuses = [0; 4];
        for (caller, status) in callers.iter().zip(&mut statuses) {
            *status = send(caller, method, path, &body).await;
        }
        // Keypairs are a user's own: what the template names is not there for others.
        assert_eq!(statuses, expected, "{method} {path}");
        assert_eq!(send(&api.nobody(), method, path, &body).await, 401, "{method} {path}");
    }
}

#[tokio::test]
async fn lists_hold_what_may_be_seen() {
    let api = Api::start().await;
    let (demo, admin, stranger) = (api.demo().await, api.admin().await, api.stranger().await);
    demo.post("/v1/clustertemplates", template("own")).await.expect(201);
    admin.post("/v1/clustertemplates", with(template("public"), json!({"public": true}))).await.expect(201);
    admin.post("/v1/clustertemplates", with(template("secret"), json!({"public": true, "hidden": true}))).await.expect(201);
    demo.post("/v1/clusters", cluster("c", "own")).await.expect(202);
    for (user, templates, clusters) in
        [(&demo, vec!["own", "public"], 1), (&stranger, vec!["public"], 0), (&admin, vec!["own", "public", "secret"], 1)]
    {
        let list = user.get("/v1/clustertemplates").await.expect(200);
        let names: Vec<&str> = list["clustertemplates"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap()).collect();
        assert_eq!(names, templates);
        assert_eq!(user.get("/v1/clusters").await.expect(200)["clusters"].as_array().unwrap().len(), clusters);
    }
}

#[tokio::test]
async fn only_administrators_publish() {
    let api = Api::start().await;
    for field in ["public", "hidden"] {
        let detail = api.demo().await.post("/v1/clustertemplates", with(template("t"), json!({field: true}))).await.detail(403);
        assert_eq!(detail, "Not authorized to set public or hidden flag for cluster template.");
    }
    assert_eq!(api.rows().await, [0; 5]);
}
