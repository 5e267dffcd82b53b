//! A request for each route. A route that is not here fails the suite.

use serde_json::{Value, json};

use crate::{callers::Of, world::World};

/// What is asked of a route, but for whom and about what.
pub struct Request {
    pub method: &'static str,
    /// As the router has it.
    pub route: &'static str,
    pub objects: &'static [Of],
    /// Whether it does something to the cluster that keeps others from doing it after.
    pub spends_cluster: bool,
    /// Whether the template is gone after it.
    pub spends_template: bool,
    /// What stands in the path, and what is sent.
    pub fill: fn(&World, Of) -> (String, Value),
}

const NONE: &[Of] = &[Of::Nothing];
const CLUSTERS: &[Of] = &[Of::Own, Of::Others];
const TEMPLATES: &[Of] = &[Of::Own, Of::Others, Of::Public];

const fn request(
    method: &'static str,
    route: &'static str,
    objects: &'static [Of],
    fill: fn(&World, Of) -> (String, Value),
) -> Request {
    Request { method, route, objects, spends_cluster: false, spends_template: false, fill }
}

/// A request that leaves the cluster busy, or gone.
const fn spending(method: &'static str, route: &'static str, fill: fn(&World, Of) -> (String, Value)) -> Request {
    Request { spends_cluster: true, ..request(method, route, CLUSTERS, fill) }
}

/// The path itself, without a body.
macro_rules! plain {
    ($method:literal, $path:literal) => {
        request($method, $path, NONE, |_, _| ($path.to_owned(), Value::Null))
    };
}

/// About a driver, or a version, that is not there: who may gets to know that.
macro_rules! absent {
    ($method:literal, $route:literal, $path:literal) => {
        request($method, $route, NONE, |_, _| ($path.to_owned(), json!({})))
    };
}

fn cluster(world: &World, of: Of, rest: &str) -> String {
    format!("/v1/clusters/{}{rest}", world.cluster(of))
}

