//! What comes in, and how far it goes.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects"
)]

mod support;

use jeroboam_model::driver::{DriverVersion, Origin, VersionState};
use jeroboam_plugins::Limits;
use jeroboam_rollout::{NewVersions, RolloutError};
use jeroboam_store::{Store, digest_of};
use support::{World, bundled, digest, guest::Guest, install, new_on, ready, site, variant};

#[tokio::test]
async fn the_first_bundled_version_serves_at_once_and_the_next_one_waits() {
    let mut world = World::new();
    world.bundled = vec![bundled("site.wasm", site(1))];
    let rollouts = world.start().await;
    assert_eq!(new_on(&rollouts, "p"), Some(digest(1)));

    world.bundled = vec![bundled("site.wasm", site(2))];
    let rollouts = world.restart(rollouts).await;
    assert_eq!(new_on(&rollouts, "p"), Some(digest(1)), "from the store: the binary has it no more");
    assert_eq!(rollouts.version(&digest(2)).await.unwrap().state, VersionState::Checked);

    world.config.new_versions = NewVersions::Activate;
    world.bundled = vec![bundled("site.wasm", site(3))];
    let rollouts = world.restart(rollouts).await;
    assert_eq!(new_on(&rollouts, "p"), Some(digest(3)));
}

#[tokio::test]
async fn files_go_as_far_as_the_policy_says() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new();
    world.config.drivers_dir = Some(folder.path().into());
    std::fs::write(folder.path().join("site@1.wasm"), site(1)).unwrap();
    std::fs::write(folder.path().join("other.wasm"), site(2)).unwrap();
    std::fs::write(folder.path().join("README"), "no driver").unwrap();
    let rollouts = world.start().await;
    assert_eq!(rollouts.version(&digest(1)).await.unwrap().state, VersionState::Checked);
    assert_eq!(new_on(&rollouts, "p"), None);
    let misnamed = rollouts.version(&digest(2)).await.unwrap();
    let VersionState::Failed(reason) = &misnamed.state else { panic!("{misnamed:?}") };
    assert!(reason.operator.contains("calls itself site") && reason.author.is_some(), "{reason:?}");

    world.config.new_versions = NewVersions::Activate;
    std::fs::write(folder.path().join("site-3.wasm"), site(3)).unwrap();
    let rollouts = world.restart(rollouts).await;
    assert_eq!(new_on(&rollouts, "p"), Some(digest(3)));
}

/// As after a kill between the two: the check is written down, the activation is not.
#[tokio::test]
async fn a_file_that_was_checked_and_not_activated_when_the_process_ended_is_activated_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new();
    world.config.drivers_dir = Some(folder.path().into());
    for number in 1..=2 {
        std::fs::write(folder.path().join(format!("site@{number}.wasm")), site(number)).unwrap();
        let rollouts = world.start().await;
        assert_eq!(rollouts.version(&digest(number)).await.unwrap().state, VersionState::Checked);
    }
    world.config.new_versions = NewVersions::Activate;
    let rollouts = world.start().await;
    assert_eq!(new_on(&rollouts, "p"), Some(digest(2)), "the newest");
    assert_eq!(rollouts.version(&digest(1)).await.unwrap().state, VersionState::Checked);

    rollouts.check(&digest(1)).await.unwrap();
    rollouts.settled().await;
    assert_eq!(new_on(&rollouts, "p"), Some(digest(2)), "an older one is not new because it is checked again");

    // What somebody has decided since stays as it is.
    rollouts.activate(&digest(1), None, "operator").await.unwrap();
    rollouts.confirm("site", "operator").await.unwrap();
    let rollouts = world.restart(rollouts).await;
    assert_eq!(new_on(&rollouts, "p"), Some(digest(1)));
}

#[tokio::test]
async fn bytes_that_no_version_is_of_are_gone_after_the_next_start() {
    let mut world = World::new();
    let rollouts = world.start().await;
    ready(&rollouts, 1).await;
    let orphan = world.store.components().keep(&vec![7; 3 << 20]).await.unwrap();
    assert_eq!(world.store.components().digests().await.unwrap().len(), 2);
    world.restart(rollouts).await;
    assert_eq!(world.store.components().digests().await.unwrap(), [digest(1)]);
    assert_eq!(world.store.components().bytes(orphan).await.unwrap(), None);
}

#[tokio::test]
async fn what_is_no_driver_for_this_host_says_why_to_both() {
    let world = World::new();
    let rollouts = world.start().await;
    for (bytes, told) in [(b"hello".to_vec(), "not WebAssembly"), (wat::parse_str("(module)").unwrap(), "core module")] {
        let version = install(&rollouts, bytes).await;
        let VersionState::Failed(reason) = &version.state else { panic!("{version:?}") };
        assert!(reason.operator.contains(told), "{reason:?}");
        assert!(reason.author.is_some());
        assert!(matches!(rollouts.activate(&version.digest, None, "o").await, Err(RolloutError::NotReady { .. })));
    }
}

#[tokio::test]
async fn a_version_that_fails_its_self_test_cannot_be_activated() {
    let mut world = World::new();
    world.config.self_test = jeroboam_rollout::SelfTests::Enforce;
    let rollouts = world.start().await;
    let version = install(&rollouts, site(1)).await;
    let VersionState::Failed(reason) = &version.state else { panic!("{version:?}") };
    assert!(reason.operator.contains("driver check"), "{reason:?}");
    assert!(version.report.unwrap().self_test.iter().any(|test| !test.passed));
}

