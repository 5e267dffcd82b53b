//! Records to test with.

#![allow(dead_code, reason = "each test uses some")]

use jeroboam_model::{
    Cluster, ClusterTemplate, NodeGroup, Operation, OperationId, OperationKind, OperationState, RequestId, Requester, Role, Step,
    TemplateId, UserId, samples,
};
use time::OffsetDateTime;

pub fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_700_000_000 + seconds).unwrap()
}

pub fn template(name: &str) -> ClusterTemplate {
    ClusterTemplate { project_id: "p1".into(), user_id: "u1".into(), created_at: at(0), ..samples::template(name) }
}

pub fn cluster(name: &str, of: TemplateId) -> Cluster {
    samples::cluster(name, &ClusterTemplate { uuid: of, ..template("t") })
}

pub fn group(cluster: &Cluster, name: &str, role: Role, is_default: bool) -> NodeGroup {
    NodeGroup { name: name.to_owned(), is_default, ..samples::group(cluster, role, 1) }
}

pub fn operation(cluster: &Cluster, created_at: OffsetDateTime) -> Operation {
    Operation {
        id: OperationId::random(),
        cluster: cluster.uuid,
        project_id: cluster.project_id.clone(),
        kind: OperationKind::Create,
        requester: Requester {
            user_id: UserId::from("u1"),
            user_name: "demo".to_owned(),
            project_id: cluster.project_id.clone(),
            roles: vec!["member".to_owned()],
            request_id: RequestId::random(),
            global_request_id: None,
            token: None,
            token_expires_at: None,
            trace: None,
        },
        state: OperationState::Queued,
        step: Step::Certificates,
        attempts: 0,
        not_before: None,
        deadline: created_at + time::Duration::HOUR,
        events: Vec::new(),
        cause: None,
        abort: None,
        retries: 0,
        created_at,
        updated_at: created_at,
    }
}
