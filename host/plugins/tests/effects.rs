//! Effects: only in their phases, and only on what is the cluster's.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may say what they expect")]

mod support;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use jeroboam_model::{AuditOutcome, AuditRecord, Effect, driver::Progress};
use jeroboam_plugins::{
    AuditSink, AuditTrail, CallContext, CoeApi, Interface, Limits, LoadBalancer, LoadBalancers, NotKept, PluginsConfig,
    SourceError, Sources, StopReason,
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

/// Keeps every record in the order in which they came.
#[derive(Clone, Default)]
struct Ledger {
    records: Arc<Mutex<Vec<AuditRecord>>>,
    /// What had been deleted when the first came.
    octavia: Octavia,
    deleted_before: Arc<Mutex<Option<usize>>>,
    refuses: bool,
}

#[async_trait]
impl AuditSink for Ledger {
    async fn intend(&self, record: &AuditRecord) -> Result<(), NotKept> {
        self.deleted_before.lock().unwrap().get_or_insert(self.octavia.deleted.lock().unwrap().len());
        self.records.lock().unwrap().push(record.clone());
        if self.refuses { Err(NotKept) } else { Ok(()) }
    }

    async fn conclude(&self, record: &AuditRecord) {
        self.records.lock().unwrap().push(record.clone());
    }
}

async fn audited_deletion(refuses: bool) -> Ledger {
    let ledger = Ledger { refuses, ..Ledger::default() };
    let driver = load(deleting("lb-1").component(), PluginsConfig::default()).await;
    let view = samples::view();
    let trail = AuditTrail {
        sink: Arc::new(ledger.clone()),
        cluster: view.cluster.uuid,
        project_id: view.cluster.project_id.clone(),
        global_request_id: None,
    };
    let sources = Sources::none().with_load_balancers(ledger.octavia.clone()).with_audit(trail);
    let context = CallContext { sources, ..context() };
    let _ = driver.before_delete(&view, context).await;
    ledger
}

#[tokio::test]
async fn a_deletion_is_written_down_before_it_is_done_and_again_with_its_outcome() {
    let ledger = audited_deletion(false).await;
    let records = ledger.records.lock().unwrap().clone();
    let [intent, outcome] = records.as_slice() else { panic!("{records:?}") };
    assert_eq!(*ledger.deleted_before.lock().unwrap(), Some(0));
    assert_eq!((intent.outcome, outcome.outcome), (AuditOutcome::Intended, AuditOutcome::Done));
    assert_eq!((intent.id, intent.effect, intent.target.as_str()), (outcome.id, Effect::DeleteLoadBalancer, "lb-1"));
    assert_eq!((intent.driver.as_str(), intent.version.as_str(), intent.during.as_str()), ("guest", "0.1.0", "before-delete"));
    assert_eq!(intent.digest, outcome.digest);
}

#[tokio::test]
async fn what_cannot_be_written_down_is_not_done() {
    let ledger = audited_deletion(true).await;
    assert!(ledger.octavia.deleted.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_effect_that_is_cut_off_stays_an_intent() {
    /// Deletes for ever.
    struct Slow;

    #[async_trait]
    impl LoadBalancers for Slow {
        async fn list_owned(&self) -> Result<Vec<LoadBalancer>, SourceError> {
            Octavia::default().list_owned().await
        }

        async fn delete(&self, _: &str) -> Result<(), SourceError> {
            std::future::pending().await
        }
    }

    let limits = Limits { wall: std::time::Duration::from_millis(100), ..Limits::default() };
    let driver = load(deleting("lb-1").component(), PluginsConfig { limits, ..PluginsConfig::default() }).await;
    let (ledger, view) = (Ledger::default(), samples::view());
    let trail = AuditTrail {
        sink: Arc::new(ledger.clone()),
        cluster: view.cluster.uuid,
        project_id: view.cluster.project_id.clone(),
        global_request_id: None,
    };
    let sources = Sources::none().with_load_balancers(Slow).with_audit(trail);
    let reason = stopped(driver.before_delete(&view, CallContext { sources, ..context() }).await);
    assert_eq!(reason, StopReason::WallTime);
    let outcomes: Vec<_> = ledger.records.lock().unwrap().iter().map(|record| record.outcome).collect();
    assert_eq!(outcomes, [AuditOutcome::Intended]);
}
