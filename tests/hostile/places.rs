//! A driver that holds on to every place it can get.

use std::time::Duration;

use jeroboam_model::{RequestId, driver::Origin};
use jeroboam_plugins::{CallError, Candidate, Grant, Host, Limits, StopReason};
use tokio::task::JoinSet;

use crate::{ALONE, guest::Guest, seen::call, world::World};

/// Waits for an answer that never comes.
fn sleeper() -> Guest {
    Guest::new("sleeper")
        .import("lookup", "get-flavor", "(param i32 i32 i32)")
        .item("(data (i32.const 16384) \"slow\")")
        .body("validate-cluster", "(call $get-flavor (i32.const 16384) (i32.const 4) (i32.const 8192)) unreachable")
}

fn candidate(name: &str, guest: &Guest) -> Candidate {
    Candidate::new(name, Origin::Installed, Grant::all().collect(), guest.component())
}

#[tokio::test]
async fn a_driver_whose_calls_sleep_leaves_places_for_others() {
    let _alone = ALONE.lock().await;
    let limits = Limits { concurrent_calls: 8, concurrent_calls_of_one: 4, wall: Duration::from_secs(60), ..Limits::default() };
    let host = Host::new(None, limits).unwrap();
    let sleeping = host.load(candidate("sleeper", &sleeper())).await.unwrap();
    let answer = "(i64.store (i32.const 12288) (i64.const 0)) (i64.store (i32.const 12296) (i64.const 0)) i32.const 12288";
    let good = host.load(candidate("good", &Guest::new("good").body("validate-cluster", answer))).await.unwrap();

    let world = World::default();
    let mut sleepers = JoinSet::new();
    for _ in 0..100 {
        let (driver, world) = (sleeping.clone(), world.clone());
        sleepers.spawn(async move { call(&driver, "validate-cluster", &world, RequestId::random()).await });
    }
    tokio::task::yield_now().await;
    for _ in 0..20 {
        let call = call(&good, "validate-cluster", &world, RequestId::random());
        tokio::time::timeout(Duration::from_secs(30), call).await.expect("there is a place").unwrap();
    }
    assert_eq!(sleepers.len(), 100, "they still sleep, or wait for a place");
}

#[tokio::test]
async fn a_call_that_found_no_place_says_so_and_can_be_made_again() {
    let _alone = ALONE.lock().await;
    let limits =
        Limits { concurrent_calls: 2, concurrent_calls_of_one: 1, wall: Duration::from_millis(100), ..Limits::default() };
    let host = Host::new(None, limits).unwrap();
    let driver = host.load(candidate("sleeper", &sleeper())).await.unwrap();
    let world = World::default();
    let ended = futures::future::join_all((0..4).map(|_| call(&driver, "validate-cluster", &world, RequestId::random()))).await;
    let reasons = ended.into_iter().map(|end| match end.unwrap_err() {
        error @ CallError::Stopped { .. } => {
            assert!(error.retry_after().is_some());
            let CallError::Stopped { reason, .. } = error else { unreachable!() };
            reason
        }
        other => panic!("{other}"),
    });
    let reasons: Vec<StopReason> = reasons.collect();
    assert!(reasons.contains(&StopReason::WallTime) && reasons.contains(&StopReason::NoPlace), "{reasons:?}");
}
