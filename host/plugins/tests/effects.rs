//! Effects: only in their phases, and only on what is the cluster's.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may say what they expect")]

mod support;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use jeroboam_model::driver::Progress;
use jeroboam_plugins::{
    CallContext, CoeApi, Interface, LoadBalancer, LoadBalancers, PluginsConfig, SourceError, Sources, StopReason,
    interfaces::coe_api::{Method, Request, Response},
};
use support::{context, guest::Guest, load, samples, stopped};

/// One load balancer, `lb-1`.
#[derive(Clone, Default)]
struct Octavia {
    deleted: Arc<Mutex<Vec<String>>>,
}

#[async_trait]
impl LoadBalancers for Octavia {
    async fn list_owned(&self) -> Result<Vec<LoadBalancer>, SourceError> {
        Ok(vec![LoadBalancer {
            id: "lb-1".into(),
            name: "kube_service".into(),
            description: String::new(),
            provisioning_status: "ACTIVE".into(),
            vip_port_id: None,
        }])
    }

    async fn delete(&self, id: &str) -> Result<(), SourceError> {
        self.deleted.lock().unwrap().push(id.into());
        Ok(())
    }
}

/// Deletes a load balancer by its id and, if the host says that this went well, is done.
fn deleting(id: &str) -> Guest {
    let body = "(call $delete (i32.const 16384) (i32.const 4) (i32.const 8192))
                (if (i32.load8_u (i32.const 8192)) (then unreachable))
                (i64.store (i32.const 12288) (i64.const 0)) i32.const 12288";
    Guest::new("guest")
        .import("load-balancers", "delete", "(param i32 i32 i32)")
        .item(&format!("(data (i32.const 16384) {id:?})"))
        .body("before-delete", body)
}

async fn delete(id: &str) -> (Result<Progress, jeroboam_plugins::CallError>, Vec<String>) {
    let octavia = Octavia::default();
    let driver = load(deleting(id).component(), PluginsConfig::default()).await;
    let sources = Sources::none().with_load_balancers(octavia.clone());
    let result = driver.before_delete(&samples::view(), CallContext { sources, ..context() }).await;
    let deleted = octavia.deleted.lock().unwrap().clone();
    (result, deleted)
}

#[tokio::test]
async fn what_the_cluster_owns_can_be_deleted() {
    let (result, deleted) = delete("lb-1").await;
    assert_eq!(result.unwrap(), Progress::Done);
    assert_eq!(deleted, ["lb-1"]);
}

#[tokio::test]
async fn another_clusters_load_balancer_does_not_reach_the_cloud() {
    let (result, deleted) = delete("lb-2").await;
    assert!(matches!(stopped(result), StopReason::Trap(_)), "the guest was told that it went well");
    assert!(deleted.is_empty());
}

/// Counts requests.
#[derive(Clone, Default)]
struct Api(Arc<AtomicUsize>);

#[async_trait]
impl CoeApi for Api {
    async fn send(&self, request: Request) -> Result<Response, SourceError> {
        assert_eq!(request.method, Method::Get);
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(Response { status: 200, headers: vec![], body: vec![] })
    }
}

/// Sends one request with this method to the cluster's API, and then traps.
async fn health_check(method: &str) -> (StopReason, usize) {
    // request { method, path, headers, body, timeout-ms, identity }, flattened.
    let signature = "(param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)";
    let body = format!(
        "(call $send (i32.const 16384) (i32.const {}) (i32.const 16400) (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
           (i32.const 1000) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 8192)) unreachable",
        method.len()
    );
    let guest = Guest::new("guest")
        .import("coe-api", "send", signature)
        .item(&format!("(data (i32.const 16384) {method:?}) (data (i32.const 16400) \"/\")"))
        .body("check-health", &body);
    let api = Api::default();
    let driver = load(guest.component(), PluginsConfig::default()).await;
    let sources = Sources::none().with_coe_api(api.clone());
    let reason = stopped(driver.check_health(&samples::view(), CallContext { sources, ..context() }).await);
    (reason, api.0.load(Ordering::SeqCst))
}

#[tokio::test]
async fn a_health_check_reads_the_clusters_api() {
    let (reason, requests) = health_check("GET").await;
    assert!(matches!(reason, StopReason::Trap(_)), "{reason:?}");
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn a_health_check_changes_nothing_there() {
    assert_eq!(health_check("DELETE").await, (StopReason::OutOfPhase { interface: Interface::CoeApi }, 0));
}
