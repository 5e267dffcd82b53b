//! Arguments as large as they get: answered or refused within the limits, never fatal.

use jeroboam_model::{ClusterView, Role, driver::StackScope};

use super::{answers::Ended, report::Report, samples, subject::Subject, world::World};

const AREA: &str = "sizes";

type Enlarge = fn(&mut ClusterView);

const SHAPES: &[(&str, Enlarge)] = &[
    ("10,000 workers", |view| workers(view, 10_000)),
    ("1,000 labels of 1 KiB", |view| {
        let labels = (0..1000).map(|n| (format!("label_{n}"), "x".repeat(1024)));
        view.cluster.labels = labels.collect();
        view.template.labels = view.cluster.labels.clone();
    }),
    ("a name of 242 characters", |view| view.cluster.name = "n".repeat(242)),
    ("1,000 resolvers", |view| view.template.dns_nameserver = vec![[192, 0, 2, 1].into(); 1000]),
    ("5,000 nodes that have left", |view| {
        for group in view.groups.iter_mut().filter(|group| group.role == Role::Worker) {
            group.nodes_to_remove = (0..5000).map(|n| n.to_string()).collect();
        }
    }),
    ("a proxy list of 64 KiB", |view| view.template.no_proxy = Some("10.0.0.0/8,".repeat(6000))),
];

fn workers(view: &mut ClusterView, count: u32) {
    view.groups.iter_mut().filter(|group| group.role == Role::Worker).for_each(|group| group.node_count = count);
}

pub async fn check(subject: &Subject, report: &mut Report) {
    let Some(kind) = subject.description().cluster_types.first() else { return };
    for (name, enlarge) in SHAPES {
        let mut view = samples::plain(kind, 1, 1);
        enlarge(&mut view);
        let world = World::default();
        let validated = subject.driver.validate_cluster(&view, subject.context(&world)).await.map(drop);
        let defined = subject.driver.define_stack(&view, StackScope::Cluster, subject.context(&world)).await.map(drop);
        for (function, ended) in [("validate-cluster", validated), ("define-stack", defined)] {
            if let Ended::Broken(why) = ended.into() {
                let change =
                    "answer within the limits (500 ms, 64 MiB, 8 MiB of result), or refuse in validate-cluster what is too much";
                report.fail(AREA, format!("{function}, a cluster with {name}"), format!("{function}, {name}: {why}"), change);
            }
        }
    }
    report.conclude(AREA, format!("{} clusters that are too large are answered within the limits", SHAPES.len()));
}
