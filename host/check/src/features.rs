//! The functions behind `describe.features`: there if it says so, refused if it does not, fatal in neither case.

use jeroboam_model::{Role, driver::StackScope, samples as model};
use jeroboam_plugins::DriverError;

use super::{answers::Ended, report::Report, samples, subject::Subject, world::World};

const AREA: &str = "features";

pub async fn check(subject: &Subject, report: &mut Report) {
    let description = subject.description();
    let Some(kind) = description.cluster_types.first() else { return };
    let mut view = samples::plain(kind, 1, 2);
    view.cluster.api_address = Some("https://192.0.2.10:6443".into());
    view.cluster.stack_id = Some("6f1c9b52-23a1-4d5e-9a6b-1f7f0f3ad010".into());
    let (driver, features) = (&subject.driver, description.features);
    let world = World::default();

    let health = driver.check_health(&view, subject.context(&world)).await.map(drop);
    judge("health", "check-health", features.health, health.into(), report);

    let target = view.template.clone();
    let upgrade = driver.plan_upgrade(&view, &target, None, 1, subject.context(&world)).await.map(drop);
    match upgrade.into() {
        // To one cluster it may have its reasons to say no.
        Ended::Refused(error) if features.upgrade => {
            report.note(AREA, "plan-upgrade", format!("refuses: {error}"), "nothing, if that is meant")
        }
        upgrade => judge("upgrade", "plan-upgrade", features.upgrade, upgrade, report),
    }

    let mut group = model::group(&view.cluster, Role::Worker, 1);
    (group.name, group.is_default, group.image_id) = ("more".into(), false, "image".into());
    let scope = StackScope::NodeGroup(group.uuid);
    view.groups.push(group);
    let defined = driver.define_stack(&view, scope, subject.context(&world)).await.map(drop);
    judge("node-groups", "define-stack of a further node group", features.node_groups, defined.into(), report);
    report.conclude(AREA, "what describe says there is, is there");
}

fn judge(feature: &str, function: &str, is_claimed: bool, ended: Ended<()>, report: &mut Report) {
    match ended {
        Ended::Broken(why) => report.fail(AREA, function, format!("{function}: {why}"), "answer, or refuse with unsupported"),
        Ended::Refused(DriverError::Unsupported(text)) if is_claimed => {
            let what = format!("describe has the feature {feature}, and {function} answers that it is not supported: {text}");
            report.fail(AREA, function, what, format!("remove {feature} from features, or let {function} do it"));
        }
        Ended::Answered(()) if !is_claimed => {
            let what = format!("{function} answers, and describe does not have the feature {feature}");
            report.note(AREA, "describe, features", what, format!("add {feature}: without it the host does not call {function}"));
        }
        Ended::Answered(()) | Ended::Refused(_) => {}
    }
}
