//! A component that calls itself what another driver is called: found out where versions are installed.

use std::time::Duration;

use jeroboam_model::{
    RequestId,
    driver::{Origin, VersionState},
};
use jeroboam_plugins::{Bundled, Host};
use jeroboam_rollout::{RolloutConfig, RolloutParts, Rollouts};
use jeroboam_store::Store;

use crate::{
    case::Case,
    guest::Guest,
    seen::{End, Lines, Seen},
};

/// Installs it beside the driver whose name it takes.
pub async fn see(case: &Case, name: &str) -> Seen {
    let lines = Lines::default();
    let _here = lines.listen();
    let genuine = Guest::new(name).component();
    let rollouts = Rollouts::start(RolloutParts {
        store: Store::in_memory(),
        plugins: Host::new(None, case.limits()).unwrap(),
        bundled: vec![Bundled { file_name: format!("{name}.wasm"), bytes: genuine.into() }],
        planner: None,
        config: RolloutConfig::default(),
    });
    let rollouts = rollouts.await.unwrap();
    let installed = rollouts.install(Guest::new(name).item("(func)").component(), "hostile", Origin::Installed).await.unwrap();
    let version = loop {
        let version = rollouts.version(&installed.digest).await.unwrap();
        if version.state != VersionState::Installed {
            break version;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    let VersionState::Failed(reason) = version.state else { panic!("it is {:?}", version.state) };
    let active = rollouts.show(name).await.unwrap().rollout.active;
    assert!(active.is_some_and(|active| active != installed.digest), "the genuine driver no longer serves");
    Seen {
        export: "describe",
        end: End::NotInstalled(reason.operator),
        log: lines.text(),
        request_id: RequestId::random(),
        effects: vec![],
        counted: String::new(),
    }
}
