//! A cluster to call drivers with.

use jeroboam_model::{ClusterView, Role, samples};

pub fn view() -> ClusterView {
    let template = samples::template("template");
    let cluster = samples::cluster("test", &template);
    let groups = vec![samples::group(&cluster, Role::Master, 3), samples::group(&cluster, Role::Worker, 2)];
    ClusterView { cluster, template, groups }
}
