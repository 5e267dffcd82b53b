//! A cluster to call drivers with.

use jeroboam_model::{ClusterTemplate, ClusterView, Role, samples};

pub fn template() -> ClusterTemplate {
    ClusterTemplate {
        driver: Some("guest".into()),
        flavor_id: Some("m1.small".into()),
        master_flavor_id: Some("m1.small".into()),
        keypair_id: Some("key".into()),
        external_network_id: Some("public".into()),
        dns_nameserver: vec![[8, 8, 8, 8].into()],
        network_driver: Some("flannel".into()),
        volume_driver: Some("cinder".into()),
        master_lb_enabled: true,
        ..samples::template("template")
    }
}

pub fn view() -> ClusterView {
    let template = template();
    let cluster = samples::cluster("test", &template);
    let groups = vec![samples::group(&cluster, Role::Master, 3), samples::group(&cluster, Role::Worker, 2)];
    ClusterView { cluster, template, groups }
}

/// A view whose labels tell the puppet what to do.
pub fn acting(act: &str, times: u64) -> ClusterView {
    let mut view = view();
    view.cluster.labels = [("act", act.to_owned()), ("times", times.to_string())].into_iter().collect();
    view
}
