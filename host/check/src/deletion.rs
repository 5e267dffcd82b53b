//! `before-delete`: it comes to an end, and takes a cloud that refuses for what it is.

use std::time::Duration;

use jeroboam_model::{ClusterView, driver::Progress};
use jeroboam_plugins::{FloatingIp, LoadBalancer, SourceError, Volume};

use super::{
    answers::Ended,
    report::Report,
    samples,
    subject::Subject,
    world::{Owned, World},
};

const AREA: &str = "before-delete";

/// What is asked to go is gone two looks later.
const PATIENCE: usize = 20;

pub async fn check(subject: &Subject, report: &mut Report) {
    let Some(kind) = subject.description().cluster_types.first() else { return };
    let view = samples::plain(kind, 1, 1);
    for (name, world) in [
        ("a cluster that made nothing", World::default()),
        ("a cluster with a load balancer, a volume and a floating IP", World::owning(owned(&view))),
    ] {
        match rounds(subject, &view, &world).await {
            Ended::Answered(Some(_)) => {}
            Ended::Answered(None) => {
                let what = format!("{name}: still waiting after {PATIENCE} calls, though all that it asked to delete is gone");
                report.fail(
                    AREA,
                    format!("before-delete, {name}"),
                    what,
                    "answer done once nothing that the driver can delete is left",
                );
            }
            Ended::Refused(error) => report.fail(
                AREA,
                format!("before-delete, {name}"),
                format!("{name}: it answers \"{error}\""),
                "answer waiting or done",
            ),
            Ended::Broken(why) => report.fail(
                AREA,
                format!("before-delete, {name}"),
                format!("{name}: {why}"),
                "what before-delete does with this cluster",
            ),
        }
    }
    let unavailable = SourceError::Unavailable { message: "the service does not answer".into(), after: Duration::from_secs(5) };
    for with in [unavailable, SourceError::Denied("you may not".into()), SourceError::Conflict("it is in use".into())] {
        let world = World::without_effects(with.clone());
        let ended = subject.driver.before_delete(&view, subject.context(&world)).await.into();
        if let Ended::Broken(why) = ended {
            let what = format!("where every service answers \"{with}\": {why}");
            report.fail(AREA, "before-delete", what, "pass errors on, or answer waiting");
        }
    }
    report.conclude(AREA, "it ends, and errors of services pass");
}

/// How many calls it took; nothing if it does not end.
async fn rounds(subject: &Subject, view: &ClusterView, world: &World) -> Ended<Option<usize>> {
    for round in 1..=PATIENCE {
        match subject.driver.before_delete(view, subject.context(world)).await.into() {
            Ended::Answered(Progress::Done) => return Ended::Answered(Some(round)),
            Ended::Answered(Progress::Waiting { .. }) => {}
            Ended::Refused(error) => return Ended::Refused(error),
            Ended::Broken(why) => return Ended::Broken(why),
        }
    }
    Ended::Answered(None)
}

fn owned(view: &ClusterView) -> Owned {
    let uuid = view.cluster.uuid;
    let id = |last: u32| format!("6f1c9b52-23a1-4d5e-9a6b-1f7f0f3ad{last:03}");
    Owned {
        load_balancers: vec![LoadBalancer {
            id: id(1),
            name: "kube_service".into(),
            description: format!("Kubernetes external service web from cluster {uuid}"),
            provisioning_status: "ACTIVE".into(),
            vip_port_id: Some(id(2)),
        }],
        volumes: vec![Volume { id: id(3), name: "pvc-1".into(), size: 1, status: "available".into() }],
        floating_ips: vec![FloatingIp {
            id: id(4),
            address: "203.0.113.9".into(),
            description: format!("Floating IP for Kubernetes external service web from cluster {uuid}"),
            port_id: Some(id(2)),
        }],
    }
}
