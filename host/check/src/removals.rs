//! `pick-removals`: no more than asked for, also where the cluster's API cannot be reached.

use jeroboam_model::Role;

use super::{answers::Ended, report::Report, samples, subject::Subject, world::World};

const AREA: &str = "pick-removals";

pub async fn check(subject: &Subject, report: &mut Report) {
    let Some(kind) = subject.description().cluster_types.first() else { return };
    let mut view = samples::plain(kind, 1, 5);
    view.cluster.api_address = Some("https://192.0.2.10:6443".into());
    let Some(group) = view.default_group(Role::Worker).map(|group| group.uuid) else { return };
    for count in [0, 1, 5] {
        let context = subject.context(&World::default());
        let place = format!("pick-removals of {count}, of a cluster whose API does not answer");
        match subject.driver.pick_removals(&view, group, count, context).await.into() {
            Ended::Answered(_) => {}
            Ended::Broken(why) => {
                report.fail(AREA, place, why, "answer at most `count` nodes, each once; an empty list leaves the choice to Heat")
            }
            Ended::Refused(error) => {
                let change = "answer an empty list where nothing is known: a cluster whose API is down has to shrink too";
                report.note(AREA, place, format!("refuses: {error}"), change);
            }
        }
    }
    report.conclude(AREA, "never more nodes than are to go");
}