#[tokio::test]
async fn what_a_version_asks_for_beyond_the_active_one_has_to_be_approved() {
    let wanting = |number| variant("site", number).import("load-balancers", "list-owned", "(param i32)").component();
    let mut world = World::new();
    let rollouts = world.start().await;
    ready(&rollouts, 1).await;
    let version = install(&rollouts, wanting(2)).await;
    assert_eq!(version.state, VersionState::Checked);
    assert_eq!(version.waits_for[0].name, "load-balancers");
    assert_eq!(version.report.unwrap().capabilities.added, ["load-balancers"]);
    assert!(matches!(rollouts.activate(&version.digest, None, "o").await, Err(RolloutError::NeedsApproval { .. })));

    rollouts.approve(&version.digest, "o").await.unwrap();
    let rollouts = world.restart(rollouts).await;
    rollouts.activate(&version.digest, None, "o").await.unwrap();
    assert!(matches!(rollouts.approve(&version.digest, "o").await, Err(RolloutError::NothingToApprove { .. })));
    assert_eq!(install(&rollouts, wanting(3)).await.waits_for, [], "what serves has it already");
}

#[tokio::test]
async fn the_same_component_is_the_same_version() {
    let world = World::new();
    let rollouts = world.start().await;
    ready(&rollouts, 1).await;
    assert_eq!(install(&rollouts, site(1)).await.state, VersionState::Active);
    let other = rollouts.install(site(1), "other", Origin::Installed).await;
    assert!(matches!(other, Err(RolloutError::OtherName { name, .. }) if name == "site"));
    assert_eq!(rollouts.show("site").await.unwrap().versions.len(), 1);
}

#[tokio::test]
async fn a_check_that_was_cut_short_is_made_by_the_next_process() {
    let mut world = World::new();
    let rollouts = world.start().await;
    // Nothing else runs between the two: the check has not begun.
    let version = rollouts.install(site(1), "site", Origin::Installed).await.unwrap();
    assert_eq!(version.state, VersionState::Installed);
    let rollouts = world.restart(rollouts).await;
    assert_eq!(rollouts.version(&version.digest).await.unwrap().state, VersionState::Checked);
}

#[tokio::test]
async fn a_bundled_driver_that_was_only_checked_serves_after_the_next_start() {
    let mut world = World::new();
    let rollouts = world.start().await;
    let version = install(&rollouts, site(1)).await;
    // As a process leaves a bundled one that ends between the check and the activation.
    let stored = world.store.driver_versions().get(version.digest).await.unwrap().unwrap();
    let mut tx = world.store.begin();
    tx.update(&stored.with(DriverVersion { origin: Origin::Bundled, ..stored.value.clone() }));
    tx.commit().await.unwrap();
    world.bundled = vec![bundled("site.wasm", site(1))];
    assert_eq!(new_on(&world.start().await, "p"), Some(digest(1)));
}

#[tokio::test]
async fn bounds_and_names_are_kept() {
    let world = World::limited(Store::in_memory(), Limits { component_bytes: 4096, ..Limits::default() });
    let rollouts = world.start().await;
    let large = rollouts.install(vec![0; 4097], "site", Origin::Installed).await;
    assert!(matches!(large, Err(RolloutError::TooLarge { size: 4097, limit: 4096 })));
    let named = rollouts.install(b"x".to_vec(), "../site", Origin::Installed).await;
    assert!(matches!(named, Err(RolloutError::BadName(_))));
    let hidden = rollouts.install(b"x".to_vec(), "versions", Origin::Installed).await.unwrap_err().to_string();
    assert!(hidden.contains("versions") && hidden.contains("another name"), "{hidden}");
    assert!(rollouts.drivers().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_component_is_kept_whole_in_pieces() {
    let world = World::new();
    let large: Vec<u8> = (0..1_300_000u32).map(|number| (number % 251) as u8).collect();
    let digest = world.store.components().keep(&large).await.unwrap();
    assert_eq!(digest, digest_of(&large));
    assert_eq!(world.store.components().bytes(digest).await.unwrap(), Some(large));
    world.store.components().forget(digest).await.unwrap();
    assert_eq!(world.store.components().bytes(digest).await.unwrap(), None);
}

#[tokio::test]
async fn two_drivers_that_provide_the_same_need_a_preference() {
    let mut world = World::new();
    let rival = || Guest::new("rival").distro("site").component();
    let rollouts = world.start().await;
    ready(&rollouts, 1).await;
    let version = rollouts.install(rival(), "rival", Origin::Installed).await.unwrap();
    rollouts.settled().await;
    let taken = rollouts.activate(&version.digest, None, "o").await;
    assert!(
        matches!(&taken, Err(error @ RolloutError::TypeTaken { .. }) if error.to_string().contains("preferred")),
        "{taken:?}"
    );

    world.config.preferred = vec!["rival".into()];
    let rollouts = world.restart(rollouts).await;
    rollouts.activate(&version.digest, None, "o").await.unwrap();
    assert_eq!(new_on(&rollouts, "p"), Some(version.digest));

    world.config.disabled = vec!["rival".into()];
    let rollouts = world.restart(rollouts).await;
    assert_eq!(new_on(&rollouts, "p"), Some(digest(1)));
}
