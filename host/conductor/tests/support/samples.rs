//! A template and a cluster to start from.

use jeroboam_conductor::{NewCluster, NewRequester};
use jeroboam_model::name::StackName;
use jeroboam_model::{Cluster, ClusterTemplate, NodeGroup, Role, Status, samples};
use time::OffsetDateTime;

pub fn template(owner: &NewRequester) -> ClusterTemplate {
    ClusterTemplate {
        project_id: owner.project_id.clone(),
        user_id: owner.user_id.clone(),
        driver: Some("test".into()),
        floating_ip_enabled: false,
        created_at: OffsetDateTime::now_utc(),
        ..samples::template("small")
    }
}

/// One master and two workers.
pub fn new_cluster(name: &str, template: &ClusterTemplate, requester: NewRequester) -> NewCluster {
    let mut cluster = samples::cluster(name, template);
    cluster.project_id = requester.project_id.clone();
    cluster.user_id = requester.user_id.clone();
    let groups = [samples::group(&cluster, Role::Master, 1), samples::group(&cluster, Role::Worker, 2)];
    NewCluster { cluster, groups, requester }
}

/// Two nodes, in a stack of their own.
pub fn new_group(cluster: &Cluster, name: &str) -> NodeGroup {
    let group = samples::group(cluster, Role::Worker, 2);
    let stack_name = Some(StackName::of_group(&cluster.name, name, group.uuid.0));
    NodeGroup { name: name.to_owned(), is_default: false, stack_name, status: Status::CreateInProgress, ..group }
}
