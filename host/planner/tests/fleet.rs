//! Plans over fleets: what is asked, what is kept, and what is said in the end.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may say what they expect")]

mod support;

use std::{collections::BTreeMap, sync::Arc};

use jeroboam_model::{
    ClusterId,
    driver::{ClusterVerdict, Digest, DriverPlan, PlanState, StackScope, Verdict},
};
use jeroboam_planner::{Definer, PlanId, PlanOptions, Planner, Preview, PreviewError, Previewed, PreviewedResource};
use jeroboam_store::Store;
use support::{Made, NEW, OLD, Version, recording};

fn found(version: &Version) -> impl Fn(&Digest) -> Option<Arc<dyn Definer>> + Send + Sync + 'static + use<> {
    let version = version.clone();
    move |digest| (*digest == version.digest).then(|| Arc::new(version.clone()) as Arc<dyn Definer>)
}

async fn plan(
    store: &Store,
    old: &Version,
    new: &Version,
    options: PlanOptions,
) -> (DriverPlan, BTreeMap<ClusterId, ClusterVerdict>) {
    let planner = Planner::new(store.clone());
    let id = planner.begin(Arc::new(new.clone()), found(old), options).await.unwrap();
    planner.finished(&id).await;
    let summary = planner.summary(&id).await.unwrap().unwrap();
    (summary, rows(&planner, &id).await)
}

