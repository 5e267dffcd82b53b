//! Every sequence of changes leaves a rollout that says for each cluster which version serves it.

use std::collections::{BTreeMap, BTreeSet};

use jeroboam_model::{ClusterId, driver::VersionState};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    Newcomer,
    decide::{Standing, Who, decide, target},
};

/// The versions of a model are as many.
const VERSIONS: u8 = 4;

#[derive(Clone, Debug)]
enum Act {
    Activate { version: u8, share: Option<u8> },
    Confirm,
    RollBack { failed: bool },
    Revoke(u8),
}

/// A rollout and its versions, as the store would have them.
struct Model {
    rollout: Rollout,
    states: BTreeMap<Digest, (VersionState, Option<Digest>)>,
    revoked: BTreeSet<Digest>,
}

fn digest(version: u8) -> Digest {
    Digest::new([version; 32])
}

fn mark() -> Mark<'static> {
    Mark { by: "somebody", why: None, at: OffsetDateTime::UNIX_EPOCH }
}

fn newcomer(number: u128) -> Newcomer {
    Newcomer { project: "p".into(), template: None, cluster: Some(ClusterId(Uuid::from_u128(number))) }
}

impl Model {
    fn new() -> Self {
        let states = (0..VERSIONS).map(|version| (digest(version), (VersionState::Checked, None))).collect();
        Self { rollout: Rollout::new("d", OffsetDateTime::UNIX_EPOCH), states, revoked: BTreeSet::new() }
    }

    fn apply(&mut self, act: &Act) {
        let change = match act {
            Act::Activate { version, .. } if self.revoked.contains(&digest(*version)) => return,
            Act::Activate { version, share } => {
                activate(&self.rollout, digest(*version), share.map(Canary::Share), &mark()).ok().flatten()
            }
            Act::Confirm => confirm(&self.rollout, &mark()).ok(),
            Act::RollBack { failed } => rollback(&self.rollout, failed.then(|| Reason::operator("it fails")), &mark()).ok(),
            Act::Revoke(version) => {
                self.revoked.insert(digest(*version));
                Some(revoke(&self.rollout, digest(*version), Reason::operator("revoked"), &mark()))
            }
        };
        let Some(Change { rollout, versions }) = change else { return };
        self.rollout = rollout;
        for (digest, becomes) in versions {
            let state = match becomes {
                Becomes::Active => (VersionState::Active, None),
                Becomes::Draining => (VersionState::Draining, None),
                Becomes::Checked { replaced_by } => (VersionState::Checked, replaced_by),
                Becomes::Failed { reason, replaced_by } => (VersionState::Failed(reason), replaced_by),
            };
            self.states.insert(digest, state);
        }
    }

    fn standing(&self, digest: &Digest) -> Standing {
        match &self.states[digest] {
            (_, Some(by)) => Standing::Replaced(*by),
            (VersionState::Active | VersionState::Draining, None) => Standing::Serves,
            _ => Standing::Unknown,
        }
    }

    fn serves(&self, cluster: u128, on: u8) -> Option<Digest> {
        let newcomer = newcomer(cluster);
        decide(&self.rollout, |digest| self.standing(digest), &Who::Existing { newcomer: &newcomer, on: Some(digest(on)) })
    }
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        4 => (0..VERSIONS, prop::option::of(1..100u8)).prop_map(|(version, share)| Act::Activate { version, share }),
        2 => Just(Act::Confirm),
        2 => any::<bool>().prop_map(|failed| Act::RollBack { failed }),
        1 => (0..VERSIONS).prop_map(Act::Revoke),
    ];
    prop::collection::vec(act, 0..20)
}

proptest! {
    #[test]
    fn what_a_rollout_names_is_active_or_drains_and_is_not_revoked(acts in acts()) {
        let mut model = Model::new();
        for act in &acts {
            model.apply(act);
            if let Some(active) = model.rollout.active {
                prop_assert_eq!(&model.states[&active], &(VersionState::Active, None), "after {:?}", act);
            }
            for digest in model.rollout.versions() {
                prop_assert_eq!(model.standing(&digest), Standing::Serves, "after {:?}", act);
                prop_assert!(!model.revoked.contains(&digest));
            }
            prop_assert!(model.rollout.history.len() <= jeroboam_model::driver::rollout::HISTORY);
        }
    }

    #[test]
    fn a_cluster_is_served_by_its_own_version_or_one_that_stands_in_for_it(acts in acts(), cluster: u128) {
        let mut model = Model::new();
        for act in &acts {
            model.apply(act);
            for on in 0..VERSIONS {
                let served = model.serves(cluster, on);
                if model.rollout.active.is_some() {
                    prop_assert!(served.is_some());
                }
                if let Some(served) = served {
                    prop_assert!(!model.revoked.contains(&served), "{:?} is served by a revoked version", on);
                    prop_assert_eq!(model.standing(&served), Standing::Serves);
                }
                if model.standing(&digest(on)) == Standing::Serves {
                    prop_assert_eq!(served, Some(digest(on)), "nobody has moved it");
                }
            }
        }
    }

    #[test]
    fn a_rollback_takes_everything_back(before in acts(), version in 0..VERSIONS, share in prop::option::of(1..100u8), clusters: [u128; 8]) {
        let mut model = Model::new();
        before.iter().for_each(|act| model.apply(act));
        let stage_was_canary = matches!(model.rollout.stage, Stage::Canary { .. });
        let (Some(active), false) = (model.rollout.active, stage_was_canary) else { return Ok(()) };
        if model.revoked.contains(&digest(version)) || active == digest(version) {
            return Ok(());
        }
        model.apply(&Act::Activate { version, share });
        model.apply(&Act::RollBack { failed: false });
        prop_assert_eq!(model.rollout.active, Some(active));
        for cluster in clusters {
            prop_assert_eq!(target(&model.rollout, &newcomer(cluster)), Some(active));
            prop_assert_eq!(model.serves(cluster, version), Some(active), "what was made by the other");
        }
    }

    #[test]
    fn a_larger_share_takes_more_and_drops_nobody(cluster: u128, small in 1..100u8, more in 0..50u8) {
        let of = |share: u8| {
            let mut rollout = Rollout::new("d", OffsetDateTime::UNIX_EPOCH);
            rollout.active = Some(digest(0));
            rollout.stage = Stage::Canary { next: digest(1), canary: Canary::Share(share), since: OffsetDateTime::UNIX_EPOCH };
            target(&rollout, &newcomer(cluster)) == Some(digest(1))
        };
        prop_assert!(!of(small) || of(small.saturating_add(more).min(99)));
    }
}

#[test]
fn a_share_is_about_what_it_says() {
    let mut rollout = Rollout::new("d", OffsetDateTime::UNIX_EPOCH);
    rollout.active = Some(digest(0));
    rollout.stage = Stage::Canary { next: digest(1), canary: Canary::Share(20), since: OffsetDateTime::UNIX_EPOCH };
    let selected = (0..5000).filter(|_| target(&rollout, &newcomer(Uuid::new_v4().as_u128())) == Some(digest(1))).count();
    assert!((800..1200).contains(&selected), "{selected} of 5000");
}