pub const REQUESTS: &[Request] = &[
    plain!("GET", "/healthcheck"),
    plain!("GET", "/"),
    plain!("GET", "/v1"),
    plain!("GET", "/v1/clustertemplates"),
    plain!("GET", "/v1/clustertemplates/detail"),
    request("POST", "/v1/clustertemplates", NONE, |world, _| ("/v1/clustertemplates".to_owned(), world.new_template())),
    request("GET", "/v1/clustertemplates/{ident}", TEMPLATES, |world, of| {
        (format!("/v1/clustertemplates/{}", world.template(of)), Value::Null)
    }),
    request("PATCH", "/v1/clustertemplates/{ident}", TEMPLATES, |world, of| {
        let patch = json!([{"op": "replace", "path": "/tags", "value": "x"}]);
        (format!("/v1/clustertemplates/{}", world.template(of)), patch)
    }),
    Request {
        spends_template: true,
        ..request("DELETE", "/v1/clustertemplates/{ident}", TEMPLATES, |world, of| {
            (format!("/v1/clustertemplates/{}", world.template(of)), Value::Null)
        })
    },
    plain!("GET", "/v1/baymodels"),
    plain!("GET", "/v1/baymodels/detail"),
    request("POST", "/v1/baymodels", NONE, |world, _| ("/v1/baymodels".to_owned(), world.new_template())),
    request("GET", "/v1/baymodels/{ident}", TEMPLATES, |world, of| {
        (format!("/v1/baymodels/{}", world.template(of)), Value::Null)
    }),
    request("PATCH", "/v1/baymodels/{ident}", TEMPLATES, |world, of| {
        let patch = json!([{"op": "replace", "path": "/no_proxy", "value": "x"}]);
        (format!("/v1/baymodels/{}", world.template(of)), patch)
    }),
    Request {
        spends_template: true,
        ..request("DELETE", "/v1/baymodels/{ident}", TEMPLATES, |world, of| {
            (format!("/v1/baymodels/{}", world.template(of)), Value::Null)
        })
    },
    plain!("GET", "/v1/clusters"),
    plain!("GET", "/v1/clusters/detail"),
    request("POST", "/v1/clusters", TEMPLATES, |world, of| {
        let body = json!({"name": "another", "cluster_template_id": world.template(of), "node_count": 1, "master_count": 1});
        ("/v1/clusters".to_owned(), body)
    }),
    request("GET", "/v1/clusters/{ident}", CLUSTERS, |world, of| (cluster(world, of, ""), Value::Null)),
    request("PATCH", "/v1/clusters/{ident}", CLUSTERS, |world, of| {
        (cluster(world, of, ""), json!([{"op": "replace", "path": "/health_status", "value": "HEALTHY"}]))
    }),
    spending("DELETE", "/v1/clusters/{ident}", |world, of| (cluster(world, of, ""), Value::Null)),
    spending("POST", "/v1/clusters/{ident}/actions/resize", |world, of| {
        (cluster(world, of, "/actions/resize"), json!({"node_count": 2}))
    }),
    spending("POST", "/v1/clusters/{ident}/actions/upgrade", |world, of| {
        (cluster(world, of, "/actions/upgrade"), json!({"cluster_template": world.template(of), "max_batch_size": 1}))
    }),
    request("GET", "/v1/clusters/{ident}/nodegroups", CLUSTERS, |world, of| (cluster(world, of, "/nodegroups"), Value::Null)),
    spending("POST", "/v1/clusters/{ident}/nodegroups", |world, of| {
        (cluster(world, of, "/nodegroups"), json!({"name": "more", "node_count": 1}))
    }),
    request("GET", "/v1/clusters/{ident}/nodegroups/{nodegroup}", CLUSTERS, |world, of| {
        (cluster(world, of, "/nodegroups/default-worker"), Value::Null)
    }),
    spending("PATCH", "/v1/clusters/{ident}/nodegroups/{nodegroup}", |world, of| {
        let patch = json!([{"op": "replace", "path": "/max_node_count", "value": 3}]);
        (cluster(world, of, "/nodegroups/default-worker"), patch)
    }),
    // The groups that came with a cluster stay as long as it does: 400 is for who might delete another one.
    request("DELETE", "/v1/clusters/{ident}/nodegroups/{nodegroup}", CLUSTERS, |world, of| {
        (cluster(world, of, "/nodegroups/default-worker"), Value::Null)
    }),
    request("POST", "/v1/certificates", CLUSTERS, |world, of| {
        ("/v1/certificates".to_owned(), json!({"cluster_uuid": world.cluster(of), "csr": CSR}))
    }),
    request("GET", "/v1/certificates/{ident}", CLUSTERS, |world, of| {
        (format!("/v1/certificates/{}", world.cluster(of)), Value::Null)
    }),
    request("GET", "/v1/certificates/{ident}/{ca_cert_type}", CLUSTERS, |world, of| {
        (format!("/v1/certificates/{}/etcd", world.cluster(of)), Value::Null)
    }),
    spending("PATCH", "/v1/certificates/{ident}", |world, of| (format!("/v1/certificates/{}", world.cluster(of)), Value::Null)),
    plain!("GET", "/v1/mservices"),
    spending("PATCH", "/v1/credentials/{ident}", |world, of| (format!("/v1/credentials/{}", world.cluster(of)), Value::Null)),
    plain!("GET", "/v1/quotas"),
    absent!("POST", "/v1/quotas", "/v1/quotas"),
    request("GET", "/v1/quotas/{project_id}/{resource}", NONE, |_, _| ("/v1/quotas/none/Cluster".to_owned(), Value::Null)),
    absent!("PATCH", "/v1/quotas/{project_id}/{resource}", "/v1/quotas/none/Cluster"),
    absent!("DELETE", "/v1/quotas/{project_id}/{resource}", "/v1/quotas/none/Cluster"),
    plain!("GET", "/v1/stats"),
    plain!("GET", "/v1/federations"),
    plain!("GET", "/v1/federations/detail"),
    absent!("POST", "/v1/federations", "/v1/federations"),
    absent!("GET", "/v1/federations/{ident}", "/v1/federations/none"),
    request("PATCH", "/v1/federations/{ident}", NONE, |_, _| ("/v1/federations/none".to_owned(), json!([]))),
    absent!("DELETE", "/v1/federations/{ident}", "/v1/federations/none"),
    plain!("GET", "/v1/bays"),
    plain!("GET", "/v1/bays/detail"),
    request("POST", "/v1/bays", TEMPLATES, |world, of| {
        ("/v1/bays".to_owned(), json!({"name": "another", "baymodel_id": world.template(of)}))
    }),
    request("GET", "/v1/bays/{ident}", CLUSTERS, |world, of| (format!("/v1/bays/{}", world.cluster(of)), Value::Null)),
    request("PATCH", "/v1/bays/{ident}", CLUSTERS, |world, of| (format!("/v1/bays/{}", world.cluster(of)), json!([]))),
    spending("DELETE", "/v1/bays/{ident}", |world, of| (format!("/v1/bays/{}", world.cluster(of)), Value::Null)),
    plain!("GET", "/v1/operations/openapi.json"),
    plain!("GET", "/v1/operations"),
    request("GET", "/v1/operations/{id}", CLUSTERS, |world, of| (format!("/v1/operations/{}", world.operation(of)), Value::Null)),
    request("POST", "/v1/operations/{id}/actions/retry", CLUSTERS, |world, of| {
        (format!("/v1/operations/{}/actions/retry", world.operation(of)), Value::Null)
    }),
    request("POST", "/v1/operations/{id}/actions/abort", CLUSTERS, |world, of| {
        (format!("/v1/operations/{}/actions/abort", world.operation(of)), Value::Null)
    }),
    request("GET", "/v1/clusters/{ident}/operations", CLUSTERS, |world, of| (cluster(world, of, "/operations"), Value::Null)),
    // What the cluster's own API would be asked for is wrong, so that it is not asked.
    request("GET", "/v1/pods", CLUSTERS, |world, of| {
        (format!("/v1/pods?bay_ident={}&sort_key=none", world.cluster(of)), Value::Null)
    }),
    request("GET", "/v1/pods/detail", CLUSTERS, |world, of| {
        (format!("/v1/pods/detail?bay_ident={}&sort_key=none", world.cluster(of)), Value::Null)
    }),
    request("POST", "/v1/pods", CLUSTERS, |world, of| {
        ("/v1/pods".to_owned(), json!({"bay_uuid": world.cluster(of), "manifest": "{}"}))
    }),
    request("GET", "/v1/pods/{ident}", CLUSTERS, |world, of| {
        (format!("/v1/pods/no%20name?bay_ident={}", world.cluster(of)), Value::Null)
    }),
    request("GET", "/v1/pods/{ident}/{bay_ident}", CLUSTERS, |world, of| {
        (format!("/v1/pods/no%20name/{}", world.cluster(of)), Value::Null)
    }),
    request("PATCH", "/v1/pods/{ident}", CLUSTERS, |world, of| {
        (format!("/v1/pods/no%20name?bay_ident={}", world.cluster(of)), json!([]))
    }),
    request("PATCH", "/v1/pods/{ident}/{bay_ident}", CLUSTERS, |world, of| {
        (format!("/v1/pods/no%20name/{}", world.cluster(of)), json!([]))
    }),
    request("DELETE", "/v1/pods/{ident}", CLUSTERS, |world, of| {
        (format!("/v1/pods/no%20name?bay_ident={}", world.cluster(of)), Value::Null)
    }),
    request("DELETE", "/v1/pods/{ident}/{bay_ident}", CLUSTERS, |world, of| {
        (format!("/v1/pods/no%20name/{}", world.cluster(of)), Value::Null)
    }),
    request("GET", "/v1/services", CLUSTERS, |world, of| {
        (format!("/v1/services?bay_ident={}&sort_key=none", world.cluster(of)), Value::Null)
    }),
    request("GET", "/v1/services/detail", CLUSTERS, |world, of| {
        (format!("/v1/services/detail?bay_ident={}&sort_key=none", world.cluster(of)), Value::Null)
    }),
    request("POST", "/v1/services", CLUSTERS, |world, of| {
        ("/v1/services".to_owned(), json!({"bay_uuid": world.cluster(of), "manifest": "{}"}))
    }),
    request("GET", "/v1/services/{ident}", CLUSTERS, |world, of| {
        (format!("/v1/services/no%20name?bay_ident={}", world.cluster(of)), Value::Null)
    }),
    request("GET", "/v1/services/{ident}/{bay_ident}", CLUSTERS, |world, of| {
        (format!("/v1/services/no%20name/{}", world.cluster(of)), Value::Null)
    }),
    request("PATCH", "/v1/services/{ident}", CLUSTERS, |world, of| {
        (format!("/v1/services/no%20name?bay_ident={}", world.cluster(of)), json!([]))
    }),
    request("PATCH", "/v1/services/{ident}/{bay_ident}", CLUSTERS, |world, of| {
        (format!("/v1/services/no%20name/{}", world.cluster(of)), json!([]))
    }),
    request("DELETE", "/v1/services/{ident}", CLUSTERS, |world, of| {
        (format!("/v1/services/no%20name?bay_ident={}", world.cluster(of)), Value::Null)
    }),
    request("DELETE", "/v1/services/{ident}/{bay_ident}", CLUSTERS, |world, of| {
        (format!("/v1/services/no%20name/{}", world.cluster(of)), Value::Null)
    }),
    request("GET", "/v1/rcs", CLUSTERS, |world, of| {
        (format!("/v1/rcs?bay_ident={}&sort_key=none", world.cluster(of)), Value::Null)
    }),
    request("GET", "/v1/rcs/detail", CLUSTERS, |world, of| {
        (format!("/v1/rcs/detail?bay_ident={}&sort_key=none", world.cluster(of)), Value::Null)
    }),
    request("POST", "/v1/rcs", CLUSTERS, |world, of| {
        ("/v1/rcs".to_owned(), json!({"bay_uuid": world.cluster(of), "manifest": "{}"}))
    }),
    request("GET", "/v1/rcs/{ident}", CLUSTERS, |world, of| {
        (format!("/v1/rcs/no%20name?bay_ident={}", world.cluster(of)), Value::Null)
    }),
    request("GET", "/v1/rcs/{ident}/{bay_ident}", CLUSTERS, |world, of| {
        (format!("/v1/rcs/no%20name/{}", world.cluster(of)), Value::Null)
    }),
    request("PATCH", "/v1/rcs/{ident}", CLUSTERS, |world, of| {
        (format!("/v1/rcs/no%20name?bay_ident={}", world.cluster(of)), json!([]))
    }),
    request("PATCH", "/v1/rcs/{ident}/{bay_ident}", CLUSTERS, |world, of| {
        (format!("/v1/rcs/no%20name/{}", world.cluster(of)), json!([]))
    }),
    request("DELETE", "/v1/rcs/{ident}", CLUSTERS, |world, of| {
        (format!("/v1/rcs/no%20name?bay_ident={}", world.cluster(of)), Value::Null)
    }),
    request("DELETE", "/v1/rcs/{ident}/{bay_ident}", CLUSTERS, |world, of| {
        (format!("/v1/rcs/no%20name/{}", world.cluster(of)), Value::Null)
    }),
    plain!("GET", "/v1/containers"),
    plain!("GET", "/v1/containers/detail"),
    request("POST", "/v1/containers", CLUSTERS, |world, of| {
        ("/v1/containers".to_owned(), json!({"bay_uuid": world.cluster(of), "image": "none"}))
    }),
    absent!("GET", "/v1/containers/{ident}", "/v1/containers/none"),
    request("PATCH", "/v1/containers/{ident}", NONE, |_, _| ("/v1/containers/none".to_owned(), json!([]))),
    absent!("DELETE", "/v1/containers/{ident}", "/v1/containers/none"),
    absent!("PUT", "/v1/containers/{ident}/start", "/v1/containers/none/start"),
    absent!("PUT", "/v1/containers/{ident}/stop", "/v1/containers/none/stop"),
    absent!("PUT", "/v1/containers/{ident}/reboot", "/v1/containers/none/reboot"),
    absent!("PUT", "/v1/containers/{ident}/pause", "/v1/containers/none/pause"),
    absent!("PUT", "/v1/containers/{ident}/unpause", "/v1/containers/none/unpause"),
    absent!("GET", "/v1/containers/{ident}/logs", "/v1/containers/none/logs"),
    absent!("PUT", "/v1/containers/{ident}/execute", "/v1/containers/none/execute?command=ls"),
    plain!("GET", "/v1/nodes"),
    plain!("GET", "/v1/nodes/detail"),
    absent!("POST", "/v1/nodes", "/v1/nodes"),
    absent!("GET", "/v1/nodes/{ident}", "/v1/nodes/none"),
    request("PATCH", "/v1/nodes/{ident}", NONE, |_, _| ("/v1/nodes/none".to_owned(), json!([]))),
    absent!("DELETE", "/v1/nodes/{ident}", "/v1/nodes/none"),
    plain!("GET", "/v1/x509keypairs"),
    plain!("GET", "/v1/x509keypairs/detail"),
    request("POST", "/v1/x509keypairs", CLUSTERS, |world, of| {
        ("/v1/x509keypairs".to_owned(), json!({"bay_uuid": world.cluster(of)}))
    }),
    absent!("GET", "/v1/x509keypairs/{ident}", "/v1/x509keypairs/none"),
    absent!("DELETE", "/v1/x509keypairs/{ident}", "/v1/x509keypairs/none"),
    plain!("GET", "/discovery/new"),
    absent!("GET", "/discovery/{token}", "/discovery/none"),
    absent!("GET", "/discovery/{token}/{*key}", "/discovery/none/_config/size"),
    absent!("PUT", "/discovery/{token}/{*key}", "/discovery/none/member"),
    absent!("DELETE", "/discovery/{token}/{*key}", "/discovery/none/member"),
    plain!("GET", "/v1/drivers/openapi.json"),
    plain!("GET", "/v1/drivers"),
    absent!("GET", "/v1/drivers/{name}", "/v1/drivers/kubernetes"),
    absent!("POST", "/v1/drivers/versions", "/v1/drivers/versions?name=none"),
    absent!("GET", "/v1/drivers/versions/{version}", "/v1/drivers/versions/0123456789ab"),
    absent!("DELETE", "/v1/drivers/versions/{version}", "/v1/drivers/versions/0123456789ab"),
    absent!("POST", "/v1/drivers/versions/{version}/actions/check", "/v1/drivers/versions/0123456789ab/actions/check"),
    absent!("POST", "/v1/drivers/versions/{version}/actions/approve", "/v1/drivers/versions/0123456789ab/actions/approve"),
    absent!("POST", "/v1/drivers/versions/{version}/actions/activate", "/v1/drivers/versions/0123456789ab/actions/activate"),
    absent!("POST", "/v1/drivers/versions/{version}/actions/revoke", "/v1/drivers/versions/0123456789ab/actions/revoke"),
    absent!("POST", "/v1/drivers/{name}/actions/confirm", "/v1/drivers/none/actions/confirm"),
    absent!("POST", "/v1/drivers/{name}/actions/rollback", "/v1/drivers/none/actions/rollback"),
    absent!("POST", "/v1/drivers/{name}/actions/move", "/v1/drivers/none/actions/move"),
    absent!("POST", "/v1/drivers/{name}/plans", "/v1/drivers/none/plans"),
    absent!("GET", "/v1/drivers/{name}/plans/{plan}", "/v1/drivers/none/plans/0"),
    absent!("GET", "/v1/drivers/{name}/plans/{plan}/clusters", "/v1/drivers/none/plans/0/clusters"),
    absent!("GET", "/v1/drivers/{name}/recording", "/v1/drivers/none/recording"),
    absent!("PUT", "/v1/drivers/{name}/recording", "/v1/drivers/none/recording"),
    absent!("DELETE", "/v1/drivers/{name}/recording", "/v1/drivers/none/recording"),
    absent!("GET", "/v1/drivers/{name}/records", "/v1/drivers/none/records"),
    absent!("GET", "/v1/drivers/{name}/records/{record}", "/v1/drivers/none/records/0"),
    absent!("GET", "/v1/drivers/{name}/audit", "/v1/drivers/none/audit"),
];

const CSR: &str = include_str!("../../host/api/tests/support/request.pem");
