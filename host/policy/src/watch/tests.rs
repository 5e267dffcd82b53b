use std::{fs, path::Path};

use super::*;
use crate::{PolicyMetrics, Rule, check::Check, compiled::Origin};

const PACE: Duration = Duration::from_millis(5);

fn policy(folder: &Path) -> Policy {
    let options = PolicyOptions { search: vec![folder.to_owned()], ..PolicyOptions::default() };
    Policy::start(options, PolicyMetrics::default()).unwrap()
}

fn in_force(policy: &Policy) -> (String, bool) {
    let rules = policy.rules();
    let named = rules.get(Rule::ClusterGet.name()).unwrap();
    (named.check.to_string(), matches!(named.origin, Origin::File(_)))
}

async fn becomes(policy: &Policy, check: &str) {
    for _ in 0..2000 {
        if in_force(policy).0 == check {
            return;
        }
        tokio::time::sleep(PACE).await;
    }
    panic!("{} in place of {check}", in_force(policy).0);
}

/// Whole at once, as deployment tools do it.
fn put(file: &Path, text: &str) {
    let new = file.with_file_name(".new");
    fs::write(&new, text).unwrap();
    fs::rename(new, file).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_comes_changes_breaks_and_goes_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let policy = policy(folder.path());
    let default = in_force(&policy).0;
    let watching = tokio::spawn(watch(policy.clone(), PACE));
    let file = folder.path().join("policy.yaml");

    put(&file, "cluster:get: role:one\n");
    becomes(&policy, "role:one").await;
    assert!(in_force(&policy).1);

    put(&file, "cluster:get: role:two\n");
    becomes(&policy, "role:two").await;

    put(&file, "cluster:get: role:\n");
    let more = folder.path().join("policy.d");
    fs::create_dir(&more).unwrap();
    put(&more.join("10-more.yaml"), "cluster:get: role:three\n");
    for _ in 0..20 {
        tokio::time::sleep(PACE).await;
        assert_eq!(in_force(&policy).0, "role:two", "what is broken changes nothing, nor do files beside it");
    }

    put(&file, "cluster:get: role:four\n");
    becomes(&policy, "role:three").await;
    fs::remove_dir_all(&more).unwrap();
    becomes(&policy, "role:four").await;
    fs::remove_file(&file).unwrap();
    becomes(&policy, &default).await;
    watching.abort();
}

#[test]
fn what_changed_before_the_first_look_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let policy = policy(folder.path());
    fs::write(folder.path().join("policy.yaml"), "cluster:get: '@'\n").unwrap();
    let mut watched = Watched::new(policy.seen().clone());
    assert!(!watched.has_settled(see(policy.options())));
    assert!(watched.has_settled(see(policy.options())));
    assert!(!watched.has_settled(see(policy.options())));
    policy.reload().unwrap();
    assert_eq!(policy.rules().get("cluster:get").unwrap().check, Check::Always);
}

#[test]
fn what_is_being_written_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let policy = policy(folder.path());
    let mut watched = Watched::new(policy.seen().clone());
    for length in 1..5 {
        fs::write(folder.path().join("policy.yaml"), "#".repeat(length)).unwrap();
        assert!(!watched.has_settled(see(policy.options())));
    }
    assert!(watched.has_settled(see(policy.options())));
}

#[test]
fn an_error_is_said_once_until_it_is_another_one() {
    let mut watched = Watched::new(Seen::new());
    let refused = |kind| Refused(vec![crate::problem::Problem { place: Default::default(), kind }]);
    let (one, other) = (refused(crate::problem::ProblemKind::TooLong), refused(crate::problem::ProblemKind::NoFile));
    for (now, is_new) in [(Some(&one), true), (Some(&one), false), (Some(&other), true), (None, false), (Some(&other), true)] {
        assert_eq!(now.is_some() && watched.said.as_ref() != now, is_new);
        watched.complain(now.cloned());
    }
}