async fn rows(planner: &Planner, id: &PlanId) -> BTreeMap<ClusterId, ClusterVerdict> {
    let mut all = BTreeMap::new();
    let mut after = None;
    loop {
        let page = planner.rows(id, after, 7).await.unwrap();
        let Some(last) = page.last() else { return all };
        after = Some(last.cluster);
        all.extend(page.into_iter().map(|row| (row.cluster, row)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_cluster_has_its_own_verdict_and_all_are_counted() {
    let store = Store::in_memory();
    let (old, new) = (Version::with_flavor(OLD, "small"), Version::with_flavor(NEW, "large"));
    let mut wanted = BTreeMap::new();
    for number in 0..300 {
        let labels: &[(&str, &str)] = if number % 3 == 0 { &[] } else { &[("flavor", "huge")] };
        let id = Made::new(&format!("cluster-{number}"), labels).store(&store, Some(&old)).await;
        wanted.insert(id, if number % 3 == 0 { "in place" } else { "same" });
    }
    let unrecorded = Made::new("new", &[]).store(&store, None).await;
    let mut current = Made::new("current", &[]);
    current.cluster.driver_digest = Some(NEW);
    let current = current.store(&store, Some(&new)).await;

    let (summary, rows) = plan(&store, &old, &new, PlanOptions::default()).await;
    assert_eq!(summary.state, PlanState::Done);
    let counts = summary.counts;
    assert_eq!((counts.total, counts.done, counts.same, counts.in_place), (302, 300, 200, 100));
    assert_eq!((counts.unrecorded, counts.current, counts.replaces, counts.fails, counts.drifted), (1, 1, 0, 0, 0));
    assert!(counts.is_harmless());
    let verdicts: BTreeMap<ClusterId, &str> = rows.iter().map(|(id, row)| (*id, row.verdict.as_str())).collect();
    assert_eq!(verdicts, wanted);
    assert!(!rows.contains_key(&unrecorded) && !rows.contains_key(&current));
    assert!(
        counts
            .to_string()
            .starts_with("300 of 302 clusters: 200 same, 100 in place, 0 replaced in part, 0 fail; 1 on the version already")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_that_is_begun_again_asks_only_about_what_has_changed() {
    let store = Store::in_memory();
    let (old, new) = (Version::with_flavor(OLD, "small"), Version::with_flavor(NEW, "large"));
    let made: Vec<Made> = (0..40).map(|number| Made::new(&format!("cluster-{number}"), &[])).collect();
    for made in &made {
        made.store(&store, Some(&old)).await;
    }
    plan(&store, &old, &new, PlanOptions::default()).await;
    assert_eq!((new.asked(), old.asked()), (40, 40));

    let again = made[7].cluster.uuid;
    let mut changed = old.define_now(&made[7].view(), StackScope::Cluster);
    changed.template = changed.template.replace("small", "large").into();
    let mut tx = store.begin();
    tx.put_whole(&recording(again, StackScope::Cluster, OLD, changed));
    tx.remove(&store.clusters().get(made[8].cluster.uuid).await.unwrap().unwrap());
    tx.commit().await.unwrap();

    let (summary, rows) = plan(&store, &old, &new, PlanOptions::default()).await;
    assert_eq!(new.asked(), 41);
    assert_eq!(summary.counts.known, 38);
    assert_eq!((summary.counts.same, summary.counts.in_place), (1, 38));
    assert_eq!(rows[&again].verdict, Verdict::Same);
    assert!(!rows.contains_key(&made[8].cluster.uuid), "the row of a cluster that is no more");
}

#[tokio::test]
async fn groups_with_stacks_of_their_own_are_asked_about_too() {
    let store = Store::in_memory();
    let old = Version::with_flavor(OLD, "small");
    let both = Version::with_flavor(NEW, "large");
    let new = Version::new(NEW, move |view, scope| {
        let mut definition = both.define_now(view, scope);
        if matches!(scope, StackScope::NodeGroup(_)) {
            definition.parameters.push(("hints".into(), jeroboam_model::driver::Value::Text("far".into())));
        }
        Ok(definition)
    });
    let id = Made::new("one", &[]).with_group("gpu").store(&store, Some(&old)).await;
    let (summary, rows) = plan(&store, &old, &new, PlanOptions::default()).await;
    assert_eq!(summary.counts.replaces, 1);
    let Verdict::Replaces { resources, changes } = &rows[&id].verdict else { panic!("{rows:?}") };
    assert!(resources.len() == 1 && resources[0].starts_with("gpu:node: "), "{resources:?}");
    assert!(changes.iter().any(|change| change.path == "parameters/flavor"), "of the cluster's own stack: {changes:?}");
    assert!(changes.iter().any(|change| change.path == "gpu:parameters/hints"));
}

#[tokio::test]
async fn what_the_old_version_would_do_itself_by_now_is_told_apart() {
    let store = Store::in_memory();
    let then = Version::with_flavor(OLD, "small");
    let now = Version::with_flavor(OLD, "medium");
    let new = Version::with_flavor(NEW, "large");
    let drifted = Made::new("drifted", &[]).store(&store, Some(&then)).await;
    let same = Made::new("given", &[("flavor", "huge")]).store(&store, Some(&then)).await;
    let (summary, rows) = plan(&store, &now, &new, PlanOptions::default()).await;
    assert_eq!(summary.counts.drifted, 1);
    assert!(rows[&drifted].drifted && !rows[&same].drifted);
}

#[tokio::test]
async fn a_version_that_refuses_a_cluster_is_quoted() {
    let store = Store::in_memory();
    let old = Version::with_flavor(OLD, "small");
    let new = Version::new(NEW, |view, _| Err(format!("no {}", view.cluster.name)));
    let id = Made::new("such-thing", &[]).store(&store, Some(&old)).await;
    let mut half = Made::new("half", &[]);
    half.cluster.upgrading_to = Some(half.template.uuid);
    let half = half.store(&store, Some(&old)).await;
    let (summary, rows) = plan(&store, &old, &new, PlanOptions::default()).await;
    assert_eq!(summary.counts.fails, 2);
    assert!(!summary.counts.is_harmless());
    assert_eq!(rows[&id].verdict, Verdict::Fails { error: "no such-thing".into() });
    assert!(matches!(&rows[&half].verdict, Verdict::Fails { error } if error.contains("upgrade")));
}

fn resource(kind: &str) -> PreviewedResource {
    PreviewedResource { stack: "stack".into(), name: "node".into(), kind: kind.into() }
}

#[tokio::test]
async fn heats_own_word_decides_what_is_lost() {
    struct Heat;
    #[async_trait::async_trait]
    impl Preview for Heat {
        async fn preview(
            &self,
            view: &jeroboam_model::ClusterView,
            _: StackScope,
            _: &jeroboam_model::driver::StackDefinition,
        ) -> Result<Previewed, PreviewError> {
            match view.cluster.name.as_str() {
                "lost" => Ok(Previewed { replaced: vec![resource("OS::Nova::Server")], deleted: Vec::new() }),
                "kept" => Ok(Previewed { replaced: vec![resource("OS::Heat::SoftwareConfig")], deleted: Vec::new() }),
                _ => Err(PreviewError("the stack is busy".into())),
            }
        }
    }
    let store = Store::in_memory();
    let (old, new) = (Version::with_flavor(OLD, "small"), Version::with_flavor(NEW, "large"));
    let mut ids = BTreeMap::new();
    for name in ["lost", "kept", "busy"] {
        ids.insert(name, Made::new(name, &[]).store(&store, Some(&old)).await);
    }
    let given = Made::new("given", &[("flavor", "huge")]).store(&store, Some(&old)).await;
    let (_, before) = plan(&store, &old, &new, PlanOptions::default()).await;
    assert!(before.values().all(|row| !row.previewed));
    let (summary, rows) = plan(&store, &old, &new, PlanOptions { preview: Some(Arc::new(Heat)) }).await;
    assert_eq!(summary.counts.known, 0, "rows without Heat's word do not hold");
    assert!(
        matches!(&rows[&ids["lost"]].verdict, Verdict::Replaces { resources, .. } if resources[0].starts_with("stack/node: OS::Nova::Server"))
    );
    assert!(matches!(&rows[&ids["kept"]].verdict, Verdict::InPlace { .. }));
    assert!(matches!(&rows[&ids["busy"]].verdict, Verdict::Fails { error } if error.contains("busy")));
    assert_eq!(rows[&given].verdict, Verdict::Same);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_plan_keeps_what_it_has_and_goes_on_when_begun_again() {
    let store = Store::in_memory();
    let old = Version::with_flavor(OLD, "small");
    for number in 0..400 {
        Made::new(&format!("cluster-{number}"), &[]).store(&store, Some(&old)).await;
    }
    let planner = Planner::new(store.clone());
    let stopper = planner.clone();
    let id = PlanId { driver: "kubernetes".into(), to: NEW };
    let (large, own) = (Version::with_flavor(NEW, "large"), id.clone());
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let stopping = Version::new(NEW, move |view, scope| {
        if asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 200 {
            stopper.cancel(&own);
        }
        Ok(large.define_now(view, scope))
    });
    planner.begin(Arc::new(stopping), found(&old), PlanOptions::default()).await.unwrap();
    planner.finished(&id).await;
    let cancelled = planner.summary(&id).await.unwrap().unwrap();
    assert_eq!(cancelled.state, PlanState::Cancelled);
    let kept = rows(&planner, &id).await.len();
    assert!((100..400).contains(&kept), "{kept}");

    let (done, rows) = plan(&store, &old, &Version::with_flavor(NEW, "large"), PlanOptions::default()).await;
    assert_eq!((done.state, done.counts.in_place, rows.len()), (PlanState::Done, 400, 400));
    assert_eq!(done.counts.known, kept as u64);
}
